"""The custom access token hook: a function of the database may rewrite the claims before they are signed.

It runs inside the token's transaction, as the role of our connection (supabase_auth_admin), for two seconds at most.
"""

import datetime as dt
import re
import uuid
from typing import Any

import psycopg
import structlog
from psycopg import sql
from psycopg.types.json import Jsonb

from upshot_devstack.gateway.auth.database import Connection
from upshot_devstack.gateway.auth.errors import AuthError, internal, unprocessable
from upshot_devstack.gateway.auth.request import Request

TIMEOUT_MS = 2000
URI = re.compile(r"(?:pg-functions://[^/]+/(?P<schema>[^/.]+)/(?P<name>[^/.]+)|(?P<s>[^/.]+)\.(?P<n>[^/.]+))")
HTTP_ERRORS = range(400, 600)

# A token must keep these, each of its type, whatever the hook does.
REQUIRED: dict[str, tuple[type, ...]] = {
    "aud": (str, list),
    "exp": (int,),
    "iat": (int,),
    "sub": (str,),
    "email": (str,),
    "phone": (str,),
    "role": (str,),
    "aal": (str,),
    "session_id": (str,),
    "is_anonymous": (bool,),
}


def function_name(uri: str) -> sql.Composed:
    """The quoted function of ``schema.function`` or ``pg-functions://postgres/schema/function``."""
    match = URI.fullmatch(uri)
    if match is None:
        msg = f"custom_access_token_hook is {uri!r}; write schema.function or pg-functions://postgres/schema/function."
        raise ValueError(msg)
    return sql.SQL(".").join(
        [sql.Identifier(match["schema"] or match["s"]), sql.Identifier(match["name"] or match["n"])]
    )


async def run(
    connection: Connection, uri: str, claims: dict[str, Any], method: str, request: Request
) -> dict[str, Any]:
    """The claims as the hook wants them; AuthError when it refuses, fails, is too slow or breaks them."""
    event = {
        "metadata": {
            "uuid": str(uuid.uuid4()),
            "time": dt.datetime.now(dt.UTC).isoformat(),
            "name": "custom-access-token",
            "ip_address": request.address or "",
        },
        "user_id": claims["sub"],
        "claims": claims,
        "authentication_method": method,
    }
    return checked(await call(connection, uri, event))


async def call(connection: Connection, uri: str, event: dict[str, Any]) -> Any:
    """The function's answer, under its own time limit."""
    try:
        async with connection.transaction():
            await connection.execute("select set_config('statement_timeout', %s, true)", [str(TIMEOUT_MS)])
            cursor = await connection.execute(
                sql.SQL("select {}(%s) as output").format(function_name(uri)), [Jsonb(event)]
            )
            row = await cursor.fetchone()
            await connection.execute("set local statement_timeout to default")
    except psycopg.errors.QueryCanceled as error:
        raise unprocessable("hook_timeout", f"Hook did not answer within {TIMEOUT_MS // 1000} seconds") from error
    except psycopg.Error as error:
        why = error.diag.message_primary
        structlog.get_logger("gateway").error("auth_hook_failed", uri=uri, sqlstate=error.sqlstate, error=why)
        raise internal(f"Error running hook URI: {uri}") from error
    return None if row is None else row["output"]


def checked(output: Any) -> dict[str, Any]:
    """The claims of a hook's answer."""
    if not isinstance(output, dict):
        raise internal("Error invoking access token hook: the function must return a JSON object")
    refusal = output.get("error")
    if isinstance(refusal, dict):
        raise refused(refusal)
    claims = output.get("claims")
    if not isinstance(claims, dict) or not claims:
        raise internal("output claims field is missing")
    problems = [problem for name, types in REQUIRED.items() if (problem := claim_problem(claims, name, types))]
    if problems:
        raise internal("output claims do not conform to the expected schema: " + "; ".join(problems))
    return claims


def claim_problem(claims: dict[str, Any], name: str, types: tuple[type, ...]) -> str | None:
    if name not in claims:
        return f"{name} is required"
    value = claims[name]
    fits = isinstance(value, types) and not (isinstance(value, bool) and bool not in types)
    return None if fits else f"{name} has the wrong type"


def refused(refusal: dict[str, Any]) -> AuthError:
    """The hook's own error: {http_code, message}."""
    status = refusal.get("http_code")
    fits = isinstance(status, int) and status in HTTP_ERRORS
    message = str(refusal.get("message") or "The access token hook refused.")
    return AuthError(status, "hook_rejected", message) if fits and status is not None else internal(message)
