"""Broadcasts from the database: after commit, in commit order, and only then."""

import json
import uuid

import psycopg
import pytest

from contract.realtime.phoenix import Received

SEND = "select realtime.send(%s::jsonb, %s, %s, %s)"


async def send(connection, topic: str, payload: dict, event: str = "changed", *, private: bool = True) -> None:
    await connection.execute(SEND, [json.dumps(payload), event, topic, private])


def numbers(seen: list[Received]) -> list[int]:
    return [one.payload["payload"]["n"] for one in seen if one.event == "broadcast"]


async def test_message_arrives_with_its_id(connect, cast, sql, topic, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined(topic, token=cast.reader)
    await send(sql, topic, {"kind": "results"})
    got = await socket.expect("broadcast")
    payload, meta = got.payload["payload"], got.payload["meta"]
    assert (got.topic, got.payload["event"], got.payload["type"]) == (f"realtime:{topic}", "changed", "broadcast")
    assert payload == {"kind": "results", "id": meta["id"]}
    row = await (await sql.execute("select topic from realtime.messages where id = %s", [meta["id"]])).fetchone()
    assert row == (topic,)


async def test_public_message_goes_to_public_channels_only(connect, cast, sql, topic):
    public, private = await connect(), await connect()
    await public.joined(topic, private=False)
    await private.joined(topic, token=cast.reader)
    await send(sql, topic, {"n": 1}, private=False)
    await public.expect("broadcast")
    assert await private.settled() == []


async def test_nothing_is_delivered_before_commit(connect, cast, sql, rooms_db, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    async with await psycopg.AsyncConnection.connect(rooms_db.url("postgres")) as other:
        await send(other, topic, {"n": 1})
        # A later message of another session overtakes the open transaction: what arrives first proves the point.
        await send(sql, topic, {"n": 2})
        assert (await socket.expect("broadcast")).payload["payload"]["n"] == 2
        await other.commit()
        assert (await socket.expect("broadcast")).payload["payload"]["n"] == 1


async def test_rollback_sends_nothing(connect, cast, sql, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    async with sql.transaction(force_rollback=True):
        await send(sql, topic, {"n": 1})
    async with sql.transaction():
        async with sql.transaction(force_rollback=True):
            await send(sql, topic, {"n": 2})
        await send(sql, topic, {"n": 3})
    got = await socket.expect("broadcast")
    assert got.payload["payload"]["n"] == 3
    assert await socket.settled() == []


async def test_order_of_commits_and_within_them_is_kept(connect, cast, sql, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    for first in range(0, 60, 20):
        async with sql.transaction():
            for number in range(first, first + 20):
                await send(sql, topic, {"n": number})
    got = [(await socket.expect("broadcast")).payload["payload"]["n"] for _ in range(60)]
    assert got == list(range(60))


async def test_large_transaction_arrives_whole(connect, cast, sql, topic, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined(topic, token=cast.reader)
    await sql.execute(
        "select realtime.send(jsonb_build_object('n', n), 'changed', %s, true) from generate_series(1, 3000) n", [topic]
    )
    got = [(await socket.expect("broadcast")).payload["payload"]["n"] for _ in range(3000)]
    assert got == list(range(1, 3001))


async def test_binary_message_arrives_as_bytes(connect, cast, sql, topic):
    modern, old = await connect(), await connect(vsn="1.0.0")
    for socket in (modern, old):
        await socket.joined(topic, token=cast.reader)
    data = bytes(range(256))
    await sql.execute("select realtime.send_binary(%s::bytea, 'blob', %s, true)", [data, topic])
    got = await modern.expect("broadcast")
    assert got.payload["payload"] == data
    assert uuid.UUID(got.payload["meta"]["id"])
    assert await old.settled() == []


async def test_trigger_broadcasts_the_changed_row(connect, cast, sql, topic):
    await sql.execute("create table public.things (id int primary key, name text)")
    await sql.execute(
        """create function public.tell() returns trigger language plpgsql security definer set search_path = '' as $$
        begin
          perform realtime.broadcast_changes(tg_argv[0], tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
          return null;
        end $$"""
    )
    await sql.execute(
        psycopg.sql.SQL(
            "create trigger tell after insert or update or delete on public.things "
            "for each row execute function public.tell({})"
        ).format(psycopg.sql.Literal(topic))
    )
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    await sql.execute("insert into public.things values (1, 'one')")
    payload = (await socket.expect("broadcast")).payload["payload"]
    assert payload.pop("id")
    assert payload == {
        "operation": "INSERT", "schema": "public", "table": "things", "record": {"id": 1, "name": "one"}, "old_record": None,
    }  # fmt: skip
    await sql.execute("delete from public.things")
    payload = (await socket.expect("broadcast")).payload["payload"]
    assert (payload["record"], payload["old_record"]) == (None, {"id": 1, "name": "one"})


async def test_trigger_that_runs_as_its_caller_needs_the_callers_right(connect, cast, sql, rooms_db, topic):
    await sql.execute("create table public.things (id int primary key)")
    await sql.execute("grant insert on public.things to authenticated")
    await sql.execute(
        """create function public.tell() returns trigger language plpgsql as $$
        begin
          perform realtime.broadcast_changes(tg_argv[0], 'changed', tg_op, tg_table_name, tg_table_schema, new, old);
          return null;
        end $$"""
    )
    await sql.execute(
        psycopg.sql.SQL(
            "create trigger tell after insert on public.things for each row execute function public.tell({})"
        ).format(psycopg.sql.Literal(topic))
    )
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    for number, writes in ((1, "no"), (2, "yes")):
        async with sql.transaction():
            await sql.execute("select set_config('request.jwt.claims', %s, true)", [json.dumps({"writes": writes})])
            await sql.execute("set local role authenticated")
            await sql.execute("insert into public.things values (%s)", [number])
    assert (await socket.expect("broadcast")).payload["payload"]["record"] == {"id": 2}
    assert await socket.settled() == []


async def test_message_to_a_topic_nobody_joined_is_no_trouble(connect, cast, sql, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    await send(sql, "room:empty", {"n": 0})
    await send(sql, topic, {"n": 1})
    assert numbers([await socket.expect("broadcast")]) == [1]


async def test_incomplete_row_is_passed_over(connect, cast, sql, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    await sql.execute(
        "insert into realtime.messages (topic, extension, private) values (%s, 'broadcast', true)", [topic]
    )
    await send(sql, topic, {"n": 1})
    assert numbers([await socket.expect("broadcast")]) == [1]


async def test_lost_replication_connection_comes_back_and_catches_up(connect, cast, sql, rooms_db, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    await send(sql, topic, {"n": 1})
    await socket.expect("broadcast")
    async with await psycopg.AsyncConnection.connect(rooms_db.url("supabase_admin"), autocommit=True) as admin:
        # Ended and written in one statement's wake, so that the message falls into the gap.
        await admin.execute(
            "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots "
            "where database = current_database() and active"
        )
        await send(admin, topic, {"n": 2})
    assert (await socket.expect("broadcast")).payload["payload"]["n"] == 2
    await send(sql, topic, {"n": 3})
    assert (await socket.expect("broadcast")).payload["payload"]["n"] == 3
    assert await socket.settled() == []


async def test_replication_ready_is_told_on_request(connect, cast, topic, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined(topic, token=cast.reader, broadcast={"replication_ready": True})
    assert (await socket.expect("system")).payload == {
        "extension": "system",
        "status": "ok",
        "message": "Replication connection established",
        "channel": topic,
    }


@pytest.mark.parametrize("limit", [1, 2, 25])
async def test_replay_gives_the_latest_messages_oldest_first(connect, cast, sql, topic, vsn, limit):
    for number in range(3):
        await send(sql, topic, {"n": number})
    socket = await connect(vsn=vsn)
    await socket.joined(topic, token=cast.reader, broadcast={"replay": {"since": 0, "limit": limit}})
    expected = list(range(3))[-limit:]
    got = [await socket.expect("broadcast") for _ in expected]
    assert numbers(got) == expected
    assert all(one.payload["meta"]["replayed"] is True for one in got)
    assert await socket.settled() == []


async def milliseconds(sql) -> int:
    return int((await (await sql.execute("select floor(extract(epoch from clock_timestamp()) * 1000)")).fetchone())[0])


async def test_replay_begins_at_since(connect, cast, sql, topic):
    await send(sql, topic, {"n": 1})
    since = await milliseconds(sql) + 1
    while await milliseconds(sql) < since:
        pass  # the first message may be of the same millisecond
    await send(sql, topic, {"n": 2})
    socket = await connect()
    await socket.joined(topic, token=cast.reader, broadcast={"replay": {"since": since, "limit": 25}})
    assert numbers([await socket.expect("broadcast")]) == [2]
    assert await socket.settled() == []


@pytest.mark.parametrize("replay", [{"since": "yesterday"}, {"since": 10**30}, "all", {"limit": None}])
async def test_replay_that_cannot_be_read_is_refused(connect, cast, topic, replay):
    socket = await connect()
    answer = await socket.join(topic, token=cast.reader, broadcast={"replay": replay})
    assert answer["response"]["reason"] == "UnableToReplayMessages: Replay params are not valid"


async def test_replay_is_for_private_channels(connect, topic):
    socket = await connect()
    answer = await socket.join(topic, private=False, broadcast={"replay": {"since": 0}})
    assert answer["response"]["reason"] == "UnableToReplayMessages: Replay is not allowed for public channels"
