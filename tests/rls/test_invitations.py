"""Invitations: who sees them, who may make them, and that a token opens one door for one person, once."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from support.clinic import Clinic, open_clinic
from support.rls import Law, Theatre, check
from support.world import Actor, World, address_of

LAWS = [
    Law("invitations", readers="members.write"),
    Law("invitation_secrets", schema="private", readers=frozenset()),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


@pytest.fixture
def clinic(world: World) -> Clinic:
    return open_clinic(world)


def refused(actor: Actor, verb: str, **arguments: object) -> str:
    """The registered code of a refusal."""
    with pytest.raises(psycopg.Error) as caught:
        actor.rpc(verb, **arguments)
    return str(json.loads(caught.value.diag.message_detail or "{}").get("code", caught.value.sqlstate))


def guest(world: World) -> tuple[Actor, str]:
    actor = world.user("guest")
    return actor, address_of("guest", str(actor.user_id))


def test_the_invited_address_joins_in_the_role(world: World, clinic: Clinic):
    actor, address = guest(world)
    made = clinic.owner.rpc("invite_member", email=f" {address.upper()} ", role="engineer")
    assert made["email"] == address
    assert made["token"] not in json.dumps(world.admin.rows("select to_jsonb(i) as i from invitations i"))
    answer = actor.rpc("accept_invitation", token=made["token"])
    assert answer == {"workspace_id": str(clinic.workspace_id), "role": "engineer", "was_member": False}
    again = actor.rpc("accept_invitation", token=made["token"])
    assert again == answer | {"was_member": True}
    assert actor.one("select role from members where user_id = %s", actor.user_id) == {"role": "engineer"}


def test_what_waits_is_listed_and_accepted_by_id(world: World, clinic: Clinic):
    actor, address = guest(world)
    clinic.owner.rpc("invite_member", email=address, role="viewer")
    (waiting,) = actor.rpc("my_invitations")
    assert (waiting["workspace"], waiting["role"]) == ("Clinic", "viewer")
    stranger, _ = guest(world)
    assert refused(stranger, "accept_invitation", invitation_id=waiting["invitation_id"]) == "unknown_invitation"
    assert actor.rpc("accept_invitation", invitation_id=waiting["invitation_id"])["role"] == "viewer"
    assert actor.rows("select * from public.my_invitations()") == []


def test_a_token_is_for_the_invited_address_alone(world: World, clinic: Clinic):
    _, address = guest(world)
    thief, _ = guest(world)
    token = clinic.owner.rpc("invite_member", email=address, role="admin")["token"]
    assert refused(thief, "accept_invitation", token=token) == "invitation_for_another"
    assert refused(thief, "accept_invitation", token="upi_" + "0" * 64) == "unknown_invitation"
    assert refused(thief, "accept_invitation") == "unknown_invitation"
    key = world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"])
    for nobody in (key, world.server()):
        assert refused(nobody, "accept_invitation", token=token) == "person_required"


def test_an_address_must_be_confirmed(world: World, clinic: Clinic):
    actor, address = guest(world)
    token = clinic.owner.rpc("invite_member", email=address, role="viewer")["token"]
    auth = Actor(world.connect("supabase_auth_admin"))
    auth.connection.execute("update auth.users set email_confirmed_at = null where id = %s", [actor.user_id])
    assert refused(actor, "accept_invitation", token=token) == "email_unconfirmed"
    assert actor.rows("select * from public.my_invitations()") == []


def test_what_is_over_is_over(world: World, clinic: Clinic):
    actor, address = guest(world)
    first = clinic.owner.rpc("invite_member", email=address, role="viewer")
    second = clinic.owner.rpc("invite_member", email=address, role="viewer")
    assert refused(actor, "accept_invitation", token=first["token"]) == "invitation_over"
    assert clinic.owner.rpc("revoke_invitation", invitation_id=second["id"])["state"] == "revoked"
    assert clinic.owner.rpc("revoke_invitation", invitation_id=second["id"])["state"] == "revoked"
    assert refused(actor, "accept_invitation", token=second["token"]) == "invitation_over"
    third = clinic.owner.rpc("invite_member", email=address, role="viewer")
    world.admin.rows("update invitations set expires_at = now() where id = %s returning id", third["id"])
    assert refused(actor, "accept_invitation", token=third["token"]) == "invitation_over"
    assert actor.rows("select * from public.my_invitations()") == []


def test_a_token_does_not_bring_back_who_was_removed(world: World, clinic: Clinic):
    actor, address = guest(world)
    token = clinic.owner.rpc("invite_member", email=address, role="viewer")["token"]
    actor.rpc("accept_invitation", token=token)
    clinic.owner.rpc("remove_member", user_id=actor.user_id)
    assert refused(actor, "accept_invitation", token=token) == "invitation_over"


def test_an_invitation_dies_with_the_rights_of_who_made_it(world: World, clinic: Clinic):
    admin = world.member(clinic.owner, clinic.workspace_id, "admin")
    actor, address = guest(world)
    token = admin.rpc("invite_member", email=address, role="admin")["token"]
    clinic.owner.rpc("change_role", user_id=admin.user_id, role="viewer", expected_role="admin")
    assert refused(actor, "accept_invitation", token=token) == "invitation_over"


def test_one_address_wins_once_in_a_race(world: World, clinic: Clinic):
    """The same person on two connections: one joins, the other is told so."""
    actor, address = guest(world)
    twin = world.as_role("authenticated", actor.user_id)
    token = clinic.owner.rpc("invite_member", email=address, role="viewer")["token"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: who.rpc("accept_invitation", token=token), (actor, twin)))
    assert sorted(answer["was_member"] for answer in answers) == [False, True]
    assert actor.one("select count(*) as n from members where user_id = %s", actor.user_id)["n"] == 1


def test_accepting_and_revoking_at_once_leaves_one_truth(world: World, clinic: Clinic):
    actor, address = guest(world)
    made = clinic.owner.rpc("invite_member", email=address, role="viewer")
    with ThreadPoolExecutor(2) as pool:
        joined = pool.submit(actor.rpc, "accept_invitation", token=made["token"])
        revoked = pool.submit(clinic.owner.rpc, "revoke_invitation", invitation_id=made["id"])
        state = revoked.result()["state"]
    members = world.admin.rows("select role from members where user_id = %s", actor.user_id)
    assert (joined.exception() is None, bool(members)) == ((True, True) if state == "accepted" else (False, False))


def test_who_invites_gives_nothing_above_their_own(world: World, clinic: Clinic):
    _, address = guest(world)
    admin = world.member(clinic.owner, clinic.workspace_id, "admin")
    assert refused(admin, "invite_member", email=address, role="owner") == "owners_only"
    clinic.owner.rpc("create_role", key="host", name="Host", permissions=["workspace.read", "members.write"])
    host = world.member(clinic.owner, clinic.workspace_id, "host")
    assert refused(host, "invite_member", email=address, role="engineer") == "above_your_own"
    assert refused(host, "invite_member", email=address, role="no_such") == "unknown_role"
    assert host.rpc("invite_member", email=address, role="viewer")["role"] == "viewer"
    viewer = world.member(clinic.owner, clinic.workspace_id, "viewer")
    assert refused(viewer, "invite_member", email=address, role="viewer") == "permission_denied"
    stranger = world.user("stranger")
    assert (
        refused(stranger, "invite_member", email=address, role="viewer", workspace_id=clinic.workspace_id)
        == "workspace_not_found"
    )


def test_a_member_is_not_invited_again(world: World, clinic: Clinic):
    member = world.member(clinic.owner, clinic.workspace_id, "viewer")
    address = address_of("viewer", str(member.user_id))
    assert refused(clinic.owner, "invite_member", email=address, role="admin") == "already_member"
    for wrong in ("", "nobody", "a b@example.test", "a@b@c"):
        assert refused(clinic.owner, "invite_member", email=wrong, role="viewer") == "bad_argument"
