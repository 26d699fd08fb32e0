"""Runs: the calls of some versions over saved test cases, a chunk of them a job."""

import json
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import structlog

from upshot.domain.bundle import Bundle
from upshot.domain.completion import Completion
from upshot.domain.jobs import Job, RunChunk, RunItem, RunResult, RunWork
from upshot.ports.prices import Prices
from upshot.ports.store import Store
from upshot.services.calls import Answered, Caller
from upshot.services.delivery import Delivery
from upshot.services.disposition import Disposition, Stop
from upshot.services.provider_pool import ProviderPool
from upshot.services.recorder import Recorder

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class RunLimits:
    """``concurrency``: calls at once in one job; ``batch``, ``linger``: how results are stored (count, seconds)."""

    concurrency: int = 8
    batch: int = 10
    linger: float = 0.5


class Runs:
    """Handler of ``run_chunk`` jobs. Results are exact whatever dies: each item is stored once, the first result wins."""

    def __init__(self, store: Store, pool: ProviderPool, caller: Caller, prices: Prices, limits: RunLimits) -> None:
        self._store = store
        self._pool = pool
        self._caller = caller
        self._prices = prices
        self._limits = limits

    async def handle(self, job: Job, *, last: bool, stop: Stop) -> Disposition:
        """Call the model for every item without a result. Failures that trying again cannot mend become results."""
        chunk = RunChunk.parse(job.payload)
        work = await self._store.run_work(chunk)
        recorder = Recorder(self._store, chunk.run_id, size=self._limits.batch, linger=self._limits.linger)
        answer = partial(self._answer, chunk.workspace_id)
        delivery = Delivery(answer, recorder, concurrency=self._limits.concurrency, last=last, stop=stop)
        with structlog.contextvars.bound_contextvars(job_id=job.id, run_id=str(chunk.run_id)):
            log.info("run_work_fetched", items=len(chunk.items), left=len(work))
            return await delivery.run(work)

    async def _answer(self, workspace_id: UUID, work: RunWork) -> RunResult:
        """One item's result; ProviderError when no answer came, InvalidBundleError when none ever can."""
        bundle = Bundle.parse(work.bundle)
        request = bundle.request(work.variables)
        async with self._pool.use(workspace_id, bundle.provider) as provider:
            answered = await self._caller.call(provider, request)
        return self._result(work.item, bundle, answered)

    def _result(self, item: RunItem, bundle: Bundle, answered: Answered) -> RunResult:
        completion = answered.completion
        model = completion.resolved_model or bundle.model
        return RunResult(
            item=item,
            status="ok",
            attempts=answered.attempts,
            output=_output(completion),
            finish_reason=completion.finish_reason,
            latency_ms=completion.latency_ms,
            input_tokens=completion.usage.input_tokens,
            output_tokens=completion.usage.output_tokens,
            cost=self._prices.cost(bundle.provider, model, completion.usage),
        )


def _output(completion: Completion) -> str:
    """The answer's text; with tool calls, a JSON object of both."""
    if not completion.tool_calls:
        return completion.text
    calls = [{"id": c.id, "name": c.name, "arguments": c.arguments} for c in completion.tool_calls]
    return json.dumps({"text": completion.text, "tool_calls": calls}, ensure_ascii=False)
