"""The directives that give GraphQL its names: JSON, of the words that pg_graphql knows, unambiguous, and out of sight."""

import json
import re
from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from support.world import Actor, World

# As its documentation has it: https://supabase.github.io/pg_graphql/configuration/
NAME = {"type": "string", "pattern": "^[_A-Za-z][_0-9A-Za-z]*$"}
COUNT = {"type": "object", "properties": {"enabled": {"type": "boolean"}}, "additionalProperties": False}


def only(**properties: object) -> Draft202012Validator:
    return Draft202012Validator({"type": "object", "properties": properties, "additionalProperties": False})


KNOWN = {
    "schema": only(inflect_names={"type": "boolean"}, max_rows={"type": "integer"}),
    "table": only(name=NAME, totalCount=COUNT, max_rows={"type": "integer"}),
    "view": only(name=NAME, totalCount=COUNT, primary_key_columns={"type": "array", "items": NAME, "minItems": 1}),
    "constraint": only(foreign_name=NAME, local_name=NAME),
}


@pytest.fixture
def described(world: World) -> Actor:
    """The schema's owner, after GraphQL was switched on."""
    postgres = world.postgres()
    postgres.connection.execute("select private.describe_for_graphql()")
    return postgres


def directive(comment: str) -> dict:
    """As pg_graphql reads it: from the first @graphql( to the last closing parenthesis."""
    found = re.search(r"@graphql\((.+)\)", comment, re.DOTALL)
    assert found, comment
    return json.loads(found[1])


def comments(postgres: Actor) -> list[dict]:
    return postgres.rows("""
        select d.kind, d.object, d.directive, case d.kind
          when 'schema' then obj_description('public'::regnamespace, 'pg_namespace')
          when 'constraint' then obj_description((select l.oid from private.graphql_links l
            where l.name = d.object and l.relation::text = d.relation), 'pg_constraint')
          else obj_description(d.object::regclass, 'pg_class') end as said
        from private.graphql_directives d""")


def test_every_directive_is_json_that_pg_graphql_knows(described: Actor):
    rows = comments(described)
    assert {row["kind"] for row in rows} == KNOWN.keys()
    for row in rows:
        assert directive(row["said"]) == row["directive"], row["object"]
        assert [error.message for error in KNOWN[row["kind"]].iter_errors(row["directive"])] == [], row["object"]


def test_switching_on_twice_changes_nothing(described: Actor):
    before = comments(described)
    described.connection.execute("select private.describe_for_graphql()")
    assert comments(described) == before


def test_names_are_unambiguous(described: Actor):
    types = Counter(row["directive"]["name"] for row in comments(described) if row["kind"] in ("table", "view"))
    assert {"Experiment", "PromptVersion", "Capability", "Branch", "ExperimentPhase"} <= types.keys()
    assert [name for name, times in types.items() if times > 1] == []
    links = described.rows("""
        select l.source, l.target, d.directive ->> 'foreign_name' as up, d.directive ->> 'local_name' as down
        from private.graphql_links l
        join private.graphql_directives d on d.kind = 'constraint' and d.object = l.name and d.relation = l.relation::text""")
    assert [key for key, n in Counter((link["source"], link["up"]) for link in links).items() if n > 1] == []
    assert [key for key, n in Counter((link["target"], link["down"]) for link in links).items() if n > 1] == []


def test_the_words_for_people_stay_and_the_directive_is_hidden(described: Actor):
    for row in comments(described):
        if row["kind"] != "constraint":
            assert "@graphql" not in re.sub(r"<!--.*?-->", "", row["said"], flags=re.DOTALL)
            assert not row["said"].startswith(("<", "\n"))
