"""POST /token: a session for a password, a refresh token, or a PKCE code."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from upshot_devstack.gateway.auth import audit, claims, pkce, sessions, users
from upshot_devstack.gateway.auth.contacts import plain_phone
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection, Row
from upshot_devstack.gateway.auth.errors import AuthError, bad_request, invalid, not_found, unprocessable
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Response, json_response
from upshot_devstack.gateway.auth.users import User

Grant = Callable[[Auth, Request], Awaitable[dict[str, Any]]]


async def token(auth: Auth, request: Request) -> Response:
    """The route: ``grant_type`` chooses."""
    kind = request.query.get("grant_type", "")
    if kind == "web3":
        raise unprocessable("web3_provider_disabled", "Web3 provider is disabled")
    if kind == "id_token":
        raise refused_id_token(request)
    grant = GRANTS.get(kind)
    if grant is None:
        raise bad_request("invalid_credentials", "unsupported_grant_type")
    return json_response(await grant(auth, request))


async def password_grant(auth: Auth, request: Request) -> dict[str, Any]:
    auth.limits.sign_in(request.address)
    provider, contact = read_contact(auth, request)
    password = request.text("password")
    async with auth.database.transaction() as connection:
        user = await users.by_contact(connection, provider, contact)
    stored = None if user is None else user.row["encrypted_password"]
    right = await auth.passwords.matches(password, stored)  # outside the transaction, and for strangers too
    if user is None or not right:
        raise bad_request("invalid_credentials", "Invalid login credentials")
    check_may_enter(user, provider)
    async with auth.database.transaction() as connection:
        await audit.record(connection, user, "login", request.address, provider=provider)
        session = await claims.sign_in(auth, connection, user, "password", request)
    weak = auth.passwords.weakness(password)
    return session | ({} if weak is None else {"weak_password": {"message": weak.message, "reasons": weak.reasons}})


def read_contact(auth: Auth, request: Request) -> tuple[str, str]:
    """The provider and the address or number to look for."""
    email, phone = request.text("email"), request.text("phone")
    if email and phone:
        raise invalid("Only an email address or phone number should be provided on login.")
    if email:
        if not auth.settings.enable_email:
            raise unprocessable("email_provider_disabled", "Email logins are disabled")
        return "email", email.lower()
    if phone:
        if not auth.settings.enable_phone:
            raise unprocessable("phone_provider_disabled", "Phone logins are disabled")
        return "phone", plain_phone(phone)
    raise invalid("missing email or phone")


def check_may_enter(user: User, provider: str) -> None:
    """Said only to those who know the password."""
    if user.is_banned:
        raise bad_request("user_banned", "User is banned")
    if not user.confirmed(provider):
        raise bad_request(f"{provider}_not_confirmed", f"{provider.capitalize()} not confirmed")


async def refresh_grant(auth: Auth, request: Request) -> dict[str, Any]:
    auth.limits.refresh(request.address)
    shown = request.text("refresh_token")
    if not shown:
        raise invalid("refresh_token required")
    async with auth.database.transaction() as connection:
        outcome = await refresh(auth, connection, request, shown)
    if isinstance(outcome, AuthError):  # raised only now: the revocation behind it must be committed
        raise outcome
    return outcome


async def refresh(auth: Auth, connection: Connection, request: Request, shown: str) -> dict[str, Any] | AuthError:
    """Swap the token for the next one; a token shown again too late ends its whole family."""
    user, session = await locked_session(auth, connection, shown)
    row = await sessions.find_token(connection, shown)  # again, now that nobody else can swap it
    if row is None:
        raise token_not_found()
    if not row["revoked"]:
        await sessions.revoke_token(connection, shown)
        following = await sessions.add_token(connection, user.id, session["id"], shown)
        await audit.record(connection, user, "token_revoked", request.address)
    else:
        active = await sessions.active_token(connection, session["id"])
        if active is None or not may_reuse(auth, row, active):
            await sessions.revoke_family(connection, session["id"])
            return bad_request("refresh_token_already_used", "Invalid Refresh Token: Already Used")
        following = active["token"]
    await audit.record(connection, user, "token_refreshed", request.address)
    await sessions.mark_refreshed(connection, session["id"], request)
    return await claims.session_body(auth, connection, user, session["id"], following, "token_refresh", request)


async def locked_session(auth: Auth, connection: Connection, shown: str) -> tuple[User, Row]:
    """The session of a token and its person, both fit to go on."""
    row = await sessions.find_token(connection, shown)
    if row is None:
        raise token_not_found()
    session = None if row["session_id"] is None else await sessions.lock(connection, row["session_id"])
    user = None if session is None else await users.by_id(connection, session["user_id"])
    if session is None or user is None:
        raise bad_request("session_not_found", "Invalid Refresh Token: No Valid Session Found")
    if user.is_banned:
        raise bad_request("user_banned", "Invalid Refresh Token: User Banned")
    reason = sessions.expiry_reason(session, auth.settings)
    if reason is not None:
        raise bad_request("session_expired", f"Invalid Refresh Token: {reason}")
    return user, session


def token_not_found() -> AuthError:
    return bad_request("refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")


def may_reuse(auth: Auth, row: Row, active: Row) -> bool:
    """A client that never got the answer shows the parent of the active token; tabs race within the interval."""
    until = row["updated_at"] + dt.timedelta(seconds=auth.settings.refresh_token_reuse_interval)
    return bool(active["parent"] == row["token"]) or dt.datetime.now(dt.UTC) <= until


async def pkce_grant(auth: Auth, request: Request) -> dict[str, Any]:
    code, verifier = request.text("auth_code"), request.text("code_verifier")
    if not code or not verifier:
        raise invalid("invalid request: both auth code and code verifier should be non-empty")
    async with auth.database.transaction() as connection:
        flow = await pkce.take(connection, code)
        user = None if flow is None or flow["user_id"] is None else await users.by_id(connection, flow["user_id"])
        if flow is None or user is None:
            raise not_found("flow_state_not_found", "invalid flow state, no valid flow state found")
        if pkce.is_expired(flow):
            raise unprocessable("flow_state_expired", "invalid flow state, flow state has expired")
        pkce.check_verifier(flow, verifier)
        if user.is_banned:
            raise bad_request("user_banned", "User is banned")
        await audit.record(connection, user, "login", request.address, provider_type=flow["provider_type"])
        return await claims.sign_in(auth, connection, user, flow["authentication_method"], request)


def refused_id_token(request: Request) -> AuthError:
    """Tokens of outside providers are not accepted here: which one, in the protocol's words."""
    provider = request.text("provider")
    if not request.text("id_token"):
        return invalid("id_token required")
    if provider not in ISSUERS:
        return bad_request("validation_failed", f'Custom OIDC provider "{provider[:40]}" not allowed')
    return bad_request("provider_disabled", f'Provider (issuer "{ISSUERS[provider]}") is not enabled')


ISSUERS = {
    "apple": "https://appleid.apple.com",
    "azure": "https://login.microsoftonline.com/common/v2.0",
    "facebook": "https://www.facebook.com",
    "google": "https://accounts.google.com",
    "kakao": "https://kauth.kakao.com",
}
GRANTS: dict[str, Grant] = {
    "password": password_grant,
    "refresh_token": refresh_grant,
    "pkce": pkce_grant,
}
