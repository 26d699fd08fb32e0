"""/factors: a second proof of identity by time-based codes (TOTP) or text message."""

import datetime as dt
import hmac
import json
import uuid
from typing import Any
from urllib.parse import urlsplit

import psycopg

from upshot_devstack.gateway.auth import audit, claims, messages, one_time, sessions, totp, users
from upshot_devstack.gateway.auth.admin_users import chosen_user
from upshot_devstack.gateway.auth.caller import Caller, claimed_uuid, require_admin, require_user
from upshot_devstack.gateway.auth.contacts import normal_phone
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection, Row, execute, fetch_one
from upshot_devstack.gateway.auth.errors import forbidden, internal, invalid, not_found, unprocessable
from upshot_devstack.gateway.auth.mailbox import Message
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Response, json_response

MAX_FACTORS = 10
CHALLENGE_LIFETIME = dt.timedelta(minutes=5)
METHODS = {"totp": "totp", "phone": "mfa/phone"}


async def enroll(auth: Auth, request: Request) -> Response:
    """A new factor, unverified until its first code."""
    kind = request.text("factor_type")
    if kind not in METHODS:
        raise invalid("factor_type needs to be totp, phone, or webauthn")
    async with auth.database.transaction() as connection:
        caller = await require_person(auth, connection, request)
        check_may_enroll(caller)
        details, shown = new_totp(auth, caller, request) if kind == "totp" else new_phone(request)
        await make_room(connection, caller, details.get("phone"))
        factor_id = await insert(connection, caller, kind, request.text("friendly_name"), details)
        await audit.record(connection, caller.user, "factor_in_progress", request.address, factor_id=str(factor_id))
    named = {"id": factor_id, "type": kind, "friendly_name": request.text("friendly_name")}
    return json_response(named | shown)


async def require_person(auth: Auth, connection: Connection, request: Request) -> Caller:
    """A signed-in person who is not anonymous."""
    caller = await require_user(auth, connection, request)
    if caller.user.is_anonymous:
        raise forbidden("no_authorization", "Anonymous user not allowed to perform these actions")
    if caller.session is None:
        raise internal("A valid session and a registered user are required to enroll a factor")
    return caller


def check_may_enroll(caller: Caller) -> None:
    if len(caller.user.factors) >= MAX_FACTORS:
        message = "Maximum number of verified factors reached, unenroll to continue"
        raise unprocessable("too_many_enrolled_mfa_factors", message)
    if caller.user.has_verified_factor and not caller.has_second_factor:
        raise forbidden("insufficient_aal", "AAL2 required to enroll a new factor")


def new_totp(auth: Auth, caller: Caller, request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """What to store of a code generator, and what to show of it."""
    secret = totp.new_secret()
    issuer = request.text("issuer") or urlsplit(auth.settings.site_url).netloc
    uri = totp.key_uri(secret, issuer, caller.user.email or caller.user.phone)
    return {"secret": secret}, {"totp": {"qr_code": totp.qr_svg(uri), "secret": secret, "uri": uri}}


def new_phone(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    if not request.text("phone"):
        raise invalid("Phone number required to enroll Phone factor")
    phone = normal_phone(request.text("phone"))
    return {"phone": phone}, {"phone": phone}


async def make_room(connection: Connection, caller: Caller, phone: str | None) -> None:
    """A number is a factor once; an enrolment that was never finished gives way."""
    same = [factor for factor in caller.user.factors if phone is not None and factor["phone"] == phone]
    if any(factor["status"] == "verified" for factor in same):
        message = "A verified phone factor already exists, unenroll the existing factor to continue"
        raise unprocessable("mfa_verified_factor_exists", message)
    for factor in same:
        await remove(connection, factor)


async def insert(connection: Connection, caller: Caller, kind: str, name: str, details: dict[str, Any]) -> uuid.UUID:
    factor_id = uuid.uuid4()
    query = (
        "insert into auth.mfa_factors"
        " (id, user_id, friendly_name, factor_type, status, created_at, updated_at, secret, phone)"
        " values (%s, %s, %s, %s, 'unverified', now(), now(), %s, %s)"
    )
    values = (factor_id, caller.user.id, name, kind, details.get("secret"), details.get("phone"))
    try:
        await execute(connection, query, *values)
    except psycopg.errors.UniqueViolation as error:
        message = f"A factor with the friendly name {json.dumps(name)} for this user already exists"
        raise unprocessable("mfa_factor_name_conflict", message) from error
    return factor_id


def chosen_factor(caller_factors: list[Row], request: Request) -> Row:
    """The factor of the path, among the person's own."""
    malformed = not_found("validation_failed", "factor_id must be an UUID")
    wanted = claimed_uuid(request.params["factor_id"], malformed)
    factor = next((factor for factor in caller_factors if factor["id"] == wanted), None)
    if factor is None:
        raise not_found("mfa_factor_not_found", "Factor not found")
    return factor


async def challenge(auth: Auth, request: Request) -> Response:
    """Ask the factor for a code."""
    auth.limits.verify(request.address)
    async with auth.database.transaction() as connection:
        caller = await require_person(auth, connection, request)
        factor = chosen_factor(caller.user.factors, request)
        challenge_id, now = uuid.uuid4(), dt.datetime.now(dt.UTC)
        code = send_code(auth, factor) if factor["factor_type"] == "phone" else None
        query = (
            "insert into auth.mfa_challenges (id, factor_id, created_at, ip_address, otp_code)"
            " values (%s, %s, %s, %s, %s)"
        )
        await execute(connection, query, challenge_id, factor["id"], now, request.address or "127.0.0.1", code)
        await audit.record(connection, caller.user, "challenge_created", request.address, factor_id=str(factor["id"]))
    expires = int((now + CHALLENGE_LIFETIME).timestamp())
    return json_response({"id": challenge_id, "type": factor["factor_type"], "expires_at": expires})


def send_code(auth: Auth, factor: Row) -> str:
    """Text a code to the factor's number; what to store of it."""
    messages.require_channel(auth, "sms")
    auth.limits.message("sms")
    token = messages.new_token(auth, factor["phone"])
    auth.mailbox.put(Message("sms", factor["phone"], "mfa", messages.SUBJECTS["mfa"], token.code, token.hash))
    return token.hash


async def verify(auth: Auth, request: Request) -> Response:
    """A right code makes the factor verified and the session one of the second level."""
    auth.limits.verify(request.address)
    async with auth.database.transaction() as connection:
        caller = await require_person(auth, connection, request)
        factor = chosen_factor(caller.user.factors, request)
        asked = await open_challenge(connection, factor, request)
        check_code(factor, asked, request.text("code"))
        body = await raise_level(auth, connection, caller, factor, asked, request)
    return json_response(body)


async def open_challenge(connection: Connection, factor: Row, request: Request) -> Row:
    """The challenge being answered, held so that it is answered once."""
    unknown = not_found("mfa_factor_not_found", "MFA factor with the provided challenge ID not found")
    challenge_id = claimed_uuid(request.text("challenge_id"), unknown)
    query = "select * from auth.mfa_challenges where id = %s and factor_id = %s for update"
    asked = await fetch_one(connection, query, challenge_id, factor["id"])
    if asked is None:
        raise unknown
    if asked["verified_at"] is not None or str(asked["ip_address"]) != (request.address or "127.0.0.1"):
        raise unprocessable("mfa_ip_address_mismatch", "Challenge and verify IP addresses mismatch")
    if dt.datetime.now(dt.UTC) > asked["created_at"] + CHALLENGE_LIFETIME:
        message = (
            f"MFA challenge {challenge_id} has expired, verify against another challenge or create a new challenge."
        )
        raise unprocessable("mfa_challenge_expired", message)
    return asked


def check_code(factor: Row, asked: Row, code: str) -> None:
    if factor["factor_type"] == "totp":
        if not totp.is_valid(factor["secret"], code):
            raise unprocessable("mfa_verification_failed", "Invalid TOTP code entered")
        return
    given = one_time.token_hash(factor["phone"], code)
    if not hmac.compare_digest(given.encode(), str(asked["otp_code"]).encode()):
        raise unprocessable("mfa_verification_failed", "Invalid MFA Phone code entered")


async def raise_level(
    auth: Auth, connection: Connection, caller: Caller, factor: Row, asked: Row, request: Request
) -> dict[str, Any]:
    """The session goes on with a second proof; sessions without one, and unfinished enrolments, end."""
    user, session_id = caller.user, caller.session_id
    if session_id is None:
        raise internal("Cannot read SessionId claim as UUID")
    method = METHODS[factor["factor_type"]]
    await execute(connection, "update auth.mfa_challenges set verified_at = now() where id = %s", asked["id"])
    verified = "update auth.mfa_factors set status = 'verified', updated_at = now() where id = %s"
    await execute(connection, verified, factor["id"])
    await sessions.add_method(connection, session_id, method)
    level = "update auth.sessions set aal = 'aal2', factor_id = %s, updated_at = now() where id = %s"
    await execute(connection, level, factor["id"], session_id)
    await execute(connection, "delete from auth.sessions where user_id = %s and aal < 'aal2'", user.id)
    unfinished = "delete from auth.mfa_factors where user_id = %s and status = 'unverified' and factor_type = %s"
    await execute(connection, unfinished, user.id, factor["factor_type"])
    await audit.record(connection, user, "verification_attempted", request.address, factor_id=str(factor["id"]))
    refresh_token = await following_token(connection, caller, session_id)
    fresh = await users.reload(connection, user)
    return await claims.session_body(auth, connection, fresh, session_id, refresh_token, method, request)


async def following_token(connection: Connection, caller: Caller, session_id: uuid.UUID) -> str:
    """The next refresh token of the session."""
    active = await sessions.active_token(connection, session_id)
    parent = None if active is None else active["token"]
    if parent is not None:
        await sessions.revoke_token(connection, parent)
    return await sessions.add_token(connection, caller.user.id, session_id, parent)


async def unenroll(auth: Auth, request: Request) -> Response:
    """Give up a factor; a verified one only in a session of the second level."""
    async with auth.database.transaction() as connection:
        caller = await require_person(auth, connection, request)
        factor = chosen_factor(caller.user.factors, request)
        if factor["status"] == "verified" and not caller.has_second_factor:
            raise unprocessable("insufficient_aal", "AAL2 required to unenroll verified factor")
        await remove(connection, factor)
        await audit.record(connection, caller.user, "factor_unenrolled", request.address, factor_id=str(factor["id"]))
    return json_response({"id": factor["id"]})


async def remove(connection: Connection, factor: Row) -> None:
    """Delete a factor; the sessions that stood on it fall back to the first level."""
    query = (
        "delete from auth.mfa_amr_claims where authentication_method = %s"
        " and session_id in (select id from auth.sessions where factor_id = %s)"
    )
    await execute(connection, query, METHODS.get(factor["factor_type"], "mfa/webauthn"), factor["id"])
    await execute(
        connection, "update auth.sessions set aal = 'aal1', factor_id = null where factor_id = %s", factor["id"]
    )
    await execute(connection, "delete from auth.mfa_factors where id = %s", factor["id"])


async def list_for_admin(auth: Auth, request: Request) -> Response:
    require_admin(auth, request)
    async with auth.database.transaction() as connection:
        user = await chosen_user(connection, request)
    return json_response([users.public_factor(factor) for factor in user.factors])


async def delete_for_admin(auth: Auth, request: Request) -> Response:
    role = require_admin(auth, request)
    async with auth.database.transaction() as connection:
        user = await chosen_user(connection, request)
        factor = chosen_factor(user.factors, request)
        await remove(connection, factor)
        await audit.record_admin(connection, role, "factor_deleted", request.address, user)
    return json_response(users.public_factor(factor))


async def rename_for_admin(auth: Auth, request: Request) -> Response:
    role = require_admin(auth, request)
    async with auth.database.transaction() as connection:
        user = await chosen_user(connection, request)
        factor = chosen_factor(user.factors, request)
        query = "update auth.mfa_factors set friendly_name = %s, updated_at = now() where id = %s returning *"
        renamed = await fetch_one(connection, query, request.text("friendly_name"), factor["id"])
        await audit.record_admin(connection, role, "factor_updated", request.address, user)
    return json_response(users.public_factor(renamed or factor))
