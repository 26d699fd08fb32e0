"""Broadcasts between sockets."""

import json

import pytest

from contract.realtime.phoenix import Received, push_frame


def message(text: str, event: str = "said") -> dict:
    return {"type": "broadcast", "event": event, "payload": {"text": text}}


def broadcasts(seen: list[Received]) -> list[dict]:
    return [one.payload for one in seen if one.event == "broadcast"]


@pytest.mark.parametrize("receiver", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize("sender", ["1.0.0", "2.0.0"])
async def test_message_reaches_others_as_it_was_sent(connect, sender, receiver):
    one, other = await connect(vsn=sender), await connect(vsn=receiver)
    for socket in (one, other):
        await socket.joined("square", private=False)
    await one.send("realtime:square", "broadcast", {**message("hello"), "extra": 7})
    got = await other.expect("broadcast")
    assert got.topic == "realtime:square"
    assert (got.ref, got.join_ref) == (None, None)
    assert got.payload == {**message("hello"), "extra": 7}


async def test_sender_hears_itself_only_on_request(connect, vsn):
    quiet, echoing = await connect(vsn=vsn), await connect(vsn=vsn)
    await quiet.joined("square", private=False)
    await quiet.send("realtime:square", "broadcast", message("unheard"))
    assert await quiet.settled() == []
    await echoing.joined("square", private=False, broadcast={"self": True})
    await echoing.send("realtime:square", "broadcast", message("heard"))
    assert (await echoing.expect("broadcast")).payload == message("heard")


async def test_acknowledgement_on_request(connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("square", private=False, broadcast={"ack": True})
    answer = await socket.ask("realtime:square", "broadcast", message("hello"))
    assert answer == {"status": "ok", "response": {}}


async def test_order_is_kept(connect, vsn):
    sender, receiver = await connect(vsn=vsn), await connect(vsn=vsn)
    for socket in (sender, receiver):
        await socket.joined("square", private=False)
    for number in range(200):
        await sender.send("realtime:square", "broadcast", message(str(number)))
    got = [(await receiver.expect("broadcast")).payload["payload"]["text"] for _ in range(200)]
    assert got == [str(number) for number in range(200)]


@pytest.mark.parametrize("receiver", ["1.0.0", "2.0.0"])
async def test_binary_frame_with_json_reaches_both_protocols(connect, receiver):
    sender, listener = await connect(), await connect(vsn=receiver)
    for socket in (sender, listener):
        await socket.joined("square", private=False)
    body = '{"grüße": ["é", 12345678901234567890123, null]}'
    await sender.socket.send(push_frame("realtime:square", "said", body.encode(), json_payload=True))
    got = (await listener.expect("broadcast")).payload
    assert got == {"type": "broadcast", "event": "said", "payload": json.loads(body)}


async def test_binary_payload_reaches_protocol_2_and_is_kept_from_protocol_1(connect):
    sender, modern, old = await connect(), await connect(), await connect(vsn="1.0.0")
    for socket in (sender, modern, old):
        await socket.joined("square", private=False)
    await sender.socket.send(push_frame("realtime:square", "blob", b"\x00\xff\xfe", json_payload=False))
    assert (await modern.expect("broadcast")).payload["payload"] == b"\x00\xff\xfe"
    assert broadcasts(await old.settled()) == []


async def test_binary_frame_is_acknowledged(connect):
    socket = await connect()
    await socket.joined("square", private=False, broadcast={"ack": True, "self": True})
    frame = push_frame("realtime:square", "blob", b"\x01", json_payload=False, ref="77", join_ref="1")
    await socket.socket.send(frame)
    assert (await socket.expect("phx_reply")).ref == "77"
    assert (await socket.expect("broadcast")).payload["payload"] == b"\x01"


async def test_event_name_too_long_for_a_frame_still_arrives(connect):
    old, modern = await connect(vsn="1.0.0"), await connect()
    for socket in (old, modern):
        await socket.joined("square", private=False)
    await old.send("realtime:square", "broadcast", message("x", event="e" * 300))
    assert (await modern.expect("broadcast")).payload["event"] == "e" * 300


async def test_numbers_and_text_survive_exactly(connect):
    sender, receiver = await connect(vsn="1.0.0"), await connect(vsn="1.0.0")
    for socket in (sender, receiver):
        await socket.joined("square", private=False)
    payload = {"big": 2**70, "small": 0.1, "text": "\ud800 \u2028 \x7f 😀", "none": None}
    await sender.send("realtime:square", "broadcast", {"event": "e", "payload": payload})
    assert (await receiver.expect("broadcast")).payload["payload"] == payload


async def test_payload_that_is_too_large_is_refused(connect):
    socket, listener = await connect(), await connect()
    await socket.joined("square", private=False, broadcast={"ack": True})
    await listener.joined("square", private=False)
    answer = await socket.ask("realtime:square", "broadcast", message("x" * 3_000_001))
    assert answer == {"status": "error", "response": {"reason": "Payload size exceeded"}}
    assert broadcasts(await listener.settled()) == []


@pytest.mark.parametrize("payload", [None, 7, "text", ["list"]])
async def test_payload_that_is_no_object_is_refused(connect, vsn, payload):
    socket = await connect(vsn=vsn)
    await socket.joined("square", private=False, broadcast={"ack": True})
    assert (await socket.ask("realtime:square", "broadcast", payload))["status"] == "error"


async def test_unknown_events_are_ignored(connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("square", private=False)
    await socket.send("realtime:square", "phx_made_up", {"any": "thing"})
    assert await socket.settled() == []
