import pytest
import websockets


@pytest.mark.parametrize(
    ("path", "service", "inner"),
    [
        ("/rest/v1/things", "rest", "/things"),
        ("/rest/v1", "rest", "/"),
        ("/rest/v1/", "rest", "/"),
        ("/auth/v1/user", "auth", "/user"),
        ("/realtime/v1/api/broadcast", "realtime", "/api/broadcast"),
        ("/rest/v1/rest/v1/x", "rest", "/rest/v1/x"),
        ("/rest/v1/a%20b", "rest", "/a b"),
    ],
)
async def test_a_prefix_leads_to_its_service(shell, path, service, inner):
    answer = await shell.client.get(path)
    assert answer.json()["path"] == inner
    assert {name: mirror.calls for name, mirror in shell.services.items()}[service] == 1


async def test_the_undecoded_path_and_the_query_stay_as_they_were(shell):
    answer = (await shell.client.get("/rest/v1/a%2Fb?x=%20a&y=a+b")).json()
    assert (answer["raw_path"], answer["query"]) == ("/a%2Fb", "x=%20a&y=a+b")


@pytest.mark.parametrize("path", ["/", "/rest", "/rest/v1x", "/rest/v10/a", "//rest/v1/a", "/REST/v1/a", "/storage/v1"])
async def test_other_paths_lead_nowhere(shell, path):
    answer = await shell.client.get(path)
    assert answer.status_code == 404
    assert all(mirror.calls == 0 for mirror in shell.services.values())


async def test_services_that_are_off_are_not_found(make_shell):
    shell = await make_shell(services=("rest",))
    assert (await shell.client.get("/auth/v1/user")).status_code == 404


async def test_one_service_may_serve_the_root(make_shell):
    shell = await make_shell(services=("rest",), root_service="rest", require_apikey=False)
    assert (await shell.bare.get("/things?a=1")).json()["path"] == "/things"
    assert (await shell.bare.get("/rest/v1/things")).json()["path"] == "/things"


@pytest.mark.parametrize(
    "path",
    [
        b"/auth/v1/verify/../admin/users",
        b"/auth/v1/verify/%2e%2e/admin/users",
        b"/auth/v1/verify%2f..%2fadmin%2fusers",
        b"/auth/v1/verify;/admin/users",
        b"/auth/v1//verify",
        b"/auth/v1/VERIFY",
        b"/rest/v1/../../auth/v1/verify",
        b"/auth%2fv1/admin/users",
        b"/%61uth/v1/admin/users",
        b"http://127.0.0.1/auth/v1/admin/users",
    ],
)
async def test_no_spelling_of_a_path_opens_a_door(shell, path):
    request = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = await shell.talk(request)
    assert answer.split(b" ")[1] in {b"401", b"404", b"400"}
    assert all(mirror.calls == 0 for mirror in shell.services.values())


async def test_two_requests_in_one_body_are_one_request(shell):
    """A front end that reads Content-Length and a back end that reads chunks must not disagree."""
    inner = (
        b"GET /auth/v1/admin/users HTTP/1.1\r\nHost: x\r\napikey: " + shell.settings.secret_key.encode() + b"\r\n\r\n"
    )
    request = (
        b"POST /rest/v1/x HTTP/1.1\r\nHost: x\r\napikey: " + shell.settings.publishable_key.encode() + b"\r\n"
        b"Content-Length: " + str(len(inner) + 5).encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner
    )
    await shell.talk(request)
    assert shell.services["auth"].calls == 0


async def test_every_answer_has_a_request_id(shell):
    given = await shell.client.get("/rest/v1/x", headers={"x-request-id": "abc-123"})
    assert given.headers["sb-request-id"] == "abc-123"
    for odd in ("a b", "x" * 65, "a;b", ""):
        made = await shell.client.get("/rest/v1/x", headers={"x-request-id": odd})
        assert len(made.headers["sb-request-id"]) == 32


async def test_sockets_are_led_by_prefix_too(shell):
    address = f"ws://127.0.0.1:{shell.port}/realtime/v1/websocket?vsn=1.0.0&apikey={shell.settings.publishable_key}"
    async with websockets.connect(address) as socket:
        heard = await socket.recv()
    assert '"path": "/websocket"' in heard
    assert '"query": "vsn=1.0.0"' in heard
    assert "Bearer " + shell.gateway.tokens.anon_key in heard


@pytest.mark.parametrize(("path", "status"), [("/realtime/v1/websocket", 401), ("/nowhere", 404)])
async def test_sockets_without_key_or_place_are_refused(shell, path, status):
    with pytest.raises(websockets.InvalidStatus) as caught:
        async with websockets.connect(f"ws://127.0.0.1:{shell.port}{path}"):
            pass
    assert caught.value.response.status_code == status
    assert b"error" in caught.value.response.body
