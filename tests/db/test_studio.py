"""Whoever opens the database in Studio understands it: names, comments, order of columns, values that are one of a few."""

import pytest

from support.world import World, world_of

RULES = {
    "a table begins with what names the row: id, then workspace_id": """
        select c.relname || '.' || a.attname as offender from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not a.attisdropped
          and (a.attname = 'id' and a.attnum <> 1
            or a.attname = 'workspace_id' and a.attnum > 1 + (exists (
              select from pg_attribute i where i.attrelid = c.oid and i.attname = 'id'))::integer
              + (select count(*) from pg_index x where x.indrelid = c.oid and x.indisprimary
                and a.attnum > all (x.indkey::int2[]) and a.attnum <= 1 + x.indnkeyatts))""",
    "what happened comes last: nothing but other times, people and watermarks follows created_at": """
        select c.relname || '.' || b.attname as offender from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'created_at'
        join pg_attribute b on b.attrelid = c.oid and b.attnum > a.attnum and not b.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and b.attname !~ '(_at|_by|_until|^tx)$'""",
    "a kind, state, status or role is one of a list": """
        select c.relname || '.' || a.attname as offender from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname ~ '(^|_)(kind|state|status|role|unit|direction)$'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.atttypid = 'text'::regtype
          and not exists (select from pg_constraint k where k.conrelid = c.oid and a.attnum = any (k.conkey)
            and k.contype in ('c', 'f'))""",
    "columns out of the API's sight are described too": """
        select c.oid::regclass || '.' || a.attname as offender from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace in ('private'::regnamespace, 'stats'::regnamespace) and c.relkind in ('r', 'p')
          and not c.relispartition and col_description(c.oid, a.attnum) is null""",
    "every constraint has a name that says what it is for": """
        select k.conrelid::regclass || ' ' || k.conname as offender from pg_constraint k
        where k.connamespace = 'public'::regnamespace and k.contype in ('c', 'f', 'u') and k.conname ~ '_(check|key)[0-9]*$'""",
    "a comment is a sentence": """
        select c.relname::text as offender from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p')
          and split_part(obj_description(c.oid, 'pg_class'), E'\\n', 1) !~ '[.!?]$'
        union all
        select p.proname::text from pg_proc p
        where p.pronamespace = 'public'::regnamespace
          and rtrim(split_part(obj_description(p.oid, 'pg_proc'), E'\\n', 1)) !~ '[.:!?]$'""",
}

# What is not one of a list, or of a list that grows with the tables.
FREE = {
    "comments.object_kind",
    "invitations.role",  # a role that was deleted since: the invitation says so when it is accepted
    "job_failures.kind",
    "notification_mutes.object_kind",
    "notifications.object_kind",
    "outcome_metrics.unit",
}


@pytest.fixture(scope="module")
def found(cluster_templates, project) -> dict[str, set[str]]:
    database = cluster_templates.clone(cluster_templates.project(project))
    with world_of(database) as world:
        answers = {rule: offenders(world, query) for rule, query in RULES.items()}
    cluster_templates.drop(database)
    return answers


def offenders(world: World, query: str) -> set[str]:
    return {row["offender"] for row in world.postgres().rows(query)}


@pytest.mark.parametrize("rule", RULES)
def test_studio(found: dict[str, set[str]], rule: str):
    assert sorted(found[rule] - FREE) == []
