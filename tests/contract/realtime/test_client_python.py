"""supabase-py's realtime client, unmodified, against a real gateway."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from realtime import AsyncRealtimeClient, RealtimeSubscribeStates

pytestmark = pytest.mark.clients
WAIT = 60.0


class Heard(asyncio.Queue[Any]):
    """What a callback was called with."""

    def __call__(self, *arguments: Any) -> None:
        self.put_nowait(arguments[0] if len(arguments) == 1 else arguments)

    async def next(self) -> Any:
        async with asyncio.timeout(WAIT):
            return await self.get()


@pytest.fixture
async def client(server: Any) -> AsyncIterator[AsyncRealtimeClient]:
    made = AsyncRealtimeClient(f"{server.url}/realtime/v1", server.settings.publishable_key, auto_reconnect=False)
    yield made
    await made.close()


@pytest.fixture
async def other(server: Any) -> AsyncIterator[AsyncRealtimeClient]:
    made = AsyncRealtimeClient(f"{server.url}/realtime/v1", server.settings.publishable_key, auto_reconnect=False)
    yield made
    await made.close()


def private(**broadcast: Any) -> dict[str, Any]:
    return {"config": {"private": True, "broadcast": {"ack": False, "self": False, **broadcast}, "presence": None}}


async def test_broadcast_from_the_database(client, cast, sql, topic):
    heard, states = Heard(), Heard()
    await client.set_auth(cast.reader)
    channel = client.channel(topic, private())
    channel.on_broadcast("changed", heard)
    await channel.subscribe(states)
    assert await states.next() == (RealtimeSubscribeStates.SUBSCRIBED, None)
    await sql.execute("select realtime.send('{\"kind\": \"runs\"}', 'changed', %s, true)", [topic])
    got = await heard.next()
    assert (got["event"], got["payload"]["kind"]) == ("changed", "runs")
    assert got["meta"]["id"] == got["payload"]["id"]


async def test_denied_channel_reports_an_error(client, topic):
    states = Heard()
    channel = client.channel(topic, private())
    await channel.subscribe(states)
    state, error = await states.next()
    assert state == RealtimeSubscribeStates.CHANNEL_ERROR
    assert "You do not have permissions to read from this Channel topic" in str(error)


async def test_broadcast_between_clients(client, other, cast, topic):
    heard = Heard()
    await client.set_auth(cast.writer)
    await other.set_auth(cast.reader)
    sender, receiver = client.channel(topic, private()), other.channel(topic, private())
    receiver.on_broadcast("said", heard)
    await receiver.subscribe()
    await sender.subscribe()
    await sender.send_broadcast("said", {"text": "grüße"})
    assert (await heard.next())["payload"] == {"text": "grüße"}


async def test_http_send(client, other, cast, topic):
    heard = Heard()
    await client.set_auth(cast.writer)
    await other.set_auth(cast.reader)
    receiver = other.channel(topic, private())
    receiver.on_broadcast("said", heard)
    await receiver.subscribe()
    await client.channel(topic, private()).http_send("said", {"n": 1})
    assert (await heard.next())["payload"] == {"n": 1}


async def test_presence(client, other):
    joins, synced = Heard(), Heard()
    watcher = other.channel(
        "hall", {"config": {"broadcast": None, "presence": {"key": "bob", "enabled": True}, "private": False}}
    )
    watcher.on_presence_join(joins)
    watcher.on_presence_sync(lambda: synced(True))
    await watcher.subscribe()
    guest = client.channel(
        "hall", {"config": {"broadcast": None, "presence": {"key": "ann", "enabled": True}, "private": False}}
    )
    await guest.subscribe()
    await guest.track({"mood": "good"})
    key, _, new = await joins.next()
    assert key == "ann"
    assert new[0]["mood"] == "good"


async def test_database_changes(client, cast, sql):
    await sql.execute("create table public.notes (id int primary key, text text not null)")
    await sql.execute("alter table public.notes enable row level security")
    await sql.execute("create policy notes_select on public.notes for select to authenticated using (true)")
    await sql.execute("grant select on public.notes to authenticated")
    await sql.execute("alter publication supabase_realtime add table public.notes")
    heard, told = Heard(), Heard()
    await client.set_auth(cast.reader)
    channel = client.channel("changes")
    channel.on_postgres_changes("*", schema="public", table="notes", callback=heard)
    channel.on_system(told)
    await channel.subscribe()
    assert (await told.next()).message == "Subscribed to PostgreSQL"
    got = []
    for statement in ("insert into notes values (1, 'one')", "update notes set text = 'uno'", "delete from notes"):
        await sql.execute(statement)
        got.append((await heard.next())["data"])
    assert [one["type"] for one in got] == ["INSERT", "UPDATE", "DELETE"]
    assert got[0]["record"] == {"id": 1, "text": "one"}
    assert (got[1]["record"], got[1]["old_record"]) == ({"id": 1, "text": "uno"}, {"id": 1})
    assert got[2]["old_record"] == {"id": 1}


async def test_unsubscribe(client, cast, topic):
    states = Heard()
    await client.set_auth(cast.reader)
    channel = client.channel(topic, private())
    await channel.subscribe(states)
    await states.next()
    await channel.unsubscribe()
    assert await states.next() == (RealtimeSubscribeStates.CLOSED, None)


async def test_losing_the_right_by_a_new_token_reports_an_error(client, cast, topic):
    states = Heard()
    await client.set_auth(cast.reader)
    channel = client.channel(topic, private())
    await channel.subscribe(states)
    await states.next()
    await client.set_auth(cast.banned)
    state, error = await states.next()
    assert state == RealtimeSubscribeStates.CHANNEL_ERROR
    assert "You do not have permissions to read from this Channel topic" in str(error)
