"""Subscriptions to database changes, and the delivery of each change to those who asked for it and may see it."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg
from psycopg_pool import PoolTimeout

from upshot_devstack.gateway.realtime.access import Access
from upshot_devstack.gateway.realtime.authorize import Pool
from upshot_devstack.gateway.realtime.changes.bindings import Binding, InvalidBinding, parse_binding
from upshot_devstack.gateway.realtime.changes.catalog import PUBLICATION, Table, described, is_published
from upshot_devstack.gateway.realtime.changes.render import NO_KEY, NO_RIGHT, Shown, Values, message_body
from upshot_devstack.gateway.realtime.changes.validation import check_filters
from upshot_devstack.gateway.realtime.changes.values import Connection, as_json, matching
from upshot_devstack.gateway.realtime.changes.visibility import View, Viewer, view_of
from upshot_devstack.gateway.realtime.limits import Limits
from upshot_devstack.gateway.realtime.replication.follower import Follower
from upshot_devstack.gateway.realtime.replication.pgoutput import (
    POSTGRES_EPOCH,
    Begin,
    Change,
    Event,
    Row,
    UnchangedToast,
)

SLOT_PREFIX = "supabase_realtime_changes"
SUBSCRIBED = "Subscribed to PostgreSQL"


class Subscriber(Protocol):
    """A channel, as the feed sees it."""

    def push(self, event: str, payload: object) -> None: ...
    def push_system(self, extension: str, status: str, text: str) -> None: ...


@dataclass(frozen=True)
class Subscription:
    viewer: Viewer
    bindings: tuple[Binding, ...]


class ChangesFeed:
    """Reads the publication only while somebody has subscribed at least once."""

    def __init__(self, dsn: str, pool: Pool, limits: Limits, log: Any) -> None:
        self._pool = pool
        self._limits = limits
        self._log = log
        self._subscriptions: dict[Subscriber, Subscription] = {}
        self._committed_at = POSTGRES_EPOCH
        self._follower = Follower(dsn, SLOT_PREFIX, [PUBLICATION], self._on_event, self._on_started, log)

    @property
    def state(self) -> str:
        return self._follower.state

    async def stop(self) -> None:
        await self._follower.stop()

    async def subscribe(self, subscriber: Subscriber, asked: Sequence[Mapping[str, Any]], access: Access) -> None:
        """Subscribe, or renew after a token refresh; the subscriber is told by a system message."""
        try:
            bindings = tuple(parse_binding(dict(params)) for params in asked)
            for binding in bindings:
                await self._check(binding, access.role)
            await self._listen()
        except InvalidBinding as error:
            self.unsubscribe(subscriber)
            subscriber.push_system("postgres_changes", "error", str(error))
            return
        self._subscriptions[subscriber] = Subscription(Viewer.of(access.role, access.claims), bindings)
        subscriber.push_system("postgres_changes", "ok", SUBSCRIBED)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        self._subscriptions.pop(subscriber, None)

    async def _listen(self) -> None:
        if not await self._follower.ready(self._limits.tail_ready_timeout):
            raise InvalidBinding("Realtime was unable to connect to the project database")

    async def _check(self, binding: Binding, role: str) -> None:
        try:
            async with self._pool.connection() as connection:
                published = await is_published(connection, binding.schema, binding.table)
                await check_filters(connection, binding, role)
        except (psycopg.Error, PoolTimeout, UnicodeEncodeError) as error:
            raise InvalidBinding(
                "Unable to subscribe to changes with given parameters. An exception happened so please check your "
                f"connect parameters: [{_described(binding)}]. Exception: {error}"
            ) from error
        if not published:
            raise InvalidBinding(
                "Unable to subscribe to changes with given parameters. Please check Realtime is enabled "
                f"for the given connect parameters: [{_described(binding)}]"
            )

    async def _on_started(self, resumed: bool) -> None:
        """Changes made while the log could not be read are gone: tell those who wait for them."""
        for subscriber in list(self._subscriptions) if resumed else ():
            subscriber.push_system("postgres_changes", "ok", SUBSCRIBED)

    async def _on_event(self, event: Event) -> None:
        if isinstance(event, Begin):
            self._committed_at = event.committed_at
        elif isinstance(event, Change):
            try:
                await self._deliver(event)
            except (psycopg.Error, PoolTimeout) as error:
                self._log.error("change_lost", table=event.relation.name, error=str(error).strip())

    async def _deliver(self, change: Change) -> None:
        wanted = self._wanted(change)
        if not wanted:
            return
        async with self._pool.connection() as connection:
            table = await described(connection, change.relation)
            if table is None:
                return
            passed = await _passing(connection, table, change, wanted)
            if not passed:
                return
            values = await self._values(connection, table, change)
            views = await self._views(connection, table, change, {wish.viewer for wish in passed.values()})
        for subscriber, wish in passed.items():
            self._show(subscriber, wish.bindings, table, values, views[wish.viewer])
            await asyncio.sleep(0)

    def _wanted(self, change: Change) -> dict[Subscriber, Subscription]:
        relation, found = change.relation, {}
        for subscriber, subscription in self._subscriptions.items():
            covering = tuple(
                one for one in subscription.bindings if one.covers(change.operation, relation.schema, relation.name)
            )
            if covering:
                found[subscriber] = Subscription(subscription.viewer, covering)
        return found

    async def _values(self, connection: Connection, table: Table, change: Change) -> Values:
        new = None if change.new is None else await as_json(connection, table, change.new)
        old = None if change.operation == "INSERT" else await as_json(connection, table, old_row(table, change))
        return Values(change.operation, self._committed_at, new, old)

    async def _views(
        self, connection: Connection, table: Table, change: Change, viewers: set[Viewer]
    ) -> dict[Viewer, View | None]:
        views: dict[Viewer, View | None] = {}
        for viewer in viewers:
            try:
                row = change.new if table.primary_key else None
                views[viewer] = await view_of(connection, viewer, table, row, self._limits.policy_timeout)
            except psycopg.Error as error:
                self._log.warning("policy_failed", table=table.relation.name, error=str(error).strip())
                views[viewer] = None
        return views

    def _show(
        self, subscriber: Subscriber, bindings: tuple[Binding, ...], table: Table, values: Values, view: View | None
    ) -> None:
        if view is None or not view.visible:
            return
        by_columns: dict[tuple[str, ...] | None, list[int]] = defaultdict(list)
        for binding in bindings:
            by_columns[binding.select].append(binding.id)
        for select, ids in by_columns.items():
            shown = shown_columns(table, view, select)
            body = message_body(ids, table, values, shown, self._limits.change_bytes)
            subscriber.push("postgres_changes", body)


async def _passing(
    connection: Connection, table: Table, change: Change, wanted: Mapping[Subscriber, Subscription]
) -> dict[Subscriber, Subscription]:
    """The wishes narrowed to the bindings whose filters hold."""
    row = change.new if change.new is not None else change.old or {}
    filters = {one for wish in wanted.values() for binding in wish.bindings for one in binding.filters}
    holding = await matching(connection, table, row, filters)
    narrowed = {
        subscriber: Subscription(wish.viewer, tuple(one for one in wish.bindings if holding.issuperset(one.filters)))
        for subscriber, wish in wanted.items()
    }
    return {subscriber: wish for subscriber, wish in narrowed.items() if wish.bindings}


def old_row(table: Table, change: Change) -> Row:
    """What was there before, as far as the log says; an unchanged key is the one that is there now."""
    logged = {name: value for name, value in (change.old or {}).items() if not isinstance(value, UnchangedToast)}
    key = {name: change.new[name] for name in table.primary_key} if change.new is not None else {}
    return {**key, **logged}


def shown_columns(table: Table, view: View, select: tuple[str, ...] | None) -> Shown:
    """The columns for a view. Under row level security only the key of the old row is shown: it can't be checked."""
    if not table.primary_key and table.has_rls:
        return Shown((), (), (NO_KEY,))
    if not view.columns:
        return Shown((), (), (NO_RIGHT,))
    columns = view.columns if select is None else view.columns & (set(select) | set(table.primary_key))
    old = columns & set(table.primary_key) if table.has_rls else columns
    return Shown(columns, old)


def _described(binding: Binding) -> str:
    filters = [f"{one.column}={'not.' if one.negated else ''}{one.operator}.{one.value}" for one in binding.filters]
    return (
        f"event: {binding.event}, schema: {binding.schema}, table: {binding.table}, "
        f"filters: {filters}, select: {list(binding.select) if binding.select else None}"
    )
