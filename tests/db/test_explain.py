"""explain_decision: why decide answers as it does, without a trace."""

from typing import Any

import psycopg
import pytest

from support.clinic import Clinic


@pytest.fixture
def live(clinic: Clinic) -> Clinic:
    clinic.publish(clinic.version("live"))
    clinic.publish(clinic.version("booking"), action="Book")
    return clinic


def start(clinic: Clinic, key: str = "tone", *, active: bool = True, **values: Any) -> Any:
    experiment = clinic.experiment(
        {"a": clinic.version(f"{key} a"), "b": clinic.version(f"{key} b")}, key=key, **values
    )
    if active:
        experiment.move("activate")
    return experiment


def explain(clinic: Clinic, subject: str = "ann", **call: Any) -> dict[str, Any]:
    scope = {"environment": "production", "capability": "BookAppointment"}
    return clinic.owner.rpc("explain_decision", subject=subject, **scope | call)


def because(told: dict[str, Any]) -> dict[str, str | None]:
    return {entry["experiment"]["key"]: entry["because"] for entry in told["experiments"]}


def step(told: dict[str, Any], key: str, check: str) -> dict[str, Any]:
    entry = next(e for e in told["experiments"] if e["experiment"]["key"] == key)
    return next(s for s in entry["steps"] if s["check"] == check)


def test_nothing_is_written_and_the_same_question_has_the_same_answer(live: Clinic):
    start(live)
    first = explain(live)
    assert explain(live) == first
    assert live.owner.rows("select from assignments") == []
    assert first["decision"]["reason"] == "assigned"
    assert first["decision"]["assignment_id"] is None


def test_it_says_what_decide_then_does(live: Clinic):
    live.owner.rpc("set_holdout", environment="production", share=2000)
    start(live, "pros", audience={"attribute": "plan", "eq": "pro"}, traffic=5000)
    start(live, "rest", traffic=4000)
    for n in range(60):
        call = {"attributes": {"plan": ["pro", "free"][n % 2]}, "action": [None, "Book"][n // 2 % 2]}
        told = explain(live, f"s{n}", **call)
        done = live.decide(f"s{n}", **call)
        assert told["decision"] == {k: v for k, v in done.items() if k != "bundle"} | {"assignment_id": None}
        taking = [e["experiment"] for e in told["experiments"] if e["applies"]]
        assert (taking or [None])[0] == done["experiment"]
        assert next(d["deployment_id"] for d in told["deployments"] if d["wins"]) == (
            done["deployment_id"] or told["deployments"][0]["deployment_id"]
        )


def test_each_experiment_says_why_not(live: Clinic):
    layer = live.put("layers", key="l", name="L")["id"]
    booking = start(live, "booking", active=False)
    live.put("experiment_actions", experiment_id=booking.id, capability_id=live.capability_id,
             action_id=live.actions["Book"])  # fmt: skip
    cancelling = start(live, "cancelling", active=False)
    live.put("experiment_intents", experiment_id=cancelling.id, intent_id=live.intents["CancelMeeting"])
    for experiment in (booking, cancelling):
        experiment.move("activate")
    start(live, "paused").move("pause")
    start(live, "draft", active=False)
    start(live, "talks", unit="conversation")
    start(live, "pros", audience={"all": [{"attribute": "plan", "exists": True}, {"attribute": "plan", "eq": "pro"}]})
    start(live, "nobody", traffic=0)
    slot = live.world.postgres().one(
        "select private.bucket((select salt from layers where id = %s), 'layer', 'ann') b", layer
    )["b"]
    first = slot + 1 if slot < 9999 else 0
    start(live, "elsewhere", layer_id=layer, layer_from=first, layer_to=first + 1)
    told = explain(live, attributes={"plan": "free"})
    assert because(told) == {
        "booking": "action", "cancelling": "intent", "paused": "state", "draft": "state", "talks": "unit",
        "pros": "audience", "nobody": "traffic", "elsewhere": "layer",
    }  # fmt: skip
    assert step(told, "pros", "audience")["node"] == "/all/1"
    assert step(told, "elsewhere", "layer") == {
        "check": "layer", "passed": False, "layer": "l", "bucket": slot, "from": first, "to": first + 1,
        "has_arm_elsewhere": False,
    }  # fmt: skip
    assert step(told, "booking", "action")["covers"] == ["Book"]
    assert told["decision"]["reason"] == "live_deployment"


def test_an_arm_is_told_with_its_buckets_or_since_when_it_is_there(live: Clinic):
    experiment = start(live)
    drawn = step(explain(live), "tone", "arm")
    assert drawn["from"] <= drawn["bucket"] < drawn["to"]
    done = live.decide("ann")
    assert drawn["variant"] == done["variant"]["key"]
    known = explain(live)
    arm = step(known, "tone", "arm")
    assert (arm["assignment_id"], arm["since"] is not None) == (done["assignment_id"], True)
    assert [s["check"] for s in known["experiments"][0]["steps"]] == [
        "action", "intent", "version", "unit", "audience", "arm",
    ]  # fmt: skip
    if arm["variant"] == "b":
        experiment.move("rollback_variant", variant="b")
    assert step(explain(live), "tone", "arm")["rolled_back"] is (arm["variant"] == "b")


def test_the_deployments_that_lose_are_told_too(live: Clinic):
    told = explain(live, action="Book")
    assert [(d["action"], d["wins"]) for d in told["deployments"]] == [("Book", True), (None, False)]


def test_nothing_deployed_is_an_answer_here(clinic: Clinic):
    told = explain(clinic)
    assert told == {"decision": {"reason": "nothing_deployed"}, "experiments": [], "deployments": []}


def test_it_asks_for_reading_and_deciding(live: Clinic):
    viewer = live.world.member(live.owner, live.workspace_id, "viewer")
    decider = live.world.api_key(live.owner, live.workspace_id, permissions=["decisions.make"])
    for actor in (viewer, decider):
        with pytest.raises(psycopg.Error) as caught:
            actor.rpc("explain_decision", environment="production", capability="BookAppointment", subject="ann")
        assert caught.value.sqlstate == "PT403"
