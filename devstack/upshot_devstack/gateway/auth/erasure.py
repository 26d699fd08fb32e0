"""Deleting an account but keeping its id: everything that names the person is replaced by a digest."""

import base64
import datetime as dt
import hashlib
import uuid

from psycopg.types.json import Jsonb

from upshot_devstack.gateway.auth import one_time, sessions, users
from upshot_devstack.gateway.auth.database import Connection, execute
from upshot_devstack.gateway.auth.users import User

PHONE_LENGTH = 15


async def soft_delete(connection: Connection, user: User) -> None:
    """Once; a second time changes nothing."""
    if user.row["deleted_at"] is not None:
        return
    await one_time.clear(connection, user)
    await sessions.end_all(connection, user.id)
    await execute(connection, "delete from auth.mfa_factors where user_id = %s", user.id)
    await erase_identities(connection, user)
    await erase_account(connection, user)


async def erase_identities(connection: Connection, user: User) -> None:
    query = "update auth.identities set identity_data = %s, provider_id = %s, updated_at = now() where id = %s"
    for identity in user.identities:
        hidden = digest(user.id, f"{identity['provider']}:{identity['provider_id']}")
        await execute(connection, query, Jsonb({}), hidden, identity["id"])


async def erase_account(connection: Connection, user: User) -> None:
    tokens = ("confirmation_token", "recovery_token", "email_change_token_current", "email_change_token_new")
    await users.update(
        connection,
        user,
        email=digest(user.id, user.email),
        phone=digest(user.id, user.phone)[:PHONE_LENGTH],
        email_change=digest(user.id, user.row["email_change"] or ""),
        phone_change=digest(user.id, user.row["phone_change"] or "")[:PHONE_LENGTH],
        encrypted_password=None,
        phone_change_token="",
        raw_user_meta_data={},
        raw_app_meta_data={},
        deleted_at=dt.datetime.now(dt.UTC),
        **dict.fromkeys(tokens, ""),
    )


def digest(user_id: uuid.UUID, value: str) -> str:
    """A value that is unique to the person and says nothing."""
    hashed = hashlib.sha256(f"{user_id}{value}".encode()).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
