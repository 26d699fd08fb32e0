"""Roles, permissions and members: nobody climbs."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql

from support.rls import SERVER, SIGNED_IN, Law, Theatre, allowed, attempt, check, holders, insertion, workspace

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
        inserters="members.write",
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
    leave = "delete from members where user_id = (select auth.uid())"
    first = theatre.clinic.owner.connection
    with ThreadPoolExecutor(1) as pool, first.transaction():
        first.execute(leave)
        rival = pool.submit(second.connection.execute, leave)
        with pytest.raises(TimeoutError):
            rival.result(timeout=1)
        first.execute("select 1")
    with pytest.raises(psycopg.Error) as caught:
        rival.result(timeout=30)
    assert caught.value.sqlstate == "PT409"


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
