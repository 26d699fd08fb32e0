"""POST /signup: by address, by number, or anonymously."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg

from upshot_devstack.gateway.auth import audit, claims, identities, messages, pkce, redirects, users
from upshot_devstack.gateway.auth.contacts import normal_email, normal_phone
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection
from upshot_devstack.gateway.auth.errors import bad_request, invalid, unprocessable
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Response, json_response
from upshot_devstack.gateway.auth.users import User

CHANNELS = frozenset({"", "sms", "whatsapp"})


@dataclass(frozen=True)
class Newcomer:
    """What somebody who signs up tells us; ``provider`` is email or phone."""

    provider: str
    contact: str
    password: str
    data: dict[str, Any]
    challenge: pkce.Challenge | None = None


async def signup(auth: Auth, request: Request) -> Response:
    """The route: a session when the account is usable at once, else the user."""
    if not request.text("email") and not request.text("phone"):
        return await signup_anonymously(auth, request)
    auth.limits.sign_in(request.address)
    newcomer = read_newcomer(auth, request)
    return json_response(await register(auth, request, newcomer))


async def signup_anonymously(auth: Auth, request: Request) -> Response:
    if not auth.settings.enable_anonymous:
        raise unprocessable("anonymous_provider_disabled", "Anonymous sign-ins are disabled")
    auth.limits.anonymous(request.address)
    require_signup(auth)
    data = request.mapping("data") or {}
    async with auth.database.transaction() as connection:
        user = await users.insert(connection, is_anonymous=True, raw_user_meta_data=data)
        await audit.record(connection, user, "user_signedup", request.address, provider="anonymous")
        return json_response(await claims.sign_in(auth, connection, user, "anonymous", request))


def read_newcomer(auth: Auth, request: Request) -> Newcomer:
    """The body, checked; AuthError when anything in it will not do."""
    require_signup(auth)
    email, phone, password = request.text("email"), request.text("phone"), request.text("password")
    if not password:
        raise invalid("Signup requires a valid password")
    auth.passwords.check_strength(password)
    if email and phone:
        raise invalid("Only an email address or phone number should be provided on signup.")
    challenge = pkce.read_challenge(request)
    data = request.mapping("data") or {}
    if email:
        require_provider(auth, "email", "Email signups are disabled")
        return Newcomer("email", normal_email(email), password, data, challenge)
    require_provider(auth, "phone", "Phone signups are disabled")
    check_channel(request)
    if challenge is not None:
        raise invalid("PKCE not supported for phone signups")
    return Newcomer("phone", normal_phone(phone), password, data)


def check_channel(request: Request) -> None:
    if request.text("channel") not in CHANNELS:
        raise invalid("Invalid channel, supported values are 'sms' or 'whatsapp'")


def require_signup(auth: Auth) -> None:
    if not auth.settings.enable_signup:
        raise unprocessable("signup_disabled", "Signups not allowed for this instance")


def require_provider(auth: Auth, provider: str, message: str) -> None:
    enabled = auth.settings.enable_phone if provider == "phone" else auth.settings.enable_email
    if not enabled:
        raise bad_request(f"{provider}_provider_disabled", message)


async def register(auth: Auth, request: Request, newcomer: Newcomer) -> dict[str, Any]:
    """Make the account and sign in, or ask for proof of the address first."""
    hashed = await auth.passwords.hash(newcomer.password)  # before any transaction: it takes time on purpose
    try:
        return await register_hashed(auth, request, newcomer, hashed)
    except psycopg.errors.UniqueViolation:  # somebody else signed up with it at the same moment
        return answer_for_taken(auth, newcomer)


async def register_hashed(auth: Auth, request: Request, newcomer: Newcomer, hashed: str) -> dict[str, Any]:
    async with auth.database.transaction() as connection:
        existing = await find_existing(connection, newcomer)
        if existing is not None and existing.confirmed(newcomer.provider):
            await audit.record(
                connection, existing, "user_repeated_signup", request.address, provider=newcomer.provider
            )
        else:
            user = existing or await create(connection, newcomer, hashed)
            return await confirm_or_ask(auth, connection, request, newcomer, user)
    return answer_for_taken(auth, newcomer)


async def find_existing(connection: Connection, newcomer: Newcomer) -> User | None:
    if newcomer.provider == "phone":
        return await users.by_phone(connection, newcomer.contact)
    return await users.with_email(connection, newcomer.contact)


async def create(connection: Connection, newcomer: Newcomer, hashed: str) -> User:
    """A new account with its identity."""
    contact = {newcomer.provider: newcomer.contact}
    user_id = uuid.uuid4()
    known = identities.own_claims(user_id, email=contact.get("email", ""), phone=contact.get("phone", ""))
    data = newcomer.data | known
    user = await users.insert(
        connection,
        id=user_id,
        **contact,
        encrypted_password=hashed,
        raw_user_meta_data=data,
        raw_app_meta_data={"provider": newcomer.provider, "providers": [newcomer.provider]},
    )
    await identities.insert(connection, user.id, newcomer.provider, data)
    return await users.reload(connection, user)


async def confirm_or_ask(
    auth: Auth, connection: Connection, request: Request, newcomer: Newcomer, user: User
) -> dict[str, Any]:
    if autoconfirms(auth, newcomer.provider):
        user = await users.confirm(connection, user, newcomer.provider)
        await audit.record(connection, user, "user_signedup", request.address, provider=newcomer.provider)
        await audit.record(connection, user, "login", request.address, provider=newcomer.provider)
        return await claims.sign_in(auth, connection, user, "password", request)
    await audit.record(connection, user, "user_confirmation_requested", request.address, provider=newcomer.provider)
    user = await ask(auth, connection, request, newcomer, user)
    return users.public_user(user) | ({"user_metadata": {}, "identities": []} if user.row["invited_at"] else {})


def autoconfirms(auth: Auth, provider: str) -> bool:
    return auth.settings.phone_autoconfirm if provider == "phone" else auth.settings.mailer_autoconfirm


async def ask(auth: Auth, connection: Connection, request: Request, newcomer: Newcomer, user: User) -> User:
    """Send the message that proves the address or number."""
    if newcomer.provider == "phone":
        return await messages.send(auth, connection, user, messages.SMS, to=newcomer.contact)
    if newcomer.challenge is not None:
        await pkce.begin(connection, user.id, "email", "email/signup", newcomer.challenge)
    return await messages.send(
        auth,
        connection,
        user,
        messages.SIGNUP,
        to=newcomer.contact,
        redirect_to=redirects.target(auth.settings, request),
        pkce=newcomer.challenge is not None,
    )


def answer_for_taken(auth: Auth, newcomer: Newcomer) -> dict[str, Any]:
    """Say that the account exists only where signing up would have shown it anyway."""
    if auth.settings.mailer_autoconfirm or auth.settings.phone_autoconfirm:
        raise unprocessable("user_already_exists", "User already registered")
    return stranger(newcomer)


def stranger(newcomer: Newcomer) -> dict[str, Any]:
    """A user that does not exist, looking like one that has just signed up."""
    now = dt.datetime.now(dt.UTC)
    contact = {"email": "", "phone": "", newcomer.provider: newcomer.contact}
    return {
        "id": uuid.uuid4(),
        "aud": users.AUDIENCE,
        "role": "",
        **contact,
        "confirmation_sent_at": now,
        "app_metadata": {"provider": newcomer.provider, "providers": [newcomer.provider]},
        "user_metadata": newcomer.data,
        "identities": [],
        "created_at": now,
        "updated_at": now,
        "is_anonymous": False,
    }
