"""Every table and view of the catalog, read as everybody, in both directions."""

import pytest
from psycopg import sql

from support.borders import UUID, ids_of, secrets_of
from support.rls import STRANGERS, Theatre, attempt
from support.world import Actor

READABLE = """
select n.nspname as schema, c.relname as name, c.relkind = 'v' as view,
  exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id') as tenant
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'private', 'stats') and c.relkind in ('r', 'v', 'p', 'm')
  and has_table_privilege('authenticated', c.oid, 'select') order by 1, 2
"""
# Lists that are the same for all.
COMMON = {"errors", "batch_fields", "field_types", "role_defaults", "permissions", "experiment_moves"}


@pytest.fixture(scope="session")
def relations(theatre: Theatre) -> list[sql.Identifier]:
    found = theatre.world.admin.rows(READABLE)
    assert len(found) > 40
    return [sql.Identifier(row["schema"], row["name"]) for row in found]


def seen(actor: Actor, relation: sql.Identifier) -> set[str]:
    """Every uuid that a relation shows to somebody."""
    query = sql.SQL("select to_jsonb(t)::text as t from {} t").format(relation)
    return {found for row in actor.connection.execute(query) for found in UUID.findall(row["t"])}


def test_no_relation_shows_what_is_of_another_workspace(theatre: Theatre, relations: list[sql.Identifier]):
    """The attacker looks at the clinic, and the clinic's people at the attacker."""
    there = secrets_of(theatre.world, theatre.mine, theatre.theirs)
    here = secrets_of(theatre.world, theatre.theirs, theatre.mine)
    wrong = []
    for name, actor in theatre.cast.items():
        if name in ("anon", "server"):
            continue
        hidden = there if name in STRANGERS else here
        for relation in relations:
            shown = seen(actor, relation) & hidden
            if shown and not (name in STRANGERS and shown <= {str(actor.user_id)}):
                wrong.append((name, relation.as_string(), sorted(shown)[:3]))
    assert wrong == []


def test_every_view_shows_its_own_to_both_owners(theatre: Theatre):
    """Else the test above would prove nothing."""
    empty = []
    for row in theatre.world.admin.rows(READABLE):
        if row["view"] and row["schema"] == "public" and row["name"] not in COMMON:
            relation = sql.Identifier(row["schema"], row["name"])
            empty += [
                (row["name"], name) for name in ("owner", "other_owner") if not seen(theatre.cast[name], relation)
            ]
    assert empty == [], "add a piece to tests/support/furniture.py"


def test_filters_on_a_foreign_workspace_count_nothing(theatre: Theatre):
    """Exact counts, and existence by a subquery."""
    attacker = theatre.cast["other_owner"]
    for row in theatre.world.admin.rows(READABLE):
        if row["tenant"]:
            relation, where = sql.Identifier(row["schema"], row["name"]), sql.Literal(str(theatre.clinic.workspace_id))
            count = sql.SQL("select count(*) as n from {} where workspace_id = {}").format(relation, where)
            found = attacker.connection.execute(count).fetchone()
            assert found == {"n": 0}, row["name"]


def test_no_view_is_written_through(theatre: Theatre):
    """A simple view could be updated with its owner's rights."""
    wrong = []
    for row in theatre.world.admin.rows(READABLE):
        if row["view"]:
            relation = sql.Identifier(row["schema"], row["name"])
            for statement in (sql.SQL("delete from {}"), sql.SQL("insert into {} default values")):
                answers = {n: attempt(a, statement.format(relation)) for n, a in theatre.cast.items()}
                wrong += [
                    (row["name"], name, answer) for name, answer in answers.items() if answer not in ("42501", "55000")
                ]
    assert wrong == []


def test_the_two_workspaces_share_no_row(theatre: Theatre):
    ids = [ids_of(theatre.world, side.workspace_id) for side in (theatre.clinic, theatre.other)]
    assert len(ids[0] & ids[1]) <= 1  # the id that is null everywhere, if any
