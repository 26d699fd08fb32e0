"""Ramps: a version goes live in steps, as long as its guardrails stand and nobody else moves the scope."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from support.clinic import EPOCH, Clinic, Experiment, expose, observe

PLACE = {"environment": "production", "capability": "BookAppointment"}


@pytest.fixture
def pair(clinic: Clinic) -> tuple[dict[str, Any], dict[str, Any]]:
    """The live version and the next one, at the epoch."""
    at(clinic, 0)
    live, new = clinic.version("live"), clinic.version("new")
    clinic.publish(live)
    return live, new


def at(clinic: Clinic, hours: float) -> None:
    """Move the owner's clock to so many hours after the epoch."""
    moment = (EPOCH + timedelta(hours=hours)).isoformat()
    clinic.owner.connection.execute("select set_config('upshot.now', %s, false)", [moment])


def start(clinic: Clinic, live, new, **more) -> dict[str, Any]:
    """A ramp in production whose experiment splits by a known salt."""
    arguments = PLACE | {"version_id": new["id"], "expected_version": live and live["id"]} | more
    ramp = clinic.owner.rpc("start_ramp", **arguments)
    postgres = clinic.world.postgres().connection
    with postgres.transaction():
        postgres.execute("alter table experiments disable trigger user")
        postgres.execute("update experiments set salt = 'ramp' where id = %s", [ramp["experiment_id"]])
        postgres.execute("alter table experiments enable trigger user")
        postgres.execute("select private.compile_rule(%s)", [ramp["experiment_id"]])
    return ramp


def advance(clinic: Clinic, ramp, **more) -> dict[str, Any]:
    return clinic.owner.rpc("advance_ramp", ramp_id=ramp["id"], expected_revision=ramp["revision"], **more)


def tick(clinic: Clinic, hours: float) -> dict[str, Any] | None:
    server = clinic.world.server()
    moment = (EPOCH + timedelta(hours=hours)).isoformat()
    server.connection.execute("select set_config('upshot.now', %s, false)", [moment])
    return server.rpc("tick_ramps_v1", pause_seconds=0)


def refusal(call, *args, **more) -> str:
    with pytest.raises(psycopg.Error) as caught:
        call(*args, **more)
    assert caught.value.sqlstate.startswith("PT4")
    return caught.value.diag.message_detail.split('"')[3]


def measured(clinic: Clinic, ramp, good: dict[str, float], subjects: int = 600) -> None:
    """Everybody calls; of each arm's subjects this part books."""
    experiment = Experiment(clinic, ramp["experiment_id"])
    arms: dict[str, list[str]] = {}
    server = clinic.world.server()
    server.connection.execute("select set_config('upshot.now', %s, false)", [EPOCH.isoformat()])
    for n in range(subjects):
        answer = clinic.decide(f"s{n}", by=server, workspace_id=clinic.workspace_id)
        if answer["variant"]:
            arms.setdefault(answer["variant"]["key"], []).append(f"s{n}")
    values = {s: [float(i < good[arm] * len(them))] for arm, them in arms.items() for i, s in enumerate(them)}
    observe(experiment, "booked", values)
    clinic.world.catch_up()


def row(clinic: Clinic, ramp) -> dict[str, Any]:
    return clinic.owner.one("select * from ramps where id = %s", ramp["id"])


def test_a_ramp_gives_the_new_version_to_its_share_and_as_many_keep_the_old(clinic: Clinic, pair):
    ramp = start(clinic, *pair, steps=[10, 50, 100])
    assert (ramp["state"], ramp["step"], ramp["share"], ramp["next_share"]) == ("running", 1, 10, 50)
    answers = [clinic.decide(f"s{n}") for n in range(400)]
    got = [a["variant"]["key"] if a["variant"] else None for a in answers]
    assert 20 <= got.count("new") <= 60
    assert 20 <= got.count("live") <= 60
    assert {a["version"]["number"] for a in answers if a["variant"] is None or a["variant"]["key"] == "live"} == {1}


def test_steps_keep_subjects_and_the_last_one_publishes(clinic: Clinic, pair):
    ramp = start(clinic, *pair, steps=[10, 50, 100], hold="01:00")
    first = {s: clinic.decide(s)["version"]["number"] for s in (f"s{n}" for n in range(100))}
    at(clinic, 1)
    ramp = advance(clinic, ramp)
    assert (ramp["step"], ramp["share"], ramp["revision"]) == (2, 50, 2)
    second = {s: clinic.decide(s)["version"]["number"] for s in first}
    assert all(second[s] == 2 for s, number in first.items() if number == 2)
    assert 30 <= sum(number == 2 for number in second.values()) <= 70
    at(clinic, 2)
    ramp = advance(clinic, ramp)
    assert (ramp["state"], ramp["next_share"]) == ("completed", None)
    assert {clinic.decide(s)["version"]["number"] for s in first} == {2}
    assert clinic.owner.one("select number from deployments where id = %s", ramp["deployment_id"])["number"] == 2
    assert clinic.owner.one("select state from experiments")["state"] == "archived"
    kinds = [r["kind"] for r in clinic.owner.rows("select kind from changes where kind like 'ramp%%' order by id")]
    assert kinds == ["ramp_started", "ramp_advanced", "ramp_completed"]


def test_a_step_lasts_as_long_as_it_should_unless_a_person_forces_it(clinic: Clinic, pair):
    ramp = start(clinic, *pair, hold="24:00")
    at(clinic, 23)
    assert refusal(advance, clinic, ramp) == "ramp_holds"
    server = clinic.world.server()
    with pytest.raises(psycopg.Error):
        server.rpc("advance_ramp", ramp_id=ramp["id"], expected_revision=1, force=True)
    assert advance(clinic, ramp, force=True, reason="demo at noon")["step"] == 2
    entry = clinic.owner.one("select detail from changes where kind = 'ramp_advanced'")["detail"]
    assert (entry["forced"], entry["reason"]) == (True, "demo at noon")


def test_a_guardrail_without_data_waits(clinic: Clinic, pair):
    clinic.metric("booked", when_absent="zero")
    ramp = start(clinic, *pair, hold="00:00", guardrails=[{"metric": "booked", "margin": 0.05}])
    assert refusal(advance, clinic, ramp) == "guardrail_waits"
    assert tick(clinic, 5) is None
    guardrail = clinic.owner.one("select status, reason_code, harm from ramp_guardrails")
    assert (guardrail["status"], guardrail["reason_code"], guardrail["harm"]) == ("waiting", "no_subjects", None)
    assert advance(clinic, ramp, force=True)["step"] == 2


def test_a_worker_advances_what_stands_and_says_by_which_numbers(clinic: Clinic, pair):
    clinic.metric("booked", when_absent="zero")
    guardrails = [{"metric": "booked", "margin": 0.1}]
    ramp = start(clinic, *pair, steps=[50, 100], hold="02:00", guardrails=guardrails, min_subjects=50)
    measured(clinic, ramp, {"live": 0.5, "new": 0.55})
    assert tick(clinic, 1) is None
    moved = tick(clinic, 2)
    assert moved is not None
    assert (moved["state"], moved["id"]) == ("completed", ramp["id"])
    numbers = moved["guardrails"][0]
    assert (numbers["metric_key"], numbers["status"], numbers["margin"]) == ("booked", "stands", 0.1)
    assert numbers["harm"] == pytest.approx(-0.05, abs=0.01)
    assert numbers["n_control"] + numbers["n_variant"] == 600
    assert tick(clinic, 3) is None
    assert clinic.decide("anybody")["version"]["number"] == 2


def test_a_worker_aborts_what_breaks_a_guardrail(clinic: Clinic, pair):
    clinic.metric("booked", when_absent="zero")
    guardrails = [{"metric": "booked", "margin": 0.02}]
    ramp = start(clinic, *pair, steps=[50, 100], hold="02:00", guardrails=guardrails, min_subjects=50)
    measured(clinic, ramp, {"live": 0.6, "new": 0.3})
    assert refusal(advance, clinic, ramp, force=True) == "guardrail_breached"
    moved = tick(clinic, 1)
    assert moved is not None
    assert (moved["state"], moved["end_code"]) == ("aborted", "guardrail_breached")
    assert {clinic.decide(f"s{n}")["version"]["number"] for n in range(20)} == {1}
    entry = clinic.owner.one("select summary, detail from changes where kind = 'ramp_aborted'")
    assert entry["detail"]["guardrails"][0]["harm_low"] > 0.02
    assert entry["summary"] == "Aborted a ramp (guardrail breached): booking v2 at production / BookAppointment"


def test_an_aborted_ramp_returns_everybody_at_once(clinic: Clinic, pair):
    ramp = start(clinic, *pair, steps=[50, 100])
    subjects = [f"s{n}" for n in range(20)]
    assert {clinic.decide(s)["version"]["number"] for s in subjects} == {1, 2}
    stale = refusal(clinic.owner.rpc, "abort_ramp", ramp_id=ramp["id"], expected_revision=2)
    assert stale == "stale_ramp"
    answer = clinic.owner.rpc("abort_ramp", ramp_id=ramp["id"], expected_revision=1, reason="rude")
    assert (answer["state"], answer["end_code"]) == ("aborted", "aborted_by_hand")
    assert {clinic.decide(s)["version"]["number"] for s in subjects} == {1}
    assert refusal(advance, clinic, answer) == "ramp_over"
    assert start(clinic, *pair)["state"] == "running"


def test_whoever_moves_the_scope_stops_the_ramp(clinic: Clinic, pair):
    live, new = pair
    other = clinic.version("other")
    ramp = start(clinic, live, new)
    clinic.publish(other, expected=live["id"])
    assert (row(clinic, ramp)["state"], row(clinic, ramp)["end_code"]) == ("stopped", "scope_moved")
    assert clinic.decide("ann")["version"]["number"] == 3
    ramp = start(clinic, other, new)
    clinic.owner.rpc("rollback", **PLACE, expected_version=other["id"])
    assert row(clinic, ramp)["end_code"] == "scope_moved"
    ramp = start(clinic, live, new)
    clinic.publish(other, intent="ScheduleMeeting")
    assert row(clinic, ramp)["end_code"] == "narrower_scope_moved"
    assert refusal(start, clinic, live, new) == "overridden"
    last = clinic.owner.rows("select kind, detail from changes where kind = 'ramp_stopped' order by id")[-1]
    assert last["detail"]["by_deployment_id"]


def test_a_ramp_over_the_wider_version_stops_when_that_moves(clinic: Clinic, pair):
    live, new = pair
    ramp = start(clinic, None, new, intent="ScheduleMeeting", steps=[50, 100], hold="00:00")
    assert (ramp["from_version_id"], ramp["replaces_version_id"]) == (str(live["id"]), None)
    clinic.publish(clinic.version("other"), expected=live["id"])
    assert row(clinic, ramp)["end_code"] == "live_version_changed"
    # The wider version does not matter to a scope that has its own.
    clinic.publish(live, intent="CancelMeeting")
    ramp = start(clinic, live, new, intent="CancelMeeting", steps=[50, 100], hold="00:00")
    clinic.owner.rpc("rollback", **PLACE, expected_version=clinic.decide("x")["version"]["id"])
    assert row(clinic, ramp)["state"] == "running"
    assert advance(clinic, ramp)["state"] == "completed"
    assert clinic.decide("ann", intent="CancelMeeting")["version"]["number"] == 2


def test_pausing_the_experiment_holds_the_ramp_and_archiving_it_ends_it(clinic: Clinic, pair):
    ramp = start(clinic, *pair, steps=[50, 100], hold="00:00")
    experiment = Experiment(clinic, ramp["experiment_id"])
    experiment.move("pause")
    assert refusal(advance, clinic, ramp) == "ramp_paused"
    assert tick(clinic, 1) is None
    assert {clinic.decide(f"s{n}")["version"]["number"] for n in range(20)} == {1}
    experiment.move("resume")
    experiment.move("archive")
    assert row(clinic, ramp)["end_code"] == "experiment_archived"


def test_nobody_moves_the_traffic_of_a_ramp_by_hand(clinic: Clinic, pair):
    ramp = start(clinic, *pair)
    experiment = Experiment(clinic, ramp["experiment_id"])
    assert refusal(experiment.edit, traffic=10000) == "ramp_keeps_traffic"


def test_a_plan_must_make_sense(clinic: Clinic, pair):
    live, new = pair
    for bad in (
        {"steps": [100]}, {"steps": [5, 25]}, {"steps": [25, 5, 100]}, {"steps": [5, 75, 100]}, {"steps": [0, 100]},
        {"hold": "-1 hour"}, {"min_subjects": 1}, {"unit": "account"}, {"guardrails": [{"metric": "booked", "margin": -1}]},
    ):  # fmt: skip
        clinic.owner.rows("insert into outcome_metrics (workspace_id, key, name, kind) values (%s, 'booked', 'b', 'mean') "
            "on conflict do nothing returning id", clinic.workspace_id)  # fmt: skip
        assert refusal(start, clinic, live, new, **bad) == "bad_argument", bad
    assert refusal(start, clinic, live, new, guardrails=[{"metric": "none"}]) == "unknown_metric"
    assert refusal(start, clinic, live, live) == "already_live"
    assert refusal(start, clinic, new, new) == "stale_version"
    assert refusal(start, clinic, None, new, environment="staging") == "nothing_to_ramp_from"
    start(clinic, live, new)
    assert refusal(start, clinic, live, new) == "ramp_running"


def test_who_may_ramp(clinic: Clinic, pair):
    ramp = start(clinic, *pair)
    clinic.owner.connection.execute("select set_config('upshot.now', '', false)")
    operations = clinic.world.member(clinic.owner, clinic.workspace_id, "operations")
    stranger = clinic.world.user("stranger")
    move = {"ramp_id": ramp["id"], "expected_revision": 1}
    assert refusal(operations.rpc, "advance_ramp", **move) == "permission_denied"
    assert refusal(stranger.rpc, "abort_ramp", **move) == "unknown_ramp"
    assert refusal(stranger.rpc, "advance_ramp", **move) == "unknown_ramp"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        clinic.owner.rpc("tick_ramps_v1")
    assert operations.rpc("abort_ramp", **move)["state"] == "aborted"


def test_several_workers_move_a_ramp_once(clinic: Clinic, pair):
    start(clinic, *pair, steps=[5, 10, 100], hold="01:00")
    rival = clinic.world.server()
    with rival.connection.transaction():
        rival.connection.execute(
            "select set_config('upshot.now', %s, true)", [(EPOCH + timedelta(hours=1)).isoformat()]
        )
        assert rival.rpc("tick_ramps_v1", pause_seconds=0)["step"] == 2
        # The other's claim is not waited for.
        assert tick(clinic, 1) is None
    assert tick(clinic, 1.5) is None
    assert tick(clinic, 2)["state"] == "completed"


def test_effects_of_a_ramp_are_randomised_evidence(clinic: Clinic, pair):
    clinic.metric("booked", when_absent="zero")
    ramp = start(clinic, *pair, steps=[50, 100], guardrails=[{"metric": "booked"}])
    experiment = Experiment(clinic, ramp["experiment_id"])
    arms = expose(experiment, [f"s{n}" for n in range(40)])
    observe(experiment, "booked", {s: [1] for s in arms["new"][:5]})
    assert experiment.effect("booked", "new")["grade"] == "A"


def test_what_keeps_a_ramp_from_moving_is_told_on_it_until_it_is_over(clinic: Clinic, pair):
    ramp = start(clinic, *pair, steps=[50, 100], hold="00:00")
    admin = clinic.world.admin.connection
    admin.execute("alter table experiments add constraint broken check (state <> 'archived') not valid")
    assert tick(clinic, 1) is None
    trouble = row(clinic, ramp)["trouble"]
    assert trouble["code"] == "23514"
    assert "broken" in trouble["message"]
    # The same again is no news.
    assert tick(clinic, 2) is None
    assert row(clinic, ramp)["trouble"] == trouble
    admin.execute("alter table experiments drop constraint broken")
    assert tick(clinic, 3)["state"] == "completed"
    assert row(clinic, ramp)["trouble"] is None
