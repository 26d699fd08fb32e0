"""The service as the gateway's shell sees it."""

from typing import Any

import psycopg
import structlog
from psycopg_pool import PoolTimeout, TooManyRequests
from starlette.types import Receive, Scope, Send

from upshot_devstack.gateway.auth import hook
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Database, fetch_one
from upshot_devstack.gateway.auth.errors import VERSION_HEADER, AuthError, internal
from upshot_devstack.gateway.auth.limits import Limits
from upshot_devstack.gateway.auth.mailbox import Mailbox
from upshot_devstack.gateway.auth.passwords import Passwords
from upshot_devstack.gateway.auth.request import Request, read_request
from upshot_devstack.gateway.auth.responses import Response, error_response
from upshot_devstack.gateway.auth.routes import resolve
from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import Tokens


class AuthService:
    """/auth/v1. Paths arrive without the prefix."""

    def __init__(self, settings: GatewaySettings, tokens: Tokens) -> None:
        if settings.custom_access_token_hook is not None:
            hook.function_name(settings.custom_access_token_hook)
        self._auth = Auth(
            settings=settings,
            tokens=tokens,
            database=Database(settings.admin_db_uri or settings.db_uri, settings.auth_db_pool),
            passwords=Passwords(settings),
            mailbox=Mailbox(settings.mailbox_size),
            limits=Limits(settings),
        )
        self._log = structlog.get_logger("gateway")

    async def start(self) -> None:
        await self._auth.database.open()

    async def stop(self) -> None:
        self._auth.passwords.close()
        await self._auth.database.close()

    async def health(self) -> dict[str, Any]:
        async with self._auth.database.transaction() as connection:
            await fetch_one(connection, "select 1")
        return {"status": "ok"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        version = dict(scope["headers"]).get(VERSION_HEADER.encode(), b"").decode("latin-1")
        try:
            request = await read_request(scope, receive)
            response = await self._respond(request)
        except AuthError as error:
            response = error_response(error, version)
        await response.send(send)

    async def _respond(self, request: Request) -> Response:
        """The handler's answer; failures of the database become refusals here, in one place."""
        try:
            return await resolve(request)(self._auth, request)
        except (PoolTimeout, TooManyRequests, psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable) as error:
            self._log.warning("auth_request_timed_out", path=request.path, kind=type(error).__name__)
            message = "Processing this request timed out, please retry after a moment."
            raise AuthError(504, "request_timeout", message) from error
        except psycopg.errors.UniqueViolation as error:
            message = "Another request changed the same account at the same moment."
            raise AuthError(409, "conflict", message) from error
        except psycopg.OperationalError as error:
            self._log.warning("auth_database_unreachable", path=request.path, sqlstate=error.sqlstate)
            message = "The database cannot be reached, please retry after a moment."
            raise AuthError(503, "unexpected_failure", message) from error
        except psycopg.Error as error:
            why = error.diag.message_primary
            self._log.error("auth_database_failed", path=request.path, sqlstate=error.sqlstate, error=why)
            raise internal("Database error") from error
