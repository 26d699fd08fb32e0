"""Everything that one worker process does at the same time."""

import asyncio

from upshot.services.ramps import RampKeeper
from upshot.services.results import ResultsKeeper
from upshot.services.worker import Worker


class Crew:
    """The queue's worker, the ramps' keeper and the results' keeper."""

    def __init__(self, worker: Worker, ramps: RampKeeper, results: ResultsKeeper) -> None:
        self._worker = worker
        self._ramps = ramps
        self._results = results

    async def run(self, stop: asyncio.Event, *, until_empty: bool = False) -> None:
        """Work until ``stop`` is set. ``until_empty``: the queue once to its end, the results, the ramps once."""
        if until_empty:
            await self._worker.run(stop, until_empty=True)
            await self._results.round()
            await self._ramps.round()
            return
        async with asyncio.TaskGroup() as group:
            keepers = [group.create_task(self._ramps.run(stop)), group.create_task(self._results.run(stop))]
            await self._worker.run(stop)
            for keeper in keepers:
                keeper.cancel()
