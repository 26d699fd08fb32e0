"""Members see that a key is there; nobody sees the key."""

import pytest
from psycopg import sql

from support.rls import SERVER, Law, Theatre, allowed, attempt, check, holders

LAWS = [
    Law("provider_keys"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


def test_nobody_but_the_worker_reads_a_key(theatre: Theatre):
    call = sql.SQL("select public.provider_key_v1({}, 'openai')").format(sql.Literal(theatre.clinic.workspace_id))
    assert allowed(theatre, call) == SERVER
    behind = sql.SQL("select private.provider_key({}, 'openai')").format(sql.Literal(theatre.clinic.workspace_id))
    assert allowed(theatre, behind) == SERVER


def test_vault_is_closed_to_users(theatre: Theatre):
    assert allowed(theatre, sql.SQL("select from vault.decrypted_secrets")) <= SERVER
    assert allowed(theatre, sql.SQL("select from vault.secrets")) <= SERVER


def test_the_row_shows_a_hint_only(theatre: Theatre):
    row = theatre.clinic.owner.one("select * from provider_keys")
    assert row["hint"] == "…cdef"
    assert "0123456789" not in str(row)


def test_a_key_is_tried_and_removed_by_who_may_write_it_and_by_no_api_key(theatre: Theatre):
    named = sql.SQL("'openai', workspace_id => {}").format(sql.Literal(theatre.clinic.workspace_id))
    for verb in ("test_provider_key", "delete_provider_key"):
        call = sql.SQL("select public.{}({})").format(sql.Identifier(verb), named)
        answers = {name: attempt(actor, call) for name, actor in theatre.cast.items()}
        assert {name for name, answer in answers.items() if answer == 1} == holders("provider_keys.write"), verb
        assert {answers[name] for name in ("outsider", "other_owner")} == {"PT404"}


def test_a_deleted_key_leaves_nothing_in_vault(theatre: Theatre):
    stored = "select count(*) as n from vault.secrets where name like 'upshot/%'"
    before = theatre.world.admin.one(stored)["n"]
    theatre.clinic.owner.rpc("delete_provider_key", provider="openai")
    assert theatre.world.admin.one(stored)["n"] == before - 1
    assert theatre.clinic.owner.rows("select * from provider_keys") == []
    assert theatre.other.owner.rows("select * from provider_keys") != []
