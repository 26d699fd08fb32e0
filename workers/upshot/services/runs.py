"""Runs: the calls of some versions over saved test cases, a chunk of them a job."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from upshot.domain.bundle import Bundle
from upshot.domain.completion import Completion
from upshot.domain.errors import InvalidBundleError, ProviderError, UpshotError
from upshot.domain.jobs import Job, RunChunk, RunItem, RunResult, RunWork
from upshot.ports.prices import Prices
from upshot.ports.store import Store
from upshot.services.calls import Answered, Caller, GaveUpError
from upshot.services.outcome import Done, Later, Outcome, Stop
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

    async def handle(self, job: Job, *, last: bool, stop: Stop) -> Outcome:
        """Call the model for every item without a result. Failures that trying again cannot mend become results."""
        chunk = RunChunk.parse(job.payload)
        work = await self._store.run_work(chunk)
        log.info("run_work_fetched", job_id=job.id, run_id=str(chunk.run_id), items=len(chunk.items), left=len(work))
        pass_ = _Pass(self, chunk, last=last, stop=stop)
        await pass_.run(work)
        return pass_.outcome()

    def recorder(self, run_id: UUID) -> Recorder:
        return Recorder(self._store, run_id, size=self._limits.batch, linger=self._limits.linger)

    def gate(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(self._limits.concurrency)

    async def answer(self, workspace_id: UUID, work: RunWork) -> RunResult:
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


class _Pass:
    """One delivery's way through a chunk."""

    def __init__(self, runs: Runs, chunk: RunChunk, *, last: bool, stop: Stop) -> None:
        self._runs = runs
        self._chunk = chunk
        self._last = last
        self._stop = stop
        self._gate = runs.gate()
        self._recorder = runs.recorder(chunk.run_id)
        self._postponed: list[UpshotError] = []
        self._skipped = 0

    async def run(self, work: Sequence[RunWork]) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._recorder.write())
                async with asyncio.TaskGroup() as calls:
                    for one in work:
                        calls.create_task(self._item(one))
                self._recorder.finish()
        except ExceptionGroup as group:
            raise _first(group) from group

    def outcome(self) -> Outcome:
        if self._postponed:
            longest = max((_retry_after(error) for error in self._postponed), default=0.0)
            first = self._postponed[0]
            return Later(first.code, f"{len(self._postponed)} calls to try again, the first because: {first}", longest)
        if self._skipped:
            return Later("worker_stopped", f"{self._skipped} calls were not begun.", at_once=True)
        return Done()

    async def _item(self, work: RunWork) -> None:
        async with self._gate:
            if self._stop.is_set():
                self._skipped += 1
                return
            result = await self._result(work)
        if result is not None:
            self._recorder.add(result)

    async def _result(self, work: RunWork) -> RunResult | None:
        """The item's result, or None when a later delivery shall try it again. Never raises: one item is not the chunk."""
        try:
            result = await self._runs.answer(self._chunk.workspace_id, work)
        except Exception as error:  # noqa: BLE001 - sorted out below
            failure = error if isinstance(error, UpshotError) else _surprise(error)
            if _may_pass(failure) and not self._last:
                self._postponed.append(failure)
                self._log(work, code=failure.code, postponed=True)
                return None
            tries = failure.attempts if isinstance(failure, GaveUpError) else 0
            result = RunResult(work.item, "error", tries, error_code=failure.code, error_message=str(failure))
        self._log(work, code=result.error_code, attempts=result.attempts, latency_ms=result.latency_ms)
        return result

    def _log(self, work: RunWork, **facts: object) -> None:
        ids = {"run_id": self._chunk.run_id, "version_id": work.item.version_id, "test_case_id": work.item.test_case_id}
        log.info("llm_call_finished", **{k: str(v) for k, v in ids.items()}, repeat=work.item.repeat, **facts)


def _may_pass(error: UpshotError) -> bool:
    """Whether a later delivery may succeed: not for what somebody must change first."""
    if isinstance(error, ProviderError):
        return error.transient
    return not isinstance(error, InvalidBundleError)


def _retry_after(error: UpshotError) -> float:
    return (error.retry_after or 0.0) if isinstance(error, ProviderError) else 0.0


def _surprise(error: Exception) -> UpshotError:
    log.error("item_crashed", error=type(error).__name__)
    # The trace may quote prompts, so it stays out of ordinary logs.
    log.debug("item_crash_trace", exc_info=error)
    return UpshotError(f"The worker failed: {type(error).__name__}.")


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """The first error inside nested groups: the others are its consequences."""
    error: Exception = group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _output(completion: Completion) -> str:
    """The answer's text; with tool calls, a JSON object of both."""
    if not completion.tool_calls:
        return completion.text
    calls = [{"id": c.id, "name": c.name, "arguments": c.arguments} for c in completion.tool_calls]
    return json.dumps({"text": completion.text, "tool_calls": calls}, ensure_ascii=False)
