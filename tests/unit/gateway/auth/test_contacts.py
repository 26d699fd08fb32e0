import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upshot_devstack.gateway.auth.contacts import normal_email, normal_phone
from upshot_devstack.gateway.auth.errors import AuthError


def test_addresses_are_compared_in_lower_case():
    assert normal_email("Ann.O'Neil+x@Example.COM") == "ann.o'neil+x@example.com"


@pytest.mark.parametrize(
    "text", ["a", "a@", "@b.c", "a b@c.d", "a@b..c", "a@-b.c", "a@b.c\n", "a@b.c,d@e.f", "<a@b.c>", "é@b.c"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(AuthError, match="invalid format"):
        normal_email(text)


@pytest.mark.parametrize(("text", "message"), [("", "is required"), ("a" * 250 + "@b.test", "too long")])
def test_empty_and_endless_addresses_are_refused(text, message):
    with pytest.raises(AuthError, match=message):
        normal_email(text)


def test_numbers_lose_plus_and_spaces():
    assert normal_phone("+41 79 123 45 67") == "41791234567"


@pytest.mark.parametrize("text", ["", "0123", "+", "12a", "1" * 16, "1\n", "١٢٣"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(AuthError, match=r"E\.164"):
        normal_phone(text)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing(text):
    try:
        once = normal_email(text)
    except AuthError:
        return
    assert normal_email(once) == once
