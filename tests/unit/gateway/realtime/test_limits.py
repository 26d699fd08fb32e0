"""Rates, windows and the bounded outbox."""

import asyncio

import pytest

from upshot_devstack.gateway.realtime.limits import CallWindow, RateLimit
from upshot_devstack.gateway.realtime.outbox import Outbox, SlowConsumer


def test_rate_allows_a_burst_of_one_second_and_refills():
    rate = RateLimit(10)
    assert [rate.allows(0.0) for _ in range(11)] == [True] * 10 + [False]
    assert rate.allows(0.1)
    assert not rate.allows(0.1)
    assert [rate.allows(100.0) for _ in range(11)] == [True] * 10 + [False]


def test_window_starts_with_its_first_call():
    window = CallWindow(2, 30)
    assert [window.allows(at) for at in (5.0, 6.0, 7.0, 34.9)] == [True, True, False, False]
    assert window.allows(35.1)


async def test_outbox_gives_frames_in_order():
    outbox = Outbox(10, 100)
    for frame in ("a", b"b", "c"):
        outbox.put(frame)
    assert [await outbox.get() for _ in range(3)] == ["a", b"b", "c"]


async def test_outbox_wakes_its_writer():
    outbox = Outbox(10, 100)
    waiting = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    outbox.put("late")
    assert await asyncio.wait_for(waiting, 60) == "late"


@pytest.mark.parametrize("frames", [["x"] * 4, ["x" * 11]])
async def test_full_outbox_gives_up(frames):
    outbox = Outbox(3, 10)
    overflow = asyncio.create_task(outbox.overflow())
    for frame in frames:
        outbox.put(frame)
    with pytest.raises(SlowConsumer):
        await asyncio.wait_for(overflow, 60)
    with pytest.raises(SlowConsumer):
        await outbox.get()
    outbox.put("ignored")
    assert len(outbox) == 0


async def test_room_is_given_back():
    outbox = Outbox(2, 4)
    for _ in range(100):
        outbox.put("four")
        assert await outbox.get() == "four"
