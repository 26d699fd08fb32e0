import datetime as dt

import pytest

from upshot_devstack.gateway.auth.admin_users import ban_end, escape_like, page_number
from upshot_devstack.gateway.auth.errors import AuthError
from upshot_devstack.gateway.auth.request import Request


@pytest.mark.parametrize(("text", "seconds"), [("24h", 86400), ("1h30m", 5400), ("1.5s", 1.5), ("300ms", 0.3)])
def test_bans_last_as_long_as_they_say(text, seconds):
    left = ban_end(text) - dt.datetime.now(dt.UTC)
    assert left.total_seconds() == pytest.approx(seconds, abs=1)


def test_none_lifts_a_ban():
    assert ban_end("none") is None


@pytest.mark.parametrize("text", ["24", "h", "1d", "-1h", "1h 2m", "1e9h", "99999999999h", "Infinityh"])
def test_other_durations_are_refused(text):
    with pytest.raises(AuthError, match="invalid format for ban duration"):
        ban_end(text)


@pytest.mark.parametrize("text", ["-1", "x", "1.5", "१", "99999999999999999999", "1;drop"])
def test_pages_are_whole_numbers(text):
    with pytest.raises(AuthError, match="Bad Pagination"):
        page_number(Request("GET", "/", {}, {"page": text}, b"", None), "page", 1)


def test_like_patterns_are_escaped():
    assert escape_like("50%_\\") == "50\\%\\_\\\\"
