"""The demo as a person runs it, against a real Postgres and a real gateway, with the real local model."""

import asyncio
import csv
import io

import pytest
from rich.console import Console

from upshot.demo import dataset
from upshot.demo.api import Project, connect, signed_in
from upshot.demo.experiments import ENVIRONMENT
from upshot.demo.run import Outcome, Wish, run

pytestmark = pytest.mark.localmodel

LIMIT = 30


@pytest.fixture
def api(gateway) -> Project:
    return Project(gateway.url, gateway.settings.publishable_key, gateway.settings.secret_key)


@pytest.fixture
def small(tmp_path):
    """A file of somebody's own: three intents, no split."""
    path = tmp_path / "tickets.csv"
    ours = dataset.read(dataset.DEFAULT)
    labels = ours.labels[:3]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "intent"))
        writer.writerows((item.text, item.label) for item in (*ours.examples, *ours.requests) if item.label in labels)
    return dataset.read(path)


async def tell(api: Project, wish: Wish) -> tuple[Outcome, str]:
    paper = io.StringIO()
    outcome = await run(api, wish, Console(file=paper, width=100))
    return outcome, paper.getvalue()


@pytest.fixture
async def server(api):
    async with connect(api, api.secret_key) as client:
        yield client


async def recorded(server) -> int:
    return (await server.table("inferences").select("id", count="exact").execute()).count


async def test_real_calls_real_assignments_a_rollback_and_its_proof(api, server):
    outcome, told = await tell(api, Wish(dataset.read(dataset.DEFAULT), LIMIT, 240))
    experiment = {"workspace_id": outcome.workspace_id, "experiment_id": outcome.experiment.id}

    inferences = (await server.table("inferences").select("*").match(experiment).execute()).data
    assert len(inferences) == outcome.sent.answered == LIMIT
    assert {row["output"] for row in inferences} <= set(dataset.read(dataset.DEFAULT).labels)
    assert min(row["latency_ms"] for row in inferences) > 5
    assert all(row["input_tokens"] > 20 for row in inferences)

    assignments = (await server.table("assignments").select("subject,variant_id").match(experiment).execute()).data
    assert {row["subject"] for row in assignments} == {row["subject"] for row in inferences}
    arm_of = {row["subject"]: row["variant_id"] for row in assignments}
    assert all(arm_of[row["subject"]] == row["variant_id"] for row in inferences)
    assert sum(arm["subjects"] for arm in outcome.arms) == LIMIT

    outcomes = (await server.table("outcomes").select("value", count="exact").execute()).count
    assert outcomes == 2 * LIMIT
    assert "Was the split fair?" in told

    assert outcome.stopped in {"similar_examples", "temperature_1"}
    assert "Rolled back" in told
    stopped = next(arm for arm in outcome.arms if arm["variant_key"] == outcome.stopped)
    control = next(arm for arm in outcome.arms if arm["is_control"])
    subject = next(who for who, variant in arm_of.items() if variant == stopped["variant_id"])
    of_control = next(row for row in inferences if row["variant_id"] == control["variant_id"])
    request = {"environment": ENVIRONMENT, "capability": "RouteRequest", "subject": subject}
    async with signed_in(api, outcome.account) as client:
        decision = (await client.rpc("decide", {**request, "workspace_id": outcome.workspace_id}).execute()).data
    assert decision["version"]["id"] == of_control["prompt_version_id"]
    assert decision["reason"] == "variant_rolled_back"


async def test_the_next_run_keeps_the_first_and_takes_other_customers(api, server, small):
    first, _ = await tell(api, Wish(small, 8, 240))
    (row,) = (await server.table("experiments").select("id,revision").execute()).data
    async with signed_in(api, first.account) as client:
        await client.rpc("archive", {"experiment_id": row["id"], "expected_revision": row["revision"]}).execute()
    second, _ = await tell(api, Wish(small, 8, 240))

    assert second.workspace_id == first.workspace_id
    assert (first.experiment.key, second.experiment.key) == ("routing-1", "routing-2")
    calls = (await server.table("inferences").select("subject,experiment_id").execute()).data
    assert {call["experiment_id"] for call in calls} == {first.experiment.id, second.experiment.id}
    assert len({call["subject"] for call in calls}) == len(calls) == 16
    versions = (await server.table("prompt_versions").select("id", count="exact").execute()).count
    assert versions == 3
    examples = (await server.table("intent_examples").select("id", count="exact").execute()).count
    assert examples == len(small.examples)


async def test_what_was_interrupted_goes_on(api, server, small):
    task = asyncio.create_task(tell(api, Wish(small, 24, 240)))
    while await recorded(server) < 10:
        assert not task.done(), task.exception()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    before = await recorded(server)
    assert 10 <= before < 24
    outcome, told = await tell(api, Wish(small, 24, 240))
    assert not outcome.experiment.is_new
    assert f"Going on with {outcome.experiment.key}: {before} of 24 are answered." in told
    assert await recorded(server) == 24
    assert outcome.sent.answered == 24 - before


async def test_time_that_is_up_is_said(api, small):
    outcome, told = await tell(api, Wish(small, 12, 0.001))
    assert outcome.sent.left == 12 - outcome.sent.answered > 0
    assert "requests were not sent, so nobody was assigned for them" in told
