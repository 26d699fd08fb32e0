"""The public API as a signed-in user sees it: verbs by name, tables by their keys. Nothing here but what anyone may call."""

import asyncio
import base64
import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx
from postgrest import APIError
from postgrest.types import CountMethod
from supabase import AsyncClient, AsyncClientOptions, AuthError, acreate_client

from upshot.demo.errors import DemoError

Row = dict[str, Any]
PAGE = 500
TIMEOUT = 30.0
COUNTING_SECONDS = 60


@dataclass(frozen=True)
class Project:
    """Where a Supabase project answers, and its two keys."""

    url: str
    publishable_key: str
    secret_key: str


@dataclass(frozen=True)
class Account:
    """A user who can sign in."""

    email: str
    password: str


@asynccontextmanager
async def connect(project: Project, key: str) -> AsyncIterator[AsyncClient]:
    """A client with one of the project's keys; its connections are closed at the end."""
    async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=True) as http:
        # The demo is over long before its token is.
        yield await acreate_client(project.url, key, AsyncClientOptions(httpx_client=http, auto_refresh_token=False))


@asynccontextmanager
async def signed_in(project: Project, account: Account) -> AsyncIterator[AsyncClient]:
    """A client whose every request is made as that user."""
    async with connect(project, project.publishable_key) as client:
        await client.auth.sign_in_with_password({"email": account.email, "password": account.password})
        yield client


def account_of(project: Project, email: str) -> Account:
    """The account with a password that only the project's secret key tells: the same at every run."""
    digest = hmac.digest(project.secret_key.encode(), f"password of {email}".encode(), "sha256")
    return Account(email, base64.b32encode(digest[:10]).decode().lower())


async def make_account(project: Project, account: Account) -> None:
    """Make the user; the one with that address gets this password if it has another."""
    async with connect(project, project.secret_key) as server:
        admin = server.auth.admin
        try:
            await admin.create_user({"email": account.email, "password": account.password, "email_confirm": True})
        except AuthError as error:
            if error.code != "email_exists":
                raise
            # Only when it must be: a new password ends the sessions that are open.
            if not await _opens(project, account):
                known = await admin.generate_link({"type": "magiclink", "email": account.email})
                await admin.update_user_by_id(known.user.id, {"password": account.password})


async def _opens(project: Project, account: Account) -> bool:
    try:
        async with signed_in(project, account):
            return True
    except AuthError as error:
        if error.code != "invalid_credentials":
            raise
        return False


async def one_time_token(project: Project, email: str) -> str:
    """A token hash that signs the user in once; a later one makes it void."""
    async with connect(project, project.secret_key) as server:
        made = await server.auth.admin.generate_link({"type": "magiclink", "email": email})
        return made.properties.hashed_token


async def count_everything(project: Project) -> None:
    """Have the compactor count what was reported, whether or not a worker is running that does it all the time."""
    async with connect(project, project.secret_key) as server:
        for verb in ("compact", "compact_days", "compact_slices"):
            try:
                async with asyncio.timeout(COUNTING_SECONDS):
                    while await _step(server, verb) != "idle":
                        pass  # a step was done, or a worker is busy with it
            except TimeoutError:
                raise DemoError(
                    f"{verb} is not through after {COUNTING_SECONDS} seconds: is the machine busy?"
                ) from None


async def _step(server: AsyncClient, verb: str) -> str:
    answer: Any = await server.rpc(verb, {}).execute()
    state: str = answer.data["state"]
    return state


class Workspace:
    """One workspace, by its id, through one user's client."""

    def __init__(self, client: AsyncClient, workspace_id: str, environments: Mapping[str, str]) -> None:
        self._client = client
        self.id = workspace_id
        self.environments = environments

    @classmethod
    async def create(cls, client: AsyncClient, name: str, slug: str) -> "Workspace":
        """Make it; the same user and slug again give the same workspace."""
        made = (await client.rpc("create_workspace", {"name": name, "slug": slug}).execute()).data
        answer = cast("Row", made)
        return cls(client, answer["workspace_id"], answer["environments"])

    async def call(self, verb: str, **arguments: Any) -> Row:
        """Call a verb for this workspace."""
        answer = await self._client.rpc(verb, {**arguments, "workspace_id": self.id}).execute()
        return cast("Row", answer.data)

    async def add(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows of this workspace."""
        await self._client.table(table).insert([self._own(row) for row in rows]).execute()

    async def ensure(self, table: str, row: Row, key: Sequence[str] = ("workspace_id", "key")) -> Row:
        """The row with this key: the one that stands, or this one, inserted now."""
        await self.add_missing(table, [row], key)
        (found,) = await self.rows(table, **{name: self._own(row)[name] for name in key})
        return found

    async def add_missing(self, table: str, rows: Sequence[Row], key: Sequence[str] = ("workspace_id", "key")) -> None:
        """Insert those rows whose key does not stand yet."""
        owned = [self._own(row) for row in rows]
        await self._client.table(table).upsert(owned, on_conflict=",".join(key), ignore_duplicates=True).execute()

    async def rows(self, table: str, *, columns: str = "*", order: str = "id", **equal: Any) -> list[Row]:
        """Every row of this workspace that equals what is asked, page by page."""
        found: list[Row] = []
        while True:
            query = self._client.table(table).select(columns).match(self._own(equal)).order(order)
            page = cast("list[Row]", (await query.range(len(found), len(found) + PAGE - 1).execute()).data)
            found += page
            if len(page) < PAGE:
                return found

    async def count(self, table: str, **equal: Any) -> int:
        """How many rows of this workspace equal what is asked."""
        query = self._client.table(table).select("*", count=CountMethod.exact, head=True).match(self._own(equal))
        return (await query.execute()).count or 0

    def _own(self, row: Mapping[str, Any]) -> Row:
        return {**row, "workspace_id": self.id}


def explain(error: Exception, url: str) -> DemoError | None:
    """The error in words for a person, when a person can do something about it."""
    if isinstance(error, httpx.TransportError):
        return DemoError(f"{url} does not answer ({str(error) or type(error).__name__}). Start it: scripts/dev start")
    if isinstance(error, APIError):
        return DemoError(" ".join(part for part in (error.message, error.hint) if part) or str(error))
    if isinstance(error, AuthError):
        return DemoError(f"Signing in failed: {error.message}")
    return None
