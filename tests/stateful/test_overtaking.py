"""One transaction overtakes another between its check and its write: nobody acts on what is no longer true."""

import psycopg
import pytest

from support.clinic import Clinic, Experiment
from support.rivals import overtaken
from support.world import Actor


@pytest.fixture
def draft(clinic: Clinic) -> Experiment:
    clinic.publish(clinic.version("live"))
    return clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})


@pytest.fixture
def engineer(clinic: Clinic) -> Actor:
    return clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")


EDITS = {
    "a weight": """select edit_experiment(%(id)s, %(revision)s, '{"weights": {"b": 9}}')""",
    "an arm more": "insert into variants (workspace_id, experiment_id, key, name) "
    "select workspace_id, id, 'c', 'C' from experiments where id = %(id)s returning id",
    "an arm less": "delete from variants where experiment_id = %(id)s and key = 'b' returning id",
    "a version": "select edit_experiment(%(id)s, %(revision)s, jsonb_build_object('variants', jsonb_build_array("
    "'{\"key\": \"a\"}'::jsonb, jsonb_build_object('key', 'b', 'versions', %(version)s::text))))",
    "an intent": "insert into experiment_intents (workspace_id, experiment_id, intent_id) "
    "select workspace_id, id, %(intent)s from experiments where id = %(id)s returning intent_id",
    "a primary metric": """select edit_experiment(%(id)s, %(revision)s,
      '{"metrics": [{"metric": "booked", "role": "primary"}]}')""",
    "its unit": """select edit_experiment(%(id)s, %(revision)s, '{"unit": "conversation"}')""",
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_that_an_activation_overtakes_does_not_change_what_runs(
    clinic: Clinic, draft: Experiment, engineer: Actor, edit: str
):
    values = {
        "id": draft.id,
        "version": clinic.version("other")["id"],
        "intent": clinic.intents["ScheduleMeeting"],
        "metric": clinic.metric("booked")["id"],
        "revision": draft.row["revision"],
    }
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: draft.move("activate"),
        engineer, lambda: engineer.connection.execute(EDITS[edit], values).fetchall(),
    )  # fmt: skip
    assert ended in ("PT409", "PT404"), f"{edit} was written into an experiment that runs"


@pytest.mark.parametrize("edit", EDITS)
def test_an_activation_that_an_edit_overtakes_is_stale(clinic: Clinic, draft: Experiment, engineer: Actor, edit: str):
    values = {
        "id": draft.id,
        "version": clinic.version("other")["id"],
        "intent": clinic.intents["ScheduleMeeting"],
        "metric": clinic.metric("booked")["id"],
        "revision": draft.row["revision"],
    }
    seen = draft.row["revision"]
    ended = overtaken(
        clinic.world,
        engineer, lambda: engineer.connection.execute(EDITS[edit], values).fetchall(),
        clinic.owner, lambda: clinic.owner.rpc("activate", experiment_id=draft.id, expected_revision=seen),
    )  # fmt: skip
    assert ended == "PT409"


def test_two_publishes_of_one_scope_are_one(clinic: Clinic, engineer: Actor):
    first, second = clinic.version("first"), clinic.version("second")
    scope = {"environment": "production", "capability": "BookAppointment"}
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.publish(first),
        engineer, lambda: engineer.rpc("publish", **scope, version_id=second["id"]),
    )  # fmt: skip
    assert ended == "PT409"


def test_a_rollback_that_a_publish_overtakes_is_stale(clinic: Clinic, engineer: Actor):
    versions = [clinic.version(text) for text in ("one", "two", "three")]
    clinic.publish(versions[0])
    clinic.publish(versions[1], expected=versions[0]["id"])
    scope = {"environment": "production", "capability": "BookAppointment"}
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.publish(versions[2], expected=versions[1]["id"]),
        engineer, lambda: engineer.rpc("rollback", **scope, expected_version=versions[1]["id"]),
    )  # fmt: skip
    assert ended == "PT409"


def test_a_permission_that_is_taken_while_the_verb_waits_is_not_used(
    clinic: Clinic, draft: Experiment, engineer: Actor
):
    """Permission is asked before the lock; what was allowed at the call may end as allowed, or refused: never half."""
    seen = draft.row["revision"]
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.owner.rows(
            "delete from role_permissions where role = 'engineer' and permission = 'experiments.activate' returning role"
        ),
        engineer, lambda: engineer.rpc("activate", experiment_id=draft.id, expected_revision=seen),
    )  # fmt: skip
    assert (ended, draft.row["state"]) in (("ok", "active"), ("PT403", "draft"))


def test_an_owner_hands_over_once(clinic: Clinic):
    """Two transfers at once would make an owner by the hand of somebody who is none any more."""
    heirs = [clinic.world.member(clinic.owner, clinic.workspace_id, "engineer") for _ in range(2)]
    again = clinic.world.as_role("authenticated", clinic.owner.user_id)
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.owner.rpc("transfer_ownership", to_user=heirs[0].user_id),
        again, lambda: again.rpc("transfer_ownership", to_user=heirs[1].user_id),
    )  # fmt: skip
    owners = clinic.world.admin.rows("select user_id from members where role = 'owner'")
    assert (ended, [str(row["user_id"]) for row in owners]) == ("PT403", [heirs[0].user_id])


def test_an_invitation_that_is_taken_back_while_it_is_accepted_counts_one_way(clinic: Clinic):
    guest = clinic.world.user("guest")
    email = clinic.world.admin.one("select email from auth.users where id = %s", guest.user_id)["email"]
    auth = Actor(clinic.world.connect("supabase_auth_admin"))
    auth.rows("update auth.users set email_confirmed_at = now() where id = %s returning id", guest.user_id)
    made = clinic.owner.rpc("invite_member", email=email, role="engineer")
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.owner.rpc("revoke_invitation", invitation_id=made["id"]),
        guest, lambda: guest.rpc("accept_invitation", token=made["token"]),
    )  # fmt: skip
    members = clinic.world.admin.rows("select role from members where user_id = %s", guest.user_id)
    assert (ended[:2], members) == ("PT", [])


def test_two_who_accept_one_invitation_become_one_member(clinic: Clinic):
    guest = clinic.world.user("guest")
    email = clinic.world.admin.one("select email from auth.users where id = %s", guest.user_id)["email"]
    auth = Actor(clinic.world.connect("supabase_auth_admin"))
    auth.rows("update auth.users set email_confirmed_at = now() where id = %s returning id", guest.user_id)
    made = clinic.owner.rpc("invite_member", email=email, role="engineer")
    again = clinic.world.as_role("authenticated", guest.user_id)
    thief = clinic.world.user("thief")
    assert overtaken(
        clinic.world,
        guest, lambda: guest.rpc("accept_invitation", token=made["token"]),
        thief, lambda: thief.rpc("accept_invitation", token=made["token"]),
    ).startswith("PT")  # fmt: skip
    assert overtaken(
        clinic.world,
        guest, lambda: guest.rpc("accept_invitation", token=made["token"]),
        again, lambda: again.rpc("accept_invitation", token=made["token"]),
    ) == "ok"  # fmt: skip
    assert len(clinic.world.admin.rows("select role from members where role = 'engineer'")) == 1


def test_a_key_that_is_revoked_while_its_call_waits_ends_one_way(clinic: Clinic):
    versions = [clinic.version(text) for text in ("one", "two")]
    key = clinic.world.api_key(clinic.owner, clinic.workspace_id, ["deployments.publish"])
    scope = {"environment": "production", "capability": "BookAppointment"}
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.owner.rpc("revoke_api_key", api_key_id=key.api_key["id"]),
        key, lambda: key.rpc("publish", **scope, version_id=versions[0]["id"]),
    )  # fmt: skip
    assert ended in ("ok", "PT401", "PT403")  # its call had begun before the revocation was there to see
    with pytest.raises(psycopg.Error) as caught:
        key.rpc("publish", **scope, version_id=versions[1]["id"], expected_version=versions[0]["id"])
    assert caught.value.sqlstate == "PT401"
