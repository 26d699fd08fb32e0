"""One-time tokens: the code in a mail, and the hash that alone is stored."""

import datetime as dt
import hashlib
import hmac
import secrets

from upshot_devstack.gateway.auth import users
from upshot_devstack.gateway.auth.database import Connection, execute, fetch_one
from upshot_devstack.gateway.auth.errors import too_many
from upshot_devstack.gateway.auth.pkce import PREFIX
from upshot_devstack.gateway.auth.users import User


def new_code(length: int) -> str:
    """Random decimal digits."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def token_hash(contact: str, code: str) -> str:
    """What is stored of a code: bound to the address or number it was sent to."""
    return hashlib.sha224(f"{contact}{code}".encode()).hexdigest()


async def store(connection: Connection, user: User, kind: str, relates_to: str, token: str) -> None:
    """The person's only valid token of this kind (a name of auth.one_time_token_type)."""
    query = (
        "insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to)"
        " values (gen_random_uuid(), %s, %s, %s, %s) on conflict (user_id, token_type) do update"
        " set token_hash = excluded.token_hash, relates_to = excluded.relates_to, updated_at = now()"
    )
    await execute(connection, query, user.id, kind, token, relates_to)


async def owner(connection: Connection, token: str, kinds: tuple[str, ...]) -> tuple[User, str] | None:
    """Whose token this is and of which kind."""
    query = (
        "select user_id, token_type::text as kind from auth.one_time_tokens"
        " where token_hash = %s and token_type = any(%s::auth.one_time_token_type[]) limit 1"
    )
    row = await fetch_one(connection, query, token, list(kinds))
    user = None if row is None else await users.by_id(connection, row["user_id"])
    return None if row is None or user is None else (user, row["kind"])


async def clear(connection: Connection, user: User, kind: str | None = None) -> None:
    """Forget the person's tokens, or those of one kind."""
    query = "delete from auth.one_time_tokens where user_id = %s and (%s::text is null or token_type::text = %s)"
    await execute(connection, query, user.id, kind, kind)


def is_valid(given: str, stored: str | None, sent_at: dt.datetime | None, lifetime: int) -> bool:
    """Whether a token is the stored one, in either flow, and still fresh (``lifetime`` seconds)."""
    if not stored or is_expired(sent_at, lifetime):
        return False
    return any(hmac.compare_digest(candidate.encode(), stored.encode()) for candidate in (given, PREFIX + given))


def is_expired(sent_at: dt.datetime | None, lifetime: int) -> bool:
    return sent_at is None or dt.datetime.now(dt.UTC) > sent_at + dt.timedelta(seconds=lifetime)


def check_interval(sent_at: dt.datetime | None, interval: float, channel: str) -> None:
    """AuthError when the last message to this person is too recent (``interval`` seconds)."""
    if sent_at is None:
        return
    wait = (sent_at + dt.timedelta(seconds=interval) - dt.datetime.now(dt.UTC)).total_seconds()
    if wait > 0:
        message = f"For security purposes, you can only request this after {int(wait) + 1} seconds."
        raise too_many(f"over_{channel}_send_rate_limit", message)
