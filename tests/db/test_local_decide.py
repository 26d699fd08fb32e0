"""Local decisions from a ruleset are the database's own: Python and TypeScript against decide, and their exposures."""

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic, Experiment
from upshot.domain.errors import UnknownNameError
from upshot.domain.ruleset import Call, Ruleset

SUBJECTS = 2_000
ROOT = Path(__file__).parents[2]
NODE = ROOT / ".venv" / "bin" / "node"
SCRIPT = """
const { decide } = await import(process.argv[1]);
const { readFileSync } = await import("node:fs");
const { ruleset, calls } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await Promise.all(calls.map((call) => decide(ruleset, call)))));
"""


@pytest.fixture
def busy(clinic: Clinic) -> Clinic:
    """Experiments of every kind, a layer, a holdout, and versions live at three scopes."""
    clinic.publish(clinic.version("live"))
    clinic.publish(clinic.version("live for booking"), action="Book")
    clinic.publish(clinic.version("live for cancelling"), intent="CancelMeeting")
    clinic.owner.rpc("set_holdout", environment="production", share=700)
    layer = clinic.put("layers", key="tone", name="Tone")["id"]

    def start(key: str, *, weights: dict[str, int] | None = None, **values: Any) -> Any:
        arms = {arm: clinic.version(f"{key} {arm}") for arm in ("a", "b", "c")}
        experiment = clinic.experiment(arms, key=key, **values)
        if weights:
            experiment.edit(weights=weights)
        return experiment

    booking = start("booking", traffic=6000)
    clinic.put("experiment_actions", experiment_id=booking.id, capability_id=clinic.capability_id,
               action_id=clinic.actions["Book"])  # fmt: skip
    cancelling = start("cancelling", unit="conversation")
    clinic.put("experiment_intents", experiment_id=cancelling.id, intent_id=clinic.intents["CancelMeeting"])
    pro = {"any": [{"attribute": "plan", "eq": "pro"}, {"attribute": "call.subject", "starts_with": "s1"}]}
    wide = [
        start("first", audience=pro, layer_id=layer, layer_from=0, layer_to=4000, weights={"b": 5, "c": 0}),
        start("second", layer_id=layer, layer_from=4000, layer_to=7000, traffic=8000),
        start("rest", traffic=3000),
    ]
    for experiment in (booking, cancelling, *wide):
        experiment.move("activate")
    wide[1].move("rollback_variant", variant="b")
    return clinic


def calls() -> list[dict[str, Any]]:
    plans = ["pro", "free", None, 5]
    actions, intents = [None, "Book", "UserLookup"], [None, "CancelMeeting", "ScheduleMeeting"]
    return [
        {
            "capability": "BookAppointment",
            "subject": f"s{n}" if n % 7 else f"客户{n}🙂",
            "action": actions[n % 3],
            "intent": intents[n // 3 % 3],
            "conversation": None if n % 5 == 0 else f"c{n}",
            "attributes": {"plan": plans[n % 4]},
        }
        for n in range(SUBJECTS)
    ]


def plain(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    return answer and {name: value for name, value in answer.items() if name not in ("assignment_id", "phase_id")}


def in_typescript(ruleset: dict[str, Any]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", SCRIPT, str(ROOT / "dashboard" / "src" / "lib" / "localDecide.ts")],
        input=json.dumps({"ruleset": ruleset, "calls": calls()}), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_python_and_typescript_decide_as_the_database_does(busy: Clinic):
    ruleset = busy.owner.rpc("ruleset", environment="production")
    here = [Ruleset(ruleset).decide(Call(**call)) for call in calls()]
    there = [busy.owner.rpc("decide", environment="production", **call) for call in calls()]

    assert [plain(answer) for answer in here] == [plain(answer) for answer in there]
    assert in_typescript(ruleset) == here
    kinds = Counter((a["experiment"] or {"key": a["reason"]})["key"] for a in there)
    assert set(kinds) == {"booking", "cancelling", "first", "second", "rest", "holdout", "live_deployment"}


def test_an_unknown_name_is_refused_locally_too(busy: Clinic):
    ruleset = Ruleset(busy.owner.rpc("ruleset", environment="production"))
    for call in (
        Call("Nothing", "s"),
        Call("BookAppointment", "s", action="Fly"),
        Call("BookAppointment", "s", intent="x"),
    ):
        with pytest.raises(UnknownNameError):
            ruleset.decide(call)


def test_an_etag_names_the_content(busy: Clinic):
    first = busy.owner.rpc("ruleset", environment="production")
    etag = first["etag"]
    assert busy.owner.rpc("ruleset", environment="production") == first
    again = busy.owner.rpc("ruleset", environment="production", if_none_match=etag)
    assert again == {"etag": etag, "not_modified": True}

    def changed() -> bool:
        nonlocal etag
        before, etag = etag, busy.owner.rpc("ruleset", environment="production")["etag"]
        return before != etag

    busy.decide("somebody")
    assert not changed()
    busy.put("intents", key="New", name="New")
    assert changed()
    busy.owner.rpc("set_holdout", environment="production", share=0, expected_number=1)
    assert changed()
    rest = busy.owner.one("select id from experiments where key = 'rest'")
    Experiment(busy, str(rest["id"])).edit(traffic=10)
    assert changed()
    live = busy.owner.one(
        "select prompt_version_id as id from deployments where action_id is null and intent_id is null"
    )
    busy.publish(busy.version("newer"), expected=live["id"])
    assert changed()
    busy.put("environments", key="elsewhere", name="Elsewhere")
    assert not changed()


def rows_of(ruleset: dict[str, Any], quantity: int = 60) -> list[dict[str, Any]]:
    rows = []
    for call in calls()[:quantity]:
        answer = Ruleset(ruleset).decide(Call(**call))
        if answer and answer["experiment"]:
            row = {"experiment_id": answer["experiment"]["id"], "variant_id": answer["variant"]["id"]}
            row |= {"phase_id": answer["phase_id"], "subject": call["subject"], "attributes": call["attributes"]}
            rows.append(row | {k: call[k] for k in ("conversation", "intent") if call[k]})
    return rows


def test_local_exposures_become_assignments_once(busy: Clinic):
    rows = rows_of(busy.owner.rpc("ruleset", environment="production"))
    answer = busy.owner.rpc("record_exposures", exposures=rows)
    assert answer == {"accepted": len(rows), "duplicates": 0, "errors": []}
    assert busy.owner.rpc("record_exposures", exposures=rows)["duplicates"] == len(rows)
    for row, call in zip(
        rows, [c for c in calls()[:60] if any(c["subject"] == r["subject"] for r in rows)], strict=True
    ):
        told = busy.owner.rpc("decide", environment="production", **call)
        assert told["variant"]["id"] == row["variant_id"]
    assert busy.owner.one("select count(*) from assignments")["count"] == len(rows)


def test_an_exposure_that_the_hash_does_not_give_is_refused_and_the_others_land(busy: Clinic):
    rows = rows_of(busy.owner.rpc("ruleset", environment="production"))[:4]
    arms = busy.owner.rows("select id from variants where experiment_id = %s order by id", rows[0]["experiment_id"])
    wrong = next(str(arm["id"]) for arm in arms if str(arm["id"]) != rows[0]["variant_id"])
    bad = [
        rows[0] | {"variant_id": wrong},
        rows[1] | {"phase_id": rows[1]["variant_id"]},
        rows[2] | {"experiment_id": rows[2]["variant_id"]},
        rows[3] | {"exposed_at": "2001-01-01T00:00:00Z"},
        {k: v for k, v in rows[3].items() if k != "subject"},
        rows[3] | {"attributes": [1]},
        rows[3] | {"intent": "Dream"},
    ]
    answer = busy.owner.rpc("record_exposures", exposures=[*bad, rows[3]])
    assert [error["code"] for error in answer["errors"]] == [
        "wrong_arm", "wrong_arm", "unknown_experiment", "bad_field", "missing_field", "bad_field", "unknown_intent",
    ]  # fmt: skip
    assert answer["accepted"] == 1


def test_a_unit_that_has_another_arm_keeps_it(busy: Clinic):
    rest = busy.owner.one("select id, revision from experiments where key = 'second'")

    def drawn() -> list[dict[str, Any]]:
        # So many that whatever the salts are, some of them move.
        ruleset = busy.owner.rpc("ruleset", environment="production")
        return [r for r in rows_of(ruleset, SUBJECTS) if r["experiment_id"] == str(rest["id"])]

    rows = drawn()
    assert busy.owner.rpc("record_exposures", exposures=rows)["errors"] == []
    second = Experiment(busy, str(rest["id"]))
    second.move("pause")
    second.edit(weights={"c": 40})
    second.move("resume")
    later = drawn()
    moved = [new for old, new in zip(rows, later, strict=True) if old["variant_id"] != new["variant_id"]]
    answer = busy.owner.rpc("record_exposures", exposures=later)
    assert len(answer["errors"]) == len(moved) > 0
    assert {error["code"] for error in answer["errors"]} == {"other_arm"}


def test_a_conversation_experiment_wants_the_conversation(busy: Clinic):
    row = next(
        r for r in rows_of(busy.owner.rpc("ruleset", environment="production")) if r.get("intent") == "CancelMeeting"
    )
    answer = busy.owner.rpc("record_exposures", exposures=[{k: v for k, v in row.items() if k != "conversation"}])
    assert [(e["code"], "conversation" in e["message"]) for e in answer["errors"]] == [("missing_field", True)]


def test_a_key_of_another_environment_reports_nothing_here(busy: Clinic):
    staging = busy.world.api_key(
        busy.owner, busy.workspace_id, permissions=["decisions.make"], environments=["staging"]
    )
    rows = rows_of(busy.owner.rpc("ruleset", environment="production"))[:1]
    assert staging.rpc("record_exposures", exposures=rows)["errors"][0]["code"] == "environment_denied"
    for verb in ("ruleset", "explain_decision"):
        more = {} if verb == "ruleset" else {"capability": "BookAppointment", "subject": "ann"}
        with pytest.raises(psycopg.Error) as caught:
            staging.rpc(verb, environment="production", **more)
        assert "environment_denied" in (caught.value.diag.message_detail or "")
