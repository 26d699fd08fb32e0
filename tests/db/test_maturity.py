"""A variant that only makes outcomes come later is not worse: the verdict waits for closed windows, harm does not."""

from datetime import UTC, datetime, timedelta

import pytest

from support.clinic import Clinic, Experiment


def day(ago: int) -> datetime:
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=ago)


def cohort(experiment: Experiment, ago: float, size: int, shares: dict[str, float], at: datetime | None = None) -> None:
    """Subjects of both arms who came at noon of a day, or at a moment, and how many of them have booked so far."""
    clinic, at = experiment.clinic, at or day(int(ago))
    exposures, outcomes = [], []
    for arm, share in shares.items():
        for n in range(size):
            subject = f"{arm}{ago}-{n}"
            exposures.append({
                "experiment_id": experiment.id, "variant": arm, "subject": subject, "source": "flags",
                "source_event_id": subject, "exposed_at": at.isoformat(),
            })  # fmt: skip
            if n < share * size:
                later = (at + timedelta(minutes=5)).isoformat()
                outcomes.append(clinic.outcome("booked", 1, subject=subject, occurred_at=later))
    assert clinic.owner.rpc("record_exposures", exposures=exposures)["errors"] == []
    assert clinic.owner.rpc("record_outcomes", outcomes=outcomes)["errors"] == []


@pytest.fixture
def slower(clinic: Clinic) -> Experiment:
    experiment = clinic.experiment(
        {"a": clinic.version("a"), "b": clinic.version("b")}, assigned_by="external", judged=False
    )
    experiment.edit(planned_units=400)
    booked = clinic.metric("booked", when_absent="zero", attribution_window="3 days")
    experiment.counts(booked, role="guardrail")
    experiment.edit(metrics=[{"metric": "booked", "role": "guardrail", "margin": 0.05}])
    experiment.counts(clinic.metric("spent", "mean", when_absent="zero"), role="primary")
    experiment.move("activate")
    return experiment


def status(experiment: Experiment) -> str | None:
    rows = experiment.clinic.owner.rows("select status from guardrail_status where experiment_id = %s", experiment.id)
    return rows[0]["status"]


def test_the_verdict_waits_for_closed_windows_and_harm_does_not(slower: Experiment):
    cohort(slower, 1, 100, {"a": 0.5, "b": 0.1})
    effect = slower.effect("booked", "b")
    assert effect["sequential_high"] < 0, "so far it is clearly worse"
    assert (effect["verdict"], effect["waiting_for"], effect["mature_n_variant"]) == ("waiting", "closed_windows", 0)
    assert (effect["mature_share"], effect["adjusted_p_value"], effect["reason_code"]) == (0, None, None)
    assert status(slower) == "fail"


def test_the_verdict_is_that_of_the_subjects_whose_window_is_closed(slower: Experiment):
    cohort(slower, 10, 60, {"a": 0.5, "b": 0.5})
    cohort(slower, 1, 100, {"a": 0.5, "b": 0.1})
    effect = slower.effect("booked", "b")
    assert effect["difference"] == pytest.approx((40 / 160) - (80 / 160))
    assert (effect["mature_n_control"], effect["mature_n_variant"], effect["mature_difference"]) == (60, 60, 0)
    assert (effect["verdict"], effect["waiting_for"]) == ("undecided", None)
    spent = slower.effect("spent", "b")
    assert (spent["reason_code"], spent["verdict"]) == ("zero_variance", None)
    # What was committed to a window of seven days is open for the older cohort no more.
    as_of = slower.clinic.owner.rpc("effects_as_of", experiment_id=slower.id, mature_only=True)["effects"]
    (closed,) = [e for e in as_of if e["metric_key"] == "booked"]
    assert (closed["n_control"], closed["sequential_low"], closed["sequential_high"]) == (
        60, pytest.approx(effect["mature_low"], rel=1e-9), pytest.approx(effect["mature_high"], rel=1e-9),
    )  # fmt: skip


def test_cohorts_of_some_days_are_judged_by_those_that_are_closed(slower: Experiment):
    for ago, share in ((10, 0.6), (9, 0.4), (1, 0.1)):
        cohort(slower, ago, 50, {"a": 0.3, "b": share})
    slower.clinic.world.catch_up()
    told = slower.clinic.owner.rows(
        "select * from effects_between(%s, %s, %s) where metric_key = 'booked'", slower.id, day(9).date(), None
    )[0]
    assert (told["n_variant"], told["mature_n_variant"]) == (100, 50)
    assert told["mature_difference"] == pytest.approx(0.1)


def test_a_decision_is_not_taken_back_by_a_later_look(clinic: Clinic):
    experiment = clinic.experiment(
        {"a": clinic.version("a"), "b": clinic.version("b")}, assigned_by="external", judged=False
    )
    experiment.edit(planned_units=200)
    booked = clinic.metric("booked", when_absent="zero", attribution_window="1 day")
    experiment.counts(booked, role="primary")
    experiment.move("activate")
    cohort(experiment, 20, 60, {"a": 0.2, "b": 0.7})
    sure = experiment.effect("booked", "b")
    assert (sure["verdict"], sure["mature_p_value"]) == ("better", sure["sequential_p_value"])

    for ago in (15, 14):
        cohort(experiment, ago, 80, {"a": 0.5, "b": 0.5})
    later = experiment.effect("booked", "b")
    assert later["sequential_p_value"] > 0.05, "all of them together are not so sure"
    assert (later["verdict"], later["mature_p_value"]) == ("better", pytest.approx(sure["mature_p_value"]))
    assert later["mature_low"] == pytest.approx(max(sure["mature_low"], later["sequential_low"]))
    assert later["mature_high"] == pytest.approx(min(sure["mature_high"], later["sequential_high"]))

    # Other rules are another question: the looks are made anew, as each day's end would have shown it.
    postgres = clinic.world.postgres()
    postgres.connection.execute("update private.sequence_bounds set low = 0.99, high = 1, p_value = 0")
    postgres.connection.execute("update outcome_metrics set attribution_window = '2 days' where key = 'booked'")
    again = experiment.effect("booked", "b")
    assert later["mature_low"] <= again["mature_low"] < again["mature_high"] <= later["mature_high"]
    assert 0 < again["mature_p_value"] <= sure["mature_p_value"]


def young(clinic: Clinic, **values: object) -> Experiment:
    """An experiment whose outcomes have ten minutes."""
    experiment = clinic.experiment(
        {"a": clinic.version("a"), "b": clinic.version("b")}, assigned_by="external", judged=False, **values
    )
    experiment.edit(planned_units=200)
    booked = clinic.metric("booked", when_absent="zero", attribution_window="10 minutes")
    experiment.counts(booked, role="primary")
    experiment.move("activate")
    return experiment


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def test_an_experiment_of_today_has_its_verdict_when_windows_are_closed(clinic: Clinic):
    experiment = young(clinic)
    cohort(experiment, 0.1, 60, {"a": 0.2, "b": 0.7}, ago(60))
    sure = experiment.effect("booked", "b")
    assert (sure["verdict"], sure["mature_n_variant"], sure["mature_share"]) == ("better", 60, 1)
    assert sure["mature_p_value"] == sure["sequential_p_value"]
    assert sure["settles_at"] < datetime.now(UTC)

    # Others enter: their windows are open, and take nothing away from those that are closed.
    cohort(experiment, 0.2, 40, {"a": 0.5, "b": 0.5}, ago(2))
    while_open = experiment.effect("booked", "b")
    assert (while_open["n_variant"], while_open["mature_n_variant"], while_open["mature_share"]) == (100, 60, 0.6)
    same = ("verdict", "mature_difference", "mature_std_error", "mature_low", "mature_high", "mature_p_value")
    assert [while_open[k] for k in same] == pytest.approx([sure[k] for k in same])
    assert while_open["settles_at"] > datetime.now(UTC)
    as_of = clinic.owner.rpc("effects_as_of", experiment_id=experiment.id, mature_only=True)["effects"]
    assert as_of[0]["n_control"] == 60
    assert as_of[0]["sequential_low"] == pytest.approx(while_open["mature_low"], rel=1e-9)

    health = clinic.owner.one("select * from experiment_health where experiment_id = %s", experiment.id)
    assert health["mature_share"] == 0.6
    intents = clinic.owner.rows("select * from segment_effects where experiment_id = %s", experiment.id)
    assert [row["mature_n_variant"] for row in intents] == [60]


def test_a_decision_of_today_is_kept_too(clinic: Clinic):
    experiment = young(clinic)
    cohort(experiment, 0.1, 40, {"a": 0.2, "b": 0.7}, ago(70))
    sure = experiment.effect("booked", "b")
    cohort(experiment, 0.2, 80, {"a": 0.5, "b": 0.45}, ago(20))
    later = experiment.effect("booked", "b")
    assert later["sequential_p_value"] > 0.05, "all of them together are not so sure"
    assert (later["verdict"], later["mature_n_variant"]) == ("better", 120)
    assert later["mature_p_value"] == pytest.approx(sure["mature_p_value"])


def test_beyond_three_hundred_open_windows_cohorts_are_whole_days(clinic: Clinic):
    experiment = young(clinic)
    cohort(experiment, 2, 30, {"a": 0.5, "b": 0.5})
    entered = ago(30)
    cohort(experiment, 0.1, 30, {"a": 0.2, "b": 0.7}, entered)
    assert experiment.effect("booked", "b")["mature_n_variant"] == 60
    cohort(experiment, 0.2, 151, {"a": 0.1, "b": 0.1}, ago(2))
    crowded = experiment.effect("booked", "b")
    whole = 60 if entered.date() < ago(10).date() else 30
    assert (crowded["mature_n_variant"], crowded["mature_share"]) == (whole, whole / 211)
