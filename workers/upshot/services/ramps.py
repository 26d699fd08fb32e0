"""Looks after running ramps: the database decides, the worker only asks it to, again and again."""

import asyncio
from contextlib import suppress

import structlog

from upshot.domain.errors import StoreError
from upshot.ports.ramps import Ramps

log = structlog.get_logger(__name__)

MOVES_A_ROUND = 100


class RampKeeper:
    """Asks every ``interval`` seconds; any number of workers may do so at once."""

    def __init__(self, ramps: Ramps, *, interval: float) -> None:
        self._ramps = ramps
        self._interval = interval

    async def run(self, stop: asyncio.Event) -> None:
        """Keep asking until ``stop`` is set; a database that does not answer is asked again later."""
        while not stop.is_set():
            try:
                await self.round()
            except StoreError as error:
                log.warning("ramps_not_ticked", sqlstate=error.sqlstate, reason=error.reason, refused=error.refused)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._interval):
                    await stop.wait()

    async def round(self) -> int:
        """Move what is due; answers how many ramps moved."""
        for moved in range(MOVES_A_ROUND):
            move = await self._ramps.tick(max(1, int(self._interval / 2)))
            if move is None:
                return moved
            log.info("ramp_moved", ramp_id=move.ramp_id, state=move.state, step=move.step, end_code=move.end_code)
        return MOVES_A_ROUND
