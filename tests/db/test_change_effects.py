"""The ledger says what each change did: against an oracle that follows the definition, and in stories."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from support.clinic import EPOCH, Clinic
from support.days import wrong_days
from support.weeks import Story

Row = tuple[bool, bool, str, date, float, float]


def oracle(rows: list[Row]) -> dict[str, float]:
    """stats.before_after, written once more from its definition."""
    before: dict[Any, Any] = defaultdict(lambda: [0.0, 0.0])
    after: dict[Any, float] = defaultdict(float)
    for treated, is_after, stratum, day, y, d in rows:
        key = (treated, stratum, day.isoweekday())
        if is_after:
            after[key] += d
        else:
            before[key][0] += y
            before[key][1] += d
    keys = before.keys() & after.keys()
    total = {g: sum(after[k] for k in keys if k[0] is g) for g in (True, False)}
    mean = {k: before[k][0] / before[k][1] for k in keys}
    excess: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
    pulls: dict[Any, float] = defaultdict(float)
    for treated, is_after, stratum, day, y, d in rows:
        key = (treated, stratum, day.isoweekday())
        if key in keys and is_after:
            excess[treated, day][0] += y - d * mean[key]
            excess[treated, day][1] += d
        elif key in keys:
            pulls[day] += (1 if treated else -1) * after[key] / before[key][1] * (y - d * mean[key]) / total[treated]
    shift = {g: sum(z for (t, _), (z, _) in excess.items() if t is g) / total[g] for g in (True, False) if total[g]}
    pushes: dict[Any, float] = defaultdict(float)
    for (treated, day), (z, d) in excess.items():
        pushes[day] += (1 if treated else -1) * (z - shift[treated] * d) / total[treated]
    weekdays = len({day.isoweekday() for day in pulls})
    spare, n = len(pulls) - weekdays, len(pushes)
    v0, v1 = sum(p**2 for p in pulls.values()) * len(pulls) / spare, sum(p**2 for p in pushes.values()) * n / (n - 1)
    df = (v0 + v1) ** 2 / (v0**2 / spare + v1**2 / (n - 1))
    return {"difference": shift[True] - shift.get(False, 0), "std_error": np.sqrt(v0 + v1), "df": df}


@pytest.mark.parametrize("compared", [False, True])
def test_before_and_after_is_what_its_definition_says(clinic: Clinic, compared: bool):
    draw = random.Random(11)
    rows: list[Row] = []
    for n in range(38):
        day = EPOCH.date() + timedelta(days=n)
        for treated in (True, False) if compared else (True,):
            for stratum in "xyz":
                d = draw.randrange(5, 40)
                y = d * (0.3 + 0.1 * (stratum == "y") + 0.05 * (day.isoweekday() > 5)) + draw.gauss(0, 2)
                rows.append((treated, n >= 28, stratum, day, y + d * 0.1 * (treated and n >= 28), float(d)))
    found = clinic.world.admin.one(
        "select (b.r).* from (select stats.before_after(array(select (t, a, s, day, y, d)::stats.day_total"
        " from unnest(%s::boolean[], %s::boolean[], %s::text[], %s::date[], %s::float8[], %s::float8[])"
        " as u (t, a, s, day, y, d))) as r) b",
        *(list(column) for column in zip(*rows, strict=True)),
    )
    expected = oracle(rows)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name
    assert (found["days_before"], found["days_after"], found["matched_share"]) == (28, 10, 1)
    assert 0.05 < found["difference"] < 0.15


def test_a_slope_is_judged_as_scipy_does(clinic: Clinic):
    draw = random.Random(3)
    y = [0.02 * n + draw.gauss(0, 0.2) for n in range(20)]
    found = clinic.world.admin.one("select stats.slope_p(%s::float8[], %s::float8[]) as p", list(range(20)), y)
    assert found["p"] == pytest.approx(stats.linregress(range(20), y).pvalue, rel=1e-9)


@pytest.fixture
def story(clinic: Clinic) -> Story:
    """Nothing has happened yet."""
    return Story(clinic)


def test_a_scoped_change_is_judged_beside_the_intents_that_it_did_not_reach(story: Story):
    clinic = story.clinic
    story.at(0)
    clinic.publish(story.first)
    story.at(30.5)
    second = clinic.version("second", model="bigger", params={"temperature": 0.2})
    clinic.publish(second, expected=None, intent="CancelMeeting")
    for n in range(1, 45):
        # From day 31 on it rains: everybody books less, but those of the changed intent much more.
        rain = 0.15 if n >= 31 else 0
        story.day(n, {"ScheduleMeeting": 0.6 - rain, "CancelMeeting": 0.3 - rain + (0.25 if n >= 31 else 0)})
    story.settle(46)
    assert wrong_days(clinic) == []
    first, scoped = story.effects("deployment_published")
    assert (first["reason_code"], first["difference"]) == ("no_matching_days", None)
    assert (scoped["grade"], scoped["method"], scoped["compared_with"]) == ("B", "difference_in_differences", "intents")
    assert scoped["ci_low"] < 0.25 < scoped["ci_high"]
    assert scoped["std_error"] < 0.03
    assert (scoped["n_before"], scoped["n_after"], scoped["days_before"], scoped["days_after"]) == (560, 280, 28, 14)
    assert scoped["verdict"] == "better"
    assert "other intents" in scoped["assumption"]


def test_changes_within_a_week_are_told_together_and_named(story: Story):
    clinic = story.clinic
    story.at(0)
    clinic.publish(story.first)
    story.at(28)
    second = clinic.version("second", model="bigger", params={"temperature": 0.2})
    clinic.publish(second, expected=story.first["id"])
    story.at(30.5)
    third = clinic.version("third", model="bigger", params={"temperature": 0.2})
    clinic.publish(third, expected=second["id"])
    clinic.owner.rpc("annotate", summary="TV campaign", environment="production")
    for n in range(1, 45):
        story.day(n, {"ScheduleMeeting": 0.4 + (0.2 if n >= 31 else 0), "CancelMeeting": 0.3})
    story.settle(46)
    _, model, words = story.effects("deployment_published")
    for one, other in ((model, words), (words, model)):
        assert (one["grade"], one["joint_with"]) == ("not separable", [other["change_id"]])
        assert (one["difference"], one["days_before"], one["days_after"]) == (
            other["difference"], other["days_before"], other["days_after"],
        )  # fmt: skip
        assert other["summary"] in one["assumption"]
    assert model["difference"] == pytest.approx(0.1, abs=0.03)
    assert (model["fields_changed"], model["fields_separable"]) == (["messages", "model", "params.temperature"], False)
    assert "messages, model and params.temperature at once" in model["assumption"]
    assert (words["fields_changed"], words["fields_separable"]) == (["messages"], True)
    (campaign,) = story.effects("annotation")
    assert (campaign["metric_id"], campaign["difference"], campaign["reason_code"]) == (None, None, "not_measured")
    # The same days from the end: the waterfall counts them once.
    parts = clinic.owner.rpc(
        "outcome_waterfall", metric="booked", from_a="2026-01-15", to_a="2026-01-29", from_b="2026-02-01",
        to_b="2026-02-14", environment="production",
    )  # fmt: skip
    assert len([part for part in parts if part["part"] == "change"]) == 1


def test_a_change_that_chance_has_judged_takes_the_experiments_effect(story: Story):
    clinic = story.clinic
    story.at(0)
    clinic.publish(story.first)
    second = clinic.version("second")
    experiment = clinic.experiment({"a": story.first, "b": second})
    experiment.counts({"key": "booked"}, role="primary")
    experiment.move("activate")
    server = clinic.world.server()
    server.rows("select set_config('upshot.now', %s, false)", (EPOCH + timedelta(days=1)).isoformat())
    arms: dict[str, list[str]] = {}
    for n in range(80):
        answer = clinic.decide(f"t{n}", by=server, workspace_id=clinic.workspace_id)
        arms.setdefault(answer["variant"]["key"], []).append(f"t{n}")
        at = (EPOCH + timedelta(days=1)).isoformat()
        story.calls.append(
            clinic.inference(
                second if answer["variant"]["key"] == "b" else story.first, f"t{n}", started_at=at,
                experiment_id=experiment.id, variant_id=answer["variant"]["id"],
            )
        )  # fmt: skip
    at = (EPOCH + timedelta(days=1, minutes=5)).isoformat()
    story.outcomes += [clinic.outcome("booked", 1, subject=s, occurred_at=at) for s in arms["a"][::4] + arms["b"][::2]]
    story.at(20)
    experiment.move("archive")
    clinic.publish(second, expected=story.first["id"])
    story.at(25)
    clinic.owner.rpc(
        "rollback", environment="production", capability="BookAppointment", expected_version=second["id"],
        to_version=story.first["id"],
    )  # fmt: skip
    story.settle(40)
    effect = experiment.effect("booked", "b")
    assert effect["difference"] > 0.1
    for kind, sign in (
        ("experiment_activated", 1), ("experiment_archived", 1), ("deployment_published", 1), ("deployment_rolled_back", -1),
    ):  # fmt: skip
        found = [one for one in story.effects(kind) if one["metric_key"] == "booked"][-1]
        assert (found["grade"], found["difference"]) == ("A", sign * effect["difference"]), kind
        assert (found["ci_low"], found["p_value"]) == (
            effect["ci_low"] if sign == 1 else -effect["ci_high"], effect["p_value"],
        )  # fmt: skip
        assert str(found["experiment_id"]) == experiment.id
        assert found["assumption"].startswith("Chance decided")
