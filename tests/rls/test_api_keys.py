"""API keys: who sees them, what a key may do, and that nothing but its secret opens it."""

import json

import psycopg
import pytest
from psycopg import sql

from support.rls import Law, Theatre, allowed, check
from support.world import Actor

LAWS = [
    Law("api_keys"),
    Law("api_key_uses"),
    Law("api_key_secrets", schema="private", readers=frozenset()),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


def refusal(actor: Actor, verb: str, **arguments: object) -> tuple[str | None, str]:
    """The SQLSTATE and the registered code of a refusal."""
    with pytest.raises(psycopg.Error) as caught:
        actor.rpc(verb, **arguments)
    return caught.value.sqlstate, json.loads(caught.value.diag.message_detail or "{}").get("code", "")


def test_a_key_does_what_it_holds_and_nothing_else(theatre: Theatre):
    clinic = theatre.clinic
    key = theatre.world.api_key(clinic.owner, clinic.workspace_id, ["decisions.make"])
    assert clinic.decide("ann", by=key, action="Book")["bundle"]
    assert refusal(key, "record_outcomes", outcomes=[]) == ("PT403", "permission_denied")
    assert key.rows("select * from prompts") == []
    elsewhere = {"environment": "production", "capability": "BookAppointment", "subject": "ann"}
    other = theatre.other.workspace_id
    assert refusal(key, "decide", **elsewhere, workspace_id=other) == ("PT404", "workspace_not_found")


def test_a_key_is_no_person(theatre: Theatre):
    clinic = theatre.clinic
    key = theatre.world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"])
    seen = key.one(
        "select auth.uid() as uid, current_user as role, private.actor_kind() as kind, private.actor_id() as id"
    )
    assert seen == {"uid": None, "role": "authenticated", "kind": "api_key", "id": key.api_key_id}
    assert clinic.owner.one("select private.actor_kind() as kind")["kind"] == "user"
    assert theatre.cast["server"].one("select private.actor_kind() as kind")["kind"] == "service"


def test_no_key_gets_what_only_persons_hold(theatre: Theatre):
    clinic = theatre.clinic
    personal = [row["key"] for row in clinic.owner.rows("select key from permissions where is_personal")]
    assert "api_keys.write" in personal
    for permission in [*personal, "no.such"]:
        asked = {"name": "climber", "permissions": ["workspace.read", permission]}
        assert refusal(clinic.owner, "create_api_key", **asked) == ("PT422", "not_for_keys"), permission


@pytest.mark.parametrize("secret", ["", "upk_", "upk_" + "0" * 64, "x" * 10_000, "' or true --"])
def test_what_is_no_secret_opens_nothing(theatre: Theatre, secret: str):
    with pytest.raises(psycopg.Error) as caught:
        theatre.world.with_secret(secret).rows("select 1 as used")
    assert caught.value.sqlstate == "PT401"


def test_a_setting_does_not_forge_a_key(theatre: Theatre):
    """The setting holds the hash of the secret: ids and prefixes, which members see, open nothing."""
    outsider = theatre.world.as_role("authenticated")
    for forged in (theatre.rows["api_key"].api_key_id, theatre.rows["api_key"].api_key["prefix"], "0" * 64):
        outsider.connection.execute("select set_config('upshot.api_key', %s, false)", [str(forged)])
        assert outsider.rows("select * from workspaces") == []


def test_a_person_gains_nothing_by_a_setting_left_on_the_connection(theatre: Theatre):
    secret = theatre.rows["api_key"].api_key["secret"]
    outsider = theatre.cast["outsider"]
    outsider.connection.execute(
        "select set_config('upshot.api_key', encode(sha256(%s::bytea), 'hex'), false)", [secret.encode()]
    )
    assert outsider.rows("select * from workspaces") == []
    anybody = theatre.world.as_role("authenticated")
    anybody.connection.execute(
        "select set_config('upshot.api_key', encode(sha256(%s::bytea), 'hex'), false)", [secret.encode()]
    )
    with anybody.connection.transaction():
        anybody.connection.execute("select gate.enter()")
        assert anybody.rows("select * from workspaces") == []


def test_environments_bind_the_verbs(theatre: Theatre):
    clinic = theatre.clinic
    key = theatre.world.api_key(clinic.owner, clinic.workspace_id, ["decisions.make"], ["staging"])
    key.rows("select private.require_environment(%s) as allowed", clinic.environments["staging"])
    with pytest.raises(psycopg.Error, match="not for this environment"):
        key.rows("select private.require_environment(%s) as denied", clinic.environments["production"])


def test_the_hashes_are_the_engines_alone(theatre: Theatre):
    assert allowed(theatre, sql.SQL("select from private.api_key_secrets")) == set()
