"""Every foreign key of the catalog: no row of one workspace ever points at a row of another."""

import json
import uuid
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from psycopg import sql

from support.borders import UUID
from support.rls import Theatre, attempt, insertion, undone
from support.world import Actor, adapted

KEYS = """
select k.conname as name, n.nspname as schema, c.relname as table, k.confrelid::regclass::text as parent,
  (select array_agg(a.attname::text order by x.place) from unnest(k.conkey) with ordinality x (num, place)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.num) as columns,
  (select array_agg(a.attname::text order by x.place) from unnest(k.confkey) with ordinality x (num, place)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.num) as parents_columns,
  exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'workspace_id') as tenant
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conparentid = 0 and n.nspname in ('public', 'private') order by 1
"""
# A column that people write, that looks like a pointer and has no foreign key; and why that joins nothing.
LOOSE: dict[str, str] = {}
# Filled by a trigger from the row that it points at.
BY_TRIGGER = {"deployment_heads_deployment_id_fkey"}
POINTERS = """
select n.nspname || '.' || c.relname || '.' || a.attname as name
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and not c.relispartition
  and a.attnum > 0 and not a.attisdropped and a.attname ~ '_ids?$' and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype)
  and (has_column_privilege('authenticated', c.oid, a.attnum, 'insert')
    or has_column_privilege('authenticated', c.oid, a.attnum, 'update'))
  and not exists (
    select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey))
order by 1
"""
REFUSED = ("42501", "23503", "PT403", "PT404")
GRANTED = """
select a.attname::text as name from pg_attribute a
where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
  and has_column_privilege('authenticated', a.attrelid, a.attnum, %s)
"""


@pytest.fixture(scope="session")
def postgres(theatre: Theatre) -> Actor:
    return theatre.world.admin


def between_tenants(postgres: Actor) -> list[dict[str, Any]]:
    return [key for key in postgres.rows(KEYS) if key["tenant"]]


def test_a_key_between_tenants_rows_joins_the_workspaces(postgres: Actor):
    """Composite, workspace to workspace: Postgres itself refuses another's parent, whoever writes."""
    crooked = [
        key["name"]
        for key in between_tenants(postgres)
        if ("workspace_id", "workspace_id") not in zip(key["columns"], key["parents_columns"], strict=True)
    ]
    assert set(crooked) == BY_TRIGGER


def test_every_row_of_a_tenant_says_whose_it_is(postgres: Actor):
    """A null in a composite key would switch its check off. A job that failed may have been nobody's."""
    found = postgres.rows("""
        select c.oid::regclass::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p')
          and a.attname = 'workspace_id' and not a.attnotnull and c.relname <> 'job_failures'""")
    assert found == []


def test_an_id_without_a_foreign_key_has_its_reason(postgres: Actor):
    found = {row["name"] for row in postgres.rows(POINTERS)}
    assert found == set(LOOSE), "give it a composite foreign key, or a reason in LOOSE"


def granted(postgres: Actor, table: str, command: str) -> set[str]:
    """The columns that people may write."""
    return {row["name"] for row in postgres.rows(GRANTED, table, command)}


def rows_of(postgres: Actor, table: str, workspace_id: Any, pointers: list[str]) -> list[dict[str, Any]]:
    """Rows of a workspace whose pointers are all set."""
    filled = " and ".join(f"{column} is not null" for column in pointers) or "true"
    found = postgres.rows(
        f"select to_jsonb(t) as r from {table} t where workspace_id = %s and {filled} limit 20", workspace_id
    )
    return [row["r"] for row in found]


def fresh(row: dict[str, Any], columns: set[str]) -> dict[str, Any]:
    """The row as a new one: what people may give, with names that nothing has."""
    new = {name: value for name, value in row.items() if name in columns and value is not None}
    for name in {"key", "name", "slug", "text"} & set(new):
        new[name] = f"n{uuid.uuid4().hex[:12]}"
    return new


def test_no_insert_and_no_update_points_over_the_border(theatre: Theatre, postgres: Actor):
    """The attacker owns their workspace: everything is allowed there but the pointer."""
    attacker, wrong, tried = theatre.cast["other_owner"], [], []
    for key in between_tenants(postgres):
        table = f"{key['schema']}.{key['table']}"
        pointers = [column for column in key["columns"] if column != "workspace_id"]
        own = rows_of(postgres, table, theatre.other.workspace_id, pointers)
        for foreign in rows_of(postgres, table, theatre.clinic.workspace_id, pointers)[:1]:
            smuggled = {p: foreign[p] for p in pointers}
            if not any(UUID.fullmatch(str(value)) for value in smuggled.values()):
                continue  # such as roles, whose keys are words that both workspaces have
            answers = [one for row in own for one in tries(attacker, postgres, table, row, smuggled)]
            tried += [(key["name"], what) for answer, what in answers if answer in REFUSED]
            wrong += [
                (key["name"], what, answer) for answer, what in answers if answer not in (*REFUSED, "PT409", "23505")
            ]
            # A started experiment refuses every change, and a copy may collide: some row must have been refused for its pointer.
            missed = {what for _, what in answers} - {what for name, what in tried if name == key["name"]}
            wrong += [(key["name"], what, "never reached the pointer") for what in missed]
    assert wrong == []
    assert len(tried) > 20


def replaced(
    attacker: Actor, name: sql.Identifier, own: dict[str, Any], statement: sql.Composed, parameters: dict[str, Any]
) -> int | str:
    """Insert in the place of one's own row, so that no unique key of one's own is in the way."""
    away = sql.SQL("delete from {} t where to_jsonb(t) = {}::jsonb").format(name, sql.Literal(json.dumps(own)))
    with undone(attacker):
        with suppress(psycopg.Error), attacker.connection.transaction():
            attacker.connection.execute(away)
        return attempt(attacker, statement, parameters)


def tries(
    attacker: Actor, postgres: Actor, table: str, own: dict[str, Any], smuggled: dict[str, Any]
) -> list[tuple[int | str, str]]:
    """Insert a copy of one's own row with the pointer, and turn one's own row's pointer."""
    name, found = sql.Identifier(*table.split(".")), []
    insertable = granted(postgres, table, "insert")
    if set(smuggled) <= insertable:
        values = fresh(own, insertable) | smuggled
        parameters = {k: adapted(v) for k, v in values.items()}
        found.append((replaced(attacker, name, own, insertion(name, values), parameters), "insert"))
    if set(smuggled) & granted(postgres, table, "update"):
        assignments = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(k), sql.Literal(v)) for k, v in smuggled.items()
        )
        statement = sql.SQL("update {} t set {} where to_jsonb(t) = {}::jsonb").format(
            name, assignments, sql.Literal(json.dumps(own))
        )
        found.append((attempt(attacker, statement), "update"))
    return found
