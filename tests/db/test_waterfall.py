"""Two periods, split: by hand, and to the last digit whatever the data."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic, Experiment, expose, observe
from support.refusals import refusal
from support.weeks import Story

A, B = {"from_a": "2026-01-05", "to_a": "2026-01-12"}, {"from_b": "2026-01-12", "to_b": "2026-01-19"}


def land(clinic: Clinic, calls: list[dict[str, Any]], outcomes: list[dict[str, Any]]) -> None:
    """Record, and bring the daily tier up to it."""
    for kind, rows in (("inferences", calls), ("outcomes", outcomes)):
        assert clinic.owner.rpc(f"record_{kind}", **{kind: rows})["errors"] == []
    clinic.world.catch_up()


def test_a_difference_by_hand(clinic: Clinic):
    clinic.metric("booked", when_absent="zero", attribution_window="1 hour")
    version = clinic.version("v")
    calls, outcomes, n = [], [], 0
    # First week: 80 schedule, half of them booked; 20 cancel, a tenth. Second: 50 and 50; 60 % and 10 %.
    for day, intent, several, booked in (
        (5, "ScheduleMeeting", 80, 40), (5, "CancelMeeting", 20, 2), (12, "ScheduleMeeting", 50, 30), (13, "CancelMeeting", 50, 5),
    ):  # fmt: skip
        for k in range(several):
            n, at = n + 1, (EPOCH + timedelta(days=day - 1, hours=9)).isoformat()
            calls.append(clinic.inference(version, f"s{n}", started_at=at, intent=intent))
            if k < booked:
                outcomes.append(clinic.outcome("booked", 1, subject=f"s{n}", occurred_at=at))
    land(clinic, calls, outcomes)
    parts = clinic.owner.rpc("outcome_waterfall", metric="booked", **A, **B)
    found = {(part["part"], part["summary"]): part["contribution"] for part in parts}
    # The middle of both means is 0.385: mix = ±0.3 of (mean rate - 0.385), rate = mean share times change of rate.
    assert found == {
        ("total", None): Decimal("-0.07"),
        ("mix", "ScheduleMeeting"): Decimal("-0.3") * (Decimal("0.55") - Decimal("0.385")),
        ("mix", "CancelMeeting"): Decimal("0.3") * (Decimal("0.1") - Decimal("0.385")),
        ("rate", "ScheduleMeeting"): Decimal("0.65") * Decimal("0.1"),
        ("rate", "CancelMeeting"): 0,
        ("unexplained", None): Decimal("0.065"),
    }
    only = clinic.owner.rpc("outcome_waterfall", metric="booked", **A, **B, intent="CancelMeeting")
    assert [part["contribution"] for part in only if part["part"] == "total"] == [0]
    assert refusal(clinic.owner.rpc, "outcome_waterfall", metric="x", **A, **B) == "unknown_metric"
    backwards = {"from_a": "2026-01-12", "to_a": "2026-01-19", "from_b": "2026-01-05", "to_b": "2026-01-12"}
    assert refusal(clinic.owner.rpc, "outcome_waterfall", metric="booked", **backwards) == "bad_argument"
    empty = {"from_a": "2025-01-05", "to_a": "2025-01-12"}
    nothing = clinic.owner.rpc("outcome_waterfall", metric="booked", **empty, **B)
    assert [(part["part"], part["contribution"]) for part in nothing] == [("total", None)]


@pytest.fixture
def months(clinic: Clinic) -> Clinic:
    """Sixty days of awkward numbers with changes in between, some of which can be judged."""
    draw = random.Random(9)
    clinic.metric("spent", "mean", when_absent="zero", attribution_window="6 hours")
    clinic.metric("rated", "mean", when_absent="exclude", attribution_window="1 day")
    for key in ("Reschedule", "Refund", "Other"):
        clinic.put("intents", key=key, name=key)
    version = clinic.version("v")
    owner, admin = clinic.owner, clinic.world.admin

    def at(day: float) -> None:
        for actor in (owner, admin):
            actor.rows("select set_config('upshot.now', %s, false)", (EPOCH + timedelta(days=day)).isoformat())

    live: Any = None
    for day in (0, 20.3, 33.7, 36.1):
        at(day)
        fresh = clinic.version(f"v{day}")
        clinic.publish(fresh, expected=live)
        live = fresh["id"]
    at(22.2)
    clinic.publish(clinic.version("refund"), intent="Refund")
    calls, outcomes = [], []
    for _ in range(2400):
        begin = EPOCH + timedelta(days=draw.randrange(60), minutes=draw.randrange(900))
        intent = draw.choice(["Reschedule", "Refund", "Other", "ScheduleMeeting", None])
        calls.append(
            clinic.inference(
                version, f"s{draw.randrange(900)}", started_at=begin.isoformat(),
                resolved_model=draw.choice(["m1", "m2"]), **({"intent": intent} if intent else {}),
            )
        )  # fmt: skip
        value = draw.choice([1 / 3, 1e-7, -2.5, 1e6 / 7, draw.random()])
        metric = draw.choice(["spent", "rated"])
        outcomes.append(clinic.outcome(metric, value, subject=calls[-1]["subject"], occurred_at=begin.isoformat()))
    at(65)
    land(clinic, calls, outcomes)
    return clinic


def test_the_parts_add_up_to_the_last_digit(months: Clinic):
    draw = random.Random(2)
    seen = set()
    for _ in range(25):
        cuts = sorted(draw.sample(range(61), 4))
        days = [str(date(2026, 1, 1) + timedelta(days=n)) for n in cuts]
        where = draw.choice([{}, {"environment": "production"}, {"capability": "BookAppointment"}, {"model": "m1"}])
        metric = draw.choice(["spent", "rated"])
        parts = months.owner.rpc(
            "outcome_waterfall", metric=metric, from_a=days[0], to_a=days[1], from_b=days[2], to_b=days[3], **where
        )  # fmt: skip
        of: dict[str, Decimal] = {}
        for part in parts:
            seen.add(part["part"])
            of[part["part"]] = of.get(part["part"], Decimal(0)) + (part["contribution"] or 0)
        assert of["mix"] + of["rate"] == of["total"]
        assert of["mix"] + of.get("change", Decimal(0)) + of["unexplained"] == of["total"]
        raw = months.world.admin.one(
            "select (select count(*) from private.unit_days where day >= %s and day < %s) as n", days[2], days[3]
        )
        if metric == "spent" and "model" not in where:
            assert next(part["n_b"] for part in parts if part["part"] == "total") == raw["n"]
    assert seen == {"total", "mix", "rate", "change", "unexplained"}
    ledger = months.owner.rows("select distinct grade, reason_code from change_effects where metric_key = 'spent'")
    assert {row["grade"] for row in ledger} >= {"not separable"}


def judged(experiment: Experiment, day: float) -> None:
    """Eighty subjects in two arms, of whom more book in the arm that is not the control."""
    moment = EPOCH + timedelta(days=day)
    arms = expose(experiment, [f"t{n}" for n in range(80)], moment)
    bookers = arms["a"][::4] + arms["b"][::2]
    observe(experiment, "booked", {who: [1.0] for who in bookers}, moment + timedelta(minutes=4))


def test_every_move_of_an_arm_carries_its_share(clinic: Clinic):
    story = Story(clinic)
    owner = clinic.owner
    story.at(0)
    clinic.publish(story.first)
    second = clinic.version("second")
    experiment = clinic.experiment({"a": story.first, "b": second}, traffic=4000)
    experiment.counts({"key": "booked"}, role="primary")
    story.at(10.5)
    experiment.move("activate")
    story.at(14.5)
    experiment.edit(traffic=10000)
    judged(experiment, 14.6)
    story.at(18.5)
    experiment.move("archive")
    story.at(22.5)
    ramp = owner.rpc(
        "start_ramp", environment="production", capability="BookAppointment", version_id=second["id"], steps=[10, 50, 100],
        expected_version=story.first["id"], guardrails=[{"metric": "booked", "margin": 1}], hold="0", min_subjects=2,
    )  # fmt: skip
    for day in (25.5, 28.5):
        story.at(day)
        ramp = owner.rpc("advance_ramp", ramp_id=ramp["id"], expected_revision=ramp["revision"], force=True)
    for n in range(1, 40):
        story.day(n, {"ScheduleMeeting": 0.3 + (0.3 if n > 28 else 0.1 if 14 < n < 19 else 0)}, each=10)
    story.settle(41)

    def changes(from_b: str, to_b: str) -> dict[str, list[float]]:
        parts = owner.rpc(
            "outcome_waterfall", metric="booked", from_a="2026-01-02", to_a="2026-01-09", from_b=from_b, to_b=to_b
        )
        told: dict[str, list[float]] = {}
        by_part: dict[str, Decimal] = {}
        for part in parts:
            by_part[part["part"]] = by_part.get(part["part"], Decimal(0)) + (part["contribution"] or 0)
            if part["part"] == "change":
                kind = owner.one("select kind from changes where id = %s", part["change_ids"][0])["kind"]
                told.setdefault(kind, []).append(float(part["reach"]))
                # Nobody met the ramp's experiment: no effect, a reason, and the share all the same.
                expected = {"deployment_published": "C"}.get(kind, None if kind.startswith("ramp") else "A")
                assert part["grade"] == expected or part["reason_code"] == "no_subjects"
                assert (part["contribution"] is None) == (part["reason_code"] is not None)
        assert by_part["mix"] + by_part["change"] + by_part["unexplained"] == by_part["total"]
        return told

    assert changes("2026-01-16", "2026-01-19") == {
        "experiment_activated": [0.2], "experiment_shares_changed": [0.3],
    }  # fmt: skip
    assert changes("2026-01-31", "2026-02-07") == {
        "experiment_activated": [0.2], "experiment_shares_changed": [0.3], "experiment_archived": [-0.5],
        "ramp_started": [0.1], "ramp_advanced": [0.4], "ramp_completed": [-0.5], "deployment_published": [1.0],
    }  # fmt: skip
    shares = owner.one("select summary from changes where kind = 'experiment_shares_changed'")["summary"]
    assert shares == "Changed the traffic of the experiment tone from 40 % to 100 %"
