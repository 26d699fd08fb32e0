"""One delivery of one chunk: who is called, what is kept, what is left."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from upshot.domain.errors import ErrorCode, InvalidBundleError, ProviderError, UpshotError
from upshot.domain.jobs import RunResult, RunWork
from upshot.services.calls import GaveUpError
from upshot.services.disposition import Disposition, Done, Later, Stop
from upshot.services.recorder import Recorder
from upshot.services.trace import frames

log = structlog.get_logger(__name__)

Answer = Callable[[RunWork], Awaitable[RunResult]]
"""Makes one item's call; raises UpshotError when there is no answer."""


class Delivery:
    """Calls with bounded concurrency, stores results as they come, and sorts failures into results and later."""

    def __init__(self, answer: Answer, recorder: Recorder, *, concurrency: int, last: bool, stop: Stop) -> None:
        self._answer = answer
        self._recorder = recorder
        self._gate = asyncio.Semaphore(concurrency)
        self._last = last
        self._stop = stop
        self._postponed: list[UpshotError] = []
        self._skipped = 0

    async def run(self, work: Sequence[RunWork]) -> Disposition:
        """Every item once; StoreError when results cannot be stored."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._recorder.write())
                async with asyncio.TaskGroup() as calls:
                    for one in work:
                        calls.create_task(self._item(one))
                self._recorder.finish()
        except ExceptionGroup as group:
            raise _first(group) from group
        return self._disposition()

    def _disposition(self) -> Disposition:
        if self._postponed:
            longest = max((_retry_after(error) for error in self._postponed), default=0.0)
            first = self._postponed[0]
            return Later(first.code, f"{len(self._postponed)} calls to try again, the first because: {first}", longest)
        if self._skipped:
            return Later(ErrorCode.WORKER_STOPPED, f"{self._skipped} calls were not begun.", at_once=True)
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
            result = await self._answer(work)
        except Exception as error:  # noqa: BLE001 - sorted out below
            failure = error if isinstance(error, UpshotError) else _surprise(error)
            if _may_pass(failure) and not self._last:
                self._postponed.append(failure)
                _log(work, code=failure.code, postponed=True)
                return None
            tries = failure.attempts if isinstance(failure, GaveUpError) else 0
            result = RunResult(work.item, "error", tries, error_code=failure.code, error_message=str(failure))
        _log(work, code=result.error_code, attempts=result.attempts, latency_ms=result.latency_ms)
        return result


def _log(work: RunWork, **facts: object) -> None:
    ids = {"version_id": str(work.item.version_id), "test_case_id": str(work.item.test_case_id)}
    log.info("llm_call_finished", **ids, repeat=work.item.repeat, **facts)


def _may_pass(error: UpshotError) -> bool:
    """Whether a later delivery may succeed: not for what somebody must change first."""
    if isinstance(error, ProviderError):
        return error.transient
    return not isinstance(error, InvalidBundleError)


def _retry_after(error: UpshotError) -> float:
    return (error.retry_after or 0.0) if isinstance(error, ProviderError) else 0.0


def _surprise(error: Exception) -> UpshotError:
    log.error("item_crashed", error=type(error).__name__, frames=frames(error))
    return UpshotError(f"The worker failed: {type(error).__name__}.")


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """The first error inside nested groups: the others are its consequences."""
    error: Exception = group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
