from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upshot.domain.retry import CallPolicy, JobPolicy
from upshot.domain.retry_after import from_google_details, from_headers

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


@given(st.integers(1, 4), st.none() | st.floats(0, 60), st.integers())
def test_a_call_never_comes_back_before_the_provider_asked(attempt, asked, seed):
    delay = CallPolicy(attempts=5, retry_after_cap=60).delay(attempt, asked, Random(seed))
    assert delay >= (asked or 0)
    assert delay <= max(20.0, (asked or 0) * 1.1)


def test_waits_grow():
    policy = CallPolicy(attempts=5, base=1, factor=2)
    longest = [max(policy.delay(n, None, Random(seed)) for seed in range(50)) for n in (1, 2, 3)]
    assert longest == sorted(longest)
    assert longest[2] > 2 * longest[0]


def test_a_call_gives_up_after_its_attempts_or_when_asked_to_wait_too_long():
    policy = CallPolicy(attempts=3, retry_after_cap=10)
    assert policy.delay(3, None, Random(1)) is None
    assert policy.delay(1, 11, Random(1)) is None


def test_a_job_waits_longer_each_time_and_then_no_more():
    policy = JobPolicy(attempts=4, base=10, factor=3, cap=60)
    assert [policy.delay(n) for n in (1, 2, 3, 4)] == [10, 30, 60, None]
    assert policy.delay(1, 45.4) == 45


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT"}, 30),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 -0000"}, 30),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
def test_retry_after_in_every_spelling(headers, seconds):
    assert from_headers(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("details", "seconds"),
    [
        ([], None),
        ([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.5s"}], 3.5),
        ([{"reason": "x"}, {"retryDelay": "12s"}], 12),
        (["odd", {"retryDelay": 4}, {"retryDelay": "4m"}], None),
    ],
)
def test_googles_retry_info(details, seconds):
    assert from_google_details(details) == seconds
