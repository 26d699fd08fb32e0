"""Everything that one worker process does at the same time."""

import asyncio

from upshot.services.partitions import PartitionKeeper
from upshot.services.ramps import RampKeeper
from upshot.services.results import ResultsKeeper
from upshot.services.worker import Worker


class Crew:
    """The queue's worker, and the keepers of ramps, results, their days and slices, and partitions."""

    def __init__(
        self,
        worker: Worker,
        ramps: RampKeeper,
        results: ResultsKeeper,
        days: ResultsKeeper,
        slices: ResultsKeeper,
        partitions: PartitionKeeper,
    ) -> None:
        self._worker = worker
        self._ramps = ramps
        self._results = results
        self._days = days
        self._slices = slices
        self._partitions = partitions

    async def run(self, stop: asyncio.Event, *, until_empty: bool = False) -> None:
        """Work until ``stop`` is set. ``until_empty``: the queue once to its end, the results, the rest once."""
        if until_empty:
            await self._worker.run(stop, until_empty=True)
            await self._results.round()
            await self._days.round()
            await self._slices.round()
            await self._ramps.round()
            await self._partitions.round()
            return
        async with asyncio.TaskGroup() as group:
            kept = (self._ramps, self._results, self._days, self._slices, self._partitions)
            keepers = [group.create_task(keeper.run(stop)) for keeper in kept]
            await self._worker.run(stop)
            for keeper in keepers:
                keeper.cancel()
