"""The keeper of results asks again and again, stands by for another worker, and survives a database that does not answer."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

import pytest

from upshot.domain.errors import StoreError
from upshot.domain.ticks import Tick
from upshot.services.calm import Calm
from upshot.services.results import ResultsKeeper

MOVED, IDLE, BUSY = Tick("moved"), Tick("idle"), Tick("busy")


class Scripted:
    """Answers in this order, then stops the keeper."""

    def __init__(self, *answers: Tick | StoreError) -> None:
        self.answers = list(answers)
        self.stop = asyncio.Event()

    async def tick(self) -> Tick:
        answer = self.answers.pop(0)
        if not self.answers:
            self.stop.set()
        if isinstance(answer, StoreError):
            raise answer
        return answer


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the keeper would have waited, each time."""
    waited: list[float] = []

    def timeout(seconds: float) -> asyncio.Timeout:
        waited.append(seconds)
        return asyncio.Timeout(0)

    monkeypatch.setattr("upshot.services.results.asyncio.timeout", timeout)
    return waited


async def test_a_round_ends_when_nothing_moves():
    assert await ResultsKeeper(Scripted(MOVED, MOVED, IDLE), interval=1).round() == 2


async def test_it_asks_less_often_without_news_stands_by_for_others_and_waits_out_trouble(pauses: list[float]):
    script = Scripted(MOVED, IDLE, BUSY, StoreError("down"), Tick("moved", behind=7), MOVED)
    await ResultsKeeper(script, interval=0.25).run(script.stop)
    assert pauses[:5] == pytest.approx([0.25, 0.5, 1.0, 5.0, 0.025], abs=0.05)


async def test_ticks_begin_at_their_interval_however_long_they_take(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
):
    clock = iter([0.0, 0.125, 1.0, 2.0])
    monkeypatch.setattr("upshot.services.results.time", SimpleNamespace(monotonic=lambda: next(clock)))
    script = Scripted(MOVED, MOVED)
    await ResultsKeeper(script, interval=0.25).run(script.stop)
    assert pauses == [0.125, 0.025]


async def test_what_is_read_now_and_then_waits_while_results_are_late_until_its_patience_ends():
    asked = asyncio.Event()

    class Asked(Calm):
        async def wait(self, patience: float) -> None:
            asked.set()
            await super().wait(patience)

    calm, days = Asked(), Scripted(MOVED)
    calm.tell(5.0)
    waiting = asyncio.create_task(ResultsKeeper(days, interval=1, tier="days", calm=calm, patience=60).run(days.stop))
    await asyncio.wait_for(asked.wait(), 60)
    assert not days.stop.is_set()
    calm.tell(0.01)
    await asyncio.wait_for(waiting, 60)
    assert days.stop.is_set()

    calm.tell(5.0)
    impatient = Scripted(MOVED)
    keeper = ResultsKeeper(impatient, interval=1, tier="days", calm=calm, patience=0.001)
    await asyncio.wait_for(keeper.run(impatient.stop), 60)


async def test_tiers_that_wait_for_results_tick_one_at_a_time():
    calm, both, at_work = Calm(), asyncio.Barrier(2), 0

    class Counted:
        def __init__(self) -> None:
            self.stop = asyncio.Event()

        async def tick(self) -> Tick:
            nonlocal at_work
            at_work += 1
            assert at_work == 1
            with suppress(TimeoutError):
                async with asyncio.timeout(0.01):
                    await both.wait()
            at_work -= 1
            self.stop.set()
            return MOVED

    days, slices = Counted(), Counted()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        for tier in (days, slices):
            group.create_task(ResultsKeeper(tier, interval=1, calm=calm, patience=1).run(tier.stop))


async def test_a_transaction_that_holds_results_up_is_told_once(capsys: pytest.CaptureFixture[str]):
    held = Tick("idle", behind=3, lag_seconds=12, held_seconds=12)
    script = Scripted(held, held, IDLE)
    await ResultsKeeper(script, interval=0.001).run(script.stop)
    assert capsys.readouterr().out.count("results_held_up") == 1


async def test_a_tier_that_may_take_a_quarter_of_the_time_rests_three_times_as_long_as_its_tick_took(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
):
    clock = iter([0.0, 4.0, 100.0, 100.0])
    monkeypatch.setattr("upshot.services.results.time", SimpleNamespace(monotonic=lambda: next(clock)))
    script = Scripted(Tick("moved", behind=7), IDLE)
    await ResultsKeeper(script, interval=1, share=0.25).run(script.stop)
    assert pauses == [12.0, 2.0]
