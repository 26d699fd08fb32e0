"""The mails and text messages: make a token, store its hash, put the message into the mailbox."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from upshot_devstack.gateway.auth import one_time, users
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection
from upshot_devstack.gateway.auth.errors import internal
from upshot_devstack.gateway.auth.mailbox import Message
from upshot_devstack.gateway.auth.pkce import PREFIX
from upshot_devstack.gateway.auth.redirects import verification_link
from upshot_devstack.gateway.auth.users import User

SUBJECTS = {
    "signup": "Confirm your address",
    "invite": "You have been invited",
    "recovery": "Reset your password",
    "magiclink": "Your sign-in link",
    "email_change": "Confirm your new address",
    "reauthentication": "Confirm that it is you",
    "sms": "Your code",
    "phone_change": "Your code",
    "mfa": "Your code",
}


@dataclass(frozen=True)
class Purpose:
    """One kind of token: its name in the link, its columns in auth.users, its name in one_time_tokens."""

    kind: str
    column: str
    sent_column: str
    channel: Literal["email", "sms"] = "email"


SIGNUP = Purpose("signup", "confirmation_token", "confirmation_sent_at")
INVITE = Purpose("invite", "confirmation_token", "confirmation_sent_at")
RECOVERY = Purpose("recovery", "recovery_token", "recovery_sent_at")
MAGIC_LINK = Purpose("magiclink", "recovery_token", "recovery_sent_at")
EMAIL_CHANGE_NEW = Purpose("email_change", "email_change_token_new", "email_change_sent_at")
EMAIL_CHANGE_CURRENT = Purpose("email_change", "email_change_token_current", "email_change_sent_at")
REAUTHENTICATION = Purpose("reauthentication", "reauthentication_token", "reauthentication_sent_at")
REAUTHENTICATION_SMS = Purpose("reauthentication", "reauthentication_token", "reauthentication_sent_at", "sms")
SMS = Purpose("sms", "confirmation_token", "confirmation_sent_at", "sms")
PHONE_CHANGE = Purpose("phone_change", "phone_change_token", "phone_change_sent_at", "sms")


@dataclass(frozen=True)
class Token:
    """A fresh token: ``code`` is for the person, ``hash`` for the database and the link."""

    code: str
    hash: str


def new_token(auth: Auth, contact: str, *, pkce: bool = False) -> Token:
    code = one_time.new_code(auth.settings.otp_length)
    return Token(code, (PREFIX if pkce else "") + one_time.token_hash(contact, code))


async def send(
    auth: Auth,
    connection: Connection,
    user: User,
    purpose: Purpose,
    *,
    to: str,
    redirect_to: str = "",
    pkce: bool = False,
) -> User:
    """Send one message, not more often than allowed."""
    require_channel(auth, purpose.channel)
    one_time.check_interval(user.row[purpose.sent_column], auth.settings.email_send_interval, purpose.channel)
    auth.limits.message(purpose.channel)
    token = new_token(auth, to, pkce=pkce)
    deliver(auth, purpose, to, token, redirect_to)
    return await keep(connection, user, purpose, to, token)


async def keep(connection: Connection, user: User, purpose: Purpose, to: str, token: Token, **columns: Any) -> User:
    """Store the token's hash where its purpose wants it."""
    await one_time.store(connection, user, purpose.column, to, token.hash)
    sent = {purpose.column: token.hash, purpose.sent_column: dt.datetime.now(dt.UTC)}
    return await users.update(connection, user, **sent, **columns)


def require_channel(auth: Auth, channel: str) -> None:
    """AuthError when nothing carries such messages."""
    if channel == "sms" and auth.settings.sms_provider == "none":
        raise internal("Unable to get SMS provider. Set sms_provider to mailbox to keep messages on this machine.")


def deliver(auth: Auth, purpose: Purpose, to: str, token: Token, redirect_to: str) -> None:
    """Put the message into the mailbox; mails carry a link besides the code."""
    has_link = purpose.channel == "email" and purpose is not REAUTHENTICATION
    link = verification_link(auth.settings, token.hash, purpose.kind, redirect_to) if has_link else ""
    message = Message(purpose.channel, to, purpose.kind, SUBJECTS[purpose.kind], token.code, token.hash, link)
    auth.mailbox.put(message)


async def send_email_change(
    auth: Auth, connection: Connection, user: User, new_email: str, *, redirect_to: str, pkce: bool = False
) -> User:
    """Ask the new address, and the present one too where changes must be confirmed on both sides."""
    sent_at = user.row["email_change_sent_at"]
    one_time.check_interval(sent_at, auth.settings.email_send_interval, "email")
    user = await users.update(
        connection, user, email_change=new_email, email_change_confirm_status=users.EMAIL_CHANGE_DONE
    )
    recipients = [(EMAIL_CHANGE_NEW, new_email)]
    if auth.settings.secure_email_change and user.email:
        recipients.append((EMAIL_CHANGE_CURRENT, user.email))
    for purpose, to in recipients:
        auth.limits.message("email")
        token = new_token(auth, to, pkce=pkce)
        deliver(auth, purpose, to, token, redirect_to)
        user = await keep(connection, user, purpose, to, token)
    return user
