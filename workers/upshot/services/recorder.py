"""Writes results while they come, in small batches."""

import asyncio
from contextlib import suppress
from uuid import UUID

import structlog

from upshot.domain.errors import StoreError
from upshot.domain.jobs import RunResult
from upshot.ports.store import Store

log = structlog.get_logger(__name__)

LAST_CHANCE_SECONDS = 5.0


class Recorder:
    """Takes results from many calls and stores them: at ``size`` results, or after ``linger`` seconds.

    What is not stored when a worker dies is asked again by another worker: keep both small.
    """

    def __init__(self, store: Store, run_id: UUID, *, size: int, linger: float) -> None:
        self._store = store
        self._run_id = run_id
        self._size = size
        self._linger = linger
        self._pending: list[RunResult] = []
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        self._finished = False

    def add(self, result: RunResult) -> None:
        """Hand over one result."""
        self._pending.append(result)
        self._some.set()
        if len(self._pending) >= self._size:
            self._enough.set()

    def finish(self) -> None:
        """No more results will come."""
        self._finished = True
        self._some.set()
        self._enough.set()

    async def write(self) -> None:
        """Store batches until ``finish`` was called; StoreError ends it. Cancelled, it stores what it has."""
        try:
            while self._pending or not self._finished:
                await self._batch_is_due()
                await self._store_pending()
        except asyncio.CancelledError:
            with suppress(StoreError, TimeoutError):  # they are asked again, that is all
                async with asyncio.timeout(LAST_CHANCE_SECONDS):
                    await self._store_pending()
            raise

    async def _batch_is_due(self) -> None:
        await self._some.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._linger):
                await self._enough.wait()
        if not self._finished:
            self._some.clear()
            self._enough.clear()

    async def _store_pending(self) -> None:
        while batch := self._pending[: self._size]:
            new = await self._store.record_results(self._run_id, batch)
            # Only now: a batch whose storing was cut off is stored again, which changes nothing.
            del self._pending[: len(batch)]
            log.info("results_recorded", results=len(batch), new=new)
