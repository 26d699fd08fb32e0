"""What becomes true once a token is accepted."""

import datetime as dt
import secrets

from upshot_devstack.gateway.auth import identities, one_time, users
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection
from upshot_devstack.gateway.auth.users import User


async def confirm_signup(auth: Auth, connection: Connection, user: User) -> User:
    """The address is proven. Invited people get a password nobody knows until they choose one."""
    if not user.row["encrypted_password"] and user.row["invited_at"] is not None:
        hashed = await auth.passwords.hash(secrets.token_urlsafe(48))
        user = await users.update(connection, user, encrypted_password=hashed)
    await one_time.clear(connection, user)
    if user.email:
        await identities.put(connection, user.id, "email", {"sub": str(user.id), "email_verified": True})
    return await users.confirm(connection, user, "email")


async def confirm_recovery(connection: Connection, user: User) -> User:
    """Somebody read the person's mail: good enough to sign in, and to prove the address."""
    await one_time.clear(connection, user)
    user = await users.update(connection, user, recovery_token="")
    return user if user.confirmed("email") else await users.confirm(connection, user, "email")


async def confirm_sms(connection: Connection, user: User) -> User:
    await one_time.clear(connection, user)
    user = await users.update(connection, user, is_anonymous=False)
    return await users.confirm(connection, user, "phone")


async def confirm_email_change(connection: Connection, user: User) -> User:
    """The waiting address becomes the person's own."""
    email = user.row["email_change"]
    known = identities.own_claims(user.id, email=email, verified=True)
    await identities.put(connection, user.id, "email", without_phone(known))
    await one_time.clear(connection, user)
    user = await users.update(
        connection,
        user,
        email=email,
        email_change="",
        email_change_token_current="",
        email_change_token_new="",
        email_change_confirm_status=users.EMAIL_CHANGE_DONE,
        is_anonymous=False,
    )
    if not user.confirmed("email"):
        user = await users.confirm(connection, user, "email")
    return await users.refresh_providers(connection, user)


def without_phone(known: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in known.items() if name != "phone_verified"}


async def confirm_phone_change(connection: Connection, user: User) -> User:
    """The waiting number becomes the person's own."""
    phone = user.row["phone_change"]
    known = {"sub": str(user.id), "phone": phone, "phone_verified": True}
    await identities.put(connection, user.id, "phone", known)
    await one_time.clear(connection, user)
    now = dt.datetime.now(dt.UTC)
    user = await users.update(
        connection,
        user,
        phone=phone,
        phone_change="",
        phone_change_token="",
        phone_confirmed_at=now,
        is_anonymous=False,
    )
    return await users.refresh_providers(connection, user)
