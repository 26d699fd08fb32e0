"""The `filter` and the other parts of a postgres_changes entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upshot_devstack.gateway.realtime.changes.bindings import InvalidBinding, binding_id, numbered, parse_binding
from upshot_devstack.gateway.realtime.changes.filters import Filter, InvalidFilter, parse_filters


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("id=eq.5", [Filter("id", "eq", "5", negated=False)]),
        ("id=not.eq.5", [Filter("id", "eq", "5", negated=True)]),
        ("a=gt.0,b=lt.9", [Filter("a", "gt", "0", negated=False), Filter("b", "lt", "9", negated=False)]),
        (
            "name=in.(a,b),id=eq.1",
            [Filter("name", "in", "{a,b}", negated=False), Filter("id", "eq", "1", negated=False)],
        ),
        ('name=eq."a,b"', [Filter("name", "eq", "a,b", negated=False)]),
        (r'name=eq."say \"hi\\"', [Filter("name", "eq", 'say "hi\\', negated=False)]),
        ('name=eq.5" disk', [Filter("name", "eq", '5" disk', negated=False)]),
        ("url=eq.http://x.y?a=b", [Filter("url", "eq", "http://x.y?a=b", negated=False)]),
        ("gone=is.null", [Filter("gone", "is", "null", negated=False)]),
        ("name=eq.", [Filter("name", "eq", "", negated=False)]),
        ("", []),
        ("  ", []),
        (None, []),
    ],
)
def test_filters_are_read(text, filters):
    assert parse_filters(text) == tuple(filters)


@pytest.mark.parametrize(
    "text", ["undefined", "id=foo.5", "id=eq", "=eq.5", "id=eq.1,,a=eq.2", "a=in.1", "a=is.maybe", 7, "a=not.5"]
)
def test_other_texts_are_refused(text):
    with pytest.raises(InvalidFilter):
        parse_filters(text)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        parsed = parse_filters(text)
    except InvalidFilter:
        return
    assert all(one.column for one in parsed)


@given(st.text().filter(lambda value: "\0" not in value))
def test_quoting_gives_back_any_value(value):
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    assert parse_filters(f'name=eq."{quoted}"') == (Filter("name", "eq", value, negated=False),)


def test_equal_entries_have_equal_ids_whatever_the_order_of_their_keys():
    first, second = {"event": "*", "schema": "public"}, {"schema": "public", "event": "*"}
    assert binding_id(first) == binding_id(second)
    assert numbered([first]) == [{**first, "id": binding_id(first)}]
    assert binding_id(first) != binding_id({**first, "event": "INSERT"})


def test_missing_parts_mean_anything():
    binding = parse_binding({"schema": "public"})
    assert (binding.event, binding.table) == ("*", "*")
    assert binding.covers("DELETE", "public", "any")
    assert not binding.covers("DELETE", "private", "any")
    assert parse_binding({"table": "t", "event": "insert"}).covers("INSERT", "public", "t")


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"event": "*"},
        {"schema": "s", "table": "*", "select": ["a"]},
        {"table": "t", "select": "a"},
        {"table": "t", "filter": "x"},
    ],
)
def test_entries_that_mean_nothing_are_refused(params):
    with pytest.raises(InvalidBinding):
        parse_binding(params)
