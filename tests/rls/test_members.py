"""Roles, permissions and members: nobody climbs."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql

from support.rivals import overtaken
from support.rls import SERVER, SIGNED_IN, Law, Theatre, allowed, attempt, check, holders, insertion, workspace
from support.world import Actor

LAWS = [
    Law("permissions", readers=SIGNED_IN, workspace=""),
    Law("roles", workspace="workspace_id"),
    Law(
        "role_permissions",
        insert=lambda t: workspace(t) | {"role": "viewer", "permission": "runs.write"},
        inserters="roles.write",
        deleters="roles.write",
        where="role = 'engineer'",
    ),
    Law(
        "members",
        insert=lambda t: workspace(t) | {"user_id": t.cast["outsider"].user_id, "role": "viewer"},
        inserters=SERVER,  # people come by invitation
        update="role = role",
        updaters="members.write",
        deleters=holders("members.write") | {"engineer"},  # everyone may leave
        where="role = 'engineer'",
    ),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


def test_nobody_promotes_themselves(theatre: Theatre):
    for name in ("admin", "engineer", "viewer"):
        actor = theatre.cast[name]
        statement = sql.SQL("update members set role = 'owner' where user_id = {}").format(sql.Literal(actor.user_id))
        assert attempt(actor, statement) in (0, "42501"), name


def test_an_admin_does_not_touch_an_owner(theatre: Theatre):
    admin, owner = theatre.cast["admin"], sql.Literal(theatre.clinic.owner.user_id)
    assert attempt(admin, sql.SQL("update members set role = 'viewer' where user_id = {}").format(owner)) == 0
    assert attempt(admin, sql.SQL("delete from members where user_id = {}").format(owner)) == 0


def test_an_outsider_does_not_let_themselves_in(theatre: Theatre):
    outsider = theatre.cast["outsider"]
    values = {"workspace_id": theatre.clinic.workspace_id, "user_id": outsider.user_id, "role": "viewer"}
    assert attempt(outsider, insertion(sql.Identifier("members"), values), values) == "42501"


def test_everyone_may_leave_but_the_last_owner(theatre: Theatre):
    leave = sql.SQL("delete from members where user_id = (select auth.uid())")
    assert attempt(theatre.cast["viewer"], leave) == 1
    assert attempt(theatre.cast["owner"], leave) == "PT409"
    demote = sql.SQL("update members set role = 'admin' where user_id = (select auth.uid())")
    assert attempt(theatre.cast["owner"], demote) == "PT409"


def test_two_owners_cannot_leave_at_once(theatre: Theatre):
    second = theatre.world.member(theatre.clinic.owner, theatre.clinic.workspace_id, "owner")
    first, leave = theatre.clinic.owner, "delete from members where user_id = (select auth.uid())"
    ended = overtaken(
        theatre.world,
        first, lambda: first.connection.execute(leave),
        second, lambda: second.connection.execute(leave),
    )  # fmt: skip
    assert ended == "PT409"


def test_the_owners_permissions_stay(theatre: Theatre):
    take = sql.SQL("delete from role_permissions where role = 'owner' and permission = 'members.write'")
    assert allowed(theatre, take) == SERVER


def test_a_permission_taken_away_is_gone_at_once(theatre: Theatre):
    theatre.clinic.owner.connection.execute(
        "delete from role_permissions where role = 'engineer' and permission = 'catalog.write'"
    )
    values = {"workspace_id": theatre.clinic.workspace_id, "key": "New", "name": "New"}
    statement = insertion(sql.Identifier("capabilities"), values)
    assert attempt(theatre.cast["engineer"], statement, values) == "42501"


def refused(actor: Actor, verb: str, **arguments: object) -> str:
    """The registered code of a refusal."""
    with pytest.raises(psycopg.Error) as caught:
        actor.rpc(verb, **arguments)
    return str(json.loads(caught.value.diag.message_detail or "{}").get("code", caught.value.sqlstate))


@pytest.fixture
def steward(theatre: Theatre) -> Actor:
    """Somebody who may invite, remove and edit roles, and little else."""
    held = ["workspace.read", "members.write", "roles.write", "api_keys.write"]
    theatre.clinic.owner.rpc("create_role", key="steward", name="Steward", permissions=held)
    return theatre.world.member(theatre.clinic.owner, theatre.clinic.workspace_id, "steward")


def test_nobody_climbs_by_editing_roles(theatre: Theatre, steward: Actor):
    """Ceiling: what one gives, to a role, a member or a key, one holds."""
    me = {"user_id": steward.user_id}
    assert refused(steward, "change_role", **me, role="admin", expected_role="steward") == "above_your_own"
    assert refused(steward, "change_role", **me, role="owner", expected_role="steward") == "owners_only"
    climbing = {"key": "steward", "name": "Steward", "permissions": ["roles.write", "deployments.publish"]}
    assert refused(steward, "update_role", **climbing) == "above_your_own"
    assert refused(steward, "create_role", **climbing | {"key": "boss"}) == "above_your_own"
    assert refused(steward, "create_api_key", name="k", permissions=["deployments.publish"]) == "above_your_own"
    assert refused(steward, "update_role", key="admin", name="x", permissions=[]) == "above_your_own"
    assert refused(steward, "update_role", key="owner", name="x", permissions=[]) == "owner_role_stays"
    assert refused(steward, "delete_role", role="admin") == "above_your_own"
    for role, permission in (("steward", "deployments.publish"), ("viewer", "runs.write"), ("admin", "roles.write")):
        values = {"workspace_id": theatre.clinic.workspace_id, "role": role, "permission": permission}
        assert attempt(steward, insertion(sql.Identifier("role_permissions"), values), values) == "42501", role
    for statement in (
        "delete from role_permissions where role in ('admin', 'owner', 'engineer')",
        "delete from members where role in ('admin', 'owner', 'engineer')",
        "update members set role = 'viewer' where role in ('admin', 'owner', 'engineer')",
    ):
        assert attempt(steward, sql.SQL(statement)) == 0, statement
    raised = sql.SQL("update members set role = 'admin' where role = 'viewer'")
    assert attempt(steward, raised) == "42501"


def test_a_steward_does_what_is_below_them(theatre: Theatre, steward: Actor):
    made = steward.rpc("create_role", key="reader", name="Reader")
    assert made["permissions"] == ["workspace.read"]
    viewer = theatre.cast["viewer"]
    moved = steward.rpc("change_role", user_id=viewer.user_id, role="reader", expected_role="viewer")
    assert moved["role"] == "reader"
    assert refused(steward, "delete_role", role="reader") == "role_in_use"
    stale = {"user_id": viewer.user_id, "role": "viewer", "expected_role": "viewer"}
    assert refused(steward, "change_role", **stale) == "stale_role"
    steward.rpc("change_role", user_id=viewer.user_id, role="viewer", expected_role="reader")
    steward.rpc("delete_role", role="reader")
    assert refused(steward, "update_role", key="reader", name="x", permissions=[]) == "unknown_role"
    assert refused(steward, "create_role", key="viewer", name="x") == "role_taken"


def test_a_removed_person_is_out_at_once_and_their_keys_are_the_workspaces(theatre: Theatre):
    clinic = theatre.clinic
    admin = theatre.world.member(clinic.owner, clinic.workspace_id, "admin")
    kept = theatre.world.api_key(admin, clinic.workspace_id, ["workspace.read"])
    answer = clinic.owner.rpc("remove_member", user_id=admin.user_id)
    assert answer["api_keys"] == [str(kept.api_key_id)]
    assert admin.rows("select * from workspaces") == []
    assert len(kept.rows("select * from workspaces")) == 1
    other = theatre.world.member(clinic.owner, clinic.workspace_id, "admin")
    gone = theatre.world.api_key(other, clinic.workspace_id, ["workspace.read"])
    clinic.owner.rpc("remove_member", user_id=other.user_id, revoke_keys=True)
    with pytest.raises(psycopg.Error, match="not valid"):
        gone.rows("select * from workspaces")


def test_ownership_is_handed_over_whole(theatre: Theatre):
    clinic, admin = theatre.clinic, theatre.cast["admin"]
    assert refused(admin, "transfer_ownership", to_user=admin.user_id) == "owners_only"
    assert refused(clinic.owner, "transfer_ownership", to_user=theatre.cast["outsider"].user_id) == "unknown_member"
    clinic.owner.rpc("transfer_ownership", to_user=admin.user_id)
    roles = {str(r["user_id"]): r["role"] for r in admin.rows("select user_id, role from members")}
    assert (roles[str(admin.user_id)], roles[str(clinic.owner.user_id)]) == ("owner", "admin")
    assert refused(admin, "leave_workspace", workspace_id=clinic.workspace_id) == "last_owner"
    clinic.owner.rpc("leave_workspace", workspace_id=clinic.workspace_id)
    assert clinic.owner.rows("select * from workspaces") == []
    assert refused(clinic.owner, "leave_workspace", workspace_id=clinic.workspace_id) == "workspace_not_found"


def test_two_owners_who_hand_over_to_each_other_leave_one_at_least(theatre: Theatre):
    clinic = theatre.clinic
    second = theatre.world.member(clinic.owner, clinic.workspace_id, "owner")
    with ThreadPoolExecutor(2) as pool:
        moves = [
            pool.submit(giver.rpc, "transfer_ownership", to_user=heir.user_id)
            for giver, heir in ((clinic.owner, second), (second, clinic.owner))
        ]
        assert any(move.exception() is None for move in moves)
    assert theatre.world.admin.rows("select from members where role = 'owner'")


def test_a_role_without_workspace_read_reads_nothing(theatre: Theatre):
    clinic = theatre.clinic
    clinic.owner.rpc("create_role", key="caller", name="Caller", permissions=["decisions.make"])
    caller = theatre.world.member(clinic.owner, clinic.workspace_id, "caller")
    assert caller.rows("select * from prompts") == []
    assert len(caller.rows("select * from members")) == 1
    assert clinic.decide("ann", by=caller, action="Book")["version"]
