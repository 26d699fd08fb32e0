"""Previews say what a move would touch, with real numbers or none, and change nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from support.clinic import EPOCH, Clinic, Experiment, expose, observe

PLACE = {"environment": "production", "capability": "BookAppointment"}
INTENT = {"intent": "ScheduleMeeting"}


def preview(clinic: Clinic, **more) -> dict[str, Any]:
    return clinic.owner.rpc("preview_rollback", **PLACE | more)


def called(clinic: Clinic, version, *subjects: str, hours_ago: float = 0.1, **more) -> None:
    """Each subject's call ran this version, so long ago."""
    started = (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat()
    rows = [clinic.inference(version, s, started_at=started, **{"conversation": f"c-{s}"} | more) for s in subjects]
    assert clinic.owner.rpc("record_inferences", inferences=rows)["errors"] == []


def effect(answer: dict[str, Any], metric: str) -> dict[str, Any]:
    (found,) = [e for e in answer["effects"] if e["metric"] == metric]
    return found


@pytest.fixture
def pair(clinic: Clinic) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two versions that were live one after the other."""
    old, new = clinic.version("old"), clinic.version("new", model="big", params={"temperature": 0.2})
    clinic.publish(old)
    clinic.publish(new, expected=old["id"])
    return old, new


def test_a_preview_is_what_rollback_then_does(clinic: Clinic, pair):
    old, new = pair
    answer = preview(clinic)
    assert (answer["live"]["number"], answer["after"]["number"]) == (2, 1)
    assert answer["summary"] == "booking v1 instead of booking v2 at production / BookAppointment"
    assert {d["field"]: d.get("after", "long") for d in answer["diff"]} == {
        "messages": "long", "model": "smol", "params.temperature": None,
    }  # fmt: skip
    assert len(clinic.owner.rows("select * from deployments")) == 2
    made = clinic.owner.rpc("rollback", **PLACE, expected_version=answer["expected_version"])
    assert made["version"]["id"] == answer["after"]["id"] == str(old["id"])
    assert str(new["id"]) == answer["live"]["id"]


def test_a_preview_refuses_what_rollback_would_refuse(clinic: Clinic, pair):
    for more, code in (
        ({"to_version": pair[1]["id"]}, "already_live"),
        ({"to_version": clinic.version("never")["id"]}, "never_live_here"),
        ({"to_time": EPOCH}, "nothing_live_then"),
        (INTENT, "nothing_to_roll_back"),
    ):
        with pytest.raises(psycopg.Error) as caught:
            preview(clinic, **more)
        assert code in caught.value.diag.message_detail


def test_traffic_is_what_really_got_the_live_version(clinic: Clinic, pair):
    old, new = pair
    assert preview(clinic)["traffic"] == {"reason_code": "no_inferences"}
    narrow = clinic.version("narrow")
    clinic.publish(narrow, **INTENT)
    called(clinic, new, "a", "b")
    called(clinic, new, "a", hours_ago=5)
    called(clinic, new, "z", hours_ago=30)
    called(clinic, old, "c")
    called(clinic, narrow, "d", **INTENT)

    traffic = preview(clinic)["traffic"]
    assert (traffic["calls_last_hour"], traffic["conversations_last_hour"]) == (2, 2)
    assert (traffic["calls_last_24_hours"], traffic["subjects_last_24_hours"]) == (3, 2)
    assert traffic["answered_by_narrower_last_24_hours"] == 1
    assert preview(clinic, **INTENT)["traffic"]["calls_last_hour"] == 1


def test_giving_an_intent_back_shows_the_wider_version_and_no_other_scope(clinic: Clinic, pair):
    narrow = clinic.version("narrow")
    clinic.publish(narrow, **INTENT)
    answer = preview(clinic, **INTENT)
    assert answer["gives_scope_back"]
    assert (answer["live"]["number"], answer["after"]["number"]) == (3, 2)
    wide = preview(clinic)
    assert [(n["action"], n["intent"], n["version"]) for n in wide["narrower"]] == [
        (None, "ScheduleMeeting", "booking v3")
    ]


def test_experiments_are_told_apart_by_what_happens_to_them(clinic: Clinic, pair):
    old, new = pair
    for key, arms in (("keeps", {"a": new, "b": old}), ("apart", {"a": old, "b": clinic.version("x")})):
        clinic.experiment(arms, key=key).move("activate")
    ramp = clinic.owner.rpc("start_ramp", **PLACE, version_id=clinic.version("next")["id"], expected_version=new["id"])
    found = {e["experiment"]: e for e in preview(clinic)["experiments"]}
    assert {k: e["effect"] for k, e in found.items() if not k.startswith("ramp.")} == {
        "keeps": "keeps_running_live", "apart": "unaffected",
    }  # fmt: skip
    assert [(a["variant"], a["runs"]) for a in found["keeps"]["arms"]] == [("a", "live"), ("b", "after")]
    (of_ramp,) = [e for k, e in found.items() if k.startswith("ramp.")]
    assert (of_ramp["effect"], of_ramp["ramp_id"]) == ("ramp_stops", ramp["id"])


def test_effects_come_from_an_experiment_between_the_two_versions(clinic: Clinic, pair):
    old, new = pair
    experiment: Experiment = clinic.experiment({"a": old, "b": new})
    experiment.counts(clinic.metric("booked", when_absent="zero"))
    experiment.move("activate")
    arms = expose(experiment, [f"s{n}" for n in range(200)])
    observe(experiment, "booked", {s: [1] for s in [*arms["b"][:60], *arms["a"][:10]]})
    known = experiment.effect("booked", "b")

    told = effect(preview(clinic), "booked")

    assert (told["grade"], told["verdict"], told["experiment_id"]) == ("A", "worse", str(experiment.id))
    # Going back from b to a is the experiment's effect the other way round.
    assert told["difference"] == pytest.approx(-known["difference"])
    assert told["ci_low"] == pytest.approx(-known["ci_high"])
    assert (told["mean_live"], told["n_after"]) == (known["mean_variant"], known["n_control"])


def test_without_an_experiment_before_and_after_are_compared_as_such(clinic: Clinic, pair):
    old, new = pair
    clinic.metric("booked", when_absent="zero", attribution_window="1 hour")
    clinic.metric("unknown")
    clinic.metric("middle", kind="quantile")
    assert effect(preview(clinic), "booked")["reason_code"] == "no_subjects"
    called(clinic, old, *(f"o{n}" for n in range(40)), hours_ago=6)
    called(clinic, new, *(f"n{n}" for n in range(30)), hours_ago=3)
    called(clinic, new, "open", hours_ago=0.5)
    called(clinic, old, "both", hours_ago=3.5)
    called(clinic, new, "both", hours_ago=3)
    when = {"o": 5.5, "n": 2.5}
    rows = [
        clinic.outcome("booked", 1, subject=f"{kind}{n}",
            occurred_at=(datetime.now(UTC) - timedelta(hours=when[kind])).isoformat())
        for kind, count in (("o", 30), ("n", 6)) for n in range(count)
    ]  # fmt: skip
    assert clinic.owner.rpc("record_outcomes", outcomes=rows)["errors"] == []

    told = effect(preview(clinic), "booked")

    assert (told["grade"], told["method"], told["verdict"]) == ("C", "before_after_welch_t", "better")
    # `open` has time left, `both` had the other version within the hour: neither is counted for that one.
    assert (told["n_live"], told["n_after"]) == (31, 40)
    assert told["mean_after"] == pytest.approx(30 / 40)
    assert told["difference"] == pytest.approx(30 / 40 - 6 / 31)
    assert told["ci_low"] < told["difference"] < told["ci_high"]
    assert effect(preview(clinic), "unknown")["difference"] is None
    assert effect(preview(clinic), "middle")["reason_code"] == "kind_not_supported"


def test_a_publish_can_be_previewed_too(clinic: Clinic, pair):
    old, new = pair
    answer = clinic.owner.rpc("preview_publish", **PLACE, version_id=old["id"], **INTENT)
    assert (answer["expected_version"], answer["live_at_wider_scope"]) == (None, True)
    assert (answer["live"]["number"], answer["after"]["number"]) == (2, 1)
    with pytest.raises(psycopg.Error) as caught:
        clinic.owner.rpc("preview_publish", **PLACE, version_id=new["id"])
    assert "already_live" in caught.value.diag.message_detail


def test_a_viewer_may_preview_and_a_stranger_may_not(clinic: Clinic, pair):
    viewer = clinic.world.member(clinic.owner, clinic.workspace_id, "viewer")
    assert viewer.rpc("preview_rollback", **PLACE)["after"]["number"] == 1
    with pytest.raises(psycopg.Error) as caught:
        clinic.world.user("stranger").rpc("preview_rollback", **PLACE, workspace_id=clinic.workspace_id)
    assert "workspace_not_found" in caught.value.diag.message_detail
