"""GET and PUT /user, /reauthenticate, /logout, identities: what people do with their own account."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from upshot_devstack.gateway.auth import audit, identities, messages, one_time, pkce, redirects, sessions, users
from upshot_devstack.gateway.auth.caller import Caller, claimed_uuid, require_user
from upshot_devstack.gateway.auth.confirmation import confirm_email_change, confirm_phone_change
from upshot_devstack.gateway.auth.contacts import normal_email, normal_phone
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection
from upshot_devstack.gateway.auth.errors import AuthError, bad_request, forbidden, invalid, not_found, unprocessable
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Response, json_response, no_content
from upshot_devstack.gateway.auth.users import User

RECENT_SIGN_IN = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Changes:
    """What a person wants changed; empty and None mean unchanged."""

    email: str
    phone: str
    password: str | None
    nonce: str
    data: dict[str, Any] | None
    challenge: pkce.Challenge | None


async def get_user(auth: Auth, request: Request) -> Response:
    async with auth.database.transaction() as connection:
        caller = await require_user(auth, connection, request)
    return json_response(users.public_user(caller.user))


async def put_user(auth: Auth, request: Request) -> Response:
    """Change one's own account; answers with the account as it is then."""
    async with auth.database.transaction() as connection:
        caller = await require_user(auth, connection, request)
        changes = read_changes(auth, request)
        await check_allowed(connection, caller, changes)
    hashed = await new_hash(auth, caller, changes)
    async with auth.database.transaction() as connection:
        user = await apply(auth, connection, request, caller, changes, hashed)
    return json_response(users.public_user(user))


def read_changes(auth: Auth, request: Request) -> Changes:
    """The body, checked; AuthError when anything in it will not do."""
    if request.mapping("app_metadata") is not None:
        raise forbidden("not_admin", "Updating app_metadata requires admin privileges")
    email, phone, password = request.text("email"), request.text("phone"), request.optional_text("password")
    if password is not None:
        auth.passwords.check_strength(password)
    return Changes(
        normal_email(email) if email else "",
        normal_phone(phone) if phone else "",
        password,
        request.text("nonce"),
        request.mapping("data"),
        pkce.read_challenge(request),
    )


async def check_allowed(connection: Connection, caller: Caller, changes: Changes) -> None:
    """AuthError when this person may not make these changes now."""
    user = caller.user
    new_email = bool(changes.email) and changes.email != user.email
    new_phone = bool(changes.phone) and changes.phone != user.phone
    touches_login = new_email or new_phone or changes.password is not None
    if touches_login and user.has_verified_factor and not caller.has_second_factor:
        message = "AAL2 session is required to update email or password when MFA is enabled."
        raise AuthError(401, "insufficient_aal", message)
    if user.row["is_sso_user"] and touches_login:
        message = "Updating email, phone, password of a SSO account only possible via SSO"
        raise unprocessable("user_sso_managed", message)
    if user.is_anonymous and changes.password is not None and not changes.email and not changes.phone:
        message = "Updating password of an anonymous user without an email or phone is not allowed"
        raise unprocessable("validation_failed", message)
    if new_email and await users.with_email(connection, changes.email, but=user.id):
        raise unprocessable("email_exists", "A user with this email address has already been registered")
    if new_phone and await users.by_phone(connection, changes.phone):
        raise unprocessable("phone_exists", "A user with this phone number has already been registered")


async def new_hash(auth: Auth, caller: Caller, changes: Changes) -> str | None:
    """The hash of the new password, which must differ from the old one and may need fresh proof."""
    if changes.password is None:
        return None
    if auth.settings.password_update_needs_reauthentication and not signed_in_recently(caller):
        check_nonce(auth, caller.user, changes.nonce)
    stored = caller.user.row["encrypted_password"]
    if stored and await auth.passwords.matches(changes.password, stored):
        raise unprocessable("same_password", "New password should be different from the old password.")
    return await auth.passwords.hash(changes.password)


def signed_in_recently(caller: Caller) -> bool:
    session = caller.session
    return session is not None and dt.datetime.now(dt.UTC) <= session["created_at"] + RECENT_SIGN_IN


def check_nonce(auth: Auth, user: User, nonce: str) -> None:
    """AuthError unless the nonce is the code that /reauthenticate sent."""
    if not nonce:
        raise bad_request("reauthentication_needed", "Password update requires reauthentication")
    proven_by_email = bool(user.email) and user.confirmed("email")
    given = one_time.token_hash(user.email if proven_by_email else user.phone, nonce)
    stored, sent_at = user.row["reauthentication_token"], user.row["reauthentication_sent_at"]
    if not one_time.is_valid(given, stored, sent_at, auth.settings.otp_expiry):
        raise unprocessable("reauthentication_not_valid", "Nonce has expired or is invalid")


async def apply(
    auth: Auth, connection: Connection, request: Request, caller: Caller, changes: Changes, hashed: str | None
) -> User:
    """Make the changes, one after another."""
    user = await users.reload(connection, caller.user)
    if hashed is not None:
        user = await set_password(connection, user, hashed)
        await sessions.end_all(connection, user.id, but=caller.session_id)
        await audit.record(connection, user, "user_updated_password", request.address)
    if changes.data is not None:
        user = await users.update(connection, user, raw_user_meta_data=users.merged(user.metadata, changes.data))
    if changes.email and changes.email != user.email:
        user = await change_email(auth, connection, request, user, changes)
    if changes.phone and changes.phone != user.phone:
        user = await change_phone(auth, connection, user, changes.phone)
    await audit.record(connection, user, "user_modified", request.address)
    return user


async def set_password(connection: Connection, user: User, hashed: str) -> User:
    """Store a new password; open tokens were asked for under the old one and end."""
    await one_time.clear(connection, user)
    tokens = ("confirmation", "recovery", "phone_change", "reauthentication")
    ended: dict[str, Any] = {f"{name}_token": "" for name in tokens}
    ended |= {f"{name}_sent_at": None for name in (*tokens, "email_change")}
    ended |= {"email_change_token_new": "", "email_change_token_current": ""}
    return await users.update(connection, user, encrypted_password=hashed, **ended)


async def change_email(auth: Auth, connection: Connection, request: Request, user: User, changes: Changes) -> User:
    """An anonymous person's first address may count at once; any other change must be proven."""
    if user.is_anonymous and auth.settings.mailer_autoconfirm:
        user = await users.update(connection, user, email_change=changes.email)
        return await confirm_email_change(connection, user)
    if changes.challenge is not None:
        await pkce.begin(connection, user.id, "email_change", "email_change", changes.challenge)
    return await messages.send_email_change(
        auth,
        connection,
        user,
        changes.email,
        redirect_to=redirects.target(auth.settings, request),
        pkce=changes.challenge is not None,
    )


async def change_phone(auth: Auth, connection: Connection, user: User, phone: str) -> User:
    user = await users.update(connection, user, phone_change=phone)
    if auth.settings.phone_autoconfirm:
        return await confirm_phone_change(connection, user)
    return await messages.send(auth, connection, user, messages.PHONE_CHANGE, to=phone)


async def reauthenticate(auth: Auth, request: Request) -> Response:
    """Send a code that proves presence before a sensitive change."""
    async with auth.database.transaction() as connection:
        user = (await require_user(auth, connection, request)).user
        if not user.email and not user.phone:
            raise invalid("Reauthentication requires the user to have an email or a phone number")
        provider = "email" if user.email else "phone"
        if not user.confirmed(provider):
            raise unprocessable(f"{provider}_not_confirmed", f"Please verify your {provider} first.")
        await audit.record(connection, user, "user_reauthenticate_requested", request.address)
        purpose = messages.REAUTHENTICATION if user.email else messages.REAUTHENTICATION_SMS
        await messages.send(auth, connection, user, purpose, to=user.email or user.phone)
    return json_response({})


async def logout(auth: Auth, request: Request) -> Response:
    """End this session (local), all (global, the default), or all but this one (others)."""
    scope = request.query.get("scope") or "global"
    if scope not in {"global", "local", "others"}:
        raise invalid(f"Unsupported logout scope {scope[:40]!r}")
    async with auth.database.transaction() as connection:
        caller = await require_user(auth, connection, request)
        await audit.record(connection, caller.user, "logout", request.address)
        await end_sessions(connection, caller, scope)
    return no_content()


async def end_sessions(connection: Connection, caller: Caller, scope: str) -> None:
    own = caller.session_id
    if own is not None and scope == "local":
        await sessions.end(connection, own)
    else:
        await sessions.end_all(connection, caller.user.id, but=own if scope == "others" else None)


async def unlink_identity(auth: Auth, request: Request) -> Response:
    """DELETE /user/identities/{identity_id}: give up one of several ways to sign in."""
    if not auth.settings.enable_manual_linking:
        raise not_found("manual_linking_disabled", "Manual linking is disabled")
    malformed = not_found("validation_failed", "identity_id must be an UUID")
    identity_id = claimed_uuid(request.params["identity_id"], malformed)
    async with auth.database.transaction() as connection:
        user = (await require_user(auth, connection, request)).user
        if len(user.identities) <= 1:
            message = "User must have at least 1 identity after unlinking"
            raise unprocessable("single_identity_not_deletable", message)
        chosen = next((identity for identity in user.identities if identity["id"] == identity_id), None)
        if chosen is None:
            raise unprocessable("identity_not_found", "Identity doesn't exist")
        await identities.delete(connection, identity_id)
        await audit.record(connection, user, "identity_unlinked", request.address, provider=chosen["provider"])
        await forget_contact(connection, await users.reload(connection, user), chosen["provider"])
    return json_response({})


async def forget_contact(connection: Connection, user: User, provider: str) -> None:
    """Take away the number, or the address, that only the unlinked identity carried."""
    if provider == "phone":
        user = await users.update(connection, user, phone=None, phone_confirmed_at=None)
    elif user.email and user.email not in {identity["email"] for identity in user.identities}:
        other = next((identity["email"] for identity in user.identities if identity["email"]), None)
        proven = user.row["email_confirmed_at"] if other else None
        user = await users.update(connection, user, email=other, email_confirmed_at=proven)
    await users.refresh_providers(connection, user)
