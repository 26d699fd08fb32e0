"""/admin/users: what a holder of a secret key may do with accounts."""

import datetime as dt
import math
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import psycopg

from upshot_devstack.gateway.auth import audit, identities, one_time, sessions, users
from upshot_devstack.gateway.auth.account import set_password
from upshot_devstack.gateway.auth.caller import claimed_uuid, require_admin
from upshot_devstack.gateway.auth.contacts import normal_email, normal_phone
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import Connection, execute, fetch_all, fetch_one
from upshot_devstack.gateway.auth.erasure import soft_delete
from upshot_devstack.gateway.auth.errors import internal, invalid, not_found, unprocessable
from upshot_devstack.gateway.auth.passwords import require_bcrypt
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import NO_STORE, Response, json_response
from upshot_devstack.gateway.auth.users import User
from upshot_devstack.gateway.durations import duration_seconds

DEFAULT_PER_PAGE, MAX_PER_PAGE = 50, 1000
MAX_PAGE = 2**31


@dataclass(frozen=True)
class AccountOrder:
    """What an administrator wants of an account; empty and None mean: leave it, or the default."""

    email: str
    phone: str
    password: str | None
    password_hash: str
    email_confirm: bool
    phone_confirm: bool
    user_metadata: dict[str, Any] | None
    app_metadata: dict[str, Any] | None
    role: str
    banned_until: dt.datetime | None
    sets_ban: bool


def read_order(auth: Auth, request: Request) -> AccountOrder:
    """The body, checked."""
    email, phone, ban = request.text("email"), request.text("phone"), request.text("ban_duration")
    password = request.optional_text("password")
    if password:
        auth.passwords.check_strength(password)
    return AccountOrder(
        email=normal_email(email) if email else "",
        phone=normal_phone(phone) if phone else "",
        password=password,
        password_hash=request.text("password_hash"),
        email_confirm=request.flag("email_confirm"),
        phone_confirm=request.flag("phone_confirm"),
        user_metadata=request.mapping("user_metadata"),
        app_metadata=request.mapping("app_metadata"),
        role=request.text("role").strip(),
        banned_until=ban_end(ban),
        sets_ban=bool(ban),
    )


def ban_end(duration: str) -> dt.datetime | None:
    """When a ban of e.g. 24h or 1h30m ends; None for none."""
    if duration in {"", "none"}:
        return None
    try:
        seconds = duration_seconds(duration)
    except ValueError as error:
        raise invalid(f'invalid format for ban duration: time: invalid duration "{duration[:40]}"') from error
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds) if seconds else None


async def create_user(auth: Auth, request: Request) -> Response:
    """POST /admin/users."""
    role = require_admin(auth, request)
    order = read_order(auth, request)
    if not order.email and not order.phone:
        raise invalid("Cannot create a user without either an email or phone")
    if order.password is not None and order.password_hash:
        raise invalid("Only a password or a password hash should be provided")
    hashed = await chosen_hash(auth, order)
    async with auth.database.transaction() as connection:
        await require_free(connection, order)
        user = await insert_ordered(connection, order, wanted_id(request), hashed, request.text("aud"))
        await audit.record_admin(connection, role, "user_signedup", request.address, user)
        return json_response(users.public_user(user))


async def chosen_hash(auth: Auth, order: AccountOrder) -> str:
    if order.password_hash:
        return require_bcrypt(order.password_hash)
    return await auth.passwords.hash(order.password or auth.passwords.random())


def wanted_id(request: Request) -> uuid.UUID | None:
    """The id that the account shall have."""
    if not request.text("id"):
        return None
    wanted = claimed_uuid(request.text("id"), invalid("ID must conform to the uuid v4 format"))
    if wanted.int == 0:
        raise invalid("ID cannot be a nil uuid")
    return wanted


async def require_free(connection: Connection, order: AccountOrder, but: uuid.UUID | None = None) -> None:
    """AuthError when somebody else has the address or the number."""
    if order.email and await users.with_email(connection, order.email, but=but):
        raise unprocessable("email_exists", "A user with this email address has already been registered")
    holder = await users.by_phone(connection, order.phone) if order.phone else None
    if holder is not None and holder.id != but:
        raise unprocessable("phone_exists", "Phone number already registered by another user")


async def insert_ordered(
    connection: Connection, order: AccountOrder, user_id: uuid.UUID | None, hashed: str, audience: str
) -> User:
    contacts = {"email": order.email, "phone": order.phone}
    providers = [name for name, contact in contacts.items() if contact]
    try:
        user = await users.insert(
            connection,
            id=user_id,
            email=order.email or None,
            phone=order.phone or None,
            encrypted_password=hashed,
            raw_user_meta_data=order.user_metadata or {},
            raw_app_meta_data={"provider": providers[0], "providers": providers},
            **({"aud": audience} if audience else {}),
        )
    except psycopg.errors.UniqueViolation as error:
        raise unprocessable("user_already_exists", "A user with this id has already been registered") from error
    for name in providers:
        given = {"email": "", "phone": "", name: contacts[name]}
        known = identities.own_claims(user.id, email=given["email"], phone=given["phone"])
        await identities.insert(connection, user.id, name, known)
    return await carry_out(connection, await users.reload(connection, user), order)


async def carry_out(connection: Connection, user: User, order: AccountOrder) -> User:
    """Role, metadata, confirmations and ban, as ordered."""
    columns: dict[str, Any] = {"role": order.role} if order.role else {}
    if order.app_metadata is not None:
        columns["raw_app_meta_data"] = users.merged(user.app_metadata, order.app_metadata)
    if order.user_metadata is not None:
        columns["raw_user_meta_data"] = users.merged(user.metadata, order.user_metadata)
    if order.sets_ban:
        columns["banned_until"] = order.banned_until
    if columns:
        user = await users.update(connection, user, **columns)
    if order.email_confirm:
        await one_time.clear(connection, user, "confirmation_token")
        user = await users.confirm(connection, user, "email")
    return await users.confirm(connection, user, "phone") if order.phone_confirm else user


async def update_user(auth: Auth, request: Request) -> Response:
    """PUT /admin/users/{user_id}."""
    role = require_admin(auth, request)
    order = read_order(auth, request)
    hashed = await new_hash(auth, order)
    async with auth.database.transaction() as connection:
        user = await chosen_user(connection, request)
        await require_free(connection, order, but=user.id)
        if hashed is not None:
            user = await set_password(connection, user, hashed)
            await sessions.end_all(connection, user.id)
        user = await set_contacts(connection, user, order)
        user = await carry_out(connection, user, order)
        await audit.record_admin(connection, role, "user_modified", request.address, user)
        return json_response(users.public_user(user))


async def new_hash(auth: Auth, order: AccountOrder) -> str | None:
    """The hash of the ordered password; an empty one is too short, not absent."""
    if order.password is None:
        return None
    auth.passwords.check_strength(order.password)
    return await auth.passwords.hash(order.password)


async def set_contacts(connection: Connection, user: User, order: AccountOrder) -> User:
    """A new address or number, with its identity."""
    for name, contact, confirmed in (
        ("email", order.email, order.email_confirm),
        ("phone", order.phone, order.phone_confirm),
    ):
        if contact:
            known = {"sub": str(user.id), name: contact, f"{name}_verified": confirmed}
            await identities.put(connection, user.id, name, known)
            anonymous = user.is_anonymous and not confirmed
            user = await users.update(connection, user, **{name: contact, "is_anonymous": anonymous})
    return await users.reload(connection, user)


async def chosen_user(connection: Connection, request: Request) -> User:
    """The account of the path."""
    malformed = not_found("validation_failed", "user_id must be an UUID")
    user = await users.by_id(connection, claimed_uuid(request.params["user_id"], malformed))
    if user is None:
        raise not_found("user_not_found", "User not found")
    return user


async def get_user(auth: Auth, request: Request) -> Response:
    """GET /admin/users/{user_id}."""
    require_admin(auth, request)
    async with auth.database.transaction() as connection:
        return json_response(users.public_user(await chosen_user(connection, request)))


async def delete_user(auth: Auth, request: Request) -> Response:
    """DELETE /admin/users/{user_id}: for good, or (should_soft_delete) keeping only the id."""
    role = require_admin(auth, request)
    soft = request.flag("should_soft_delete")
    try:
        async with auth.database.transaction() as connection:
            user = await chosen_user(connection, request)
            await audit.record_admin(connection, role, "user_deleted", request.address, user)
            if soft:
                await soft_delete(connection, user)
            else:
                await execute(connection, "delete from auth.users where id = %s", user.id)
    except psycopg.errors.ForeignKeyViolation as error:
        raise internal("Database error deleting user") from error
    return json_response({})


async def list_users(auth: Auth, request: Request) -> Response:
    """GET /admin/users?page=&per_page=&filter=: newest first."""
    require_admin(auth, request)
    page, per_page = page_number(request, "page", 1), page_number(request, "per_page", DEFAULT_PER_PAGE)
    per_page, wanted = min(per_page, MAX_PER_PAGE), f"%{escape_like(request.query.get('filter', ''))}%"
    matching = (
        "where aud = %s and (coalesce(email, '') like %s or coalesce(raw_user_meta_data->>'full_name', '') ilike %s)"
    )
    values = (users.AUDIENCE, wanted, wanted)
    async with auth.database.transaction() as connection:
        counted = await fetch_one(connection, f"select count(*) as total from auth.users {matching}", *values)
        query = f"select * from auth.users {matching} order by created_at desc, id limit %s offset %s"
        rows = await fetch_all(connection, query, *values, per_page, (page - 1) * per_page)
        found = await users.complete_all(connection, rows)
    headers = page_headers(request, page, per_page, 0 if counted is None else counted["total"])
    shown = [users.public_user(user) for user in found]
    return json_response({"users": shown, "aud": users.AUDIENCE}, headers=[*NO_STORE, *headers])


def page_number(request: Request, name: str, default: int) -> int:
    """A positive number of the query; 0 and nothing mean the default."""
    text = request.query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or int(text) > MAX_PAGE:
        raise invalid(f"Bad Pagination Parameters: {name} must be a whole number")
    return int(text) or default


def escape_like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def page_headers(request: Request, page: int, per_page: int, total: int) -> list[tuple[bytes, bytes]]:
    """Link to the next and the last page, and the number of all users."""
    last = math.ceil(total / per_page)
    steps = [(page + 1, "next")] if last > page else []
    links = ", ".join(f'<{page_url(request, number)}>; rel="{name}"' for number, name in [*steps, (last, "last")])
    return [(b"link", links.encode()), (b"x-total-count", str(total).encode())]


def page_url(request: Request, number: int) -> str:
    """In the order of the names: clients read the first value and take it for the page."""
    return f"{request.path}?{urlencode(sorted({**request.query, 'page': str(number)}.items()))}"
