"""Who is asking: a signed-in person, or an administrator."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

from upshot_devstack.gateway.auth import sessions, users
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection, Row
from upshot_devstack.gateway.auth.errors import AuthError, bad_request, forbidden
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.users import User
from upshot_devstack.gateway.tokens import InvalidToken

ADMIN_ROLES = frozenset({"service_role", "supabase_admin"})
PARSE_FAILURE = "invalid JWT: unable to parse or verify signature"


@dataclass(frozen=True)
class Caller:
    """The person behind a user token; ``session`` is None for tokens that name none."""

    user: User
    session: Row | None
    claims: dict[str, Any]

    @property
    def session_id(self) -> uuid.UUID | None:
        return None if self.session is None else self.session["id"]

    @property
    def has_second_factor(self) -> bool:
        return self.session is not None and self.session["aal"] == "aal2"


def verified_claims(auth: Auth, request: Request) -> dict[str, Any]:
    """The claims of the bearer token; expiry is exact here, without the allowance of the data API."""
    try:
        claims = auth.tokens.verify(request.bearer)
    except InvalidToken as error:
        raise forbidden("bad_jwt", f"{PARSE_FAILURE}, {error.message}") from error
    if claims.get("exp") is not None and time.time() >= claims["exp"]:
        raise forbidden("bad_jwt", f"{PARSE_FAILURE}, token has invalid claims: token is expired")
    return claims


def require_admin(auth: Auth, request: Request) -> str:
    """The administrator's role; AuthError not_admin for anybody else."""
    role = verified_claims(auth, request).get("role")
    if not isinstance(role, str) or role not in ADMIN_ROLES:
        raise forbidden("not_admin", "User not allowed")
    return role


async def require_user(auth: Auth, connection: Connection, request: Request) -> Caller:
    """The person whom the token names, as long as person and session exist."""
    claims = verified_claims(auth, request)
    user = await users.by_id(connection, subject(claims))
    if user is None:
        raise forbidden("user_not_found", "User from sub claim in JWT does not exist")
    return Caller(user, await session_of(connection, claims, user), claims)


def subject(claims: dict[str, Any]) -> uuid.UUID:
    if not claims.get("sub"):
        raise forbidden("bad_jwt", "invalid claim: missing sub claim")
    return claimed_uuid(claims["sub"], bad_request("bad_jwt", "invalid claim: sub claim must be a UUID"))


async def session_of(connection: Connection, claims: dict[str, Any], user: User) -> Row | None:
    """The session that the token names; it must exist and be the person's own."""
    if not claims.get("session_id"):
        return None
    malformed = forbidden("bad_jwt", "invalid claim: session_id claim must be a UUID")
    session = await sessions.find(connection, claimed_uuid(claims["session_id"], malformed))
    if session is None or session["user_id"] != user.id:
        raise forbidden("session_not_found", "Session from session_id claim in JWT does not exist")
    return session


def claimed_uuid(value: Any, malformed: AuthError) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise malformed from error
