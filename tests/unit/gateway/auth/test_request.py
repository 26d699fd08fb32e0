import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upshot_devstack.gateway.auth.errors import AuthError
from upshot_devstack.gateway.auth.request import Request, parse_object


def request(body, **headers):
    return Request("POST", "/x", headers, {}, body, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_object_is_bad_json(body):
    with pytest.raises(AuthError) as caught:
        parse_object(body)
    assert (caught.value.status, caught.value.code) == (400, "bad_json")


@pytest.mark.parametrize("body", [b'{"a": "x\\u0000y"}', b'{"\\u0000": 1}', b'{"a": {"b": ["\\u0000"]}}'])
def test_nul_cannot_be_stored(body):
    with pytest.raises(AuthError) as caught:
        parse_object(body)
    assert caught.value.code == "validation_failed"


def test_an_escaped_backslash_before_u0000_is_no_nul():
    assert parse_object(b'{"a": "\\\\u0000"}') == {"a": "\\u0000"}


@pytest.mark.parametrize(("name", "value"), [("email", 1), ("email", ["a"]), ("data", "x"), ("create_user", "yes")])
def test_fields_of_the_wrong_type_are_bad_json(name, value):
    asked = request(json.dumps({name: value}).encode())
    readers = {"email": asked.text, "data": asked.mapping, "create_user": asked.flag}
    with pytest.raises(AuthError) as caught:
        readers[name](name)
    assert caught.value.code == "bad_json"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_without_a_bearer_there_is_no_authorization(header):
    with pytest.raises(AuthError) as caught:
        _ = request(b"", authorization=header).bearer
    assert (caught.value.status, caught.value.code) == (401, "no_authorization")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_refusal(body):
    with contextlib.suppress(AuthError):
        assert isinstance(parse_object(body), dict)
