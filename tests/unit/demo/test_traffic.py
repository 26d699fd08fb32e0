"""Traffic: what is reported of each call, when it stops, and that nothing answered is lost."""

import asyncio

import pytest

from upshot.demo.api import Workspace
from upshot.demo.dataset import Labelled
from upshot.demo.errors import DemoError
from upshot.demo.examples import Example, ExampleIndex
from upshot.demo.experiments import Experiment
from upshot.demo.plan import arms
from upshot.demo.traffic import BATCH, Sent, Tools, Traffic
from upshot.domain.completion import Completion, FinishReason, Usage
from upshot.domain.errors import ErrorCode, ProviderError

LABELS = ("book", "cancel")
CONTROL, EXAMPLES, _ = arms(LABELS, provider="fake", model="m")
EXPERIMENT = Experiment(id="e-1", key="routing-2", number=2, is_new=True)


class Desk(Workspace):
    """A workspace that decides for one arm and keeps what it is told."""

    def __init__(self, arm=CONTROL, refuse=()):
        self.arm = arm
        self.refuse = list(refuse)
        self.decided = []
        self.batches = {"inferences": [], "outcomes": []}

    async def call(self, verb, **arguments):
        if verb == "decide":
            self.decided.append(arguments["subject"])
            version = {"id": "v-1", "number": 1, "content_hash": "abc"}
            bundle = {"tools": [], **self.arm.bundle}
            return {"version": version, "bundle": bundle, "experiment": {"id": "e-1"}, "variant": {"id": "a-1"}}
        ((name, rows),) = arguments.items()
        self.batches[name].append(rows)
        return {"accepted": len(rows), "duplicates": 0, "errors": self.refuse}

    def told(self, name):
        return [row for batch in self.batches[name] for row in batch]


class Model:
    """Answers with what it is told to, and keeps the requests."""

    name = "fake"

    def __init__(self, answer="book", failure=None, hold=None):
        self.answer, self.failure, self.hold = answer, failure, hold
        self.asked = []

    async def complete(self, request):
        self.asked.append(request)
        if self.hold and len(self.asked) > 3:
            self.hold.set()
            await asyncio.Event().wait()
        if self.failure:
            raise self.failure
        return Completion(
            text=self.answer,
            finish_reason=FinishReason.STOP,
            usage=Usage(input_tokens=20, output_tokens=2),
            latency_ms=250,
            resolved_model="m-1",
        )

    async def aclose(self):
        """Nothing to give back."""


class Compass:
    """Every text points the same way."""

    id, dimensions = "compass", 2

    async def embed(self, texts):
        return [[1.0, 0.0] for _ in texts]


def requests(count: int) -> list[Labelled]:
    return [Labelled(row, f"request {row}", "book") for row in range(1, count + 1)]


def traffic(desk: Desk, model: Model, *, lanes: int = 1, seconds: float = 60) -> Traffic:
    index = ExampleIndex([Example("off we go", "cancel", (1, 0)), Example("a slot", "book", (0.8, 0.6))])
    return Traffic(desk, EXPERIMENT, Tools(model, Compass(), index), lanes=lanes, seconds=seconds)


async def test_each_call_is_reported_once_with_its_outcomes():
    desk, seen = Desk(), []
    sent = await traffic(desk, Model()).send(requests(1), lambda: seen.append(1))
    assert (sent, seen, desk.decided) == (Sent(answered=1, failed=0, left=0), [1], ["customer-2-0001"])
    (inference,) = desk.told("inferences")
    assert inference["id"] == EXPERIMENT.inference_id(requests(1)[0])
    assert inference["experiment_id"] == "e-1"
    assert inference["variant_id"] == "a-1"
    assert (inference["status"], inference["latency_ms"], inference["input_tokens"]) == ("ok", 250, 20)
    outcomes = {row["metric"]: row for row in desk.told("outcomes")}
    assert outcomes["routed_right"]["value"] is True
    assert 0.25 <= outcomes["answer_seconds"]["value"] < 1
    assert {row["inference_id"] for row in outcomes.values()} == {inference["id"]}
    assert len({row["source_event_id"] for row in outcomes.values()}) == 2


async def test_a_wrong_route_is_an_outcome_too():
    desk = Desk()
    await traffic(desk, Model(answer="cancel")).send(requests(1), lambda: None)
    assert [row["value"] for row in desk.told("outcomes") if row["metric"] == "routed_right"] == [False]


async def test_examples_are_looked_up_when_the_version_asks_for_them():
    model = Model()
    await traffic(Desk(EXAMPLES), model).send(requests(1), lambda: None)
    assert [m.content for m in model.asked[0].messages[1:]] == ["a slot", "book", "off we go", "cancel", "request 1"]


async def test_a_failed_call_is_recorded_as_failed_and_as_not_routed():
    desk = Desk()
    sent = await traffic(desk, Model(failure=ProviderError(ErrorCode.TIMEOUT, "slow"))).send(requests(2), lambda: None)
    assert sent == Sent(answered=0, failed=2, left=0)
    assert [row["error_code"] for row in desk.told("inferences")] == ["provider_timeout"] * 2
    assert [(row["metric"], row["value"]) for row in desk.told("outcomes")] == [("routed_right", False)] * 2


async def test_when_time_is_up_nobody_is_assigned_any_more():
    desk = Desk()
    sent = await traffic(desk, Model(), lanes=2, seconds=0).send(requests(9), lambda: None)
    assert sent == Sent(answered=2, failed=0, left=7)
    assert len(desk.decided) == 2


async def test_reports_go_in_small_batches():
    desk = Desk()
    await traffic(desk, Model()).send(requests(2 * BATCH + 3), lambda: None)
    assert [len(batch) for batch in desk.batches["inferences"]] == [BATCH, BATCH, 3]


async def test_a_person_who_stops_it_loses_nothing_that_was_answered():
    desk, held = Desk(), asyncio.Event()
    task = asyncio.create_task(traffic(desk, Model(hold=held)).send(requests(9), lambda: None))
    await asyncio.wait_for(held.wait(), 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(desk.told("inferences")) == 3


@pytest.mark.parametrize("count", [1, BATCH], ids=["at the end", "in the middle"])
async def test_a_row_that_is_refused_stops_the_demo_with_the_reason(count):
    desk = Desk(refuse=[{"index": 0, "message": "There is no metric x.", "hint": "Make it first."}])
    with pytest.raises(DemoError) as caught:
        await traffic(desk, Model()).send(requests(count), lambda: None)
    assert str(caught.value) == "record_outcomes refused a row: There is no metric x. Make it first."


def test_the_same_request_of_an_experiment_always_has_the_same_id_and_other_experiments_other_customers():
    request = requests(1)[0]
    other = Experiment(id="e-2", key="routing-3", number=3, is_new=True)
    assert EXPERIMENT.inference_id(request) == EXPERIMENT.inference_id(request) != other.inference_id(request)
    assert EXPERIMENT.subject(request) != other.subject(request)
