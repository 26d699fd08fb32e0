"""The ASGI service: a request in, a transaction, a response out."""

from dataclasses import replace
from typing import Any

import structlog
from psycopg import OperationalError

from upshot_devstack.gateway.rest import errors
from upshot_devstack.gateway.rest.authenticate import Authenticator, Identity
from upshot_devstack.gateway.rest.database_errors import to_api_error
from upshot_devstack.gateway.rest.errors import ApiError
from upshot_devstack.gateway.rest.incoming import ClientGoneError, Incoming, Receive, Scope, Send, read_incoming
from upshot_devstack.gateway.rest.keeper import Keeper, Knowledge
from upshot_devstack.gateway.rest.openapi.inspect import inspect_schema
from upshot_devstack.gateway.rest.options import allowed
from upshot_devstack.gateway.rest.pipeline import StatementError
from upshot_devstack.gateway.rest.pool import Pool
from upshot_devstack.gateway.rest.prepare import prepare, target_of
from upshot_devstack.gateway.rest.respond import Response, error_response, framed
from upshot_devstack.gateway.rest.timing import Clock
from upshot_devstack.gateway.rest.transact import transact
from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import Tokens

NAME_NOT_FOUND = frozenset({"PGRST200", "PGRST202", "PGRST204", "PGRST205"})
UNAVAILABLE = 503
INFO_ACTIONS = frozenset({"relation-info", "routine-info", "schema-info"})


class RestService:
    """Serves one database as a REST API. `start` before the first request, `stop` after the last."""

    def __init__(self, settings: GatewaySettings, tokens: Tokens) -> None:
        self._settings = settings
        self._tokens = tokens
        self._keeper = Keeper(settings)
        self._pool = Pool(settings.db_uri, settings.db_pool, settings.db_pool_acquisition_timeout)
        self._authenticator = self._authenticator_for(self._keeper.knowledge)
        self._authenticated_for = self._keeper.knowledge
        self._log = structlog.get_logger("gateway.rest")

    async def start(self) -> None:
        await self._keeper.start()

    async def stop(self) -> None:
        await self._keeper.stop()
        await self._pool.close()

    async def health(self) -> dict[str, Any]:
        """Whether the schema cache is there, and how busy the pool is."""
        cache = self._keeper.knowledge.cache
        return {
            "status": "error" if cache is None else "ok",
            "relations": 0 if cache is None else len(cache.tables),
            "functions": 0 if cache is None else len(cache.routines),
            "connections_in_use": self._pool.in_use,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            incoming = await read_incoming(scope, receive, self._settings.max_body_bytes)
        except ClientGoneError:
            return
        except ApiError as error:
            response = self._refused(error)
        else:
            response = await self._respond(incoming)
        response = framed(response)
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        await send({"type": "http.response.body", "body": response.body})

    async def _respond(self, incoming: Incoming) -> Response:
        is_head = incoming.method == "HEAD"
        clock = Clock()
        try:
            response = self._traced(await self._handle(incoming, clock), incoming)
            clock.lap("response")
            return self._timed(response, clock)
        except ApiError as error:
            clock.fail()
            return self._timed(self._refused(error, is_head=is_head), clock)
        except OperationalError as error:
            self._log.warning("connection_lost", error=str(error))
            await self._pool.forget_idle()
            return self._refused(errors.connection_lost(str(error)), is_head=is_head)
        except Exception:  # noqa: BLE001 - the last resort: logged here, a plain 500 outside
            self._log.exception("request_failed", method=incoming.method, path=incoming.path)
            return self._refused(errors.internal_error(), is_head=is_head)

    async def _handle(self, incoming: Incoming, clock: Clock) -> Response:
        knowledge = self._keeper.knowledge
        identity = self._identity(incoming, knowledge)
        clock.lap("jwt")
        try:
            return await self._serve(incoming, identity, knowledge, clock)
        except ApiError as error:
            if error.code not in NAME_NOT_FOUND or not await self._keeper.settle():
                raise
        return await self._serve(incoming, identity, self._keeper.knowledge, clock)

    async def _serve(self, incoming: Incoming, identity: Identity, knowledge: Knowledge, clock: Clock) -> Response:
        cache = knowledge.cache
        if cache is None:
            raise errors.no_schema_cache()
        target, schema = target_of(incoming, knowledge.configuration)
        if target.action in INFO_ACTIONS:
            clock.lap("parse")
            return allowed(incoming, target, schema, cache)
        if target.action == "inspect":
            return await inspect_schema(self._pool, incoming, identity, schema, knowledge, self._settings, clock)
        prepared = prepare(incoming, target, schema, knowledge, cache, clock)
        try:
            response = await transact(self._pool, incoming, identity, prepared, knowledge.configuration)
        except StatementError as failed:
            raise to_api_error(failed.error, anonymous=identity.anonymous) from failed
        clock.lap("transaction")
        return response

    def _identity(self, incoming: Incoming, knowledge: Knowledge) -> Identity:
        if knowledge is not self._authenticated_for:
            self._authenticator = self._authenticator_for(knowledge)
            self._authenticated_for = knowledge
        return self._authenticator.identify(incoming.headers.get("authorization"))

    def _authenticator_for(self, knowledge: Knowledge) -> Authenticator:
        configuration = knowledge.configuration
        return Authenticator(self._tokens, configuration.role_claim, configuration.anonymous_role)

    def _refused(self, error: ApiError, *, is_head: bool = False) -> Response:
        """The error, with a hint when to try again where that may help: clients follow it."""
        minimal = self._keeper.knowledge.configuration.minimal_errors
        response = error_response(error, is_head=is_head, minimal=minimal)
        if response.status != UNAVAILABLE:
            return response
        seconds = max(1, round(self._keeper.retry_after))
        return replace(response, headers=(*response.headers, (b"retry-after", str(seconds).encode())))

    def _timed(self, response: Response, clock: Clock) -> Response:
        if not self._keeper.knowledge.configuration.server_timing:
            return response
        return replace(response, headers=(*response.headers, clock.header()))

    def _traced(self, response: Response, incoming: Incoming) -> Response:
        name = self._settings.server_trace_header
        if name is None:
            return response
        value = incoming.headers.get(name.lower(), "")
        return replace(
            response, headers=(*response.headers, (name.lower().encode(), value.encode("latin-1", "replace")))
        )
