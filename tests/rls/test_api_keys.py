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
    assert refusal(clinic.owner, "create_api_key", name="climber", permissions=[]) == ("PT400", "bad_argument")


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
        # What opens nothing is for no environment either: a key may be revoked in the middle of its own call.
        assert outsider.one("select private.key_environments() as ids")["ids"] == []


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


def test_a_revoked_key_is_closed_at_once_with_all_its_secrets(theatre: Theatre):
    clinic, world = theatre.clinic, theatre.world
    key = world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"])
    made = {"api_key_id": key.api_key["id"], "expected_prefix": key.api_key["prefix"]}
    fresh = world.with_secret(clinic.owner.rpc("rotate_api_key", **made)["secret"])
    assert len(key.rows("select * from workspaces")) == len(fresh.rows("select * from workspaces")) == 1
    for _ in range(2):
        assert clinic.owner.rpc("revoke_api_key", api_key_id=key.api_key["id"])["revoked_at"]
    for closed in (key, fresh):
        with pytest.raises(psycopg.Error, match="not valid"):
            closed.rows("select * from workspaces")
    assert refusal(clinic.owner, "rotate_api_key", **made) == ("PT409", "api_key_revoked")


def test_a_revocation_does_not_wait_for_a_call_that_is_under_way(theatre: Theatre):
    """The call notes its use and stays open; whoever revokes is not held up, and is obeyed."""
    clinic, world = theatre.clinic, theatre.world
    key = world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"])
    clinic.owner.connection.execute("set lock_timeout = '2s'")
    with key.connection.transaction():
        key.rows("select 1 as used")
        clinic.owner.rpc("revoke_api_key", api_key_id=key.api_key["id"])
        with pytest.raises(psycopg.Error, match="not valid"):
            world.with_secret(key.api_key["secret"]).rows("select 1 as used")


def test_a_rotated_secret_works_through_its_grace(theatre: Theatre):
    clinic, world = theatre.clinic, theatre.world
    key = world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"])
    made = {"api_key_id": key.api_key["id"], "expected_prefix": key.api_key["prefix"]}
    once = clinic.owner.rpc("rotate_api_key", **made, grace_seconds=0)
    with pytest.raises(psycopg.Error, match="not valid"):
        key.rows("select 1 as used")
    assert refusal(clinic.owner, "rotate_api_key", **made) == ("PT409", "stale_api_key")
    assert world.with_secret(once["secret"]).rows("select * from workspaces")
    viewer = theatre.cast["viewer"]
    assert refusal(viewer, "rotate_api_key", **made) == ("PT403", "permission_denied")


def test_an_expired_key_is_closed(theatre: Theatre):
    clinic = theatre.clinic
    key = theatre.world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"], expires_at="2100-01-01")
    assert key.rows("select * from workspaces")
    theatre.world.admin.rows("update api_keys set expires_at = now() where id = %s returning id", key.api_key["id"])
    with pytest.raises(psycopg.Error, match="not valid"):
        key.rows("select * from workspaces")
    late = {"name": "late", "permissions": ["workspace.read"], "expires_at": "2000-01-01"}
    assert refusal(clinic.owner, "create_api_key", **late) == ("PT400", "bad_argument")


def test_a_scoped_key_sees_and_records_its_environments_alone(theatre: Theatre):
    clinic, owner = theatre.clinic, theatre.clinic.owner
    key = theatre.world.api_key(owner, clinic.workspace_id, ["workspace.read", "events.write"], ["staging"])
    staging = clinic.environments["staging"]
    found = theatre.world.admin.rows("""
        select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
          and a.attname = 'environment_id' and not a.attisdropped""")
    assert len(found) > 6
    for table in found:
        query = f"select count(*) as n from public.{table['name']} where environment_id <> %s"
        assert key.one(query, staging)["n"] == 0, table["name"]
    assert [row["key"] for row in key.rows("select key from environments")] == ["staging"]
    seen = key.one("select count(*) as n from assignments")["n"] + key.one("select count(*) as n from variants")["n"]
    assert (seen, owner.one("select count(*) as n from assignments")["n"] > 0) == (0, True)
    outcomes = [clinic.outcome("booked", 1, subject="ann", environment=e) for e in ("staging", "production")]
    answer = key.rpc("record_outcomes", outcomes=outcomes)
    assert answer["accepted"] == 1
    assert [(e["index"], e["code"]) for e in answer["errors"]] == [(1, "environment_denied")]


def test_names_for_people_and_addresses_for_co_members(theatre: Theatre):
    clinic, viewer = theatre.clinic, theatre.cast["viewer"]
    seen = viewer.rows("select * from member_directory")
    assert {str(r["workspace_id"]) for r in seen} == {str(clinic.workspace_id)}
    assert all(r["display_name"] and "@example.test" in r["email"] for r in seen)
    key = theatre.world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"])
    assert {r["email"] for r in key.rows("select * from member_directory")} == {None}
    assert theatre.cast["outsider"].rows("select * from member_directory") == []
