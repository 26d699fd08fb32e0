"""No table is forgotten: each has its law, its rows in both workspaces, and policies for what the law allows alone."""

import pytest

from support.cast import KEYS, ROLES
from support.laws import TABLES, laws
from support.rls import NOBODY, SERVER, Theatre, holders

COMMANDS = {"r": "readers", "a": "inserters", "w": "updaters", "d": "deleters"}


LAWS = laws()


@pytest.fixture(scope="module")
def tables(standing_theatre: Theatre) -> list[dict[str, object]]:
    return standing_theatre.world.admin.rows(TABLES)


def test_a_law_speaks_of_the_whole_cast():
    """A set that names some roles and forgets the rest would be no law: permissions or whole sets only."""
    known = set(ROLES) | set(KEYS) | SERVER | {"outsider", "other_owner", "former_member", "anon"}
    for name, law in LAWS.items():
        for who in (law.readers, law.inserters, law.updaters, law.deleters):
            assert (holders(who) if isinstance(who, str) else who) <= known, name


def test_every_table_of_tenants_has_rows_in_both_workspaces(standing_theatre: Theatre, tables: list[dict[str, object]]):
    """An attack on an empty table proves nothing."""
    empty = []
    admin = standing_theatre.world.admin
    for table in tables:
        law = LAWS.get(str(table["name"]))
        column = (law.workspace if law else "workspace_id") if table["tenant"] or (law and law.workspace) else ""
        for side in (standing_theatre.clinic, standing_theatre.other):
            where = f"where {column} = '{side.workspace_id}'" if column else ""
            if admin.one(f"select count(*) as n from {table['name']} {where}")["n"] == 0:
                empty.append((table["name"], "the clinic" if side is standing_theatre.clinic else "the other"))
    assert empty == [], "add a piece to tests/support/furniture.py"


def test_policies_are_there_for_what_the_law_allows_and_nothing_else(standing_theatre: Theatre):
    found = standing_theatre.world.admin.rows("""
        select n.nspname || '.' || c.relname as name, p.polcmd::text as command from pg_policy p
        join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'private', 'stats')""")
    declared = {(row["name"], row["command"]) for row in found}
    wanted = {
        (name, command)
        for name, law in LAWS.items()
        for command, field in COMMANDS.items()
        if getattr(law, field) not in (NOBODY, SERVER)
    }
    assert declared == wanted


def test_the_roles_hold_what_the_specification_says(standing_theatre: Theatre):
    rows = standing_theatre.clinic.owner.rows(
        "select role, permission from role_permissions where workspace_id = %s", standing_theatre.clinic.workspace_id
    )
    everything = {row["key"] for row in standing_theatre.clinic.owner.rows("select key from permissions")}
    for role, held in ROLES.items():
        assert {r["permission"] for r in rows if r["role"] == role} == (everything if "*" in held else held), role
