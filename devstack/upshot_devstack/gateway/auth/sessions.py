"""Sessions and their refresh tokens: one signed-in device, and what keeps it signed in."""

import datetime as dt
import secrets
import uuid
from typing import Any

from upshot_devstack.gateway.auth.database import Connection, Row, execute, fetch_all, fetch_one
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.users import NO_INSTANCE
from upshot_devstack.gateway.settings import GatewaySettings

SECOND_FACTOR_METHODS = frozenset({"totp", "mfa/phone", "mfa/webauthn"})
TOKEN_BYTES = 16


async def create(connection: Connection, user_id: uuid.UUID, request: Request) -> uuid.UUID:
    """A new session; its id."""
    session_id = uuid.uuid4()
    query = (
        "insert into auth.sessions (id, user_id, created_at, updated_at, aal, user_agent, ip)"
        " values (%s, %s, now(), now(), 'aal1', %s, %s)"
    )
    await execute(connection, query, session_id, user_id, request.user_agent, request.address)
    return session_id


async def find(connection: Connection, session_id: uuid.UUID) -> Row | None:
    return await fetch_one(connection, "select * from auth.sessions where id = %s", session_id)


async def lock(connection: Connection, session_id: uuid.UUID) -> Row | None:
    """The session, held until the transaction ends: refreshes of one session come one after another."""
    return await fetch_one(connection, "select * from auth.sessions where id = %s for update", session_id)


async def add_token(connection: Connection, user_id: uuid.UUID, session_id: uuid.UUID, parent: str | None) -> str:
    """A new refresh token of the session."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    query = (
        "insert into auth.refresh_tokens"
        " (instance_id, token, user_id, revoked, created_at, updated_at, parent, session_id)"
        " values (%s, %s, %s, false, clock_timestamp(), clock_timestamp(), %s, %s)"
    )
    await execute(connection, query, NO_INSTANCE, token, str(user_id), parent, session_id)
    return token


async def find_token(connection: Connection, token: str) -> Row | None:
    return await fetch_one(connection, "select * from auth.refresh_tokens where token = %s", token)


async def active_token(connection: Connection, session_id: uuid.UUID) -> Row | None:
    """The latest token of the session that is still good."""
    query = "select * from auth.refresh_tokens where session_id = %s and not revoked order by id desc limit 1"
    return await fetch_one(connection, query, session_id)


async def revoke_token(connection: Connection, token: str) -> None:
    query = "update auth.refresh_tokens set revoked = true, updated_at = clock_timestamp() where token = %s"
    await execute(connection, query, token)


async def revoke_family(connection: Connection, session_id: uuid.UUID) -> None:
    """End every refresh token of the session: one of them was shown twice."""
    query = (
        "update auth.refresh_tokens set revoked = true, updated_at = clock_timestamp()"
        " where session_id = %s and not revoked"
    )
    await execute(connection, query, session_id)


async def mark_refreshed(connection: Connection, session_id: uuid.UUID, request: Request) -> None:
    query = (
        "update auth.sessions set refreshed_at = clock_timestamp() at time zone 'utc', user_agent = %s, ip = %s"
        " where id = %s"
    )
    await execute(connection, query, request.user_agent, request.address, session_id)


async def add_method(connection: Connection, session_id: uuid.UUID, method: str) -> None:
    """Remember how the session was authenticated."""
    query = (
        "insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)"
        " values (gen_random_uuid(), %s, clock_timestamp(), clock_timestamp(), %s)"
        " on conflict (session_id, authentication_method) do update set updated_at = excluded.updated_at"
    )
    await execute(connection, query, session_id, method)


async def methods(connection: Connection, session_id: uuid.UUID) -> list[dict[str, Any]]:
    """The amr claim: methods with the time of their use, in the order of their use."""
    query = (
        "select authentication_method, updated_at from auth.mfa_amr_claims where session_id = %s order by updated_at"
    )
    rows = await fetch_all(connection, query, session_id)
    return [{"method": row["authentication_method"], "timestamp": int(row["updated_at"].timestamp())} for row in rows]


def assurance(amr: list[dict[str, Any]]) -> str:
    """The level that the methods reach together."""
    return "aal2" if any(entry["method"] in SECOND_FACTOR_METHODS for entry in amr) else "aal1"


async def end(connection: Connection, session_id: uuid.UUID) -> None:
    await execute(connection, "delete from auth.sessions where id = %s", session_id)


async def end_all(connection: Connection, user_id: uuid.UUID, but: uuid.UUID | None = None) -> None:
    """Sign a person out everywhere, or everywhere else."""
    query = "delete from auth.sessions where user_id = %s and id is distinct from %s"
    await execute(connection, query, user_id, but)


def expiry_reason(session: Row, settings: GatewaySettings) -> str | None:
    """Why the session may not be continued, or None."""
    now = dt.datetime.now(dt.UTC)
    if session["not_after"] is not None and now > session["not_after"]:
        return "Session Expired"
    box = settings.session_timebox
    if box and now > session["created_at"] + dt.timedelta(seconds=box):
        return "Session Expired"
    idle = settings.session_inactivity_timeout
    if idle and now > last_used(session) + dt.timedelta(seconds=idle):
        return "Session Expired (Inactivity)"
    return None


def last_used(session: Row) -> dt.datetime:
    refreshed: dt.datetime | None = session["refreshed_at"]
    created: dt.datetime = session["created_at"]
    return created if refreshed is None else refreshed.replace(tzinfo=dt.UTC)
