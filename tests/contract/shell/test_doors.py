"""Keys, origins and bounds, as a client meets them."""

import asyncio

import pytest
import websockets

ORIGIN = {"origin": "http://localhost:5173"}


async def test_without_a_key_nothing_is_reached(shell):
    for service in ("rest", "auth", "realtime"):
        answer = await shell.bare.get(f"/{service}/v1/x")
        assert (answer.status_code, answer.json()["message"]) == (401, "No API key found in request")
    assert all(mirror.calls == 0 for mirror in shell.services.values())


async def test_what_a_service_sees_is_a_role_token(shell):
    headers = (await shell.client.get("/rest/v1/x")).json()["headers"]
    assert headers["authorization"] == f"Bearer {shell.gateway.tokens.anon_key}"
    assert "apikey" not in headers


@pytest.mark.parametrize(
    "path", ["/auth/v1/verify", "/auth/v1/.well-known/jwks.json", "/auth/v1/.well-known/openid-configuration"]
)
async def test_links_and_discovery_need_no_key(shell, path):
    assert (await shell.bare.get(path)).status_code == 200


async def test_refusals_are_readable_across_origins(shell):
    answer = await shell.bare.get("/rest/v1/x", headers=ORIGIN)
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_preflight_needs_no_key(shell):
    headers = ORIGIN | {"access-control-request-method": "POST", "access-control-request-headers": "apikey,prefer"}
    answer = await shell.bare.options("/rest/v1/x", headers=headers)
    assert answer.status_code == 200
    assert "apikey, prefer" in answer.headers["access-control-allow-headers"]
    assert shell.services["rest"].calls == 0


async def test_pages_may_read_the_headers_that_clients_use(shell):
    rest = await shell.client.get("/rest/v1/x", headers=ORIGIN)
    assert "Content-Range" in rest.headers["access-control-expose-headers"]
    auth = await shell.client.get("/auth/v1/x", headers=ORIGIN)
    for name in ("Link", "X-Total-Count", "X-Supabase-Api-Version"):
        assert name in auth.headers["access-control-expose-headers"]


async def test_a_secret_key_in_a_browser_is_refused(shell):
    headers = {"apikey": shell.settings.secret_key, "user-agent": "Mozilla/5.0"}
    assert (await shell.bare.get("/rest/v1/x", headers=headers)).status_code == 401


async def test_bodies_are_bounded_by_their_announced_length(make_shell):
    shell = await make_shell(max_body_bytes=1000)
    assert (await shell.client.post("/rest/v1/x", content=b"x" * 1000)).json()["size"] == 1000
    assert (await shell.client.post("/rest/v1/x", content=b"x" * 1001)).status_code == 413
    assert shell.services["rest"].calls == 1


async def test_bodies_are_bounded_when_they_come_in_pieces(make_shell):
    shell = await make_shell(max_body_bytes=1000)

    async def pieces():
        for _ in range(20):
            yield b"x" * 100

    assert (await shell.client.post("/rest/v1/x", content=pieces())).status_code == 413


async def test_a_head_that_does_not_end_is_cut(make_shell):
    shell = await make_shell(max_header_bytes=4096)
    assert await shell.talk(b"GET /rest/v1/x HTTP/1.1\r\nx: " + b"a" * 100_000) == b""


async def test_a_head_that_does_not_come_is_not_waited_for(make_shell):
    shell = await make_shell(header_timeout=0.2)
    assert await shell.talk(b"GET /rest/v1/x HTTP/1.1\r\nHost: ") == b""


async def test_a_slow_body_is_not_taken_for_a_slow_head(make_shell):
    shell = await make_shell(header_timeout=0.5)

    async def slow():
        yield b"a"
        await asyncio.sleep(0.8)
        yield b"b"

    assert (await shell.client.post("/rest/v1/x", content=slow())).json()["size"] == 2


async def test_connections_stay_open_between_requests(shell):
    for _ in range(3):
        assert (await shell.client.get("/rest/v1/x")).status_code == 200


async def test_a_failing_service_tells_nothing_to_the_client(shell, capfd):
    shell.services["rest"].failure = RuntimeError("password is hunter2")
    answer = await shell.client.get("/rest/v1/x")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    logged = capfd.readouterr()
    assert "request_failed" in logged.out + logged.err
    assert "hunter2" not in logged.out + logged.err


async def test_the_access_log_has_no_secrets(make_shell, capfd):
    shell = await make_shell(access_log=True)
    key = shell.settings.publishable_key
    await shell.bare.get(f"/rest/v1/things?apikey={key}&token=secret", headers={"authorization": "Bearer a.b.c"})
    logged = "".join(capfd.readouterr())
    assert "request_finished" in logged
    assert "/rest/v1/things" in logged
    for secret in (key, "token=", "a.b.c"):
        assert secret not in logged


async def test_a_failing_socket_is_closed_and_tells_nothing(shell, capfd):
    shell.services["realtime"].failure = RuntimeError("password is hunter2")
    address = f"ws://127.0.0.1:{shell.port}/realtime/v1/websocket?apikey={shell.settings.publishable_key}"
    with pytest.raises(websockets.ConnectionClosedError) as caught:
        async with websockets.connect(address) as socket:
            await socket.recv()
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1011, "")
    assert "hunter2" not in "".join(capfd.readouterr())


class Recorder:
    """A logger that keeps what it is told, and says when there is something."""

    def __init__(self):
        self.records, self.told = [], asyncio.Event()

    def info(self, event, **fields):
        self.records.append({"event": event, **fields})
        self.told.set()


async def test_sockets_are_in_the_access_log_without_their_key(make_shell):
    shell = await make_shell(access_log=True)
    shell.gateway._log = log = Recorder()
    key = shell.settings.publishable_key
    async with websockets.connect(f"ws://127.0.0.1:{shell.port}/realtime/v1/websocket?apikey={key}") as socket:
        await socket.recv()
    await asyncio.wait_for(log.told.wait(), 60)
    (record,) = log.records
    assert (record["event"], record["path"], record["status"]) == ("socket_finished", "/realtime/v1/websocket", 101)
    assert key not in str(record)
