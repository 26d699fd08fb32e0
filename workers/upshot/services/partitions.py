"""Has the coming months of raw events made before they begin."""

import asyncio
from contextlib import suppress

import structlog

from upshot.domain.errors import StoreError
from upshot.ports.partitions import Partitions

log = structlog.get_logger(__name__)

INTERVAL_SECONDS = 3600.0
"""The database makes two months ahead, and what no month holds waits in a default partition: an hour is often."""


class PartitionKeeper:
    """Asks at the start and every hour; any number of workers may do so at once."""

    def __init__(self, partitions: Partitions) -> None:
        self._partitions = partitions

    async def run(self, stop: asyncio.Event) -> None:
        """Keep asking until ``stop`` is set; a database that does not answer is asked again later."""
        while not stop.is_set():
            await self.round()
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_SECONDS):
                    await stop.wait()

    async def round(self) -> None:
        """Make what is missing."""
        try:
            made = await self._partitions.keep()
        except StoreError as error:
            log.warning("partitions_not_kept", sqlstate=error.sqlstate, reason=error.reason, refused=error.refused)
            return
        if made:
            log.info("partitions_made", made=made)
