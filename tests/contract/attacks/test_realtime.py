"""Strangers at the product's own topics, with the product's own policies."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from contract.attacks.conftest import Attacker
from contract.realtime.phoenix import PhoenixSocket, open_socket
from support.rls import Theatre

Attack = Callable[..., Attacker]
Open = Callable[[], Awaitable[PhoenixSocket]]


@pytest.fixture
async def socket(gate: Any) -> AsyncIterator[Open]:
    """`await socket()` opens one with the publishable key."""
    async with AsyncExitStack() as stack:

        async def opened() -> PhoenixSocket:
            address = f"{gate.websocket_url}/realtime/v1/websocket"
            return await stack.enter_async_context(open_socket(address, gate.settings.publishable_key, "2.0.0"))

        yield opened


def topics(theatre: Theatre) -> list[str]:
    """The topics that carry the clinic's hints, and spellings that might be taken for them."""
    workspace, experiment = str(theatre.clinic.workspace_id), str(theatre.experiment.id)
    plain = [f"workspace:{workspace}", f"experiment:{experiment}", f"prompt:{theatre.clinic.prompt_id}"]
    plain += [f"run:{run['id']}" for run in theatre.world.postgres().rows("select id from runs limit 1")]
    plain += [f"user:{theatre.cast['viewer'].user_id}"]
    return [
        *plain, "jobs", f"experiment:{experiment.upper()}", f" workspace:{workspace}", f"workspace:{workspace} ",
        f"workspace:{theatre.other.workspace_id}:{workspace}", "workspace:%", "workspace:*",
    ]  # fmt: skip


async def test_strangers_join_no_topic_of_a_workspace(theatre: Theatre, attacker: Attack, socket: Open):
    line = await socket()
    for name in ("other_owner", "outsider", "anon"):
        for topic in topics(theatre):
            answer = await line.join(topic, token=attacker(name).token)
            assert answer["status"] == "error", (name, topic)
    assert (await line.join(topics(theatre)[0], token=attacker("viewer").token))["status"] == "ok"


async def test_a_member_of_another_workspace_cannot_change_over_by_a_new_token(
    theatre: Theatre, attacker: Attack, socket: Open
):
    line, topic = await socket(), topics(theatre)[0]
    assert (await line.join(topic, token=attacker("viewer").token))["status"] == "ok"
    await line.send(f"realtime:{topic}", "access_token", {"access_token": attacker("other_owner").token})
    closed = await line.expect(lambda one: one.event == "phx_close")
    assert closed.topic == f"realtime:{topic}"


async def test_nobody_speaks_in_a_workspaces_topic(theatre: Theatre, attacker: Attack, socket: Open):
    """Not by the socket, not by HTTP, not as presence, and not from a public room of the same name."""
    topic = topics(theatre)[0]
    listener = await socket()
    assert (await listener.join(topic, token=attacker("viewer").token))["status"] == "ok"
    await listener.settled()
    forged = {"kind": "deployments", "ids": []}
    speaker = await socket()
    assert (await speaker.join(topic, token=attacker("viewer").token))["status"] == "ok"
    await speaker.send(f"realtime:{topic}", "broadcast", {"type": "broadcast", "event": "changed", "payload": forged})
    await speaker.send(f"realtime:{topic}", "presence", {"type": "presence", "event": "track", "payload": {"x": 1}})
    await speaker.settled()
    public = await socket()
    assert (await public.join(topic, private=False))["status"] == "ok"
    await public.send(f"realtime:{topic}", "broadcast", {"type": "broadcast", "event": "changed", "payload": forged})
    await public.settled()
    for name in ("owner", "viewer", "other_owner", "anon"):
        for private in (True, False):
            message = {"topic": topic, "event": "changed", "payload": forged, "private": private}
            sent = await asyncio.to_thread(
                attacker(name).ask, "POST", "/realtime/v1/api/broadcast", json={"messages": [message]}
            )
            assert sent.status_code == 202
        single = await asyncio.to_thread(
            attacker(name).ask, "POST", f"/realtime/v1/api/broadcast/{topic}/events/changed?private=true", json=forged
        )
        assert single.status_code == 403
    heard = [one for one in await listener.settled() if one.event == "broadcast"]
    assert heard == []
    theatre.clinic.put("experiments", key=f"e-{uuid.uuid4()}", name="e", **draft(theatre))
    told = await listener.expect(lambda one: one.event == "broadcast")
    assert told.payload["payload"]["changed"][0]["kind"] == "experiments"


def draft(theatre: Theatre) -> dict[str, Any]:
    """Where a new experiment of the clinic lives."""
    return {
        "environment_id": theatre.clinic.environments["production"],
        "capability_id": theatre.clinic.capability_id,
    }


async def test_database_changes_show_nothing(theatre: Theatre, attacker: Attack, socket: Open):
    """No table of the product is published: there is nothing to subscribe to, for members neither."""
    line = await socket()
    wanted = [{"event": "*", "schema": schema, "table": "*"} for schema in ("public", "auth", "realtime", "vault")]
    await line.join("spy", token=attacker("other_owner").token, private=False, postgres_changes=wanted)
    theatre.clinic.put("intents", key=f"i{uuid.uuid4().hex}", name="i")
    theatre.clinic.put("experiments", key=f"e-{uuid.uuid4()}", name="e", **draft(theatre))
    published = theatre.world.postgres().rows(
        "select * from pg_publication_tables where pubname = 'supabase_realtime' and schemaname = 'public'"
    )
    assert published == []
    assert [one for one in await line.settled() if one.event == "postgres_changes"] == []


async def test_a_hint_carries_ids_alone(theatre: Theatre, attacker: Attack, socket: Open):
    line, topic = await socket(), topics(theatre)[0]
    assert (await line.join(topic, token=attacker("viewer").token))["status"] == "ok"
    theatre.clinic.put("experiments", key="unreleased-name", name="unreleased-name-e", **draft(theatre))
    told = await line.expect(lambda one: one.event == "broadcast")
    assert set(told.payload["payload"]) <= {"changed", "id"}
    assert all(set(entry) <= {"kind", "ids", "revision"} for entry in told.payload["payload"]["changed"])
    assert "unreleased" not in json.dumps(told.payload)


async def test_a_removed_member_hears_it_and_nothing_lasts(theatre: Theatre, attacker: Attack, socket: Open):
    """Their own channel says so at once; they cannot join again; a new token closes what is still open."""
    clinic = theatre.clinic
    leaver = theatre.world.member(clinic.owner, clinic.workspace_id, "viewer")
    token = attacker(leaver).token
    line, topic = await socket(), topics(theatre)[0]
    for name in (topic, f"user:{leaver.user_id}"):
        assert (await line.join(name, token=token))["status"] == "ok"
    clinic.owner.rpc("remove_member", user_id=leaver.user_id, workspace_id=clinic.workspace_id)
    told = await line.expect(lambda one: one.event == "broadcast" and one.topic == f"realtime:user:{leaver.user_id}")
    assert "members" in {entry["kind"] for entry in told.payload["payload"]["changed"]}
    assert (await (await socket()).join(topic, token=token))["status"] == "error"
    await line.send(
        f"realtime:{topic}", "access_token", {"access_token": attacker(leaver, jti=str(uuid.uuid4())).token}
    )
    closed = await line.expect(lambda one: one.event == "phx_close")
    assert closed.topic == f"realtime:{topic}"


async def test_what_a_transaction_changed_is_one_message_to_a_member(theatre: Theatre, attacker: Attack, socket: Open):
    clinic, experiment = theatre.clinic, theatre.draft
    line = await socket()
    assert (await line.join(f"experiment:{experiment.id}", token=attacker("viewer").token))["status"] == "ok"
    before = experiment.row["revision"]
    clinic.owner.rpc(
        "edit_experiment", experiment_id=experiment.id, expected_revision=before,
        changes={"name": f"n-{uuid.uuid4()}", "weights": {"a": 2}},
    )  # fmt: skip
    told = await line.expect(lambda one: one.event == "broadcast")
    said = {entry["kind"]: entry for entry in told.payload["payload"]["changed"]}
    assert {"experiments", "variants"} <= said.keys()
    assert said["experiments"] == {
        "kind": "experiments", "ids": [str(experiment.id)], "revision": experiment.row["revision"],
    }  # fmt: skip
    assert [one for one in await line.settled() if one.event == "broadcast"] == []
