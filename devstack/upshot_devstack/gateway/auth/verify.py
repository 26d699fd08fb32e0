"""GET and POST /verify: a one-time token becomes a session."""

from dataclasses import dataclass, replace
from typing import Any

from upshot_devstack.gateway.auth import audit, claims, one_time, pkce, redirects, users
from upshot_devstack.gateway.auth.confirmation import (
    confirm_email_change,
    confirm_phone_change,
    confirm_recovery,
    confirm_signup,
    confirm_sms,
)
from upshot_devstack.gateway.auth.contacts import normal_email, normal_phone
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection, fetch_one
from upshot_devstack.gateway.auth.errors import AuthError, bad_request, forbidden, invalid
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Response, json_response, redirect
from upshot_devstack.gateway.auth.users import User

HALF_DONE = "Confirmation link accepted. Please proceed to confirm link sent to the other email"
CONFIRMATION, RECOVERY = "confirmation_token", "recovery_token"
EMAIL_CHANGES = ("email_change_token_current", "email_change_token_new")
LINK_TOKENS: dict[str, tuple[str, ...]] = {
    "email": (CONFIRMATION, RECOVERY),
    "signup": (CONFIRMATION,),
    "invite": (CONFIRMATION,),
    "recovery": (RECOVERY,),
    "magiclink": (RECOVERY,),
    "email_change": EMAIL_CHANGES,
}
CODE_TOKENS = LINK_TOKENS | {"sms": (CONFIRMATION,), "phone_change": ("phone_change_token",)}
SENT_AT = {
    CONFIRMATION: "confirmation_sent_at",
    RECOVERY: "recovery_sent_at",
    "email_change_token_current": "email_change_sent_at",
    "email_change_token_new": "email_change_sent_at",
    "phone_change_token": "phone_change_sent_at",
}
FLOW_METHODS = {"signup": "email/signup", "invite": "invite"}
OAUTH_ERRORS = {400: "invalid_request", 401: "unauthorized_client", 403: "access_denied", 500: "server_error"}


@dataclass(frozen=True)
class Proof:
    """What a person shows: a type and either a hash from a link or a code with its address or number."""

    kind: str
    token_hash: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Accepted:
    """An accepted proof: whose it was, the type it turned out to be, and which token it used up."""

    user: User
    kind: str
    column: str


async def verify_post(auth: Auth, request: Request) -> Response:
    """By code or by hash, answered with a session."""
    auth.limits.verify(request.address)
    proof = read_proof(request)
    async with auth.database.transaction() as connection:
        accepted = await accept(auth, connection, proof)
        user = await carry_out(auth, connection, request, accepted)
        if user is None:
            return json_response({"msg": HALF_DONE, "code": "200"})
        return json_response(await claims.sign_in(auth, connection, user, "otp", request))


async def verify_get(auth: Auth, request: Request) -> Response:
    """By link, answered with a redirect that carries the session, a code, or the error."""
    auth.limits.verify(request.address)
    kind, token = request.query.get("type", ""), request.query.get("token", "")
    if not kind:
        raise invalid("Verify requires a verification type")
    if not token:
        raise invalid("Verify requires a token or a token hash")
    target, in_pkce = redirects.target(auth.settings, request), token.startswith(pkce.PREFIX)
    try:
        async with auth.database.transaction() as connection:
            accepted = await accept(auth, connection, Proof(kind, token))
            user = await carry_out(auth, connection, request, accepted)
            return redirect(await destination(auth, connection, request, target, accepted, user, in_pkce=in_pkce))
    except AuthError as error:
        return redirect(error_destination(target, error, in_pkce=in_pkce))


def read_proof(request: Request) -> Proof:
    """The body, checked."""
    kind, token, token_hash = request.text("type"), request.text("token"), request.text("token_hash")
    email, phone = request.text("email"), request.text("phone")
    if not kind:
        raise invalid("Verify requires a verification type")
    if bool(token) == bool(token_hash):
        raise invalid("Verify requires either a token or a token hash")
    if token_hash:
        if email or phone or request.text("redirect_to"):
            raise invalid("Only the token_hash and type should be provided")
        return Proof(kind, token_hash)
    if bool(email) == bool(phone):
        raise invalid("Only an email address or phone number should be provided on verify")
    email, phone = (normal_email(email), "") if email else ("", normal_phone(phone))
    return Proof(kind, one_time.token_hash(email or phone, token), email, phone)


async def accept(auth: Auth, connection: Connection, proof: Proof) -> Accepted:
    """The person whose proof this is; AuthError otp_expired when it is nobody's, or too old."""
    by_code = bool(proof.email or proof.phone)
    if proof.kind not in (CODE_TOKENS if by_code else LINK_TOKENS):
        raise invalid("Invalid sms verification type" if proof.phone else "Invalid email verification type")
    found = await (by_contact if by_code else by_link)(auth, connection, proof)
    if found is None:
        message = "Token has expired or is invalid" if by_code else "Email link is invalid or has expired"
        raise forbidden("otp_expired", message)
    if found.user.is_banned:
        raise forbidden("user_banned", "User is banned")
    if found.kind == "email":
        return replace(found, kind="signup" if found.column == CONFIRMATION else "magiclink")
    return found


async def by_link(auth: Auth, connection: Connection, proof: Proof) -> Accepted | None:
    found = await one_time.owner(connection, proof.token_hash, LINK_TOKENS[proof.kind])
    if found is None:
        return None
    user, column = found
    fresh = not one_time.is_expired(user.row[SENT_AT[column]], auth.settings.otp_expiry)
    return Accepted(user, proof.kind, column) if fresh else None


async def by_contact(auth: Auth, connection: Connection, proof: Proof) -> Accepted | None:
    user = await holder(connection, proof)
    if user is None:
        return None
    for column in CODE_TOKENS[proof.kind]:
        if one_time.is_valid(proof.token_hash, user.row[column], user.row[SENT_AT[column]], auth.settings.otp_expiry):
            return Accepted(user, proof.kind, column)
    return None


async def holder(connection: Connection, proof: Proof) -> User | None:
    """Who was sent the code."""
    if proof.kind == "phone_change":
        return await users.by_phone_change(connection, proof.phone)
    if proof.kind == "sms":
        return await users.by_phone(connection, proof.phone)
    if proof.kind == "email_change":
        return await email_changer(connection, proof)
    return await users.by_email(connection, proof.email) if proof.email else None


async def email_changer(connection: Connection, proof: Proof) -> User | None:
    """Whose change this code belongs to: it went to their present address or to the waiting one."""
    query = (
        "select * from auth.users where aud = %s and not is_sso_user and ("
        " (lower(email) = %s and email_change_token_current = any(%s))"
        " or (lower(email_change) = %s and email_change_token_new = any(%s))) limit 1"
    )
    hashes = [proof.token_hash, pkce.PREFIX + proof.token_hash]
    row = await fetch_one(connection, query, users.AUDIENCE, proof.email, hashes, proof.email, hashes)
    return await users.complete(connection, row)


async def carry_out(auth: Auth, connection: Connection, request: Request, accepted: Accepted) -> User | None:
    """Make true what was proven. None: a change of address still waits for the other side."""
    user, kind = accepted.user, accepted.kind
    if kind == "email_change":
        return await carry_out_email_change(auth, connection, request, accepted)
    if kind in {"signup", "invite"}:
        confirmed = await confirm_signup(auth, connection, user)
        action = "user_signedup"
    elif kind in {"recovery", "magiclink"}:
        action = "login" if user.confirmed("email") else "user_signedup"
        confirmed = await confirm_recovery(connection, user)
    elif kind == "sms":
        action = "login" if user.confirmed("phone") else "user_signedup"
        confirmed = await confirm_sms(connection, user)
    else:
        action = "user_modified"
        confirmed = await confirm_phone_change(connection, user)
    await audit.record(connection, confirmed, action, request.address)
    return await users.refresh_providers(connection, confirmed)


async def carry_out_email_change(
    auth: Auth, connection: Connection, request: Request, accepted: Accepted
) -> User | None:
    user = accepted.user
    both_sides = auth.settings.secure_email_change and not auth.settings.mailer_autoconfirm and bool(user.email)
    if both_sides and user.row["email_change_confirm_status"] == users.EMAIL_CHANGE_DONE:
        await one_time.clear(connection, user, accepted.column)
        half = {accepted.column: "", "email_change_confirm_status": users.EMAIL_CHANGE_HALF}
        await users.update(connection, user, **half)
        return None
    taken = await users.with_email(connection, user.row["email_change"], but=user.id)
    if taken is not None:
        raise bad_request("email_exists", "A user with this email address has already been registered")
    await audit.record(connection, user, "user_modified", request.address)
    return await confirm_email_change(connection, user)


async def destination(
    auth: Auth,
    connection: Connection,
    request: Request,
    target: str,
    accepted: Accepted,
    user: User | None,
    *,
    in_pkce: bool,
) -> str:
    """Where a good link leads."""
    if user is None:
        half = {"message": HALF_DONE}
        return redirects.with_fragment(redirects.with_query(target, half) if in_pkce else target, half)
    if in_pkce:
        code = await pkce.issue_code(connection, user.id, FLOW_METHODS.get(accepted.kind, accepted.kind))
        if code is None:
            raise bad_request("flow_state_not_found", "No associated flow state found.")
        return redirects.with_query(target, {"code": code})
    session = await claims.sign_in(auth, connection, user, "otp", request)
    return redirects.with_fragment(target, session_fragment(session, accepted.kind))


def session_fragment(session: dict[str, Any], kind: str) -> dict[str, str]:
    names = ("access_token", "expires_at", "expires_in", "refresh_token", "token_type")
    return {name: str(session[name]) for name in names} | {"type": kind}


def error_destination(target: str, error: AuthError, *, in_pkce: bool) -> str:
    """Where a bad link leads: back to the site, which is told why."""
    told = {"error": OAUTH_ERRORS[error.status]} if error.status in OAUTH_ERRORS else {}
    told |= {"error_code": error.code, "error_description": error.message}
    return redirects.with_fragment(redirects.with_query(target, told) if in_pkce else target, told)
