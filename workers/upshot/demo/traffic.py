"""Customers' requests, answered for real: decide, render, call the model, report the call and its outcomes."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from upshot.demo import plan
from upshot.demo.api import Row, Workspace
from upshot.demo.catalog import CAPABILITY
from upshot.demo.dataset import Labelled
from upshot.demo.errors import DemoError
from upshot.demo.examples import ExampleIndex
from upshot.demo.experiments import ENVIRONMENT, Experiment, decide
from upshot.domain.bundle import Bundle
from upshot.domain.completion import Completion
from upshot.domain.errors import ProviderError
from upshot.ports.embedder import Embedder
from upshot.ports.provider import Provider

BATCH = 10
SOURCE = "demo"


@dataclass(frozen=True)
class Tools:
    """What a call needs: the model, and the way to find examples."""

    provider: Provider
    embedder: Embedder
    examples: ExampleIndex


@dataclass(frozen=True)
class Sent:
    """What one run of traffic did."""

    answered: int
    failed: int
    left: int


class Recorder:
    """Hands calls and outcomes on in small batches, so that the dashboard moves while the traffic runs."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._inferences: list[Row] = []
        self._outcomes: list[Row] = []
        self._one_at_a_time = asyncio.Lock()

    async def add(self, inference: Row, outcomes: Sequence[Row]) -> None:
        self._inferences.append(inference)
        self._outcomes += outcomes
        if len(self._inferences) >= BATCH:
            await self.flush()

    async def flush(self) -> None:
        """Send what is waiting."""
        async with self._one_at_a_time:
            inferences, self._inferences = self._inferences, []
            outcomes, self._outcomes = self._outcomes, []
            # A request counts as answered once its inference is known: its outcomes must be there before.
            await self._send("record_outcomes", outcomes)
            await self._send("record_inferences", inferences)

    async def _send(self, verb: str, rows: list[Row]) -> None:
        if not rows:
            return
        answer = await self._workspace.call(verb, **{verb.removeprefix("record_"): rows})
        if answer["errors"]:
            first = answer["errors"][0]
            raise DemoError(f"{verb} refused a row: {first['message']} {first.get('hint') or ''}".strip())


class Traffic:
    """Sends requests, ``lanes`` at a time, until they or the seconds run out."""

    def __init__(
        self, workspace: Workspace, experiment: Experiment, tools: Tools, *, lanes: int, seconds: float
    ) -> None:
        self._workspace = workspace
        self._experiment = experiment
        self._tools = tools
        self._lanes = lanes
        self._seconds = seconds
        self._recorder = Recorder(workspace)
        self._failed = 0
        self._answered = 0

    async def send(self, requests: Sequence[Labelled], on_answer: Callable[[], None]) -> Sent:
        """Answer the requests in order. When time is up no further customer is assigned; calls that run are finished."""
        deadline = time.monotonic() + self._seconds
        waiting = iter(requests)
        try:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(self._lanes):
                    lanes.create_task(self._lane(waiting, deadline, on_answer))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several
        finally:
            # Also when a person stops the demo: what was answered is recorded.
            await asyncio.shield(self._recorder.flush())
        done = self._answered + self._failed
        return Sent(self._answered, self._failed, len(requests) - done)

    async def _lane(self, waiting: Iterable[Labelled], deadline: float, on_answer: Callable[[], None]) -> None:
        for request in waiting:
            await self._answer(request)
            on_answer()
            if time.monotonic() >= deadline:
                return

    async def _answer(self, request: Labelled) -> None:
        decision = await decide(self._workspace, self._experiment.subject(request))
        bundle = Bundle.parse(decision["bundle"])
        started, clock = datetime.now(UTC), time.perf_counter()
        examples = await self._examples(bundle, request)
        looking = time.perf_counter() - clock
        card = self._card(request, decision, bundle, started)
        try:
            completion = await self._tools.provider.complete(
                bundle.request(plan.values(list(bundle.variables), request.text, examples))
            )
        except ProviderError as error:
            self._failed += 1
            failed = {"latency_ms": (time.perf_counter() - clock) * 1000, "status": "error", "error_code": error.code}
            await self._recorder.add(card | failed, self._outcomes(card, right=False, seconds=None))
            return
        self._answered += 1
        seconds = looking + completion.latency_ms / 1000
        right = completion.text == request.label
        await self._recorder.add(card | _call(completion), self._outcomes(card, right=right, seconds=seconds))

    async def _examples(self, bundle: Bundle, request: Labelled) -> list[tuple[str, str]]:
        wanted = sum(name.startswith("example_") for name in bundle.variables)
        if not wanted:
            return []
        (embedding,) = await self._tools.embedder.embed([request.text])
        return self._tools.examples.nearest(embedding, wanted)

    def _card(self, request: Labelled, decision: Row, bundle: Bundle, started: datetime) -> Row:
        return {
            "id": self._experiment.inference_id(request),
            "environment": ENVIRONMENT,
            "subject": self._experiment.subject(request),
            "capability": CAPABILITY,
            "version_id": decision["version"]["id"],
            "experiment_id": (decision["experiment"] or {}).get("id"),
            "variant_id": (decision["variant"] or {}).get("id"),
            "provider": bundle.provider,
            "requested_model": bundle.model,
            "started_at": started.isoformat(),
        }

    def _outcomes(self, card: Row, *, right: bool, seconds: float | None) -> list[Row]:
        measured: dict[str, Any] = {plan.ROUTED_RIGHT.key: right, plan.ANSWER_SECONDS.key: seconds}
        shared = {
            "environment": ENVIRONMENT,
            "subject": card["subject"],
            "inference_id": card["id"],
            "occurred_at": datetime.now(UTC).isoformat(),
            "source": SOURCE,
        }
        return [
            {**shared, "metric": metric, "value": value, "source_event_id": f"{card['id']}:{metric}"}
            for metric, value in measured.items()
            if value is not None
        ]


def _call(completion: Completion) -> Row:
    return {
        "status": "ok",
        "latency_ms": completion.latency_ms,
        "resolved_model": completion.resolved_model,
        "input_tokens": completion.usage.input_tokens,
        "output_tokens": completion.usage.output_tokens,
        "finish_reason": completion.finish_reason,
        "output": completion.text,
    }
