"""Identities: the ways in which a person proves who they are."""

import uuid
from typing import Any

from psycopg.types.json import Jsonb

from upshot_devstack.gateway.auth.database import Connection, Row, execute, fetch_one


def public_identity(identity: Row) -> dict[str, Any]:
    """An identity as clients see it; ``id`` is the provider's name for the person."""
    shown = {
        "identity_id": identity["id"],
        "id": identity["provider_id"],
        "user_id": identity["user_id"],
        "identity_data": identity["identity_data"],
        "provider": identity["provider"],
        "last_sign_in_at": identity["last_sign_in_at"],
        "created_at": identity["created_at"],
        "updated_at": identity["updated_at"],
    }
    return shown | ({"email": identity["email"]} if identity["email"] else {})


def own_claims(user_id: uuid.UUID, *, email: str = "", phone: str = "", verified: bool = False) -> dict[str, Any]:
    """What we ourselves know of a person who signs up with an address or a number."""
    return {
        "sub": str(user_id),
        **({"email": email} if email else {}),
        "email_verified": bool(email) and verified,
        **({"phone": phone} if phone else {}),
        "phone_verified": bool(phone) and verified,
    }


async def find(connection: Connection, user_id: uuid.UUID, provider: str) -> Row | None:
    query = "select * from auth.identities where provider_id = %s and provider = %s"
    return await fetch_one(connection, query, str(user_id), provider)


async def insert(connection: Connection, user_id: uuid.UUID, provider: str, data: dict[str, Any]) -> None:
    query = (
        "insert into auth.identities"
        " (id, provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)"
        " values (gen_random_uuid(), %s, %s, %s, %s, now(), now(), now())"
    )
    await execute(connection, query, str(data["sub"]), user_id, Jsonb(data), provider)


async def put(connection: Connection, user_id: uuid.UUID, provider: str, data: dict[str, Any]) -> None:
    """Lay data over the person's identity of this provider; make it when there is none."""
    query = (
        "update auth.identities set identity_data = identity_data || %s, updated_at = now()"
        " where provider_id = %s and provider = %s"
    )
    if await execute(connection, query, Jsonb(data), str(user_id), provider) == 0:
        await insert(connection, user_id, provider, data)


async def delete(connection: Connection, identity_id: uuid.UUID) -> None:
    await execute(connection, "delete from auth.identities where id = %s", identity_id)
