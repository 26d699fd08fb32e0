"""People: finding, creating, changing, and how they look from outside."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from upshot_devstack.gateway.auth import identities as identity_rows
from upshot_devstack.gateway.auth.database import Connection, Row, fetch_all, fetch_one

AUDIENCE = "authenticated"
NO_INSTANCE = uuid.UUID(int=0)
EMAIL_CHANGE_DONE = 0
EMAIL_CHANGE_HALF = 1


@dataclass
class User:
    """A row of auth.users with its identities and factors."""

    row: Row
    identities: list[Row]
    factors: list[Row]

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(str(self.row["id"]))

    @property
    def email(self) -> str:
        return self.row["email"] or ""

    @property
    def phone(self) -> str:
        return self.row["phone"] or ""

    @property
    def is_anonymous(self) -> bool:
        return bool(self.row["is_anonymous"])

    @property
    def is_banned(self) -> bool:
        until: dt.datetime | None = self.row["banned_until"]
        return until is not None and until > dt.datetime.now(dt.UTC)

    @property
    def has_verified_factor(self) -> bool:
        return any(factor["status"] == "verified" for factor in self.factors)

    @property
    def metadata(self) -> dict[str, Any]:
        return self.row["raw_user_meta_data"] or {}

    @property
    def app_metadata(self) -> dict[str, Any]:
        return self.row["raw_app_meta_data"] or {}

    def confirmed(self, provider: str) -> bool:
        """Whether the e-mail address, or the phone number, is proven."""
        return self.row["phone_confirmed_at" if provider == "phone" else "email_confirmed_at"] is not None


ALWAYS = ("id", "aud", "role", "email")
WHEN_SET = (
    "email_confirmed_at",
    "invited_at",
    "phone_confirmed_at",
    "confirmation_sent_at",
    "confirmed_at",
    "recovery_sent_at",
    "email_change_sent_at",
    "phone_change_sent_at",
    "reauthentication_sent_at",
    "last_sign_in_at",
    "banned_until",
    "deleted_at",
)


def public_user(user: User) -> dict[str, Any]:
    """The person as clients see them: no hash, no token."""
    row = user.row
    shown: dict[str, Any] = {name: row[name] or "" for name in ALWAYS}
    shown |= {"phone": user.phone}
    shown |= {name: row[name] for name in WHEN_SET if row[name] is not None}
    shown |= {"new_email": row["email_change"]} if row["email_change"] else {}
    shown |= {"new_phone": row["phone_change"]} if row["phone_change"] else {}
    shown |= {"app_metadata": user.app_metadata, "user_metadata": user.metadata}
    shown |= {"factors": [public_factor(factor) for factor in user.factors]} if user.factors else {}
    shown |= {"identities": [identity_rows.public_identity(identity) for identity in user.identities]}
    return shown | {"created_at": row["created_at"], "updated_at": row["updated_at"], "is_anonymous": user.is_anonymous}


def public_factor(factor: Row) -> dict[str, Any]:
    """A second factor without its secret."""
    shown = {name: factor[name] for name in ("id", "created_at", "updated_at", "status")}
    shown |= {"friendly_name": factor["friendly_name"]} if factor["friendly_name"] else {}
    shown |= {"phone": factor["phone"]} if factor["phone"] else {}
    return shown | {"factor_type": factor["factor_type"]}


async def by_id(connection: Connection, user_id: uuid.UUID) -> User | None:
    return await complete(connection, await fetch_one(connection, "select * from auth.users where id = %s", user_id))


async def by_email(connection: Connection, email: str) -> User | None:
    """The one person with this address who does not come from single sign-on."""
    query = "select * from auth.users where lower(email) = %s and aud = %s and not is_sso_user"
    return await complete(connection, await fetch_one(connection, query, email.lower(), AUDIENCE))


async def by_phone(connection: Connection, phone: str) -> User | None:
    query = "select * from auth.users where phone = %s and aud = %s and not is_sso_user"
    return await complete(connection, await fetch_one(connection, query, phone, AUDIENCE))


async def by_contact(connection: Connection, provider: str, contact: str) -> User | None:
    return await (by_phone if provider == "phone" else by_email)(connection, contact)


async def by_phone_change(connection: Connection, phone: str) -> User | None:
    query = "select * from auth.users where phone_change = %s and aud = %s and not is_sso_user"
    return await complete(connection, await fetch_one(connection, query, phone, AUDIENCE))


async def with_email(connection: Connection, email: str, but: uuid.UUID | None = None) -> User | None:
    """Anybody else who holds this address, as their own or through an identity."""
    query = (
        "select u.* from auth.users u where u.aud = %s and not u.is_sso_user and u.id is distinct from %s"
        " and (lower(u.email) = %s or exists (select from auth.identities i"
        " where i.user_id = u.id and i.email = %s and i.provider not like 'sso:%%')) limit 1"
    )
    return await complete(connection, await fetch_one(connection, query, AUDIENCE, but, email, email))


async def complete(connection: Connection, row: Row | None) -> User | None:
    """A user row with what belongs to it."""
    return None if row is None else (await complete_all(connection, [row]))[0]


async def complete_all(connection: Connection, rows: list[Row]) -> list[User]:
    """User rows with what belongs to them, in their order."""
    owners = [row["id"] for row in rows]
    own = "where user_id = any(%s) order by created_at, id"
    identities = await fetch_all(connection, f"select * from auth.identities {own}", owners)
    factors = await fetch_all(connection, f"select * from auth.mfa_factors {own}", owners)
    return [User(row, owned_by(row["id"], identities), owned_by(row["id"], factors)) for row in rows]


def owned_by(user_id: uuid.UUID, rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["user_id"] == user_id]


async def reload(connection: Connection, user: User) -> User:
    """The person as the database has them now: triggers may have had their say."""
    fresh = await by_id(connection, user.id)
    if fresh is None:
        raise vanished(user)
    return fresh


async def insert(connection: Connection, **columns: Any) -> User:
    """A new person; ``id`` may be given."""
    values = {
        "instance_id": NO_INSTANCE,
        "id": columns.pop("id", None) or uuid.uuid4(),
        "aud": AUDIENCE,
        "role": AUDIENCE,
        "raw_app_meta_data": {},
        "raw_user_meta_data": {},
        "confirmation_token": "",
        "recovery_token": "",
        "email_change": "",
        "email_change_token_new": "",
        **columns,
    }
    statement = sql.SQL("insert into auth.users ({}, created_at, updated_at) values ({}, now(), now()) returning *")
    names = sql.SQL(", ").join(map(sql.Identifier, values))
    holes = sql.SQL(", ").join(sql.Placeholder() * len(values))
    cursor = await connection.execute(statement.format(names, holes), [stored(value) for value in values.values()])
    row = await cursor.fetchone()
    return User(row or {}, [], [])


async def update(connection: Connection, user: User, **columns: Any) -> User:
    """Set columns (names come from the code, never from a request). Identities and factors stay as they were read."""
    changes = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns)
    statement = sql.SQL("update auth.users set {}, updated_at = now() where id = %s returning *").format(changes)
    cursor = await connection.execute(statement, [*(stored(value) for value in columns.values()), user.id])
    row = await cursor.fetchone()
    if row is None:
        raise vanished(user)
    return User(row, user.identities, user.factors)


def vanished(user: User) -> LookupError:
    return LookupError(f"User {user.id} vanished within a transaction.")


def stored(value: Any) -> Any:
    """Objects become jsonb; everything else is a plain parameter."""
    return Jsonb(value) if isinstance(value, dict) else value


def merged(current: dict[str, Any], updates: dict[str, Any]) -> dict[str, Any]:
    """Metadata with updates laid over it; null removes a key."""
    return {key: value for key, value in (current | updates).items() if value is not None}


async def confirm(connection: Connection, user: User, provider: str) -> User:
    """The address or number is proven from now on."""
    now = dt.datetime.now(dt.UTC)
    if provider == "phone":
        return await update(connection, user, confirmation_token="", phone_confirmed_at=now)
    metadata = merged(user.metadata, {"email_verified": True})
    return await update(connection, user, confirmation_token="", email_confirmed_at=now, raw_user_meta_data=metadata)


async def refresh_providers(connection: Connection, user: User) -> User:
    """app_metadata names the providers of the identities, oldest first; reads the person again."""
    user = await reload(connection, user)
    names = list(dict.fromkeys(identity["provider"] for identity in user.identities))
    updates: dict[str, Any] = {"providers": names} | ({"provider": names[0]} if names else {})
    return await update(connection, user, raw_app_meta_data=merged(user.app_metadata, updates))
