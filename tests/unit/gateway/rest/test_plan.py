"""Planning and rendering against a schema cache made by hand: no database."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upshot_devstack.gateway.rest.errors import ApiError
from upshot_devstack.gateway.rest.identifiers import QualifiedName, quote_literal, quote_name
from upshot_devstack.gateway.rest.parse.query import pairs, parse_query
from upshot_devstack.gateway.rest.parse.tree import ALL_ROWS
from upshot_devstack.gateway.rest.plan.read import ReadOptions, plan_read
from upshot_devstack.gateway.rest.render import read
from upshot_devstack.gateway.rest.render.binder import Binder, Constant, FromQuery
from upshot_devstack.gateway.rest.schema_cache.fuzzy import closest
from upshot_devstack.gateway.rest.schema_cache.model import Column, SchemaCache, Table
from upshot_devstack.gateway.rest.schema_cache.relationships import (
    ForeignKey,
    ViewKey,
    all_relationships,
    only_exposed,
)
from upshot_devstack.gateway.rest.schema_cache.views import Origin, ViewDefinition, column_origins, resolve


def name(text):
    return QualifiedName("api", text)


def table(text, *columns, key=("id",)):
    made = {one: Column(one, None, True, "integer", "integer", None, None) for one in columns}
    return Table(name(text), None, False, True, True, True, key, made)


TABLES = [
    table("films", "id", "title", "director_id", "remake_of"),
    table("directors", "id", "name"),
    table("actors", "id", "name"),
    table("roles", "film_id", "actor_id", key=("film_id", "actor_id")),
]
KEYS = [
    ForeignKey("films_director", name("films"), ("director_id",), name("directors"), ("id",), is_unique=False),
    ForeignKey("films_remake", name("films"), ("remake_of",), name("films"), ("id",), is_unique=False),
    ForeignKey("roles_film", name("roles"), ("film_id",), name("films"), ("id",), is_unique=False),
    ForeignKey("roles_actor", name("roles"), ("actor_id",), name("actors"), ("id",), is_unique=False),
]
CACHE = SchemaCache(
    tables={one.name: one for one in TABLES},
    relationships=all_relationships(KEYS, [], {one.name: one.primary_key for one in TABLES}, []),
)


def planned(query, relation="films", **options):
    parameters = parse_query(pairs(query.encode()))
    return plan_read(name(relation), parameters, ALL_ROWS, CACHE, ReadOptions("api", **options))


def rendered(query, relation="films", **options):
    binder = Binder()
    return read.select(planned(query, relation, **options), binder), binder.values


def test_values_are_parameters_and_names_are_quoted():
    text, values = rendered("title=eq.x'; drop table films;--&id=in.(1,2)&select=id")
    assert text == (
        'SELECT "api"."films"."id" FROM "api"."films" WHERE "api"."films"."title" = $1 AND "api"."films"."id" = ANY ($2)'
    )
    assert values == [FromQuery(0), Constant(b'{"1","2"}')]


def test_a_to_one_embedding_is_a_lateral_join():
    text, _ = rendered("select=title,directors(name)")
    assert 'LEFT JOIN LATERAL ( SELECT "directors_1"."name" FROM "api"."directors" AS "directors_1" WHERE' in text
    assert 'row_to_json("films_directors_1".*)::jsonb AS "directors"' in text


def test_many_to_many_goes_through_the_junction():
    text, _ = rendered("select=actors(name)")
    assert 'FROM "api"."actors", "api"."roles" WHERE' in text


def test_the_count_ignores_limits_and_checks_inner_embeddings():
    binder = Binder()
    plan = planned("select=id,actors!inner(id)&actors.name=eq.x&limit=1")
    text = read.count(plan, binder)
    assert text.startswith(
        'SELECT 1 FROM "api"."films" WHERE EXISTS (SELECT 1 FROM "api"."actors", "api"."roles" WHERE'
    )
    assert "LIMIT" not in text


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select=nothing(*)", "PGRST200"),
        ("select=id&directors.name=eq.1", "PGRST108"),
        ("select=directors(id)&order=actors(id)", "PGRST108"),
        ("select=actors(id)&order=actors(id)", "PGRST118"),
        ("select=id.count()", "PGRST123"),
    ],
)
def test_plans_that_cannot_be(query, code):
    with pytest.raises(ApiError) as error:
        planned(query)
    assert error.value.code == code


def test_to_many_spreads_cannot_aggregate():
    with pytest.raises(ApiError) as error:
        planned("select=...actors(id.sum())", aggregates=True)
    assert error.value.code == "PGRST127"


def test_limits_hold_at_every_level():
    plan = planned("select=id,actors(id)&actors.limit=50", most=10)
    assert (plan.range.limit, plan.children[0].range.limit) == (10, 10)


def test_views_take_over_the_keys_they_show_whole():
    view, shown = name("film_list"), name("people")
    view_keys = [
        ViewKey(name("films"), view, "films_director", "referencing", (("director_id", ("made_by",)),)),
        ViewKey(name("directors"), shown, "films_director", "referenced", (("id", ("number", "again")),)),
    ]
    found = all_relationships(KEYS, view_keys, {}, [])
    pairs_of = {(one.target.name, one.columns) for one in found[view, "api"]}
    assert pairs_of == {
        ("directors", (("made_by", "id"),)),
        ("people", (("made_by", "number"),)),
        ("people", (("made_by", "again"),)),
    }


def test_a_views_rule_tells_where_its_columns_come_from():
    rule = (
        '({QUERY :commandType 1 :cteList <> :rtable ({RANGETBLENTRY :eref {ALIAS :aliasname a\\{\\) :colnames ("x" "y")}}) '
        ":targetList ({TARGETENTRY :expr {VAR :varno 1} :resno 1 :resname n :resorigtbl 4711 :resorigcol 2 :resjunk false} "
        "{TARGETENTRY :expr {OPEXPR :args ({VAR :resno 9} {CONST})} :resno 2 :resname sum :resorigtbl 0 :resorigcol 0}) "
        ":override 0 :targetList ({TARGETENTRY :resno 7 :resorigtbl 1 :resorigcol 1})})"
    )
    assert column_origins(rule) == {1: Origin(4711, 2)}


def test_views_of_views_lead_to_the_table_and_circles_end():
    inner = ViewDefinition(1, "api", "inner", True, {1: "a"}, {1: Origin(99, 3)})
    outer = ViewDefinition(2, "api", "outer", True, {1: "b", 2: "c"}, {1: Origin(1, 1), 2: Origin(2, 2)})
    assert resolve([inner, outer])[2] == {Origin(1, 1): ("b",), Origin(99, 3): ("b",), Origin(2, 2): ("c",)}


@pytest.mark.parametrize(
    ("names", "wanted", "minimum", "expected"),
    [
        (["films", "roles"], "film", 0.33, "films"),
        (["directors", "roles", "actors"], "role", 0.33, "roles"),
        (["(name, param, val)", "(attr, id)"], "(attrs, id)", 0.33, "(attr, id)"),
        (["(name, param, val)", "(attr, id)"], "(noclosealternative)", 0.33, None),
        (["unnamed_text_param", "unnamed_xml_param"], "unnamed_int_param", 0.75, "unnamed_text_param"),
        (["articles"], "garlic", 0.75, None),
        ([], "x", 0.33, None),
    ],
)
def test_hints_are_the_closest_name(names, wanted, minimum, expected):
    found = closest(names, wanted, minimum)
    assert (found and found[1]) == expected


@settings(max_examples=200)
@given(st.text(max_size=20))
def test_quoting_leaves_no_way_out(text):
    assert re.fullmatch(r'"(?:[^"\0]|"")*"', quote_name(text), re.DOTALL)
    assert re.fullmatch(r"'(?:[^'\\\0]|'')*'|E'(?:[^'\\\0]|''|\\\\)*'", quote_literal(text), re.DOTALL)


def test_what_only_a_hidden_junction_joins_is_known_but_not_related():
    hidden = QualifiedName("hidden", "roles")
    keys = [
        ForeignKey("roles_film", hidden, ("film_id",), name("films"), ("id",), is_unique=False),
        ForeignKey("roles_actor", hidden, ("actor_id",), name("actors"), ("id",), is_unique=False),
    ]
    found = only_exposed(all_relationships(keys, [], {hidden: ("film_id", "actor_id")}, []), ["api"])
    assert found == {(name("films"), "api"): (), (name("actors"), "api"): ()}
    cache = SchemaCache(tables=CACHE.tables, relationships=found)
    with pytest.raises(ApiError) as caught:
        plan_read(name("films"), parse_query(pairs(b"select=actors(*)")), ALL_ROWS, cache, ReadOptions("api"))
    assert (caught.value.code, caught.value.hint) == ("PGRST200", None)
