"""Opening a socket, and the messages every socket understands."""

import json
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from contract.realtime.phoenix import open_socket


async def refusal(server: Any, key: str, vsn: str = "2.0.0") -> tuple[int, Any]:
    with pytest.raises(InvalidStatus) as refused:
        async with open_socket(f"{server.websocket_url}/realtime/v1/websocket", key, vsn):
            raise AssertionError("the socket was opened")
    response = refused.value.response
    return response.status_code, json.loads(response.body)


async def test_heartbeat_is_answered(connect, vsn):
    socket = await connect(vsn=vsn)
    assert await socket.ask("phoenix", "heartbeat", {}) == {"status": "ok", "response": {}}


async def test_heartbeat_without_a_ref_keeps_the_socket_open(connect):
    socket = await connect(vsn="1.0.0")
    await socket.socket.send(json.dumps({"topic": "phoenix", "event": "heartbeat", "payload": {}, "ref": None}))
    answer = await socket.expect("phx_reply")
    assert answer.ref is None
    assert await socket.settled() == []


async def test_unknown_key_is_refused(server):
    status, body = await refusal(server, "sb_publishable_unknown")
    assert status == 401
    assert body["error"]


async def test_key_without_role_is_refused(server, cast):
    status, body = await refusal(server, server.tokens.sign({"exp": 4_000_000_000}))
    assert status in {401, 403}
    assert body["error"]


async def test_unknown_protocol_version_is_refused(server):
    status, body = await refusal(server, server.settings.publishable_key, vsn="3.0.0")
    assert status == 403
    assert "3.0.0" in body["error"]


async def test_legacy_jwt_key_opens(connect, server):
    socket = await connect(key=server.tokens.anon_key)
    assert (await socket.ask("phoenix", "heartbeat", {}))["status"] == "ok"


@pytest.mark.parametrize(
    "frame", ["", "no json", "[]", '["1","2"]', "{}", "[1,2,3,4,5,6", "null", '[null,null,7,"e",{}]']
)
async def test_malformed_messages_are_ignored(connect, vsn, frame):
    socket = await connect(vsn=vsn)
    await socket.socket.send(frame)
    assert (await socket.ask("phoenix", "heartbeat", {}))["status"] == "ok"


@pytest.mark.parametrize("frame", [b"", b"\x03", b"\x03\xff\xff\xff\xff\xff\x01", b"\x09abc", b"\x00" * 40])
async def test_malformed_binary_frames_are_ignored(connect, vsn, frame):
    socket = await connect(vsn=vsn)
    await socket.socket.send(frame)
    assert (await socket.ask("phoenix", "heartbeat", {}))["status"] == "ok"


async def test_message_to_a_topic_that_was_not_joined(connect, vsn):
    socket = await connect(vsn=vsn)
    answer = await socket.ask("realtime:nowhere", "broadcast", {"event": "x"})
    assert answer == {"status": "error", "response": {"reason": "unmatched topic"}}


async def test_leaving_what_was_not_joined_is_fine(connect, vsn):
    socket = await connect(vsn=vsn)
    assert (await socket.ask("realtime:nowhere", "phx_leave", {}))["status"] == "ok"


async def test_join_needs_a_topic_name(connect, vsn):
    socket = await connect(vsn=vsn)
    answer = await socket.join("", private=False)
    assert answer["response"]["reason"] == "TopicNameRequired: You must provide a topic name"


async def test_join_of_what_is_no_channel(connect, vsn):
    socket = await connect(vsn=vsn)
    answer = await socket.ask("other:a", "phx_join", {})
    assert answer == {"status": "error", "response": {"reason": "unmatched topic"}}


@pytest.mark.parametrize("topic", ["\ud800", "a\0b"])
async def test_topic_that_the_database_cannot_hold(connect, cast, topic):
    socket = await connect()
    answer = await socket.join(topic, token=cast.reader)
    assert answer["response"]["reason"].startswith("InvalidJoinPayload: ")


async def test_leave_is_answered_and_then_closed(connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("a", private=False)
    assert (await socket.ask("realtime:a", "phx_leave", {}))["status"] == "ok"
    closed = await socket.expect("phx_close")
    assert (closed.topic, closed.ref) == ("realtime:a", "1")


async def test_joining_again_closes_the_earlier_channel(connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("a", private=False)
    await socket.joined("a", private=False, broadcast={"self": True})
    assert (await socket.expect("phx_close")).ref == "1"
    await socket.send("realtime:a", "broadcast", {"type": "broadcast", "event": "e", "payload": {}})
    assert (await socket.expect("broadcast")).payload["event"] == "e"


async def test_leave_and_join_in_one_breath(connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("a", private=False)
    left = await socket.send("realtime:a", "phx_leave", {})
    joined = await socket.send("realtime:a", "phx_join", {"config": {"broadcast": {"ack": True}}})
    answers = [await socket.expect(lambda one: one.ref in {left, joined, "1"}) for _ in range(3)]
    assert [(one.event, one.ref) for one in answers] == [("phx_reply", left), ("phx_close", "1"), ("phx_reply", joined)]
    assert (await socket.ask("realtime:a", "broadcast", {"event": "e", "payload": {}}))["status"] == "ok"
    assert await socket.settled() == []


async def test_many_joins_of_one_topic_end_in_one_channel(connect, vsn):
    socket = await connect(vsn=vsn)
    refs = [await socket.send("realtime:a", "phx_join", {"config": {"broadcast": {"self": True}}}) for _ in range(20)]
    replies = [await socket.expect("phx_reply") for _ in refs]
    assert [one.ref for one in replies] == refs
    assert [(await socket.expect("phx_close")).ref for _ in refs[1:]] == refs[:-1]
    await socket.send("realtime:a", "broadcast", {"event": "e", "payload": {}})
    await socket.expect("broadcast")
    assert await socket.settled() == []


async def test_health_tells_sockets(connect, server):
    socket = await connect()
    await socket.joined("square", private=False)
    async with httpx.AsyncClient(timeout=60) as client:
        report = (await client.get(f"{server.url}/health")).json()["services"]["realtime"]
    assert report == {"status": "ok", "sockets": 1, "rooms": 1, "messages": "streaming", "changes": "idle"}
