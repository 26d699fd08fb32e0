"""Broadcasts by HTTP."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest


@pytest.fixture
async def http(server: Any) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"apikey": server.settings.publishable_key}
    async with httpx.AsyncClient(base_url=f"{server.url}/realtime/v1", headers=headers, timeout=60) as client:
        yield client


def batch(*messages: dict) -> dict:
    return {"messages": list(messages)}


def post(topic: str, **more: Any) -> dict:
    return {"topic": topic, "event": "said", "payload": {"n": 1}, **more}


async def test_batch_reaches_public_channels(connect, http, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("square", private=False)
    answer = await http.post(
        "/api/broadcast", json=batch(post("square"), post("elsewhere"), post("square", payload={"n": 2}))
    )
    assert (answer.status_code, answer.content) == (202, b"")
    got = [(await socket.expect("broadcast")).payload for _ in range(2)]
    assert got == [{"type": "broadcast", "event": "said", "payload": {"n": n}} for n in (1, 2)]


async def test_private_message_of_a_batch_needs_the_right_to_write(connect, http, cast, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    for token, n in ((cast.reader, 1), (cast.writer, 2)):
        bearer = {"authorization": f"Bearer {token}"}
        body = batch(post(topic, private=True, payload={"n": n}))
        assert (await http.post("/api/broadcast", json=body, headers=bearer)).status_code == 202
    assert (await socket.expect("broadcast")).payload["payload"] == {"n": 2}
    assert await socket.settled() == []


async def test_service_key_may_write_privately(connect, http, cast, server, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    key = {"apikey": server.settings.secret_key}
    assert (await http.post("/api/broadcast", json=batch(post(topic, private=True)), headers=key)).status_code == 202
    assert (await socket.expect("broadcast")).payload["payload"] == {"n": 1}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"messages": ["can't be blank"]}),
        ({"messages": 7}, {"messages": ["is invalid"]}),
        (batch({}), {"messages": [{name: ["can't be blank"] for name in ("topic", "event", "payload")}]}),
        (batch(post("a"), post("b", payload="text")), {"messages": [{}, {"payload": ["is invalid"]}]}),
        (batch({**post("a"), "topic": 5}), {"messages": [{"topic": ["is invalid"]}]}),
    ],
)
async def test_faulty_batch_names_its_faults(http, body, errors):
    answer = await http.post("/api/broadcast", json=body)
    assert (answer.status_code, answer.json()) == (422, {"errors": errors})


async def test_faulty_batch_sends_nothing(connect, http):
    socket = await connect()
    await socket.joined("square", private=False)
    assert (await http.post("/api/broadcast", json=batch(post("square"), {}))).status_code == 422
    assert await socket.settled() == []


async def test_body_that_is_not_json(http):
    answer = await http.post("/api/broadcast", content=b"{", headers={"content-type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize("receiver", ["1.0.0", "2.0.0"])
async def test_single_message_with_names_that_need_escaping(connect, http, receiver):
    socket = await connect(vsn=receiver)
    await socket.joined("room/1: ünï", private=False)
    path = f"/api/broadcast/{quote('room/1: ünï', safe='')}/events/{quote('a/b', safe='')}"
    answer = await http.post(path, json={"text": "grüße"})
    assert (answer.status_code, answer.content) == (202, b"")
    assert (await socket.expect("broadcast")).payload == {
        "type": "broadcast",
        "event": "a/b",
        "payload": {"text": "grüße"},
    }


async def test_single_binary_message(connect, http):
    socket = await connect()
    await socket.joined("square", private=False)
    headers = {"content-type": "application/octet-stream"}
    assert (
        await http.post("/api/broadcast/square/events/blob", content=b"\x00\xff", headers=headers)
    ).status_code == 202
    assert (await socket.expect("broadcast")).payload["payload"] == b"\x00\xff"


async def test_single_private_message(connect, http, cast, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    path = f"/api/broadcast/{quote(topic, safe='')}/events/said"
    denied = await http.post(
        path, json={"n": 1}, params={"private": "true"}, headers={"authorization": f"Bearer {cast.reader}"}
    )
    assert (denied.status_code, denied.json()) == (403, {"message": "Unauthorized"})
    sent = await http.post(
        path, json={"n": 2}, params={"private": "true"}, headers={"authorization": f"Bearer {cast.writer}"}
    )
    assert sent.status_code == 202
    assert (await socket.expect("broadcast")).payload["payload"] == {"n": 2}
    assert await socket.settled() == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b"", "application/json", 422),
        (b"null", "application/json", 422),
        (json.dumps("x" * 3_000_001).encode(), "application/json", 422),
        (b"[1]", "application/json; charset=utf-8", 202),
    ],
)
async def test_single_message_is_checked(http, content, kind, status):
    answer = await http.post("/api/broadcast/square/events/e", content=content, headers={"content-type": kind})
    assert answer.status_code == status, answer.text


async def test_bad_token_is_unauthorized(http):
    answer = await http.post("/api/broadcast", json=batch(post("a")), headers={"authorization": "Bearer a.b.c"})
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/broadcast", 405),
        ("POST", "/api/nothing", 404),
        ("GET", "/api/ping", 200),
        ("GET", "/websocket", 404),
    ],
)
async def test_other_requests(http, method, path, status):
    assert (await http.request(method, path)).status_code == status
