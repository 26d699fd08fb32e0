import base64

import pytest

from upshot_devstack.gateway.auth import totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(moment, code):
    assert totp.code_at(RFC_SECRET, moment) == code


def test_a_clock_may_be_one_step_off_and_no_more():
    now = 1_000_000_000
    code = totp.code_at(RFC_SECRET, now)
    assert totp.is_valid(RFC_SECRET, code, now + 30)
    assert not totp.is_valid(RFC_SECRET, code, now + 90)


def test_other_codes_are_wrong():
    assert not totp.is_valid(RFC_SECRET, "", 59)
    assert not totp.is_valid("not base32!", "287082", 59)


def test_the_qr_code_is_one_svg_element():
    svg = totp.qr_svg(totp.key_uri(totp.new_secret(), "a.test", "ann@a.test"))
    assert svg.startswith("<svg")
    assert svg.endswith("</svg>")
