"""Claims jobs and sees each of them through."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from upshot.domain.errors import ErrorCode, InvalidJobError, StoreError, UpshotError
from upshot.domain.jobs import Job
from upshot.domain.retry import JobPolicy
from upshot.ports.queue import Queue, Wake
from upshot.services.disposition import Dead, Disposition, Done, Handler, Later, Lost
from upshot.services.trace import frames

log = structlog.get_logger(__name__)

Handlers = Mapping[str, Handler]
"""Who does which kind of job."""


@dataclass(frozen=True)
class WorkerLimits:
    """``jobs``: jobs at once. Seconds: ``lease`` of a claimed job, ``poll`` between looks when no hint comes,
    ``drain`` for running jobs after the worker was asked to stop.
    """

    jobs: int = 2
    lease: int = 60
    poll: float = 10.0
    drain: float = 30.0


class Worker:
    """Several lanes; each claims a job, works on it, and claims the next."""

    def __init__(self, queue: Queue, wake: Wake, handlers: Handlers, policy: JobPolicy, limits: WorkerLimits) -> None:
        self._queue = queue
        self._wake = wake
        self._handlers = handlers
        self._policy = policy
        self._limits = limits

    async def run(self, stop: asyncio.Event, *, until_empty: bool = False) -> None:
        """Work until ``stop`` is set and the running jobs have come to an end, or their time is over.

        ``until_empty``: also stop when there is nothing left to claim.
        """
        log.info("worker_started", jobs=self._limits.jobs, kinds=sorted(self._handlers))
        async with asyncio.TaskGroup() as group:
            lanes = [group.create_task(self._lane(stop, until_empty)) for _ in range(self._limits.jobs)]
            stopping = group.create_task(stop.wait())
            await asyncio.wait({stopping, group.create_task(_all(lanes))}, return_when=asyncio.FIRST_COMPLETED)
            log.info("worker_stopping", drain_seconds=self._limits.drain)
            _, late = await asyncio.wait(lanes, timeout=self._limits.drain)
            for task in (*late, stopping):
                task.cancel()
        log.info("worker_stopped")

    async def _lane(self, stop: asyncio.Event, until_empty: bool) -> None:
        while not stop.is_set():
            seen = self._wake.hints
            try:
                jobs = await self._queue.claim(1, self._limits.lease)
            except StoreError as error:
                if until_empty:  # "nothing left" is not known
                    raise
                log.warning("claim_failed", sqlstate=error.sqlstate, reason=error.reason, refused=error.refused)
                jobs = []
            for job in jobs:
                await self._process(job, stop)
            if not jobs and until_empty:
                return
            if not jobs:
                await self._idle(seen, stop)

    async def _idle(self, seen: int, stop: asyncio.Event) -> None:
        hint = asyncio.ensure_future(self._wake.wait(seen, self._limits.poll))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({hint, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hint.cancel()
            stopping.cancel()
            await asyncio.gather(hint, stopping, return_exceptions=True)

    async def _process(self, job: Job, stop: asyncio.Event) -> None:
        log.info("job_claimed", job_id=job.id, kind=job.kind, attempt=job.attempt)
        try:
            disposition = await self._disposition(job, stop)
        except asyncio.CancelledError:
            await self._settle(job, Later(ErrorCode.WORKER_STOPPED, "The worker had to stop.", at_once=True))
            raise
        await self._settle(job, disposition)

    async def _disposition(self, job: Job, stop: asyncio.Event) -> Disposition:
        try:
            return await self._leased(job, stop)
        except InvalidJobError as error:
            return Dead(error.code, str(error))
        except StoreError as error:
            log.warning("database_refused", job_id=job.id, sqlstate=error.sqlstate, reason=error.reason)
            return Later(error.code, str(error))
        except UpshotError as error:
            return Later(error.code, str(error))
        except Exception as error:  # noqa: BLE001 - one job's surprise must not take the worker down
            return _crashed(job, error)

    async def _leased(self, job: Job, stop: asyncio.Event) -> Disposition:
        handler = self._handlers.get(job.kind)
        if handler is None:
            # A newer worker may know it.
            return Later(ErrorCode.INVALID_JOB, f"This worker does not know jobs of kind {job.kind!r}.")
        if job.attempt > self._policy.attempts:
            # Earlier deliveries never said how they ended: whoever had the job died with it.
            return Dead(ErrorCode.ATTEMPTS_EXHAUSTED, f"Given up after {job.attempt - 1} deliveries without an end.")
        work = asyncio.ensure_future(handler.handle(job, last=job.attempt == self._policy.attempts, stop=stop))
        keeper = asyncio.ensure_future(self._keep(job))
        try:
            await asyncio.wait({work, keeper}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (work, keeper):
                task.cancel()
            await asyncio.gather(work, keeper, return_exceptions=True)
        return Lost() if work.cancelled() else work.result()

    async def _keep(self, job: Job) -> None:
        """Extend the lease while the job runs; return when it is lost."""
        failures = 0
        while True:
            await asyncio.sleep(self._limits.lease / 3)
            try:
                if not await self._queue.extend(job.id, self._limits.lease):
                    return
                failures = 0
            except StoreError as error:
                failures += 1
                log.warning("lease_not_extended", job_id=job.id, sqlstate=error.sqlstate)
                if error.refused or failures > 1:  # refused, or nearly run out
                    return

    async def _settle(self, job: Job, disposition: Disposition) -> None:
        try:
            async with asyncio.timeout(self._limits.lease):
                await self._tell(job, disposition)
        except (StoreError, TimeoutError) as error:
            # The lease ends by itself and the job is delivered again; results that were stored stay stored.
            log.warning("job_not_settled", job_id=job.id, error=type(error).__name__)

    async def _tell(self, job: Job, disposition: Disposition) -> None:
        match disposition:
            case Done():
                await self._queue.complete(job.id)
                log.info("job_completed", job_id=job.id, attempt=job.attempt)
            case Later():
                wait = 0 if disposition.at_once else self._policy.delay(job.attempt, disposition.retry_after)
                await self._give_back(job, disposition, wait)
            case Dead():
                await self._give_back(job, disposition, None)
            case Lost():
                log.warning("job_lost", job_id=job.id)

    async def _give_back(self, job: Job, disposition: Later | Dead, wait: int | None) -> None:
        try:
            await self._queue.fail(job.id, disposition.code, disposition.message, wait)
        except StoreError as error:
            if wait is not None or not error.refused:
                raise
            # Not even its failure can be noted: out of the queue with it, or it comes back for ever.
            await self._queue.complete(job.id)
            log.warning(
                "job_buried_unnoted", job_id=job.id, code=disposition.code, sqlstate=error.sqlstate, reason=error.reason
            )
            return
        log.info("job_dead" if wait is None else "job_postponed", job_id=job.id, code=disposition.code, seconds=wait)


async def _all(tasks: Sequence[asyncio.Task[None]]) -> None:
    await asyncio.wait(tasks)


def _crashed(job: Job, error: Exception) -> Disposition:
    log.error("job_crashed", job_id=job.id, error=type(error).__name__, frames=frames(error))
    return Later(ErrorCode.INTERNAL, f"The worker failed: {type(error).__name__}.")
