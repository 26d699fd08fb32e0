import time

import pytest

from upshot_devstack.gateway.auth.errors import AuthError
from upshot_devstack.gateway.auth.limits import MAX_CALLERS, Limit, Limits
from upshot_devstack.gateway.settings import GatewaySettings


def test_each_caller_has_their_own_allowance():
    limit = Limit(2, 60)
    assert [limit.use("a"), limit.use("a"), limit.use("a"), limit.use("b")] == [True, True, False, True]


def test_the_window_opens_again(monkeypatch):
    limit, now = Limit(1, 60), time.monotonic()
    assert limit.use("a")
    assert not limit.use("a")
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)
    assert limit.use("a")


def test_memory_is_bounded():
    limit = Limit(1, 60)
    for number in range(MAX_CALLERS + 50):
        limit.use(str(number))
    assert len(limit._windows) == MAX_CALLERS


def test_zero_means_no_limit():
    limit = Limit(0, 60)
    assert all(limit.use("a") for _ in range(100))


def test_refusals_name_the_limit():
    limits = Limits(GatewaySettings(db_uri="x", services=("rest",), rate_limit_sign_in=1, rate_limit_email_sent=1))
    limits.sign_in("a")
    with pytest.raises(AuthError) as caught:
        limits.sign_in("a")
    assert (caught.value.status, caught.value.code) == (429, "over_request_rate_limit")
    limits.message("email")
    with pytest.raises(AuthError) as caught:
        limits.message("sms")
    assert caught.value.code == "over_sms_send_rate_limit"
