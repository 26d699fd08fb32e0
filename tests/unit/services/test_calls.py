import asyncio
from random import Random

import pytest

from unit.services.fakes import FakeClock, FakeProvider
from upshot.domain.completion import CompletionRequest, Message
from upshot.domain.errors import ErrorCode, ProviderError, UnsupportedParameterError
from upshot.domain.retry import CallPolicy
from upshot.services.calls import Caller, GaveUpError

REQUEST = CompletionRequest(model="m", messages=(Message(role="user", content="hi"),))


def limited(retry_after=None):
    return ProviderError(ErrorCode.RATE_LIMITED, "slow down", retry_after=retry_after)


@pytest.fixture
def clock():
    return FakeClock()


async def call(clock, provider, **policy):
    return await Caller(CallPolicy(**policy), clock, Random(1)).call(provider, REQUEST)


async def test_the_first_answer_is_taken(clock):
    answered = await call(clock, FakeProvider())
    assert (answered.completion.text, answered.attempts, clock.slept) == ("HI", 1, [])


async def test_transient_failures_are_tried_again(clock):
    answered = await call(clock, FakeProvider({"hi": [limited(), limited()]}))
    assert answered.attempts == 3
    assert len(clock.slept) == 2


async def test_the_providers_wait_is_kept(clock):
    await call(clock, FakeProvider({"hi": [limited(7)]}))
    assert 7 <= clock.slept[0] <= 7.7


async def test_too_long_a_wait_is_left_to_the_queue(clock):
    with pytest.raises(GaveUpError) as gave_up:
        await call(clock, FakeProvider({"hi": [limited(3600)]}), retry_after_cap=60)
    assert (gave_up.value.attempts, gave_up.value.retry_after, clock.slept) == (1, 3600, [])
    assert gave_up.value.transient


async def test_permanent_failures_are_not_tried_again(clock):
    refused = ProviderError(ErrorCode.AUTHENTICATION_FAILED, "no")
    with pytest.raises(GaveUpError) as gave_up:
        await call(clock, FakeProvider({"hi": [refused]}))
    assert (gave_up.value.attempts, gave_up.value.code) == (1, ErrorCode.AUTHENTICATION_FAILED)


async def test_tries_end(clock):
    provider = FakeProvider({"hi": [limited() for _ in range(9)]})
    with pytest.raises(GaveUpError) as gave_up:
        await call(clock, provider, attempts=4)
    assert gave_up.value.attempts == len(provider.calls) == 4


async def test_the_deadline_covers_tries_and_waits_together(clock):
    provider = FakeProvider({"hi": [limited(20) for _ in range(9)]})
    with pytest.raises(GaveUpError):
        await call(clock, provider, attempts=9, deadline=50)
    assert clock.time - 1000 < 50


async def test_a_try_that_hangs_is_a_timeout(clock):
    with pytest.raises(GaveUpError) as gave_up:
        await call(clock, FakeProvider({"hi": [asyncio.Event().wait]}), attempts=1, attempt_timeout=0.01)
    assert gave_up.value.code == ErrorCode.TIMEOUT


async def test_an_invalid_bundle_comes_through_at_once(clock):
    with pytest.raises(UnsupportedParameterError):
        await call(clock, FakeProvider({"hi": [UnsupportedParameterError("no")]}))


async def test_a_real_sdk_behaves_well_under_the_loop(llmock):
    """The mock server's own verdict: waits kept, no storms, no cut answer taken for a whole one."""
    from upshot.adapters.clock import SystemClock  # noqa: PLC0415
    from upshot.adapters.openai import OpenAIProvider  # noqa: PLC0415

    provider = OpenAIProvider("k", base_url=llmock.base_url("openai"), read_timeout=60)
    llmock.rate_limit(retry_after=1).truncate(after_chunks=2).fail(503)
    answered = await Caller(CallPolicy(base=0.05), SystemClock(), Random(1)).call(provider, REQUEST)
    await provider.aclose()
    assert answered.attempts == 4
    llmock.assert_resilient(strict=True)
