"""What happens when something goes wrong: slow readers, a restarted database, a stopping server, too much of anything."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from contract.realtime.conftest import POLICIES, Cast
from contract.realtime.phoenix import open_socket
from upshot_devstack import paths
from upshot_devstack.gateway.realtime import service as realtime
from upshot_devstack.gateway.realtime.limits import Limits
from upshot_devstack.postgres import platform
from upshot_devstack.postgres.cluster import Cluster
from upshot_devstack.postgres.runtime import runtime
from upshot_devstack.running import running_gateway

SOCKET_PATH = "/realtime/v1/websocket"


def message(payload: dict) -> dict:
    return {"type": "broadcast", "event": "e", "payload": payload}


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`limited(channels_per_socket=2)`, before the server is asked for, narrows its bounds."""

    def narrow(**bounds: Any) -> None:
        monkeypatch.setattr(realtime, "Limits", lambda: Limits(**bounds))

    return narrow


@pytest.fixture
def narrow_server(limited: Any, request: pytest.FixtureRequest) -> Any:
    limited(**request.param)
    return request.getfixturevalue("server")


def bounds(**values: Any) -> Any:
    return pytest.mark.parametrize("narrow_server", [values], indirect=True)


@bounds(outbox_bytes=2_000_000)
async def test_slow_reader_is_cut_off_and_others_are_served(narrow_server, connect):
    key, url = narrow_server.settings.publishable_key, narrow_server.websocket_url + SOCKET_PATH
    sender, reader = await connect(), await connect()
    for socket in (sender, reader):
        await socket.joined("flood", private=False, broadcast={"ack": True})
    async with open_socket(url, key, "2.0.0", max_queue=1) as slow:
        await slow.joined("flood", private=False)
        for number in range(600):
            await sender.ask("realtime:flood", "broadcast", message({"n": number, "fill": "x" * 50_000}))
            assert (await reader.expect("broadcast")).payload["payload"]["n"] == number
        assert await slow.closed() in {1013, None}
        assert len(slow.waiting) < 600
    assert (await reader.ask("phoenix", "heartbeat", {}))["status"] == "ok"


@bounds(channels_per_socket=2)
async def test_channels_per_socket_are_limited(narrow_server, connect, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined("one", private=False)
    await socket.joined("two", private=False)
    answer = await socket.join("three", private=False)
    assert answer == {"status": "error", "response": {"reason": "ChannelRateLimitReached: Too many channels"}}
    await socket.ask("realtime:one", "phx_leave", {})
    await socket.expect("phx_close")
    await socket.joined("three", private=False)


@bounds(joins_per_second=0.001)
async def test_joins_are_limited(narrow_server, connect):
    socket = await connect()
    await socket.joined("first", private=False)
    answer = await socket.join("second", private=False)
    assert answer["response"]["reason"] == "ClientJoinRateLimitReached: Too many joins per second"


@bounds(events_per_second=0.001)
async def test_events_are_limited(narrow_server, connect):
    socket = await connect()
    await socket.joined("busy", private=False, broadcast={"ack": True})
    assert (await socket.ask("realtime:busy", "broadcast", message({})))["status"] == "ok"
    await socket.send("realtime:busy", "broadcast", message({}))
    assert (await socket.expect("system")).payload["message"] == "Too many messages per second"
    await socket.expect("phx_close")


@bounds(posts_per_second=0.001)
async def test_posts_are_limited(narrow_server):
    headers = {"apikey": narrow_server.settings.publishable_key}
    post = {"topic": "a", "event": "e", "payload": {}}
    async with httpx.AsyncClient(base_url=narrow_server.url, headers=headers, timeout=60) as client:
        path = "/realtime/v1/api/broadcast"
        large = await client.post(path, json={"messages": [post] * 4})
        answers = [await client.post(path, json={"messages": [post]}) for _ in range(2)]
    assert (large.status_code, "batch size" in large.json()["message"]) == (429, True)
    assert [answer.status_code for answer in answers] == [202, 429]
    assert answers[1].json() == {"message": "You have exceeded your rate limit"}


@bounds(idle_timeout=0.3)
async def test_silent_socket_is_closed(narrow_server, connect):
    socket = await connect()
    assert await socket.closed() == 1001


async def test_stopping_server_says_goodbye(rooms_db, gateway_settings):
    with running_gateway(gateway_settings(rooms_db, services=("realtime",))) as server:
        opening = open_socket(server.websocket_url + SOCKET_PATH, server.settings.publishable_key, "2.0.0")
        socket = await opening.__aenter__()
        await socket.joined("a", private=False)
    assert await socket.closed() in {1001, 1012}
    await opening.__aexit__(None, None, None)


async def test_stopped_server_leaves_no_slot(rooms_db, gateway_settings, sql):
    with running_gateway(gateway_settings(rooms_db, services=("realtime",))) as server:
        async with open_socket(server.websocket_url + SOCKET_PATH, server.settings.secret_key, "2.0.0") as socket:
            await socket.joined("a")
            slots = await (await sql.execute(SLOTS)).fetchone()
            assert slots == (1,)
    assert await (await sql.execute(SLOTS)).fetchone() == (0,)


SLOTS = "select count(*) from pg_replication_slots where database = current_database()"


async def test_broken_policy_query_does_not_hurt_other_channels(connect, cast, sql, topic):
    await sql.execute(
        "create policy slow on realtime.messages for select to authenticated "
        "using (realtime.topic() = 'slow' and pg_sleep(1) is not null)"
    )
    socket = await connect()
    await socket.joined(topic, token=cast.writer, broadcast={"ack": True})
    waiting = await socket.send("realtime:slow", "phx_join", {"config": {"private": True}, "access_token": cast.reader})
    assert (await socket.ask(f"realtime:{topic}", "broadcast", message({})))["status"] == "ok"
    answer = await socket.expect(lambda one: one.ref == waiting)
    assert answer.payload["status"] == "ok"


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A server that this test may stop. Outside the temporary directory, which only its owner can enter."""
    home = paths.state_root() / f"restart-{uuid.uuid4().hex[:8]}"
    home.mkdir(parents=True)
    cluster = Cluster(runtime(paths.cache_root()), Path(home))
    yield cluster
    cluster.destroy()


async def test_sockets_outlive_a_restart_of_the_database(own_cluster, gateway_settings):
    postgres = own_cluster.start(durable=False)
    platform.install(postgres.url("supabase_admin"))
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        for statement in POLICIES.split(";\n")[:-1]:
            connection.execute(statement)
    with running_gateway(gateway_settings(postgres, services=("realtime",))) as server:
        cast = Cast(server.tokens.sign)
        async with open_socket(server.websocket_url + SOCKET_PATH, server.settings.publishable_key, "2.0.0") as socket:
            await socket.joined("room:1", token=cast.reader)
            send(postgres.url(), 1)
            assert (await socket.expect("broadcast")).payload["payload"]["n"] == 1
            own_cluster.stop()
            refused = await socket.join("room:2", token=cast.reader)
            assert refused["response"]["reason"].startswith("UnableToConnectToProject: ")
            own_cluster.start(port=postgres.port, durable=False)
            send(postgres.url(), 2)
            assert (await socket.expect("broadcast")).payload["payload"]["n"] == 2
            await socket.joined("room:2", token=cast.reader)


def send(url: str, number: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select realtime.send(jsonb_build_object('n', %s::int), 'e', 'room:1', true)", [number])
