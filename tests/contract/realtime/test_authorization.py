"""Private channels: who may read and write is what row level security on realtime.messages says."""

import time

import pytest


def unauthorized(topic: str) -> dict:
    reason = f"Unauthorized: You do not have permissions to read from this Channel topic: {topic}"
    return {"status": "error", "response": {"reason": reason}}


def message(text: str = "hello") -> dict:
    return {"type": "broadcast", "event": "said", "payload": {"text": text}}


async def test_reader_may_join(connect, cast, topic, vsn):
    socket = await connect(vsn=vsn)
    assert await socket.join(topic, token=cast.reader) == {"status": "ok", "response": {"postgres_changes": []}}


async def test_anon_is_denied(connect, topic, vsn):
    socket = await connect(vsn=vsn)
    assert await socket.join(topic) == unauthorized(topic)


async def test_topic_without_policy_is_denied(connect, cast):
    socket = await connect()
    assert await socket.join("elsewhere", token=cast.writer) == unauthorized("elsewhere")


async def test_service_role_may_join_anything(connect, server):
    socket = await connect(key=server.settings.secret_key)
    assert (await socket.join("elsewhere"))["status"] == "ok"


async def test_token_beginning_with_sb_means_the_key_of_the_connection(connect, server):
    socket = await connect(key=server.settings.secret_key)
    assert (await socket.join("elsewhere", token="sb_publishable_any"))["status"] == "ok"


async def test_role_that_the_api_may_not_take_is_denied(connect, cast, topic):
    socket = await connect()
    assert await socket.join(topic, token=cast.token(role="postgres")) == unauthorized(topic)
    assert await socket.join(topic, token=cast.token(role="supabase_admin")) == unauthorized(topic)
    assert await socket.join(topic, token=cast.token(role="nobody_there")) == unauthorized(topic)


async def test_policy_that_fails_denies(connect, cast, sql):
    await sql.execute(
        "create policy broken on realtime.messages for select to authenticated "
        "using (realtime.topic() = 'broken' and 1 / (length(topic) - 6) > 0)"
    )
    socket = await connect()
    assert await socket.join("broken", token=cast.reader) == unauthorized("broken")


async def test_probes_leave_nothing_behind(connect, cast, sql, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.writer, broadcast={"ack": True}, presence={"enabled": True})
    await socket.ask(f"realtime:{topic}", "broadcast", message())
    rows = await (await sql.execute("select count(*) from realtime.messages")).fetchone()
    assert rows == (0,)


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("nonsense", "MalformedJWT: The token provided is not a valid JWT"),
        ("a.b.c", "MalformedJWT: The token provided is not a valid JWT"),
    ],
)
async def test_unreadable_token_is_refused(connect, topic, token, reason):
    socket = await connect()
    assert (await socket.join(topic, token=token))["response"]["reason"] == reason


async def test_forged_token_is_refused(connect, cast, topic):
    socket = await connect()
    head, _, signature = cast.writer.rpartition(".")
    forged = f"{head}.{signature[::-1]}"
    reason = (await socket.join(topic, token=forged))["response"]["reason"]
    assert reason in {
        "JwtSignatureError: Failed to validate JWT signature",
        "MalformedJWT: The token provided is not a valid JWT",
    }


async def test_expired_token_is_refused(connect, cast, topic):
    socket = await connect()
    reason = (await socket.join(topic, token=cast.token(lives=-100)))["response"]["reason"]
    assert reason.startswith("InvalidJWTToken: Token has expired 10")
    assert reason.endswith(" seconds ago")


async def test_token_without_role_is_refused(connect, server, topic):
    socket = await connect()
    token = server.tokens.sign({"exp": int(time.time()) + 60})
    reason = (await socket.join(topic, token=token))["response"]["reason"]
    assert reason == "InvalidJWTToken: Fields `role` and `exp` are required in JWT"


async def test_write_without_right_reaches_nobody(connect, cast, topic, vsn):
    reader, writer = await connect(vsn=vsn), await connect()
    await reader.joined(topic, token=cast.reader, broadcast={"self": True})
    await writer.joined(topic, token=cast.writer)
    await reader.send(f"realtime:{topic}", "broadcast", message("not allowed"))
    await reader.settled()
    await writer.send(f"realtime:{topic}", "broadcast", message("allowed"))
    assert (await reader.expect("broadcast")).payload["payload"] == {"text": "allowed"}
    assert not [one for one in await writer.settled() if one.event == "broadcast"]


async def test_acknowledged_write_without_right_is_an_error(connect, cast, topic, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined(topic, token=cast.reader, broadcast={"ack": True})
    answer = await socket.ask(f"realtime:{topic}", "broadcast", message())
    assert answer["status"] == "error"
    assert "write" in answer["response"]["reason"]


async def test_private_and_public_rooms_do_not_hear_each_other(connect, cast, topic):
    private, public = await connect(), await connect()
    await private.joined(topic, token=cast.writer, broadcast={"ack": True})
    await public.joined(topic, private=False, broadcast={"ack": True})
    await private.ask(f"realtime:{topic}", "broadcast", message())
    await public.ask(f"realtime:{topic}", "broadcast", message())
    assert await private.settled() == []
    assert await public.settled() == []


async def test_refresh_to_a_token_without_right_closes_the_channel(connect, cast, topic, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined(topic, token=cast.reader)
    await socket.send(f"realtime:{topic}", "access_token", {"access_token": cast.banned})
    told = await socket.expect("system")
    assert told.payload == {
        "extension": "system",
        "status": "error",
        "message": f"You do not have permissions to read from this Channel topic: {topic}",
        "channel": topic,
    }
    assert (await socket.expect("phx_close")).topic == f"realtime:{topic}"
    assert (await socket.join(topic, token=cast.reader))["status"] == "ok"


async def test_refresh_asks_for_write_again(connect, cast, topic):
    socket, listener = await connect(), await connect()
    await listener.joined(topic, token=cast.reader)
    await socket.joined(topic, token=cast.writer, broadcast={"ack": True})
    assert (await socket.ask(f"realtime:{topic}", "broadcast", message()))["status"] == "ok"
    await socket.send(f"realtime:{topic}", "access_token", {"access_token": cast.reader})
    assert (await socket.ask(f"realtime:{topic}", "broadcast", message()))["status"] == "error"
    assert len([one for one in await listener.settled() if one.event == "broadcast"]) == 1


async def test_rights_are_remembered_until_the_token_changes(connect, cast, sql, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.writer, broadcast={"ack": True})
    assert (await socket.ask(f"realtime:{topic}", "broadcast", message()))["status"] == "ok"
    await sql.execute("drop policy messages_insert_rooms on realtime.messages")
    assert (await socket.ask(f"realtime:{topic}", "broadcast", message()))["status"] == "ok"
    await socket.send(f"realtime:{topic}", "access_token", {"access_token": cast.writer})
    assert (await socket.ask(f"realtime:{topic}", "broadcast", message()))["status"] == "error"


async def test_refresh_with_an_unreadable_token_closes_the_channel(connect, cast, topic):
    socket = await connect()
    await socket.joined(topic, token=cast.reader)
    await socket.send(f"realtime:{topic}", "access_token", {"access_token": ""})
    assert (await socket.expect("system")).payload["message"] == "The token provided is not a valid JWT"
    await socket.expect("phx_close")


@pytest.mark.parametrize("payload", [{"access_token": "sb_publishable_x"}, {"access_token": None}, {}, None, "text"])
async def test_refresh_that_says_nothing_changes_nothing(connect, cast, topic, payload):
    socket = await connect()
    await socket.joined(topic, token=cast.writer, broadcast={"ack": True})
    await socket.send(f"realtime:{topic}", "access_token", payload)
    assert (await socket.ask(f"realtime:{topic}", "broadcast", message()))["status"] == "ok"


async def test_expiry_closes_the_channel_and_leaves_the_socket(connect, cast, topic, vsn):
    socket = await connect(vsn=vsn)
    await socket.joined(topic, token=cast.token(lives=2))
    told = await socket.expect("system")
    assert told.payload["message"].startswith("Token has expired")
    await socket.expect("phx_close")
    assert (await socket.ask("phoenix", "heartbeat", {}))["status"] == "ok"


async def test_refresh_in_time_outlives_the_first_token(connect, cast, topic):
    socket = await connect()
    short = cast.token(lives=8, writes="yes")
    await socket.joined(topic, token=short, broadcast={"ack": True})
    await socket.send(f"realtime:{topic}", "access_token", {"access_token": cast.writer})
    await socket.joined("second", token=cast.token(lives=9), private=False)
    assert (await socket.expect("phx_close")).topic == "realtime:second"
    assert (await socket.ask(f"realtime:{topic}", "broadcast", message()))["status"] == "ok"
