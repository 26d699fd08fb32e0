"""The query string's grammar: what is understood, and how a mistake is told."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from upshot_devstack.gateway.rest.errors import ApiError
from upshot_devstack.gateway.rest.parse.query import MAX_NESTING, canonical, pairs, parse_query
from upshot_devstack.gateway.rest.parse.tree import (
    Argument,
    Field,
    JsonStep,
    OrderTerm,
    Range,
    SelectField,
    SelectRelation,
)


def refusal(call):
    """The error it is refused with, if any; another exception is a bug."""
    try:
        call()
    except ApiError as error:
        return error
    return None


def parsed(query_string, **options):
    return parse_query(pairs(query_string.encode()), **options)


def refused(query_string):
    with pytest.raises(ApiError) as error:
        parsed(query_string)
    assert error.value.code == "PGRST100"
    return error.value.message, error.value.details


def test_a_select_list_of_everything():
    fields = parsed('select=*,a:b->c->>0::text,"d e",f.sum()::int,count(),g!h!inner(i),...j(k),l-m').select
    assert fields[:5] == (
        SelectField(Field("*")),
        SelectField(Field("b", (JsonStep("->", "c", False), JsonStep("->>", "+0", True))), alias="a", cast="text"),
        SelectField(Field("d e")),
        SelectField(Field("f"), aggregate="sum", aggregate_cast="int"),
        SelectField(Field("*"), aggregate="count"),
    )
    assert fields[5:] == (
        SelectRelation("g", None, "h", "inner", False, (SelectField(Field("i")),)),
        SelectRelation("j", None, None, None, True, (SelectField(Field("k")),)),
        SelectField(Field("l-m")),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("eq.1", ("eq", "1", False, None)),
        ("not.eq.1", ("eq", "1", True, None)),
        ("like(any).{a*}", ("like", "{a*}", False, "any")),
        ("not.gte(all).{1}", ("gte", "{1}", True, "all")),
        ("eq.", ("eq", "", False, None)),
        ("eq.a.b,c(d)", ("eq", "a.b,c(d)", False, None)),
        ("is.NULL", ("is", "null", False, None)),
        ("isdistinct.x", ("isdistinct", "x", False, None)),
    ],
)
def test_operations(value, expected):
    ((_, filter_),) = parsed(f"a={value}").filters
    operation = filter_.operation
    assert (operation.name, operation.value, operation.negated, operation.quantifier) == expected


def test_lists_take_quotes_and_escapes():
    ((_, filter_),) = parsed('a=in.(1,"2,3","say \\"x\\"",4 )').filters
    assert filter_.operation.values == ("1", "2,3", 'say "x"', "4 ")


def test_filters_belong_to_the_resource_of_their_path():
    assert [path for path, _ in parsed("a.b.c=eq.1&d=eq.2").filters] == [("a", "b"), ()]


def test_ranges_by_level():
    assert parsed("limit=5&offset=10&a.limit=1&b.c.offset=2&limit=7").ranges == {
        (): Range(10, 7),
        ("a",): Range(0, 1),
        ("b", "c"): Range(2),
    }


def test_orders():
    ((_, terms),) = parsed("order=a.desc.nullslast,b(c->>d).asc,e.nullsfirst").order
    assert terms == (
        OrderTerm(Field("a"), "desc", "last"),
        OrderTerm(Field("c", (JsonStep("->>", "d", False),)), "asc", None, "b"),
        OrderTerm(Field("e"), None, "first"),
    )


def test_values_without_an_operator_are_a_functions_arguments():
    query = parsed("a=1&b=eq.2&c=x.y", of_function_read=True)
    assert query.arguments == (Argument("a", "1", 0), Argument("c", "x.y", 2))
    assert len(query.filters) == 1


@pytest.mark.parametrize(
    ("query", "message", "details"),
    [
        (
            "select=id,clients(name[])",
            '"failed to parse select parameter (id,clients(name[]))" (line 1, column 16)',
            'unexpected \'[\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
        ),
        (
            "select=data->>-78xy",
            '"failed to parse select parameter (data->>-78xy)" (line 1, column 11)',
            'unexpected \'x\' expecting digit, "->", "::", ".", "," or end of input',
        ),
        (
            "order=id.ac",
            '"failed to parse order (id.ac)" (line 1, column 4)',
            'unexpected "c" expecting "asc", "desc", "nullsfirst" or "nullslast"',
        ),
        (
            "order=id.nullslasttt",
            '"failed to parse order (id.nullslasttt)" (line 1, column 13)',
            "unexpected 't' expecting \",\" or end of input",
        ),
        (
            "or=()",
            '"failed to parse logic tree (())" (line 1, column 4)',
            (
                'unexpected ")" expecting field name (* or [a..z0..9_$]), negation operator (not) '
                "or logic operator (and, or)"
            ),
        ),
        (
            "or=(id.in.1,2,id.eq.3)",
            '"failed to parse logic tree ((id.in.1,2,id.eq.3))" (line 1, column 10)',
            'unexpected "1" expecting "("',
        ),
        (
            "id=noop.3",
            '"failed to parse filter (noop.3)" (line 1, column 1)',
            'unexpected "o" expecting "not" or operator (eq, gt, ...)',
        ),
        (
            "columns=",
            '"failed to parse columns parameter ()" (line 1, column 1)',
            "unexpected end of input expecting field name (* or [a..z0..9_$])",
        ),
    ],
)
def test_mistakes_are_told_as_clients_know_them(query, message, details):
    assert refused(query) == (message, details)


def test_the_canonical_query_is_sorted_and_encoded():
    assert canonical(pairs(b"select=a,b&id=eq.1&d&id=eq.2")) == "d=&id=eq.1,eq.2&select=a%2Cb"


def test_nesting_has_a_bound():
    deep = "(" * (MAX_NESTING + 1)
    for query in (f"select=a{deep}", f"or={deep}", f"and={'(and' * (MAX_NESTING + 1)}"):
        refused(query)


ALPHABET = st.sampled_from(
    [*"abnotrdeqlimsufc.,:()->!*'\"\\{}[]&=$ 019_-%;\t\n", "é", "\U0001f600", "not.", "in.(", "or", "..."]
)
PARAMETERS = st.sampled_from(
    ["select", "order", "or", "and", "not.and", "a", "a.b", "a.or", "columns", "on_conflict", "limit", "x->y"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(PARAMETERS, st.lists(ALPHABET, max_size=30).map("".join)), max_size=4), st.booleans())
@example([("select", "a(" * 200)], False)
@example([("or", '("')], False)
@example([("a", "in.(\\")], True)
@example([("order", '"\\')], False)
def test_no_input_breaks_the_parser(found, of_function_read):
    error = refusal(lambda: parse_query(found, of_function_read=of_function_read))
    assert error is None or (error.status in {400, 416} and error.body())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
@example(b"%ff=1")
@example(b"a=%00")
@example(b"&&=&=x&%")
def test_no_bytes_break_the_query_string(raw):
    error = refusal(lambda: parse_query(pairs(raw)))
    assert error is None or error.status in {400, 416}
