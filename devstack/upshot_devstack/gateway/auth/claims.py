"""Access tokens and the session that a client receives."""

import datetime as dt
import time
import uuid
from typing import Any

from upshot_devstack.gateway.auth import hook, sessions, users
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.users import User


async def sign_in(auth: Auth, connection: Connection, user: User, method: str, request: Request) -> dict[str, Any]:
    """A new session for the person, as the client receives it."""
    user = await users.update(connection, user, last_sign_in_at=dt.datetime.now(dt.UTC))
    session_id = await sessions.create(connection, user.id, request)
    refresh_token = await sessions.add_token(connection, user.id, session_id, None)
    await sessions.add_method(connection, session_id, method)
    return await session_body(auth, connection, user, session_id, refresh_token, method, request)


async def session_body(
    auth: Auth,
    connection: Connection,
    user: User,
    session_id: uuid.UUID,
    refresh_token: str,
    method: str,
    request: Request,
) -> dict[str, Any]:
    """A fresh access token with all that belongs to it."""
    issued = int(time.time())
    claims = await access_claims(auth, connection, user, session_id, issued)
    if auth.settings.custom_access_token_hook is not None:
        claims = await hook.run(connection, auth.settings.custom_access_token_hook, claims, method, request)
    return {
        "access_token": auth.tokens.sign(claims),
        "token_type": "bearer",
        "expires_in": auth.settings.jwt_expiry,
        "expires_at": issued + auth.settings.jwt_expiry,
        "refresh_token": refresh_token,
        "user": users.public_user(user),
    }


async def access_claims(
    auth: Auth, connection: Connection, user: User, session_id: uuid.UUID, issued: int
) -> dict[str, Any]:
    """The claims before any hook. The role is the account's own, never something a person can write."""
    amr = await sessions.methods(connection, session_id)
    return {
        "iss": auth.settings.auth_url,
        "sub": str(user.id),
        "aud": user.row["aud"],
        "exp": issued + auth.settings.jwt_expiry,
        "iat": issued,
        "email": user.email,
        "phone": user.phone,
        "app_metadata": user.app_metadata,
        "user_metadata": user.metadata,
        "role": user.row["role"],
        "aal": sessions.assurance(amr),
        "amr": amr,
        "session_id": str(session_id),
        "is_anonymous": user.is_anonymous,
    }
