"""The keeper of ramps asks until nothing is left, and survives a database that does not answer."""

import asyncio

import pytest

from upshot.domain.errors import StoreError
from upshot.domain.ramps import RampMove
from upshot.services.ramps import RampKeeper

MOVE = RampMove("r", "running", 2, None)


class Scripted:
    """Answers in this order, then stops the keeper."""

    def __init__(self, *answers: RampMove | StoreError | None) -> None:
        self.answers = list(answers)
        self.stop = asyncio.Event()
        self.asked = 0

    async def tick(self, pause_seconds: int) -> RampMove | None:
        self.asked += 1
        answer = self.answers.pop(0)
        if not self.answers:
            self.stop.set()
        if isinstance(answer, StoreError):
            raise answer
        return answer


async def test_a_round_ends_when_nothing_moves():
    ramps = Scripted(MOVE, MOVE, None)
    assert await RampKeeper(ramps, interval=1).round() == 2


async def test_a_round_is_bounded():
    ramps = Scripted(*[MOVE] * 200)
    assert await RampKeeper(ramps, interval=1).round() == 100


async def test_trouble_is_not_the_end():
    ramps = Scripted(StoreError("down"), MOVE, None)
    await RampKeeper(ramps, interval=0.001).run(ramps.stop)
    assert ramps.asked == 3


async def test_a_single_round_passes_trouble_on():
    with pytest.raises(StoreError):
        await RampKeeper(Scripted(StoreError("down")), interval=1).round()
