"""Members see that a key is there; nobody sees the key."""

import pytest
from psycopg import sql

from support.rls import SERVER, Law, Theatre, allowed, check

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
