"""PKCE: a sign-in that begins and ends in one client, though its link passes through a mailbox."""

import base64
import datetime as dt
import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass

from upshot_devstack.gateway.auth.database import Connection, Row, execute, fetch_one
from upshot_devstack.gateway.auth.errors import bad_request, invalid
from upshot_devstack.gateway.auth.request import Request

PREFIX = "pkce_"
CODE_LIFETIME = dt.timedelta(minutes=5)
CHALLENGE = re.compile(r"[A-Za-z0-9._~-]+")
MIN_CHALLENGE, MAX_CHALLENGE = 43, 128


@dataclass(frozen=True)
class Challenge:
    """``method`` is s256 or plain."""

    value: str
    method: str


def read_challenge(request: Request) -> Challenge | None:
    """The challenge in the body, or None for the implicit flow."""
    value, method = request.text("code_challenge"), request.text("code_challenge_method").lower()
    if not value and not method:
        return None
    if not value or not method:
        raise invalid("PKCE flow requires code_challenge_method and code_challenge")
    if not MIN_CHALLENGE <= len(value) <= MAX_CHALLENGE:
        raise invalid(f"code challenge has to be between {MIN_CHALLENGE} and {MAX_CHALLENGE} characters")
    if CHALLENGE.fullmatch(value) is None:
        raise invalid("code challenge can only contain letters, digits, hyphens, periods, underscores and tildes")
    if method not in {"s256", "plain"}:
        raise invalid("code_challenge_method must be s256 or plain")
    return Challenge(value, method)


async def begin(connection: Connection, user_id: uuid.UUID, provider: str, method: str, challenge: Challenge) -> None:
    """Remember the challenge until the person comes back."""
    query = (
        "insert into auth.flow_state (id, user_id, auth_code, code_challenge_method, code_challenge, provider_type,"
        " authentication_method, created_at, updated_at)"
        " values (gen_random_uuid(), %s, %s, %s, %s, %s, %s, now(), now())"
    )
    code = str(uuid.uuid4())
    await execute(connection, query, user_id, code, challenge.method, challenge.value, provider, method)


async def issue_code(connection: Connection, user_id: uuid.UUID, method: str) -> str | None:
    """The code of the person's latest sign-in of this kind, good for five minutes from now."""
    query = (
        "update auth.flow_state set auth_code_issued_at = now(), updated_at = now() where id = ("
        " select id from auth.flow_state where user_id = %s and authentication_method = %s"
        " order by created_at desc limit 1) returning auth_code"
    )
    row = await fetch_one(connection, query, user_id, method)
    return None if row is None else row["auth_code"]


async def take(connection: Connection, code: str) -> Row | None:
    """The flow of a code, which cannot be used again."""
    query = "delete from auth.flow_state where auth_code = %s and auth_code_issued_at is not null returning *"
    return await fetch_one(connection, query, code)


def is_expired(flow: Row) -> bool:
    issued: dt.datetime = flow["auth_code_issued_at"]
    return dt.datetime.now(dt.UTC) > issued + CODE_LIFETIME


def check_verifier(flow: Row, verifier: str) -> None:
    """AuthError bad_code_verifier unless the verifier fits the challenge."""
    given = verifier
    if flow["code_challenge_method"] == "s256":
        given = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not hmac.compare_digest(given.encode(), str(flow["code_challenge"]).encode()):
        raise bad_request("bad_code_verifier", "code challenge does not match previously saved code verifier")
