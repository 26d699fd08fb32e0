"""POST /otp, /magiclink, /recover, /resend: messages on request. They never say whether somebody has an account."""

from typing import Any

from upshot_devstack.gateway.auth import audit, messages, pkce, redirects, users
from upshot_devstack.gateway.auth.contacts import normal_email, normal_phone
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection
from upshot_devstack.gateway.auth.errors import bad_request, invalid, unprocessable
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Response, json_response
from upshot_devstack.gateway.auth.signup import (
    Newcomer,
    autoconfirms,
    check_channel,
    register,
    require_provider,
    require_signup,
)
from upshot_devstack.gateway.auth.users import User

RESEND_TYPES = frozenset({"signup", "email_change", "sms", "phone_change"})


async def otp(auth: Auth, request: Request) -> Response:
    """A code by mail or text message; new people are signed up unless create_user is false."""
    auth.limits.sign_in(request.address)
    email, phone = request.text("email"), request.text("phone")
    if email and phone:
        raise invalid("Only an email address or phone number should be provided")
    if email and request.text("channel"):
        raise invalid("Channel should only be specified with Phone OTP")
    if not email and not phone:
        raise invalid("One of email or phone must be set")
    provider = "email" if email else "phone"
    contact = normal_email(email) if email else normal_phone(phone)
    if not request.flag("create_user", default=True) and await find(auth, provider, contact) is None:
        raise unprocessable("otp_disabled", "Signups not allowed for otp")
    return await send_code(auth, request, provider, contact)


async def magic_link(auth: Auth, request: Request) -> Response:
    """The older name of /otp by mail."""
    auth.limits.sign_in(request.address)
    if not request.text("email"):
        raise unprocessable("validation_failed", "Password recovery requires an email")
    return await send_code(auth, request, "email", normal_email(request.text("email")))


async def send_code(auth: Auth, request: Request, provider: str, contact: str) -> Response:
    """Sign up those who are new, then send the code."""
    if provider == "email" and not auth.settings.enable_email:
        raise unprocessable("email_provider_disabled", "Email logins are disabled")
    require_provider(auth, provider, "Unsupported phone provider")
    check_channel(request)
    challenge = pkce.read_challenge(request) if provider == "email" else None
    user = await find(auth, provider, contact)
    if user is None or not user.confirmed(provider):
        require_signup(auth)
        data: dict[str, Any] = request.mapping("data") or {}
        await register(auth, request, Newcomer(provider, contact, auth.passwords.random(), data, challenge))
        if not autoconfirms(auth, provider):
            return json_response({})  # the confirmation is the code
    return await send_to_known(auth, request, provider, contact, challenge)


async def find(auth: Auth, provider: str, contact: str) -> User | None:
    async with auth.database.transaction() as connection:
        return await users.by_contact(connection, provider, contact)


async def send_to_known(
    auth: Auth, request: Request, provider: str, contact: str, challenge: pkce.Challenge | None
) -> Response:
    async with auth.database.transaction() as connection:
        user = await users.by_contact(connection, provider, contact)
        if user is None:
            return json_response({})
        await audit.record(connection, user, "user_recovery_requested", request.address)
        if provider == "phone":
            await messages.send(auth, connection, user, messages.SMS, to=contact)
            return json_response({})
        if challenge is not None:
            await pkce.begin(connection, user.id, "magiclink", "magiclink", challenge)
        await send_mail(auth, connection, user, messages.MAGIC_LINK, request, pkce_flow=challenge is not None)
    return json_response({})


async def send_mail(
    auth: Auth,
    connection: Connection,
    user: User,
    purpose: messages.Purpose,
    request: Request,
    *,
    pkce_flow: bool = False,
) -> None:
    """A mail to the person's own address."""
    redirect_to = redirects.target(auth.settings, request)
    await messages.send(auth, connection, user, purpose, to=user.email, redirect_to=redirect_to, pkce=pkce_flow)


async def recover(auth: Auth, request: Request) -> Response:
    """A mail that lets a person in to choose a new password."""
    auth.limits.sign_in(request.address)
    if not auth.settings.enable_email:
        raise bad_request("email_provider_disabled", "Email logins are disabled")
    if not request.text("email"):
        raise invalid("Password recovery requires an email")
    email, challenge = normal_email(request.text("email")), pkce.read_challenge(request)
    async with auth.database.transaction() as connection:
        user = await users.by_email(connection, email)
        if user is not None:
            await audit.record(connection, user, "user_recovery_requested", request.address)
            if challenge is not None:
                await pkce.begin(connection, user.id, "recovery", "recovery", challenge)
            await send_mail(auth, connection, user, messages.RECOVERY, request, pkce_flow=challenge is not None)
    return json_response({})


async def resend(auth: Auth, request: Request) -> Response:
    """The same message once more, if there is one still to be answered."""
    auth.limits.sign_in(request.address)
    kind, provider, contact = read_resend(auth, request)
    async with auth.database.transaction() as connection:
        user = await users.by_contact(connection, provider, contact)
        if user is None:
            return json_response({})
        redirect_to = redirects.target(auth.settings, request)
        if kind == "signup" and not user.confirmed("email"):
            await audit.record(connection, user, "user_confirmation_requested", request.address)
            await send_mail(auth, connection, user, messages.SIGNUP, request)
        elif kind == "sms" and not user.confirmed("phone"):
            await messages.send(auth, connection, user, messages.SMS, to=contact)
        elif kind == "email_change" and user.row["email_change"]:
            waiting = user.row["email_change"]
            await messages.send_email_change(auth, connection, user, waiting, redirect_to=redirect_to)
        elif kind == "phone_change" and user.row["phone_change"]:
            await messages.send(auth, connection, user, messages.PHONE_CHANGE, to=user.row["phone_change"])
    return json_response({})


def read_resend(auth: Auth, request: Request) -> tuple[str, str, str]:
    """Type, provider and contact of a resend; AuthError when they do not fit together."""
    kind, email, phone = request.text("type"), request.text("email"), request.text("phone")
    if kind not in RESEND_TYPES:
        raise invalid("Missing one of these types: signup, email_change, sms, phone_change")
    if kind == "signup" and not email:
        raise invalid("Type provided requires an email address")
    if kind == "sms" and not phone:
        raise invalid("Type provided requires a phone number")
    if email and phone:
        raise invalid("Only an email address or phone number should be provided.")
    if email:
        require_provider(auth, "email", "Email logins are disabled")
        return kind, "email", normal_email(email)
    if not phone:
        raise invalid("Missing email address or phone number")
    require_provider(auth, "phone", "Phone logins are disabled")
    return kind, "phone", normal_phone(phone)
