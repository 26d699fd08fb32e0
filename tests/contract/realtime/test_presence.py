"""Presence: who is in a room."""

import pytest


def track(payload: object) -> dict:
    return {"type": "presence", "event": "track", "payload": payload}


UNTRACK = {"type": "presence", "event": "untrack"}


def on(key: str = "") -> dict:
    return {"presence": {"key": key, "enabled": True}, "private": False}


async def test_state_comes_after_the_join(connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("hall", **on())
    state = await socket.expect("presence_state")
    assert (state.payload, state.ref) == ({}, None)


async def test_no_state_unless_presence_is_enabled(connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("hall", private=False, presence={"key": "", "enabled": False})
    assert await socket.settled() == []


async def test_track_is_answered_and_told_to_all(connect, vsn):
    one, other = await connect(vsn=vsn), await connect(vsn=vsn)
    await one.joined("hall", **on("ann"))
    await other.joined("hall", **on("bob"))
    assert (await one.ask("realtime:hall", "presence", track({"mood": "good"})))["status"] == "ok"
    for socket in (one, other):
        diff = (await socket.expect("presence_diff")).payload
        (meta,) = diff["joins"]["ann"]["metas"]
        assert meta["mood"] == "good"
        assert meta["phx_ref"]
        assert diff["leaves"] == {}


async def test_latecomer_gets_the_state(connect):
    one, other = await connect(), await connect()
    await one.joined("hall", **on("ann"))
    await one.ask("realtime:hall", "presence", track({"n": 1}))
    await other.joined("hall", **on())
    state = (await other.expect("presence_state")).payload
    assert [meta["n"] for meta in state["ann"]["metas"]] == [1]


async def test_change_replaces_the_meta(connect):
    one, other = await connect(), await connect()
    await other.joined("hall", **on())
    await one.joined("hall", **on("ann"))
    await one.ask("realtime:hall", "presence", track({"n": 1}))
    await one.ask("realtime:hall", "presence", track({"n": 2}))
    first = (await other.expect("presence_diff")).payload["joins"]["ann"]["metas"][0]
    second = (await other.expect("presence_diff")).payload
    assert second["leaves"]["ann"]["metas"] == [first]
    meta = second["joins"]["ann"]["metas"][0]
    assert (meta["n"], meta["phx_ref_prev"]) == (2, first["phx_ref"])


async def test_same_payload_again_tells_nobody(connect):
    one = await connect()
    await one.joined("hall", **on("ann"))
    await one.ask("realtime:hall", "presence", track({"n": 1}))
    await one.settled()
    assert (await one.ask("realtime:hall", "presence", track({"n": 1})))["status"] == "ok"
    assert await one.settled() == []


async def test_two_connections_of_one_key_are_two_metas(connect):
    one, two, watcher = await connect(), await connect(), await connect()
    for socket in (one, two):
        await socket.joined("hall", **on("ann"))
        await socket.ask("realtime:hall", "presence", track({"device": id(socket)}))
    await watcher.joined("hall", **on())
    state = (await watcher.expect("presence_state")).payload
    assert len(state["ann"]["metas"]) == 2
    await one.socket.close()
    left = (await watcher.expect("presence_diff")).payload["leaves"]["ann"]["metas"]
    assert [meta["device"] for meta in left] == [id(one)]


@pytest.mark.parametrize("how", ["untrack", "leave", "rejoin"])
async def test_leaving_is_told(connect, how):
    one, other = await connect(), await connect()
    await other.joined("hall", **on())
    await one.joined("hall", **on("ann"))
    await one.ask("realtime:hall", "presence", track({"n": 1}))
    await other.expect("presence_diff")
    if how == "untrack":
        await one.ask("realtime:hall", "presence", UNTRACK)
    elif how == "leave":
        await one.ask("realtime:hall", "phx_leave", {})
    else:
        await one.joined("hall", **on("ann"))
    diff = (await other.expect("presence_diff")).payload
    assert list(diff["leaves"]) == ["ann"]
    assert diff["joins"] == {}


async def test_track_turns_presence_on(connect):
    one, other = await connect(), await connect()
    await other.joined("hall", **on("bob"))
    await other.ask("realtime:hall", "presence", track({"n": 0}))
    await one.joined("hall", private=False, presence={"key": "ann", "enabled": False})
    assert (await one.ask("realtime:hall", "presence", track({"n": 1})))["status"] == "ok"
    assert list((await one.expect("presence_state")).payload) == ["bob"]
    assert list((await one.expect("presence_diff")).payload["joins"]) == ["ann"]


async def test_key_is_made_up_when_none_is_given(connect):
    socket = await connect()
    await socket.joined("hall", **on())
    await socket.ask("realtime:hall", "presence", track({}))
    (key,) = (await socket.expect("presence_diff")).payload["joins"]
    assert len(key) == 36


async def test_payload_must_be_an_object(connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("hall", **on())
    answer = await socket.ask("realtime:hall", "presence", track(["list"]))
    assert answer == {"status": "error", "response": {"reason": "Presence track payload must be a map"}}


async def test_unknown_presence_event_is_an_error(connect):
    socket = await connect()
    await socket.joined("hall", **on())
    assert (await socket.ask("realtime:hall", "presence", {"event": "dance"}))["status"] == "error"


async def test_private_presence_needs_the_right_to_write(connect, cast, topic):
    reader, writer = await connect(), await connect()
    await reader.joined(topic, token=cast.reader, presence={"enabled": True, "key": "ann"})
    await writer.joined(topic, token=cast.writer, presence={"enabled": True, "key": "bob"})
    assert (await reader.ask(f"realtime:{topic}", "presence", track({})))["status"] == "error"
    assert (await writer.ask(f"realtime:{topic}", "presence", track({})))["status"] == "ok"
    assert list((await reader.expect("presence_diff")).payload["joins"]) == ["bob"]


async def test_right_to_read_presence_alone_lets_in_but_hears_no_broadcast(connect, cast, server):
    reader, boss = await connect(), await connect(key=server.settings.secret_key)
    await reader.joined("lobby:1", token=cast.reader, presence={"enabled": True, "key": "ann"})
    await boss.joined("lobby:1", presence={"enabled": True, "key": "boss"}, broadcast={"ack": True})
    await boss.ask("realtime:lobby:1", "broadcast", {"event": "secret", "payload": {}})
    await boss.ask("realtime:lobby:1", "presence", track({}))
    await reader.expect("presence_diff")
    assert not [one for one in await reader.settled() if one.event == "broadcast"]


async def test_too_many_calls_close_the_channel(connect):
    socket = await connect()
    await socket.joined("hall", **on("ann"))
    for number in range(6):
        await socket.send("realtime:hall", "presence", track({"n": number}))
    assert (await socket.expect("system")).payload["message"] == "Client presence rate limit exceeded"
    await socket.expect("phx_close")
