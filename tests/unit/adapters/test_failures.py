"""Providers' failures in our words."""

import httpx2
import pytest

from upshot.adapters.failures import from_status, translated
from upshot.domain.errors import ErrorCode, ProviderError


@pytest.mark.parametrize(
    ("status", "names", "code"),
    [
        (429, ["insufficient_quota"], ErrorCode.QUOTA_EXHAUSTED),
        (429, ["rate_limit_exceeded"], ErrorCode.RATE_LIMITED),
        (400, ["API_KEY_INVALID"], ErrorCode.AUTHENTICATION_FAILED),
        (401, [None, "invalid_request_error"], ErrorCode.AUTHENTICATION_FAILED),
        (None, ["overloaded_error"], ErrorCode.OVERLOADED),
        (200, ["overloaded_error"], ErrorCode.OVERLOADED),
        (None, ["invalid_request_error"], ErrorCode.INVALID_REQUEST),
        (None, [], ErrorCode.UNAVAILABLE),
        (418, [], ErrorCode.INVALID_REQUEST),
        (520, [], ErrorCode.UNAVAILABLE),
    ],
)
def test_names_say_more_than_statuses(status, names, code):
    assert from_status(status, "m", names=names).code == code


def test_an_empty_account_is_not_tried_again():
    assert not from_status(429, "m", names=["insufficient_quota"]).transient


def test_keys_and_long_texts_do_not_reach_the_message():
    error = from_status(401, "Incorrect API key provided: sk-proj-abc123DEF456. " + "x" * 2000)
    assert "abc123" not in str(error)
    assert len(str(error)) <= 500


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (httpx2.ReadTimeout("t"), ErrorCode.TIMEOUT),
        (httpx2.RemoteProtocolError("cut"), ErrorCode.CONNECTION_LOST),
        (ValueError("bad json"), ErrorCode.MALFORMED_ANSWER),
    ],
)
def test_what_escapes_the_sdks_is_caught(raised, code):
    with pytest.raises(ProviderError) as failed, translated("Acme"):
        raise raised
    assert failed.value.code == code
    assert failed.value.transient
