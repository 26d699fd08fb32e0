"""The audit log: what happened to whose account."""

import uuid
from typing import Any

from psycopg.types.json import Json

from upshot_devstack.gateway.auth.database import Connection, execute
from upshot_devstack.gateway.auth.users import NO_INSTANCE, User

LOG_TYPES = {
    "login": "account",
    "logout": "account",
    "invite_accepted": "account",
    "user_signedup": "team",
    "user_invited": "team",
    "user_deleted": "team",
    "token_revoked": "token",
    "token_refreshed": "token",
    "user_modified": "user",
    "user_recovery_requested": "user",
    "user_reauthenticate_requested": "user",
    "user_confirmation_requested": "user",
    "user_repeated_signup": "user",
    "user_updated_password": "user",
    "identity_unlinked": "user",
    "factor_in_progress": "factor",
    "factor_unenrolled": "factor",
    "challenge_created": "factor",
    "verification_attempted": "factor",
    "factor_deleted": "factor",
    "factor_updated": "factor",
}


async def record(connection: Connection, user: User, action: str, address: str | None, **traits: Any) -> None:
    """An action of a person on their own account."""
    actor = {
        "actor_id": str(user.id),
        "actor_username": user.phone or user.email,
        "actor_via_sso": bool(user.row["is_sso_user"]),
    }
    await write(connection, action, actor, address, traits)


async def record_admin(connection: Connection, role: str, action: str, address: str | None, user: User) -> None:
    """An action of an administrator on somebody's account."""
    actor = {"actor_id": str(NO_INSTANCE), "actor_username": role, "actor_via_sso": False}
    about = {"user_id": str(user.id), "user_email": user.email, "user_phone": user.phone}
    await write(connection, action, actor, address, about)


async def write(
    connection: Connection, action: str, actor: dict[str, Any], address: str | None, traits: dict[str, Any]
) -> None:
    payload = {"action": action, "log_type": LOG_TYPES[action], **actor, **({"traits": traits} if traits else {})}
    query = (
        "insert into auth.audit_log_entries (instance_id, id, payload, created_at, ip_address)"
        " values (%s, %s, %s, now(), %s)"
    )
    await execute(connection, query, NO_INSTANCE, uuid.uuid4(), Json(payload), address or "")
