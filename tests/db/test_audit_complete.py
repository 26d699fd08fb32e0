"""Each verb of the product, called once: every row that its transaction wrote is in the audit log, with its actor."""

import json
from typing import Any

import pytest
from psycopg import sql

from support.calls import CALLS
from support.clinic import open_clinic
from support.furniture import Furnished, furnish
from support.world import Actor, adapted

# Row versions of this transaction, by their ids, in every table that the log covers row by row.
TABLES = """
select a.table_name, (
    select string_agg(format('%L, t.%I', c.attname, c.attname), ', ' order by c.attname)
    from pg_index i join pg_attribute c on c.attrelid = i.indrelid and c.attnum = any (i.indkey)
    where i.indrelid = ('public.' || a.table_name)::regclass and i.indisprimary) as key
from private.audited a where a.mode = 'rows'
"""


def written(admin: Actor) -> set[tuple[str, str]]:
    """(table, key) of each row that the open transaction has written and that is still there."""
    parts = [
        f"select '{row['table_name']}' as name, jsonb_build_object({row['key']})::text as key"
        f" from public.{row['table_name']} t where t.xmin::text::bigint = txid_current() % 4294967296"
        for row in admin.rows(TABLES)
    ]
    return {(row["name"], row["key"]) for row in admin.rows(" union all ".join(parts))}


def logged(admin: Actor) -> list[dict[str, Any]]:
    """What the log says of the open transaction."""
    return admin.rows(
        "select *, row_key::text as key from audit_events where xmin::text::bigint = txid_current() % 4294967296"
    )


def call(at: Furnished, admin: Actor, verb: str) -> Any:
    """Call a verb inside the superuser's transaction as the owner would, or as the worker."""
    declared = CALLS[verb]
    arguments = declared.arguments(at)
    person = "owner" in declared.may
    claims = {"role": "authenticated", "sub": at.clinic.owner.user_id} if person else {"role": "service_role"}
    for name, value in {
        "request.jwt.claims": json.dumps(claims), "request.path": f"/rpc/{verb}", "role": claims["role"],
    }.items():  # fmt: skip
        admin.connection.execute("select set_config(%s, %s, true)", [name, value])
    names = sql.SQL(", ").join(sql.SQL("{} => {}").format(sql.Identifier(n), sql.Placeholder(n)) for n in arguments)
    query = sql.SQL("select * from public.{}({})").format(sql.Identifier(verb), names)
    admin.connection.execute(query, {k: adapted(v) for k, v in arguments.items()})
    admin.connection.execute("set constraints all immediate")
    admin.connection.execute("select set_config('role', 'none', true)")
    return claims.get("sub")


@pytest.fixture
def furnished(world: Any) -> Furnished:
    return furnish(open_clinic(world))


def test_every_row_that_a_verb_writes_is_in_the_log_with_its_actor(furnished: Furnished):
    admin = Actor(furnished.clinic.world.connect("supabase_admin"))
    missing, writers = [], 0
    for verb, declared in CALLS.items():
        if not declared.may & {"owner", "server"}:
            continue  # an act of somebody who is not in the cast's first row, say of a guest who accepts
        with admin.connection.transaction(force_rollback=True):
            actor = call(furnished, admin, verb)
            events = logged(admin)
            known = {(e["table_name"], e["key"]) for e in events}
            missing += [(verb, row) for row in written(admin) if row not in known]
            missing += [(verb, e["table_name"], "actor") for e in events if str(e["actor_id"]) != str(actor)]
            missing += [(verb, e["table_name"], "verb") for e in events if e["verb"] != verb]
            missing += [
                (verb, e["table_name"], "after") for e in events if (e["after"] is None) != (e["operation"] == "delete")
            ]
            assert len({e["position"] for e in events}) == len(events), verb
            assert len({e["request_id"] for e in events}) <= 1, verb
            writers += bool(events)
    assert missing == []
    assert writers > 25
