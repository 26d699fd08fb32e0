"""Factorial designs and templates of experiments: blanks that are filled, cells that are versions."""

import itertools
import json
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic

COMMON = {"key": "made", "name": "Made", "capability": "BookAppointment", "metric": "booked"}
FACTORS = [
    {
        "key": "model",
        "kind": "model",
        "levels": ["smol", {"key": "big", "value": {"provider": "openai", "model": "big-1"}}],
    },
    {"key": "warmth", "kind": "param", "param": "temperature", "levels": [None, 0.7]},
    {
        "key": "words",
        "kind": "prompt",
        "levels": [None, {"key": "short", "value": {"messages": [{"role": "system", "content": "Hi"}]}}],
    },
]


@pytest.fixture
def furnished(clinic: Clinic) -> Clinic:
    clinic.metric("booked")
    clinic.publish(clinic.version("first"))
    clinic.version("second")
    return clinic


def refusal(clinic: Clinic, verb: str, **arguments: Any) -> tuple[str, str, str]:
    with pytest.raises(psycopg.Error) as caught:
        clinic.owner.rpc(verb, **arguments)
    detail = json.loads(str(caught.value.diag.message_detail))
    return caught.value.sqlstate or "?", detail["code"], detail.get("field", "")


def made(clinic: Clinic, template: str, **given: Any) -> dict[str, Any]:
    return clinic.owner.rpc("create_experiment_from_template", template=template, given=COMMON | given)


def test_a_workspace_begins_with_five_templates(furnished: Clinic):
    assert {row["key"] for row in furnished.owner.rows("select key from experiment_templates")} == {
        "intent-prompt-outcome", "intent-capability-actions-prompt-outcome", "model-comparison", "parameter-sweep",
        "factorial",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("template", "given", "arms"),
    [
        ("intent-prompt-outcome", {"intent": "ScheduleMeeting", "control": "booking@1", "challenger": "booking@2"}, 2),
        (
            "intent-capability-actions-prompt-outcome",
            {"intents": ["ScheduleMeeting"], "actions": ["UserLookup", "Book"], "control": {"*": "booking@1"},
             "challenger": {"*": "booking@1", "Book": "booking@2"}},
            2,
        ),
        ("model-comparison", {"base": "booking@main", "models": ["smol", "middle", "big"]}, 3),
        ("parameter-sweep", {"base": "booking@main", "param": "temperature", "values": [0, 0.3, 0.7]}, 3),
        ("factorial", {"base": "booking@main", "factors": FACTORS}, 8),
    ],
)  # fmt: skip
def test_a_template_makes_a_draft_that_starts(furnished: Clinic, template: str, given: dict[str, Any], arms: int):
    answer = made(furnished, template, **given)
    assert len(answer["document"]["variants"]) == arms
    assert made(furnished, template, **given) == answer, "the same call again"
    moved = furnished.owner.rpc("activate", experiment_id=answer["experiment_id"], expected_revision=answer["revision"])
    assert moved["state"] == "active"
    assert furnished.decide("ann", action="Book", intent="ScheduleMeeting")["reason"] == "assigned"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"models": ["a", "b"]}, "given.base"),
        ({"base": "booking@main", "models": "a"}, "given.models"),
        ({"base": "booking@main", "models": ["a", "b"], "colour": "red"}, "given.colour"),
        ({"base": "booking@main", "models": ["a"]}, "factors[0].levels"),
    ],
)
def test_a_slot_that_is_missing_unknown_or_of_another_type_is_named(furnished: Clinic, given, field):
    call = {"template": "model-comparison", "given": COMMON | given}
    assert refusal(furnished, "create_experiment_from_template", **call) == ("PT422", "bad_document", field)
    call["template"] = "nothing"
    assert refusal(furnished, "create_experiment_from_template", **call)[:2] == ("PT404", "unknown_experiment_template")


def test_every_cell_of_a_full_design_is_a_version_of_its_own(furnished: Clinic):
    document = {"key": "cells", "environment": "production", "capability": "BookAppointment",
                "base": {"*": "booking@1"}, "factors": FACTORS}  # fmt: skip
    answer = furnished.owner.rpc("create_experiment", document=document)["document"]
    cells = [tuple(v["levels"][k] for k in ("model", "warmth", "words")) for v in answer["variants"]]
    assert sorted(cells) == sorted(itertools.product(("smol", "big"), ("base", "0.7"), ("base", "short")))
    bundles = {
        str(v["id"]): (v["model"], v["params"].get("temperature"), v["messages"][0]["content"], v["branch"])
        for v in furnished.owner.rows(
            "select v.*, b.name as branch from prompt_versions v join branches b on b.id = v.branch_id"
        )
    }
    for variant in answer["variants"]:
        model, temperature, words, branch = bundles[variant["versions"]["*"]]
        levels = variant["levels"]
        assert model == {"smol": "smol", "big": "big-1"}[levels["model"]]
        assert temperature == {"base": None, "0.7": 0.7}[levels["warmth"]]
        assert words == {"base": "first", "short": "Hi"}[levels["words"]]
        assert branch == ("main" if variant["is_control"] else "cells")
    assert answer["variants"][0]["key"] == "smol.base.base"
    assert len({v["versions"]["*"] for v in answer["variants"]}) == 8


def test_a_factor_may_vary_in_one_action_alone(furnished: Clinic):
    factors = [{"key": "version", "kind": "version", "action": "Book", "levels": ["booking@1", "booking@2"]}]
    document = {"key": "steps", "environment": "production", "capability": "BookAppointment",
                "base": "booking@1", "factors": factors}  # fmt: skip
    arms = furnished.owner.rpc("create_experiment", document=document)["document"]["variants"]
    assert len({a["versions"]["*"] for a in arms}) == 1
    assert len({a["versions"]["Book"] for a in arms}) == 2


def test_a_good_experiment_becomes_a_template_and_that_an_experiment(furnished: Clinic):
    source = made(
        furnished, "intent-prompt-outcome", intent="ScheduleMeeting", control="booking@1", challenger="booking@2"
    )
    ids = {"experiment_id": source["experiment_id"]}
    template = furnished.owner.rpc("save_as_template", **ids, key="ours", name="Ours")
    assert set(template["slots"]) == {"key", "name", "environment", "arm.control", "arm.challenger"}
    call = {"template": "ours", "given": {"key": "again", "name": "Again", "arm.challenger": "booking@1"}}
    again = furnished.owner.rpc("create_experiment_from_template", **call)["document"]
    changed = {k for k in again if again[k] != source["document"][k]}
    assert changed == {"key", "name", "variants"}
    assert again["variants"][1]["versions"] == again["variants"][0]["versions"]
    assert refusal(furnished, "save_as_template", **ids, key="ours", name="Ours")[:2] == (
        "PT409",
        "experiment_template_taken",
    )
