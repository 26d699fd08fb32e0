"""Headers and bodies: preferences, media types, ranges, payloads, role claims."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upshot_devstack.gateway.rest.authenticate import bearer_token, claim_path
from upshot_devstack.gateway.rest.errors import ApiError
from upshot_devstack.gateway.rest.parse import media
from upshot_devstack.gateway.rest.parse.media import parse_accept, parse_media_type
from upshot_devstack.gateway.rest.parse.payload import parse_payload
from upshot_devstack.gateway.rest.parse.preferences import Preferences, parse_preferences
from upshot_devstack.gateway.rest.parse.ranges import top_level_range
from upshot_devstack.gateway.rest.parse.tree import ALL_ROWS, Range

JSON = parse_media_type(media.JSON)


def refusal(function, *arguments, **options):
    """The error it is refused with, if any; another exception is a bug."""
    try:
        function(*arguments, **options)
    except ApiError as error:
        return error
    return None


def test_the_first_mention_of_a_preference_wins():
    header = "return=minimal,  count=exact , return=representation, max-affected=5, timezone=Asia/Tokyo, oops"
    assert parse_preferences(header, allow_tx=True) == Preferences(
        representation="minimal", count="exact", max_affected=5, timezone="Asia/Tokyo", invalid=("oops",)
    )


def test_transactions_are_only_ended_as_preferred_where_that_is_allowed():
    assert parse_preferences("tx=rollback", allow_tx=False).tx is None
    assert parse_preferences("tx=rollback", allow_tx=True).tx == "rollback"


def test_a_limit_counts_only_with_strict_handling():
    assert parse_preferences("max-affected=1", allow_tx=False).applied() is None
    assert parse_preferences("max-affected=1,handling=strict", allow_tx=False).applied() == (
        "handling=strict, max-affected=1"
    )


@pytest.mark.parametrize(
    ("text", "mime"),
    [
        ("application/json; charset=utf-8", "application/json"),
        ("ApplicatIon/vnd.PgRsT.object+json", "application/vnd.pgrst.object+json"),
        ("application/vnd.pgrst.object+json;nulls=stripped", "application/vnd.pgrst.object+json;nulls=stripped"),
        ("application/vnd.pgrst.array+json", "application/json"),
        ("application/vnd.pgrst.array+json; nulls=stripped", "application/vnd.pgrst.array+json;nulls=stripped"),
        (
            'application/vnd.pgrst.plan+json;for="text/csv"; options=analyze|wal|x',
            'application/vnd.pgrst.plan+json; for="text/csv"; options=analyze|wal',
        ),
        ("application/vnd.pgrst.plan;", 'application/vnd.pgrst.plan+text; for="application/json"'),
        ("image/PNG", "image/PNG"),
        ("nonsense", "nonsense"),
    ],
)
def test_media_types(text, mime):
    assert parse_media_type(text).mime == mime


def test_accept_is_ranked_by_quality():
    accepted = parse_accept('text/csv;q=0.5, application/vnd.pgrst.plan; for="a/b, c", */*;q=0.1')
    assert [one.mime for one in accepted] == ['application/vnd.pgrst.plan+text; for="a/b, c"', "text/csv", "*/*"]
    assert [one.name for one in parse_accept(None)] == ["*/*"]


@pytest.mark.parametrize(
    ("method", "header", "asked", "expected"),
    [
        ("GET", None, ALL_ROWS, ALL_ROWS),
        ("GET", "0-9", ALL_ROWS, Range(0, 10)),
        ("GET", "5-", Range(0, 8), Range(5, 3)),
        ("GET", "0-99", Range(2, 3), Range(2, 3)),
        ("POST", "0-9", ALL_ROWS, ALL_ROWS),
        ("GET", "items=0-9", ALL_ROWS, ALL_ROWS),
        ("GET", "3-4", Range(0, 0), Range(0, 0)),
    ],
)
def test_the_range_header_and_the_limit_agree(method, header, asked, expected):
    assert top_level_range(method, header, asked) == expected


@pytest.mark.parametrize(
    ("method", "header", "asked", "code"),
    [
        ("GET", "9-2", ALL_ROWS, "PGRST103"),
        ("GET", None, Range(0, -1), "PGRST103"),
        ("PUT", None, Range(1), "PGRST114"),
    ],
)
def test_ranges_without_sense(method, header, asked, code):
    with pytest.raises(ApiError) as error:
        top_level_range(method, header, asked)
    assert error.value.code == code


def test_payload_keys():
    assert parse_payload(b'{"b":1,"a":2}', JSON, None, for_function=False).keys == ("a", "b")
    assert parse_payload(b'[{"a":1},{"a":2}]', JSON, None, for_function=False).keys == ("a",)
    assert parse_payload(b"", JSON, None, for_function=True).raw == b"{}"
    assert parse_payload(b"7", JSON, None, for_function=False).raw == b"[]"
    assert parse_payload(b"not read", JSON, ("z", "a", "z"), for_function=False).keys == ("a", "z")


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=80), st.sampled_from([media.JSON, media.CSV, media.URL_ENCODED, media.PLAIN_TEXT]), st.booleans()
)
def test_no_body_breaks_the_parser(body, content_type, for_function):
    error = refusal(parse_payload, body, parse_media_type(content_type), None, for_function=for_function)
    assert error is None or (error.status, error.code) == (400, "PGRST102")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_header_breaks_the_parsers(text):
    parse_accept(text)
    parse_media_type(text)
    parse_preferences(text, allow_tx=True)
    bearer_token(text)


@pytest.mark.parametrize(
    ("path", "claims", "role"),
    [
        (".role", {"role": "anon"}, "anon"),
        ('."https://x/role"', {"https://x/role": "a"}, "a"),
        (".app.roles[1]", {"app": {"roles": ["x", "y"]}}, "y"),
        ('.roles[?(@ == "admin")]', {"roles": ["user", "admin"]}, "admin"),
        ('.roles[?(@ ^== "ad")]', {"roles": ["user", "admin"]}, "admin"),
        ('.roles[?(@ ==^ "er")]', {"roles": ["user", "admin"]}, "user"),
        ('.roles[?(@ *== "dm")]', {"roles": ["user", "admin"]}, "admin"),
        ("$.role", {"role": "anon"}, "anon"),
        ("$.app['roles'][-1]", {"app": {"roles": ["x", "y"]}}, "y"),
        ("$.roles[?@ == 'admin']", {"roles": ["user", "admin"]}, "admin"),
        (".role", {}, None),
        (".roles[9]", {"roles": []}, None),
        (".a.b", {"a": "text"}, None),
    ],
)
def test_the_role_is_where_the_path_leads(path, claims, role):
    assert claim_path(path)(claims) == role


@pytest.mark.parametrize("path", ["role", "", "$", "$role", ".roles[", ".roles[?(@ == 'a']"])
def test_a_path_that_is_none_is_refused_at_the_start(path):
    with pytest.raises(ValueError, match="jwt_role_claim_key"):
        claim_path(path)


@pytest.mark.parametrize(
    ("header", "token"),
    [(None, None), ("Bearer abc", "abc"), ("bearer  abc", "abc"), ("Bearer", ""), ("Basic abc", None)],
)
def test_bearer_tokens(header, token):
    assert bearer_token(header) == token
