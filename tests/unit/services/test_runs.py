import asyncio
from random import Random

import pytest
from structlog.testing import capture_logs

from unit.services.fakes import BUNDLE, FakeClock, FakeProvider, FakeStore, job
from upshot.adapters.prices import SnapshotPrices
from upshot.domain.errors import ErrorCode, InvalidJobError, ProviderError, StoreError
from upshot.domain.retry import CallPolicy
from upshot.services.calls import Caller
from upshot.services.disposition import Done, Later
from upshot.services.provider_pool import ProviderPool
from upshot.services.runs import RunLimits, Runs


def refused(code, **more):
    return ProviderError(code, "because", **more)


async def handle(store, provider, *, last=False, stop=None, payload=None, **limits):
    clock = FakeClock()
    pool = ProviderPool(store, lambda _name, _key: provider, clock)
    caller = Caller(CallPolicy(attempts=2), clock, Random(1))
    runs = Runs(store, pool, caller, SnapshotPrices(), RunLimits(**{"linger": 0.01} | limits))
    return await runs.handle(job(payload or store.chunk()), last=last, stop=stop or asyncio.Event())


async def test_every_item_gets_its_result():
    store = FakeStore(["a", "b", "c"])
    assert await handle(store, FakeProvider()) == Done()
    results = store.by_text()
    assert {text: r.output for text, r in results.items()} == {"a": "A", "b": "B", "c": "C"}
    assert {(r.status, r.finish_reason, r.input_tokens, r.attempts) for r in results.values()} == {("ok", "stop", 3, 1)}


async def test_items_with_a_result_are_not_called_again():
    store, provider = FakeStore(["a", "b"]), FakeProvider()
    await handle(store, provider)
    await handle(store, provider)
    assert sorted(provider.calls) == ["a", "b"]


async def test_calls_are_bounded():
    provider = FakeProvider()
    await handle(FakeStore([str(n) for n in range(20)]), provider, concurrency=3)
    assert provider.most_running == 3


async def test_results_are_stored_in_small_batches():
    store = FakeStore([str(n) for n in range(20)])
    await handle(store, FakeProvider(), batch=4)
    assert sum(store.batches) == 20
    assert max(store.batches) <= 4


async def test_a_permanent_failure_is_a_result_with_its_code():
    store = FakeStore(["a", "b"])
    assert await handle(store, FakeProvider({"a": refused(ErrorCode.CONTEXT_TOO_LONG)})) == Done()
    results = store.by_text()
    assert (results["a"].status, results["a"].error_code, results["a"].attempts) == ("error", "context_too_long", 1)
    assert results["a"].output is None
    assert results["b"].status == "ok"


async def test_a_bundle_that_cannot_run_is_a_result_without_a_call():
    store, provider = FakeStore(["a"], bundle=BUNDLE | {"variables": {}}), FakeProvider()
    assert await handle(store, provider) == Done()
    assert store.by_text()["a"].error_code == "unexpected_variable"
    assert store.by_text()["a"].attempts == 0
    assert provider.calls == []


async def test_a_passing_failure_waits_for_another_delivery():
    store = FakeStore(["a", "b"])
    provider = FakeProvider({"a": refused(ErrorCode.RATE_LIMITED, retry_after=500)})
    disposition = await handle(store, provider)
    assert isinstance(disposition, Later)
    assert (disposition.code, disposition.retry_after, disposition.at_once) == ("rate_limited", 500, False)
    assert list(store.by_text()) == ["b"]


async def test_at_the_last_delivery_a_passing_failure_is_a_result():
    store = FakeStore(["a"])
    assert await handle(store, FakeProvider({"a": refused(ErrorCode.OVERLOADED)}), last=True) == Done()
    assert (store.by_text()["a"].error_code, store.by_text()["a"].attempts) == ("provider_overloaded", 2)


async def test_a_surprise_in_one_item_does_not_cost_the_others_and_quotes_nothing():
    store = FakeStore(["a", "b"])
    with capture_logs() as logged:
        disposition = await handle(store, FakeProvider({"a": KeyError("prompt text")}))
    assert (disposition.code, list(store.by_text())) == ("internal_error", ["b"])
    assert "prompt text" not in disposition.message + str(logged)
    [crash] = [entry for entry in logged if entry["event"] == "item_crashed"]
    assert any("_act" in frame for frame in crash["frames"])


async def test_a_database_that_refuses_ends_the_delivery():
    store = FakeStore(["a"])
    store.broken = StoreError("refused", sqlstate="42501")
    with pytest.raises(StoreError):
        await handle(store, FakeProvider())


async def test_asked_to_stop_it_begins_nothing_and_keeps_what_it_has():
    stop = asyncio.Event()

    async def stop_now():
        stop.set()

    store = FakeStore(["a", "b", "c"])
    disposition = await handle(store, FakeProvider({"a": stop_now}), stop=stop, concurrency=1)
    assert (disposition.code, disposition.at_once) == ("worker_stopped", True)
    assert list(store.by_text()) == ["a"]


async def test_cancelled_it_stores_the_answers_that_it_has():
    begun = asyncio.Event()

    async def hang():
        begun.set()
        await asyncio.Event().wait()

    store = FakeStore(["a", "b"])
    running = asyncio.create_task(handle(store, FakeProvider({"b": hang}), linger=60, batch=50, concurrency=1))
    await asyncio.wait_for(begun.wait(), 60)
    assert store.by_text() == {}
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert list(store.by_text()) == ["a"]


async def test_poison_is_told():
    with pytest.raises(InvalidJobError):
        await handle(FakeStore(), FakeProvider(), payload={"run_id": "x"})
