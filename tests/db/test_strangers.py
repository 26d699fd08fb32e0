"""What a stranger learns from the way in which they are refused: nothing."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from support.rls import Theatre, attempt, insertion
from support.theatres import Theatres
from support.world import Actor, adapted

WRITABLE = """
select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and has_column_privilege('authenticated', c.oid, a.attnum, 'insert')
group by c.relname having 'workspace_id' = any (array_agg(a.attname)) order by 1
"""


@pytest.fixture
def theatre(theatres: Theatres) -> Iterator[Theatre]:
    """The clinic, which has one row of everything, and the owner of another workspace."""
    with theatres() as theatre:
        yield theatre


def smuggled(theatre: Theatre) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows of the clinic as the other owner would insert them into their own workspace."""
    postgres = theatre.world.postgres()
    for found in postgres.rows(WRITABLE):
        table = found["table"]
        if table in ("members", "role_permissions"):
            continue  # what they point at, users and permissions, belongs to no workspace
        query = f"select to_jsonb(t) as r from public.{table} t where workspace_id = %s limit 1"
        row = postgres.one(query, theatre.clinic.workspace_id)["r"]
        values = {name: row[name] for name in found["columns"] if row[name] is not None}
        if table in ("prompts", "experiments", "outcome_metrics"):
            values["key"] = "unused"  # a key that the stranger's own workspace has would be their own collision
        yield table, values | {"workspace_id": theatre.other.workspace_id}


def test_a_row_that_is_there_already_is_refused_as_one_that_is_not(theatre: Theatre):
    """Postgres checks unique keys before foreign ones: the policy must have refused by then."""
    stranger = theatre.cast["other_owner"]
    tried = []
    for table, values in smuggled(theatre):
        parents = [n for n, v in values.items() if n.endswith("_id") and n != "workspace_id" and v is not None]
        if not parents:
            continue
        statement = insertion(sql.Identifier("public", table), values)
        quiet = statement + sql.SQL(" on conflict do nothing")
        parameters = {name: adapted(value) for name, value in values.items()}
        missing = parameters | {name: str(uuid.uuid4()) for name in parents}
        answers = [attempt(stranger, s, p) for s in (statement, quiet) for p in (parameters, missing)]
        assert answers in (["42501"] * 4, ["23503"] * 4), (table, answers)
        tried.append(table)
    assert {"actions", "branches", "experiment_metrics", "test_cases", "variants", "variant_versions"} <= set(tried)


def test_who_was_sent_away_is_told_nothing_of_what_they_made(theatre: Theatre):
    clinic, founder = theatre.clinic, theatre.clinic.owner
    heir = theatre.world.member(founder, clinic.workspace_id, "owner")
    heir.rows("delete from members where user_id = %s returning role", founder.user_id)
    heir.insert("environments", workspace_id=clinic.workspace_id, key="secret-launch", name="Launch")
    again = founder.rpc("create_workspace", name="Clinic", slug="clinic")
    assert again["workspace_id"] != clinic.workspace_id
    assert set(again["environments"]) == {"production", "staging"}


def test_a_stranger_neither_waits_for_a_lock_nor_takes_one(theatre: Theatre):
    holder = theatre.world.postgres()
    stranger: Actor = theatre.cast["other_owner"]
    stranger.connection.execute("set lock_timeout = '1s'")
    for experiment_id in (theatre.draft.id, str(uuid.uuid4())):
        with holder.connection.transaction(force_rollback=True):
            holder.rows("select from experiments where id = %s for update", theatre.draft.id)
            with pytest.raises(psycopg.Error) as caught:
                stranger.rpc("activate", experiment_id=experiment_id, expected_revision=1)
        assert caught.value.sqlstate == "PT404"
        assert json.loads(str(caught.value.diag.message_detail))["code"] == "unknown_experiment"


def test_a_stranger_does_not_wait_for_the_lock_of_an_invitation(theatre: Theatre):
    clinic, holder = theatre.clinic, theatre.world.postgres()
    made = clinic.owner.rpc(
        "invite_member", email="guest@example.test", role="viewer", workspace_id=clinic.workspace_id
    )
    stranger: Actor = theatre.cast["outsider"]
    stranger.connection.execute("set lock_timeout = '1s'")
    for how in ({"invitation_id": made["id"]}, {"invitation_id": str(uuid.uuid4())}, {"token": made["token"]}):
        with holder.connection.transaction(force_rollback=True):
            holder.rows("select from invitations where id = %s for update", made["id"])
            with pytest.raises(psycopg.Error) as caught:
                stranger.rpc("accept_invitation", **how)
        assert caught.value.sqlstate in ("PT404", "PT403"), caught.value
