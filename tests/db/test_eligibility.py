"""Who takes part: audience, holdout, layer and traffic, and an arm that outlasts their changes."""

from collections import Counter

import pytest

from support.clinic import Clinic, Experiment

PRO = {"attribute": "plan", "eq": "pro"}


@pytest.fixture
def live(clinic: Clinic) -> Clinic:
    """Something is live, whatever the experiments say."""
    clinic.publish(clinic.version("live"))
    return clinic


def start(clinic: Clinic, key: str = "tone", **values) -> Experiment:
    experiment = clinic.experiment(
        {"a": clinic.version(f"{key} a"), "b": clinic.version(f"{key} b")}, key=key, **values
    )
    experiment.move("activate")
    return experiment


def layered(clinic: Clinic, key: str, first: int, last: int, **values) -> Experiment:
    found = clinic.owner.rows("select id from layers where key = 'tone'")
    layer_id = found[0]["id"] if found else clinic.put("layers", key="tone", name="Tone")["id"]
    clinic.world.postgres().rows("update layers set salt = 'tone' where id = %s returning id", layer_id)
    return start(clinic, key, layer_id=layer_id, layer_from=first, layer_to=last, **values)


def holdout(clinic: Clinic, share: int, number: int = 0) -> None:
    clinic.owner.rpc("set_holdout", environment="production", share=share, expected_number=number)


def experiments(clinic: Clinic, subjects) -> dict[str, str | None]:
    answers = {subject: clinic.decide(subject)["experiment"] for subject in subjects}
    return {subject: answer and answer["key"] for subject, answer in answers.items()}


def assigned(clinic: Clinic) -> int:
    return clinic.owner.one("select count(*) from assignments")["count"]


SUBJECTS = [f"s{i}" for i in range(60)]


def test_only_the_audience_takes_part(live: Clinic):
    start(live, audience=PRO)
    assert live.decide("ann", attributes={"plan": "pro"})["reason"] == "assigned"
    assert live.decide("bob", attributes={"plan": "free"})["reason"] == "live_deployment"
    assert live.decide("cyd")["reason"] == "live_deployment"
    assert assigned(live) == 1


def test_who_leaves_the_audience_gets_the_live_version_and_finds_the_same_arm_on_return(live: Clinic):
    start(live, audience=PRO)
    first = live.decide("ann", attributes={"plan": "pro"})
    assert live.decide("ann", attributes={"plan": "free"})["reason"] == "live_deployment"
    assert live.decide("ann", attributes={"plan": "pro"}) == first
    assert assigned(live) == 1


def test_an_audience_may_ask_about_the_call_itself_and_cannot_be_told_lies_about_it(live: Clinic):
    start(live, audience={"attribute": "call.intent", "eq": "ScheduleMeeting"})
    assert live.decide("ann", intent="ScheduleMeeting")["reason"] == "assigned"
    lie = {"call": {"intent": "ScheduleMeeting"}}
    assert live.decide("bob", intent="CancelMeeting", attributes=lie)["reason"] == "live_deployment"


def test_the_holdout_is_kept_out_of_every_experiment(live: Clinic):
    start(live)
    holdout(live, 3000)
    reasons = Counter(live.decide(subject)["reason"] for subject in SUBJECTS)
    assert set(reasons) == {"assigned", "holdout"}
    assert 5 < reasons["holdout"] < 35
    assert assigned(live) == reasons["assigned"]


def test_a_larger_holdout_moves_nobody_who_has_an_arm(live: Clinic):
    start(live)
    before = {subject: live.decide(subject) for subject in SUBJECTS[:20]}
    holdout(live, 10000)
    assert {subject: live.decide(subject) for subject in SUBJECTS[:20]} == before
    assert live.decide("somebody new")["reason"] == "holdout"
    start(live, "second")
    assert live.decide("somebody new")["reason"] == "holdout"
    holdout(live, 0, number=1)
    assert live.decide("somebody new")["reason"] == "assigned"


def test_a_larger_holdout_holds_the_same_subjects_and_more(live: Clinic):
    holdout(live, 2000)
    few = {s for s in SUBJECTS if live.decide(s)["reason"] == "holdout"}
    holdout(live, 6000, number=1)
    assert few < {s for s in SUBJECTS if live.decide(s)["reason"] == "holdout"}


def test_a_subject_is_in_at_most_one_experiment_of_a_layer(live: Clinic):
    layered(live, "first", 0, 4000)
    layered(live, "second", 4000, 8000)
    where = experiments(live, SUBJECTS)
    assert set(where.values()) == {"first", "second", None}
    twice = live.owner.rows("select subject from assignments group by subject having count(*) > 1")
    assert twice == []


def test_slots_that_move_leave_every_arm_where_it_is_and_nobody_in_two(live: Clinic):
    first = layered(live, "first", 0, 5000)
    second = layered(live, "second", 5000, 6000)
    before = experiments(live, SUBJECTS)
    for experiment, start, end in ((first, 0, 1000), (second, 1000, 10000)):
        key = live.owner.rpc("experiment_document", experiment_id=experiment.id)["document"]["layer"]["key"]
        experiment.edit(layer={"key": key, "from": start, "to": end})
    after = experiments(live, SUBJECTS)
    assert {s: after[s] for s in SUBJECTS if before[s]} == {s: before[s] for s in SUBJECTS if before[s]}
    assert {after[s] for s in SUBJECTS if not before[s]} == {"second"}
    assert live.owner.rows("select subject from assignments group by subject having count(*) > 1") == []


def test_a_layer_is_about_subjects_whatever_the_unit(live: Clinic):
    layered(live, "first", 0, 5000, unit="conversation")
    arms = {s: {live.decide(s, conversation=f"{s}-{n}")["reason"] for n in range(5)} for s in SUBJECTS[:20]}
    assert {frozenset(reasons) for reasons in arms.values()} == {
        frozenset({"assigned"}),
        frozenset({"live_deployment"}),
    }


def test_an_experiment_without_a_version_for_the_call_logs_no_exposure(live: Clinic):
    experiment = live.experiment({"a": None, "b": None})
    for row in live.owner.rows("select id from variants"):
        live.put("variant_versions", variant_id=row["id"], action_id=live.actions["Book"],
                 prompt_version_id=live.version(str(row["id"]))["id"])  # fmt: skip
    live.put("experiment_actions", experiment_id=experiment.id, capability_id=live.capability_id,
             action_id=live.actions["Book"])  # fmt: skip
    experiment.move("activate")
    assert live.decide("ann", action="UserLookup")["reason"] == "live_deployment"
    assert assigned(live) == 0
    assert live.decide("ann", action="Book")["reason"] == "assigned"


def test_what_decide_reads_follows_every_move(live: Clinic):
    experiment = live.experiment({"a": live.version("a"), "b": live.version("b"), "c": live.version("c")})
    experiment.move("activate")
    compiled = "select key, traffic, arms from private.live_rules"
    postgres = live.world.postgres()
    assert len(postgres.one(compiled)["arms"]) == 3
    experiment.edit(traffic=500)
    assert postgres.one(compiled)["traffic"] == 500
    experiment.move("rollback_variant", variant="b")
    assert sorted(a["rolled_back"] for a in postgres.one(compiled)["arms"].values()) == [False, False, True]
    experiment.move("pause")
    assert postgres.rows(compiled) == []
    experiment.move("resume")
    experiment.move("archive")
    assert postgres.rows(compiled) == []
