"""Where along the way a difference shows: steps of a workflow, and factors that varied together."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic, Experiment, expose, observe
from support.sums import near

STEPS = ("UserLookup", "GetAvailability", "Book")


def walk(experiment: Experiment, last: dict[str, int], failed: frozenset[str] = frozenset()) -> None:
    """Calls of each subject up to its last step, a minute apart; the last call of `failed` ends in an error."""
    clinic = experiment.clinic
    version = clinic.version("walked")
    calls = [
        clinic.inference(
            version, subject, action=STEPS[k], started_at=(EPOCH + timedelta(minutes=k + 1)).isoformat(),
            **({"status": "error", "error_code": "x"} if subject in failed and k == steps - 1 else {}),
        )
        for subject, steps in last.items()
        for k in range(steps)
    ]  # fmt: skip
    answer = clinic.owner.rpc("record_inferences", inferences=calls)
    assert answer["errors"] == []


def effects(experiment: Experiment, metric: str) -> list[dict[str, Any]]:
    experiment.clinic.world.catch_up()
    return experiment.clinic.owner.rows(
        "select * from action_effects where experiment_id = %s and metric_key = %s order by variant_key, position",
        experiment.id, metric,
    )  # fmt: skip


@pytest.fixture
def broken(clinic: Clinic) -> tuple[Experiment, dict[str, list[str]], dict[str, int]]:
    """The variant loses many at the second step; who gets to the end books as often as before."""
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, judged=False)
    for key, kind in (("booked", "proportion"), ("revenue", "mean")):
        clinic.metric(key, kind, when_absent="zero")
    experiment.edit(metrics=[{"metric": "booked", "role": "primary"}, {"metric": "revenue", "role": "secondary"}])
    experiment.move("activate")
    arms = expose(experiment, [f"s{n}" for n in range(120)])
    last = {s: (0, 1, 3, 3, 3, 3, 3, 2)[n % 8] for n, s in enumerate(arms["a"])}
    last |= {s: (0, 1, 2, 2, 2, 3, 3, 2)[n % 8] for n, s in enumerate(arms["b"])}
    walk(experiment, last, frozenset(s for s in arms["b"] if last[s] == 2))
    return experiment, arms, last


def test_the_action_that_breaks_gets_the_blame_and_parts_add_up_to_the_last_digit(broken):
    experiment, arms, last = broken
    chance = random.Random(1)
    observe(experiment, "booked", {s: [1.0] for s, n in last.items() if n == 3 and chance.random() < 0.9})
    observe(experiment, "revenue", {s: [round(chance.gauss(9, 3) + 20 * (n == 3), 2)] for s, n in last.items()})
    for metric in ("booked", "revenue"):
        rows = effects(experiment, metric)
        assert [row["action_key"] for row in rows] == [None, *STEPS]
        assert {row["reason_code"] for row in rows} == {None}
        effect = experiment.effect(metric, "b")
        assert sum(row["contribution"] for row in rows) == Decimal(repr(effect["unadjusted_difference"]))
        assert min(rows, key=lambda row: row["contribution"])["action_key"] == "GetAvailability"
        for arm, side in (("a", "control"), ("b", "variant")):
            steps = [last[s] for s in arms[arm]]
            for row in rows:
                reached = sum(n >= row["position"] for n in steps)
                assert near(row[f"reached_{side}"], reached / len(steps))
                if row["position"] < len(STEPS):
                    assert near(row[f"went_on_{side}"], sum(n > row["position"] for n in steps) / reached)
        # Of the variant, nobody who stopped at the second step had it end without an error.
        assert near(rows[2]["completed_variant"], rows[3]["reached_variant"])
        assert near(rows[2]["completed_control"], rows[2]["reached_control"])
        assert near(rows[2]["contribution"], float(rows[2]["contribution_going_on"] + rows[2]["contribution_stopping"]))


def test_a_second_phase_is_weighed_as_the_effect_weighs_it(broken):
    experiment, arms, last = broken
    experiment.edit(traffic=9999)
    later = EPOCH + timedelta(days=1)
    more = expose(experiment, [f"t{n}" for n in range(80)], at=later)
    observe(experiment, "booked", {s: [1.0] for s, n in last.items() if n == 3})
    observe(experiment, "booked", {s: [1.0] for s in more["a"][::3] + more["b"][::2]}, at=later + timedelta(hours=1))
    rows = effects(experiment, "booked")
    total = Decimal(repr(experiment.effect("booked", "b")["unadjusted_difference"]))
    assert sum(row["contribution"] for row in rows) == total
    assert near(rows[0]["reached_control"], 1)
    assert len(arms["a"] + arms["b"]) + len(more["a"] + more["b"]) == sum(
        experiment.effect("booked", "b")[n] for n in ("n_control", "n_variant")
    )


def test_a_variant_that_was_rolled_back_keeps_its_steps_until_then(broken):
    experiment, _, last = broken
    observe(experiment, "booked", {s: [1.0] for s, n in last.items() if n == 3})
    before = effects(experiment, "booked")
    experiment.clinic.owner.connection.execute(
        "select set_config('upshot.now', %s, false)", [(EPOCH + timedelta(hours=2)).isoformat()]
    )
    experiment.move("rollback_variant", variant="b")
    # What comes later counts for neither arm: not the outcome, and not that they got further.
    observe(experiment, "booked", {s: [1.0] for s in last}, at=EPOCH + timedelta(hours=3))
    clinic = experiment.clinic
    version, at = clinic.version("late"), (EPOCH + timedelta(hours=3)).isoformat()
    late = [clinic.inference(version, subject, action="Book", started_at=at) for subject in last]
    clinic.owner.rpc("record_inferences", inferences=late)
    after = effects(experiment, "booked")
    assert [{k: v for k, v in row.items() if k != "as_of"} for row in after] == [
        {k: v for k, v in row.items() if k != "as_of"} for row in before
    ]


def test_without_subjects_there_are_no_parts(experiment: Experiment):
    rows = effects(experiment, "goal")
    assert [(row["contribution"], row["reason_code"]) for row in rows] == [(None, "no_subjects")] * 4


FACTORS = [
    {"key": "model", "kind": "model", "levels": ["smol", "big-1"]},
    {"key": "warmth", "kind": "param", "param": "temperature", "levels": [0, 0.7]},
]


def test_what_varied_together_is_told_apart_when_each_combination_was_run(clinic: Clinic):
    clinic.publish(clinic.version("live", params={"temperature": 0}))
    clinic.metric("booked", when_absent="zero")
    document = {
        "key": "both", "environment": "production", "capability": "BookAppointment", "base": "booking@main",
        "factors": FACTORS, "metrics": [{"metric": "booked", "role": "primary"}],
    }  # fmt: skip
    made = clinic.owner.rpc("create_experiment", document=document)
    experiment = Experiment(clinic, made["experiment_id"])
    experiment.move("activate")
    arms = expose(experiment, [f"s{n}" for n in range(100)])
    keys = {
        (v["levels"]["model"], v["levels"]["warmth"]): v["key"]
        for v in clinic.owner.rpc("experiment_document", experiment_id=experiment.id)["document"]["variants"]
    }
    rates = {"model": 0.3, "warmth": 0.1}
    observe(experiment, "booked", {
        s: [1.0] for (model, warmth), key in keys.items() for n, s in enumerate(arms[key])
        if n % 10 < 3 + 10 * (rates["model"] * (model != "smol") + rates["warmth"] * (warmth == "0.7"))
    })  # fmt: skip
    experiment.clinic.world.catch_up()
    rows = clinic.owner.rows("select * from factor_credits where experiment_id = %s order by factor_key", experiment.id)
    assert [(row["factor_key"], row["factor_param"]) for row in rows] == [("model", None), ("warmth", "temperature")]
    assert sum(row["credit"] for row in rows) == Decimal(repr(rows[0]["difference"]))
    means = {
        levels: sum(n % 10 < 3 + 3 * (levels[0] != "smol") + (levels[1] == "0.7") for n in range(len(arms[key]))) / len(arms[key])
        for levels, key in keys.items()
    }  # fmt: skip
    (old, new), (cold, warm) = ("smol", "big-1"), ("0", "0.7")
    main = (means[new, warm] - means[old, warm] + means[new, cold] - means[old, cold]) / 2
    assert near(rows[0]["credit"], main)
    assert near(rows[0]["main_effect"], main)
    assert rows[0]["p_value"] < rows[1]["p_value"]


def test_arms_that_changed_everything_at_once_have_no_shares(broken):
    experiment = broken[0]
    assert experiment.clinic.owner.rows("select * from factor_credits where experiment_id = %s", experiment.id) == []
