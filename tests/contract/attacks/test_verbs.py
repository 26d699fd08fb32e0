"""Ids of another workspace's rows, smuggled into calls in one's own."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from contract.attacks.conftest import Attacker
from support.rls import Theatre

Attack = Callable[..., Attacker]
Call = tuple[str, dict[str, Any]]


def loot(theatre: Theatre) -> dict[str, Any]:
    """Ids that somebody who was once a member may still know."""
    postgres = theatre.world.postgres()
    row = postgres.one(
        "select r.id as run, r.version_id, r.test_case_id from public.run_results r where r.workspace_id = %s limit 1",
        theatre.clinic.workspace_id,
    )
    return {
        "version": str(theatre.version["id"]),
        "experiment": str(theatre.experiment.id),
        "prompt": str(theatre.clinic.prompt_id),
        "case": str(row["test_case_id"]),
        "inference": theatre.rows["inference"]["id"],
    }


def calls(theatre: Theatre) -> list[Call]:
    """Every verb that takes an id, with one that is not the caller's."""
    known = loot(theatre)
    scope = {"environment": "production", "capability": "BookAppointment"}
    bundle = {"messages": [{"role": "user", "content": "x"}], "provider": "p", "model": "m"}
    move = {"experiment_id": known["experiment"], "expected_revision": 1}
    return [
        ("publish", scope | {"version_id": known["version"]}),
        ("rollback", scope | {"expected_version": known["version"], "to_version": known["version"]}),
        ("commit_version", bundle | {"prompt_id": known["prompt"], "expected_head": known["version"]}),
        ("create_run", {"version_ids": [known["version"]]}),
        *((verb, move) for verb in ("activate", "pause", "resume", "archive")),
        ("rollback_variant", move | {"variant": "b"}),
    ]


def test_ids_of_another_workspace_are_unknown_wherever_they_are_put(theatre: Theatre, attacker: Attack):
    stranger = attacker("other_owner")
    for verb, arguments in calls(theatre):
        mine = stranger.ask("POST", f"/rest/v1/rpc/{verb}", json=arguments)
        named = stranger.ask(
            "POST", f"/rest/v1/rpc/{verb}", json=arguments | {"workspace_id": str(theatre.other.workspace_id)}
        )
        theirs = stranger.ask(
            "POST", f"/rest/v1/rpc/{verb}", json=arguments | {"workspace_id": str(theatre.clinic.workspace_id)}
        )
        codes = [json.loads(answer.json()["details"])["code"] for answer in (mine, named, theirs)]
        assert set(codes) <= {"unknown_version", "unknown_experiment", "unknown_prompt", "workspace_not_found",
                              "stale_version"}, (verb, codes)  # fmt: skip
        assert all(answer.status_code in (404, 409) for answer in (mine, named, theirs)), verb


def test_they_are_unknown_in_the_words_of_ids_that_nobody_has(theatre: Theatre, attacker: Attack):
    stranger, missing = attacker("other_owner"), str(uuid.uuid4())
    for verb, arguments in calls(theatre):
        text = json.dumps(arguments)
        for known in loot(theatre).values():
            text = text.replace(known, missing)
        real = stranger.ask("POST", f"/rest/v1/rpc/{verb}", json=arguments)
        fake = stranger.ask("POST", f"/rest/v1/rpc/{verb}", content=text, headers={"Content-Type": "application/json"})
        words = real.text
        for known in loot(theatre).values():
            words = words.replace(known, missing)
        assert (real.status_code, words) == (fake.status_code, fake.text), verb


def test_runs_take_no_test_case_of_another_workspace(theatre: Theatre, attacker: Attack):
    version = theatre.other.version("mine")
    answer = attacker("other_owner").ask(
        "POST", "/rest/v1/rpc/create_run",
        json={"version_ids": [str(version["id"])], "test_case_ids": [loot(theatre)["case"]]},
    )  # fmt: skip
    assert json.loads(answer.json()["details"])["code"] == "unknown_test_case"


@pytest.mark.parametrize("field", ["version_id", "experiment_id"])
def test_inferences_do_not_attach_to_another_workspace(theatre: Theatre, attacker: Attack, field):
    mine, known = theatre.other.version(f"mine {field}"), loot(theatre)
    row = theatre.other.inference(mine, "eve") | {field: known[field.removesuffix("_id")]}
    answer = attacker("other_owner").ask("POST", "/rest/v1/rpc/record_inferences", json={"inferences": [row]}).json()
    assert answer["accepted"] == 0
    assert answer["errors"][0]["code"] == f"unknown_{field.removesuffix('_id')}"


def test_anothers_inference_is_neither_a_duplicate_nor_a_join(theatre: Theatre, attacker: Attack):
    stranger, known = attacker("other_owner"), loot(theatre)["inference"]
    theatre.other.metric("stolen")
    outcome = theatre.other.outcome("stolen", 1, inference_id=known)
    assert stranger.ask("POST", "/rest/v1/rpc/record_outcomes", json={"outcomes": [outcome]}).json()["accepted"] == 1
    view = theatre.world.postgres().rows(
        "select p.subject from private.placed_outcomes p join outcome_metrics m on m.id = p.metric_id"
        " where p.workspace_id = %s and m.key = 'stolen'",
        theatre.other.workspace_id,
    )
    assert [row["subject"] for row in view] == [None]
    row = theatre.other.inference(theatre.other.version("again"), "eve", id=known)
    answer = stranger.ask("POST", "/rest/v1/rpc/record_inferences", json={"inferences": [row]}).json()
    assert (answer["accepted"], answer["duplicates"]) == (1, 0)


def test_a_viewer_moves_nothing(theatre: Theatre, attacker: Attack):
    viewer = attacker("viewer")
    for verb, arguments in calls(theatre):
        answer = viewer.ask("POST", f"/rest/v1/rpc/{verb}", json=arguments)
        assert (answer.status_code, json.loads(answer.json()["details"])["code"]) == (403, "permission_denied"), verb
    for arguments in (
        {
            "workspace_id": str(theatre.clinic.workspace_id),
            "user_id": str(theatre.cast["outsider"].user_id),
            "role": "owner",
        },
        {
            "workspace_id": str(theatre.clinic.workspace_id),
            "user_id": str(theatre.cast["viewer"].user_id),
            "role": "owner",
        },
    ):
        assert viewer.ask("POST", "/rest/v1/members", json=arguments).status_code == 403


def test_a_member_of_two_workspaces_carries_nothing_across(theatre: Theatre, attacker: Attack):
    """Admin there and engineer here: rights and rows stay where they are."""
    both = theatre.world.member(theatre.clinic.owner, theatre.clinic.workspace_id, "engineer")
    theatre.cast["server"].insert(
        "members", workspace_id=theatre.other.workspace_id, user_id=both.user_id, role="admin"
    )
    caller, known = attacker(both), loot(theatre)
    here, there = str(theatre.clinic.workspace_id), str(theatre.other.workspace_id)
    bundle = {"messages": [{"role": "user", "content": "x"}], "provider": "p", "model": "m"}
    scope = {"environment": "production", "capability": "BookAppointment"}
    for verb, arguments, code in (
        ("create_run", {"version_ids": [known["version"]], "workspace_id": there}, "unknown_version"),
        ("publish", scope | {"version_id": known["version"], "workspace_id": there}, "unknown_version"),
        ("commit_version", bundle | {"prompt_id": known["prompt"], "workspace_id": there}, "unknown_prompt"),
        ("set_provider_key", {"provider": "x", "secret": "s" * 20, "workspace_id": here}, "permission_denied"),
    ):
        answer = caller.ask("POST", f"/rest/v1/rpc/{verb}", json=arguments)
        assert json.loads(answer.json()["details"])["code"] == code, verb
    child = {
        "workspace_id": there,
        "capability_id": str(theatre.clinic.capability_id),
        "key": "Z",
        "name": "z",
        "position": 9,
    }
    assert caller.ask("POST", "/rest/v1/actions", json=child).status_code == 403
    promotion = caller.ask(
        "PATCH", "/rest/v1/members", params={"workspace_id": f"eq.{here}"}, json={"role": "admin"},
        headers={"Prefer": "return=representation"},
    )  # fmt: skip
    assert promotion.json() == []
