"""People and machines that use one database, each through a connection of their own, as the API would open it."""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from support import answers


def address_of(name: str, user_id: str) -> str:
    """The email address of a user of the world."""
    return f"{name}-{user_id[:8]}@example.test"


def adapted(value: Any) -> Any:
    """JSON for objects and for arrays of objects; everything else as psycopg sees it."""
    is_json = isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict))
    return Jsonb(value) if is_json else value


class Gated(psycopg.Connection[dict[str, Any]]):
    """Each statement is a request with an API key: PostgREST's variables, then the gate, then the statement."""

    secret = ""

    def execute(self, query: Any, params: Any = None, **more: Any) -> psycopg.Cursor[dict[str, Any]]:
        with self.transaction():
            settings = {
                "role": "anon",
                "request.jwt.claims": json.dumps({"role": "anon"}),
                "request.headers": json.dumps({"x-upshot-key": self.secret}),
            }
            for name, value in settings.items():
                super().execute("select set_config(%s, %s, true)", [name, value])
            super().execute("select gate.enter()")
            return super().execute(query, params, **more)


@dataclass
class Actor:
    """Somebody with a role and perhaps a user id, or an API key."""

    connection: psycopg.Connection[dict[str, Any]]
    user_id: str | None = None
    api_key: dict[str, Any] = field(default_factory=dict)
    role: str = ""

    def __deepcopy__(self, copied: dict[Any, Any]) -> "Actor":
        """The same caller in another world, which is named for all that is copied with them."""
        again: Actor = copied[World].again(self)
        return again

    @property
    def api_key_id(self) -> uuid.UUID:
        """The id of the API key."""
        return uuid.UUID(self.api_key["id"])

    def rpc(self, verb: str, **arguments: Any) -> Any:
        """Call a public function by named arguments: its value, its row, or its rows."""
        names = sql.SQL(", ").join(
            sql.SQL("{} => {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in arguments
        )
        query = sql.SQL("select * from public.{}({})").format(sql.Identifier(verb), names)
        rows = self.connection.execute(query, {k: adapted(v) for k, v in arguments.items()}).fetchall()
        if rows and list(rows[0]) == [verb]:
            answer: Any = rows[0][verb]
        else:
            answer = rows if answers.is_set(verb) else rows[0]
        answers.check(verb, arguments, answer)
        return answer

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        return self.connection.execute(query, [adapted(p) for p in parameters] or None).fetchall()

    def one(self, query: str, *parameters: Any) -> dict[str, Any]:
        """The only row of a query."""
        found = self.rows(query, *parameters)
        assert len(found) == 1, f"{len(found)} rows: {query}"
        return found[0]

    def insert(self, table: str, **values: Any) -> dict[str, Any]:
        """Insert one row and return it."""
        query = sql.SQL("insert into public.{} ({}) values ({}) returning *").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
        )
        row = self.connection.execute(query, {k: adapted(v) for k, v in values.items()}).fetchone()
        assert row is not None
        return row


@dataclass
class World:
    """One database and whoever has connected to it."""

    database: Any
    open: ExitStack = field(default_factory=ExitStack)

    def connect(self, role: str) -> psycopg.Connection[dict[str, Any]]:
        """A plain connection, closed with the world."""
        connection = psycopg.connect(self.database.url(role), autocommit=True, row_factory=dict_row)
        return self.open.enter_context(connection)

    def postgres(self) -> Actor:
        """The owner of the schema: migrations, seeds."""
        return Actor(self.connect("postgres"))

    @cached_property
    def admin(self) -> Actor:
        """The owner of the schema on one standing connection, to look with."""
        return self.postgres()

    def catch_up(self) -> None:
        """Have the compactor count everything that is committed by now, in as few ticks as it takes."""
        self.settle()
        self.until_idle("compact")
        self.until_idle("compact_days")

    def catch_up_slices(self) -> None:
        """Have everything counted, slices and quantiles too."""
        self.catch_up()
        self.until_idle("compact_slices")

    def tick(self) -> dict[str, Any]:
        """One tick over all that is committed by now."""
        self.settle()
        return self.step("compact")

    def settle(self) -> None:
        """Wait until no other transaction of this cluster, another test's perhaps, stands before what is committed."""
        target = int(self.admin.one("select pg_current_xact_id()::text as tx")["tx"])
        while self.admin.one("select private.counting_horizon() as tx")["tx"] <= target:
            pass

    def until_idle(self, tier: str) -> None:
        """Have a tier work, a step at a time, until it has nothing to do."""
        while self.step(tier)["state"] != "idle":
            pass

    def step(self, tier: str) -> dict[str, Any]:
        """What one step of compact, compact_days or compact_slices says of itself."""
        said: dict[str, Any] = self.admin.one(f"select private.{tier}() as said")["said"]
        return said

    def as_role(self, role: str, user_id: str | None = None) -> Actor:
        """A caller of the API: role and claims set as PostgREST sets them."""
        connection = self.connect("authenticator")
        claims = {"role": role} | ({"sub": user_id} if user_id else {})
        connection.execute("select set_config('request.jwt.claims', %s, false)", [json.dumps(claims)])
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        return Actor(connection, user_id, role=role)

    def again(self, actor: Actor) -> Actor:
        """The same caller in this database, which knows them from the one that it was copied from."""
        if isinstance(actor.connection, Gated):
            return self.with_secret(actor.connection.secret, actor.api_key)
        return self.as_role(actor.role, actor.user_id)

    def user(self, name: str = "somebody") -> Actor:
        """A signed-in user who is new here."""
        user_id = str(uuid.uuid4())
        with psycopg.connect(self.database.url("supabase_auth_admin"), autocommit=True) as connection:
            connection.execute(
                "insert into auth.users (id, email, role, aud, email_confirmed_at)"
                " values (%s, %s, 'authenticated', 'authenticated', now())",
                [user_id, address_of(name, user_id)],
            )
        return self.as_role("authenticated", user_id)

    def api_key(
        self,
        owner: Actor,
        workspace_id: str,
        permissions: list[str],
        environments: list[str] | None = None,
        **more: Any,
    ) -> Actor:
        """An integrator's server with a new API key; its connection passes the gate at each statement."""
        name = f"key-{uuid.uuid4().hex[:8]}"
        made = owner.rpc(
            "create_api_key",
            **{"name": name, "permissions": permissions, "environments": environments, "workspace_id": workspace_id}
            | more,
        )
        return self.with_secret(made["secret"], made)

    def with_secret(self, secret: str, made: dict[str, Any] | None = None) -> Actor:
        """A caller who sends this in x-upshot-key."""
        url = self.database.url("authenticator")
        connection = self.open.enter_context(Gated.connect(url, autocommit=True, row_factory=dict_row))
        connection.secret = secret
        return Actor(connection, api_key=made or {})

    def member(self, owner: Actor, workspace_id: str, role: str) -> Actor:
        """A new user who was invited to a role in a workspace and accepted."""
        actor = self.user(role)
        address = address_of(role, str(actor.user_id))
        invited = owner.rpc("invite_member", email=address, role=role, workspace_id=workspace_id)
        actor.rpc("accept_invitation", token=invited["token"])
        return actor

    def server(self) -> Actor:
        """A caller with a secret key."""
        return self.as_role("service_role")

    def anon(self) -> Actor:
        """A caller with a publishable key and no session."""
        return self.as_role("anon")


@contextmanager
def world_of(database: Any) -> Iterator[World]:
    """The world of a database, all connections closed at the end."""
    world = World(database)
    with world.open:
        yield world
