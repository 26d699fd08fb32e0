"""POST /invite and /admin/generate_link: accounts that begin with a link."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from upshot_devstack.gateway.auth import audit, identities, messages, redirects, users
from upshot_devstack.gateway.auth.caller import require_admin
from upshot_devstack.gateway.auth.contacts import normal_email
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection
from upshot_devstack.gateway.auth.errors import AuthError, invalid, not_found, unprocessable
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Response, json_response
from upshot_devstack.gateway.auth.users import User

TYPES = frozenset({"signup", "invite", "magiclink", "recovery", "email_change_current", "email_change_new"})
PURPOSES = {
    "signup": messages.SIGNUP,
    "invite": messages.INVITE,
    "magiclink": messages.MAGIC_LINK,
    "recovery": messages.RECOVERY,
    "email_change_current": messages.EMAIL_CHANGE_CURRENT,
    "email_change_new": messages.EMAIL_CHANGE_NEW,
}


@dataclass(frozen=True)
class LinkOrder:
    """What link an administrator wants, and for whom."""

    kind: str
    email: str
    new_email: str
    password: str
    data: dict[str, Any]
    redirect_to: str


async def invite(auth: Auth, request: Request) -> Response:
    """Make an account and mail its owner the way in."""
    role = require_admin(auth, request)
    email, data = normal_email(request.text("email")), request.mapping("data") or {}
    async with auth.database.transaction() as connection:
        user = await invited(connection, email, data)
        await audit.record_admin(connection, role, "user_invited", request.address, user)
        redirect_to = redirects.target(auth.settings, request)
        user = await messages.send(auth, connection, user, messages.INVITE, to=email, redirect_to=redirect_to)
        user = await users.update(connection, user, invited_at=dt.datetime.now(dt.UTC))
        return json_response(users.public_user(user))


def already_registered() -> AuthError:
    return unprocessable("email_exists", "A user with this email address has already been registered")


async def invited(connection: Connection, email: str, data: dict[str, Any]) -> User:
    """The account that waits for its owner."""
    user = await users.with_email(connection, email)
    if user is None:
        return await create(connection, email, data, None)
    if user.confirmed("email"):
        raise already_registered()
    return user


async def create(connection: Connection, email: str, data: dict[str, Any], hashed: str | None) -> User:
    user_id = uuid.uuid4()
    user = await users.insert(
        connection,
        id=user_id,
        email=email,
        encrypted_password=hashed,
        raw_user_meta_data=data,
        raw_app_meta_data={"provider": "email", "providers": ["email"]},
    )
    await identities.insert(connection, user_id, "email", identities.own_claims(user_id, email=email))
    return await users.reload(connection, user)


async def generate_link(auth: Auth, request: Request) -> Response:
    """The link and the code that a mail would carry, without a mail."""
    role = require_admin(auth, request)
    order = read_order(auth, request)
    hashed = await auth.passwords.hash(order.password) if order.password else None
    async with auth.database.transaction() as connection:
        order, user = await addressee(auth, connection, order, hashed)
        action = "user_invited" if order.kind == "invite" else "user_recovery_requested"
        await audit.record_admin(connection, role, action, request.address, user)
        user, token = await prepare(auth, connection, order, user)
    purpose = PURPOSES[order.kind]
    link = redirects.verification_link(auth.settings, token.hash, purpose.kind, order.redirect_to)
    made = {
        "action_link": link,
        "email_otp": token.code,
        "hashed_token": token.hash,
        "verification_type": order.kind,
        "redirect_to": order.redirect_to,
    }
    return json_response(users.public_user(user) | made)


def read_order(auth: Auth, request: Request) -> LinkOrder:
    """The body, checked."""
    kind, password = request.text("type"), request.text("password")
    if kind not in TYPES:
        raise invalid(f"Invalid email action link type requested: {kind[:40]}")
    if kind == "email_change_current" and not auth.settings.secure_email_change:
        raise invalid("Enable secure email change to generate link for current email")
    if password:
        auth.passwords.check_strength(password)
    changes_email = kind.startswith("email_change")
    return LinkOrder(
        kind,
        normal_email(request.text("email")),
        normal_email(request.text("new_email")) if changes_email else "",
        password,
        request.mapping("data") or {},
        redirects.target(auth.settings, request, request.text("redirect_to")),
    )


async def addressee(auth: Auth, connection: Connection, order: LinkOrder, hashed: str | None) -> tuple[LinkOrder, User]:
    """The account of the link; those for newcomers make it. A magic link to a stranger becomes a sign-up."""
    if order.kind == "invite":
        return order, await invited(connection, order.email, order.data)
    user = await users.by_email(connection, order.email)
    if user is None and order.kind == "magiclink":
        order = LinkOrder("signup", order.email, "", auth.passwords.random(), order.data, order.redirect_to)
        hashed = await auth.passwords.hash(order.password)
    if order.kind != "signup":
        if user is None:
            raise not_found("user_not_found", "User with this email not found")
        return order, user
    if user is None:
        if hashed is None:
            raise invalid("Signup requires a valid password")
        return order, await create(connection, order.email, order.data, hashed)
    if user.confirmed("email"):
        raise already_registered()
    return order, await users.update(connection, user, raw_user_meta_data=users.merged(user.metadata, order.data))


async def prepare(auth: Auth, connection: Connection, order: LinkOrder, user: User) -> tuple[User, messages.Token]:
    """Store the token of the link."""
    to, columns = order.email, {}
    if order.new_email:
        if await users.with_email(connection, order.new_email, but=user.id):
            raise already_registered()
        columns = {"email_change": order.new_email, "email_change_confirm_status": users.EMAIL_CHANGE_DONE}
        to = order.new_email if order.kind == "email_change_new" else order.email
    if order.kind == "invite":
        columns["invited_at"] = dt.datetime.now(dt.UTC)
    token = messages.new_token(auth, to)
    return await messages.keep(connection, user, PURPOSES[order.kind], to, token, **columns), token
