"""Broadcasts from the database: rows of realtime.messages, delivered after commit and in commit order."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from upshot_devstack.gateway.realtime.authorize import Pool
from upshot_devstack.gateway.realtime.hub import Hub, Room
from upshot_devstack.gateway.realtime.messages import RawPayload, UserBroadcast, broadcast_text
from upshot_devstack.gateway.realtime.replication.follower import Follower
from upshot_devstack.gateway.realtime.replication.pgoutput import Begin, Change, Event, text_of

PUBLICATION = "supabase_realtime_messages_publication"
SLOT_PREFIX = "supabase_realtime_messages"
REMEMBERED_IDS = 10_000
# A row is written before its transaction commits, so rows somewhat older than the last commit may be new to us.
OVERLAP = timedelta(seconds=30)
CATCH_UP = """
select id::text, topic, event, payload::text as payload, private::text, encode(binary_payload, 'hex') as binary_payload
from realtime.messages
where extension = 'broadcast' and inserted_at >= %(since)s
order by inserted_at, id
limit %(limit)s
"""


class MessageTail:
    """Reads the log of realtime.messages and hands the rows to the hub.

    After a lost connection it looks up what was committed meanwhile, so that a restart of the database loses nothing
    that is still in the table.
    """

    def __init__(self, dsn: str, pool: Pool, hub: Hub, log: Any) -> None:
        self._pool = pool
        self._hub = hub
        self._log = log
        self._sent: OrderedDict[str, None] = OrderedDict()
        self._last_commit = datetime.now(UTC)
        self._follower = Follower(dsn, SLOT_PREFIX, [PUBLICATION], self._on_event, self._on_started, log)

    def begin(self) -> None:
        """Start to read. Early, because a slot is not given while older transactions run."""
        self._follower.begin()

    async def settle(self, patience: float) -> None:
        """Give the start some time, so that a channel joined at once misses nothing."""
        await self._follower.settle(patience)

    async def ready(self, timeout: float) -> bool:  # noqa: ASYNC109 - a bound on one wait, not on a scope
        """Start reading if need be; True once what is committed from now on will be delivered."""
        return await self._follower.ready(timeout)

    async def stop(self) -> None:
        await self._follower.stop()

    @property
    def state(self) -> str:
        return self._follower.state

    async def _on_event(self, event: Event) -> None:
        if isinstance(event, Begin):
            self._last_commit = event.committed_at
        elif isinstance(event, Change) and event.operation == "INSERT" and event.new is not None:
            row = {name: text_of(event.new, name) for name in event.new}
            binary = row.get("binary_payload")
            self._send({**row, "binary_payload": binary.removeprefix("\\x") if binary else None})

    async def _on_started(self, resumed: bool) -> None:
        if resumed:
            await self._catch_up()
        else:
            self._last_commit = datetime.now(UTC)

    async def _catch_up(self) -> None:
        since = self._last_commit.replace(tzinfo=None) - OVERLAP
        try:
            async with self._pool.connection() as connection, connection.cursor() as cursor:
                await cursor.execute(CATCH_UP, {"since": since, "limit": REMEMBERED_IDS})
                names = [column.name for column in cursor.description or ()]
                missed = [dict(zip(names, row, strict=True)) for row in await cursor.fetchall()]
        except (psycopg.Error, PoolTimeout) as error:
            self._log.error("replication_catch_up_failed", error=str(error).strip())
            return
        for row in missed:
            self._send(row)

    def _send(self, row: Mapping[str, str | None]) -> None:
        """Publish a row once. `binary_payload` is in hexadecimal digits."""
        message_id, topic, event = row.get("id"), row.get("topic"), row.get("event")
        if message_id is None or topic is None or event is None:
            self._log.warning("message_incomplete", id=message_id, topic=topic)
            return
        if message_id in self._sent:
            return
        self._remember(message_id)
        room = Room(row.get("private") in {"t", "true"}, topic)
        self._hub.publish(room, "broadcast", _body(row, event, message_id), message_id=message_id)

    def _remember(self, message_id: str) -> None:
        self._sent[message_id] = None
        if len(self._sent) > REMEMBERED_IDS:
            self._sent.popitem(last=False)


def _body(row: Mapping[str, str | None], event: str, message_id: str) -> RawPayload | UserBroadcast:
    meta = {"id": message_id}
    binary = row.get("binary_payload")
    if binary is not None:
        return UserBroadcast(event, bytes.fromhex(binary), "binary", meta)
    return broadcast_text(event, row.get("payload") or "null", meta)
