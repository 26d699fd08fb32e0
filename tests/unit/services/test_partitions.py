"""The keeper of partitions asks at once, again an hour later, and survives a database that does not answer."""

import asyncio

import pytest

from upshot.domain.errors import StoreError
from upshot.services import partitions
from upshot.services.partitions import PartitionKeeper


class Flaky:
    """Fails the first time, makes a month the second, and then stops the keeper."""

    def __init__(self) -> None:
        self.asked = 0
        self.stop = asyncio.Event()

    async def keep(self) -> list[str]:
        self.asked += 1
        if self.asked == 1:
            raise StoreError("down")
        self.stop.set()
        return ["outcomes_2026_01"]


async def test_it_asks_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(partitions, "INTERVAL_SECONDS", 0)
    script = Flaky()
    await PartitionKeeper(script).run(script.stop)
    assert script.asked == 2
