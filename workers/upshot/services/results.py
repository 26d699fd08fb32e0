"""Keeps results fresh: the database counts, the worker only asks it to, a few times a second."""

import asyncio
import time
from contextlib import nullcontext, suppress

import structlog

from upshot.domain.errors import StoreError
from upshot.domain.ticks import Tick
from upshot.ports.compactor import Compactor
from upshot.services.calm import Calm

log = structlog.get_logger(__name__)

TICKS_A_ROUND = 10_000
IDLE_FACTOR = 2
"""Without news it asks half as often: still often enough for the first outcome after a silence."""
BEHIND_FACTOR = 0.1
"""Work that is left over is gone on with at once, nearly: others want the database too."""
STANDBY_SECONDS = 1.0
"""While another worker is at it, this one looks now and then whether it still is."""
TROUBLE_SECONDS = 5.0
HELD_TOO_LONG = 10.0


class ResultsKeeper:
    """Asks every ``interval`` seconds; of any number of workers one counts and the others stand by.

    ``share`` is how much of the time its ticks may take at most: what is only read now and then leaves room to the rest.
    A keeper with ``patience`` waits up to so many seconds while results are late; one without tells how it fares.
    """

    def __init__(
        self,
        compactor: Compactor,
        *,
        interval: float,
        tier: str = "results",
        share: float = 1.0,
        calm: Calm | None = None,
        patience: float = 0.0,
    ) -> None:
        self._compactor = compactor
        self._interval = interval
        self._tier = tier
        self._rest = 1 / share - 1
        self._calm = calm or Calm()
        self._patience = patience
        self._warned = False
        self._failed = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Keep asking until ``stop`` is set; a database that does not answer is asked again later."""
        while not stop.is_set():
            if self._patience:
                await self._calm.wait(self._patience)
            try:
                async with self._calm.turn if self._patience else nullcontext():
                    began = time.monotonic()
                    tick = await self._compactor.tick()
                took = time.monotonic() - began
                pause = max(self._pause_after(tick, took), took * self._rest)
                if not self._patience:
                    self._calm.tell(took)
            except StoreError as error:
                log.warning(
                    "results_not_counted",
                    tier=self._tier,
                    sqlstate=error.sqlstate,
                    reason=error.reason,
                    refused=error.refused,
                )
                pause = TROUBLE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()

    async def round(self) -> int:
        """Count everything that is there; answers how many ticks moved something."""
        for moved in range(TICKS_A_ROUND):
            if (await self._compactor.tick()).state != "moved":
                return moved
        return TICKS_A_ROUND

    def _pause_after(self, tick: Tick, took: float) -> float:
        self._warn_of_holders(tick)
        self._warn_of_failures(tick)
        if tick.state == "busy":
            return max(STANDBY_SECONDS, self._interval)
        if tick.state == "idle":
            return self._interval * IDLE_FACTOR
        # From beginning to beginning: a tick that took long is followed by the next one at once, nearly.
        return (
            self._interval * BEHIND_FACTOR
            if tick.behind
            else max(self._interval - took, self._interval * BEHIND_FACTOR)
        )

    def _warn_of_holders(self, tick: Tick) -> None:
        held = (tick.held_seconds or 0) > HELD_TOO_LONG
        if held and not self._warned:
            # Nothing after an open transaction that writes can be counted: somebody should know whose it is.
            log.warning("results_held_up", held_seconds=tick.held_seconds, behind=tick.behind)
        self._warned = held

    def _warn_of_failures(self, tick: Tick) -> None:
        if tick.failed > self._failed:
            log.warning("results_stand_still", experiments=tick.failed, hint="experiment_health says which, and why")
        self._failed = tick.failed
