"""API keys that are over, or that reach for more than they were given."""

import uuid

import psycopg
import pytest

from support.borders import ask
from support.rls import Theatre, undone
from support.world import Actor


def fresh_key(theatre: Theatre, *permissions: str) -> Actor:
    """A key of the clinic."""
    return theatre.world.api_key(theatre.clinic.owner, theatre.clinic.workspace_id, list(permissions))


def refused(actor: Actor) -> bool:
    """Every kind of request is refused at the gate."""
    call = {"environment": "production", "capability": "BookAppointment", "subject": "eve"}
    if ask(actor, "decide", call).state != "PT401":
        return False
    try:
        actor.rows("select 1 as one from workspaces")
    except psycopg.Error as error:
        return error.sqlstate == "PT401"
    return False


def test_a_revoked_key_opens_nothing_from_then_on(theatre: Theatre):
    key = fresh_key(theatre, "workspace.read", "decisions.make")
    assert key.rows("select id from workspaces")
    theatre.clinic.owner.rpc("revoke_api_key", api_key_id=key.api_key["id"])
    assert refused(key)


def test_an_expired_key_opens_nothing(theatre: Theatre):
    key = fresh_key(theatre, "workspace.read", "decisions.make")
    theatre.world.admin.rows(
        "update api_keys set expires_at = now() - interval '1 second' where id = %s returning id", key.api_key["id"]
    )
    assert refused(key)


@pytest.mark.parametrize("secret", ["upk_", f"upk_{'0' * 64}", "' or true --", "x" * 5000])
def test_a_key_that_is_none_opens_nothing(theatre: Theatre, secret: str):
    assert refused(theatre.world.with_secret(secret))


def test_nobody_reads_a_secret_or_its_hash(theatre: Theatre):
    for actor in theatre.cast.values():
        for table in ("private.api_key_secrets", "private.invitation_secrets"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), undone(actor):
                actor.rows(f"select * from {table}")


def test_a_key_makes_neither_keys_nor_members_nor_rights(theatre: Theatre):
    """Not even one that holds everything a key may hold."""
    key = theatre.cast["key_full"]
    clinic = str(theatre.clinic.workspace_id)
    for verb, arguments in (
        ("create_api_key", {"name": "more", "permissions": ["workspace.read"]}),
        ("rotate_api_key", {"api_key_id": key.api_key["id"], "expected_prefix": key.api_key["prefix"]}),
        ("invite_member", {"email": "x@example.test", "role": "owner"}),
        ("transfer_ownership", {"to_user": str(uuid.uuid4())}),
        ("update_role", {"key": "viewer", "name": "V", "permissions": ["workspace.read"]}),
        ("create_workspace", {"name": "Mine", "slug": "mine"}),
    ):
        more = {} if verb == "create_workspace" else {"workspace_id": clinic}
        assert ask(key, verb, arguments | more).state in ("PT401", "PT403"), verb


def test_nobody_gives_more_than_they_hold(theatre: Theatre):
    """An admin makes no owner; a permission that one does not hold goes into no key and no role."""
    admin, clinic = theatre.cast["admin"], str(theatre.clinic.workspace_id)
    assert (
        ask(admin, "invite_member", {"email": "x@example.test", "role": "owner", "workspace_id": clinic}).state
        == "PT403"
    )
    assert ask(admin, "transfer_ownership", {"to_user": str(admin.user_id), "workspace_id": clinic}).state == "PT403"
    made = ask(admin, "create_api_key", {"name": "x", "permissions": ["members.write"], "workspace_id": clinic})
    assert made.state in ("PT403", "PT422", "PT400"), made


def test_another_workspaces_key_is_a_stranger(theatre: Theatre):
    key = theatre.world.api_key(theatre.other.owner, theatre.other.workspace_id, ["workspace.read", "decisions.make"])
    assert [str(row["id"]) for row in key.rows("select id from workspaces")] == [str(theatre.other.workspace_id)]
    call = {"environment": "production", "capability": "BookAppointment", "subject": "eve"}
    assert ask(key, "decide", call | {"workspace_id": str(theatre.clinic.workspace_id)}).state == "PT404"
    assert ask(key, "decide", call).state == "ok"
