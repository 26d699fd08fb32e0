"""Every trap that an outcome can fall into is counted beside the result: one world, a claim for each."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from support.clinic import EPOCH, Clinic, Experiment


class Traps:
    """An experiment whose arms another system draws, and what became of its outcomes."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic, self.sent = clinic, 0
        clinic.publish(clinic.version("live"))
        self.metric = clinic.metric("spend", "mean", when_absent="zero", attribution_window="1 day")
        arms = {key: clinic.version(key) for key in ("a", "b")}
        self.experiment = clinic.experiment(arms, judged=False, assigned_by="external")
        self.experiment.counts(self.metric, "primary")
        self.experiment.move("activate")

    def expose(self, subject: str, arm: str, **more: Any) -> dict[str, Any]:
        row = {"experiment_id": self.experiment.id, "subject": subject, "variant": arm, "exposed_at": EPOCH.isoformat(),
               "source": "split", "source_event_id": f"{subject}-{arm}", **more}  # fmt: skip
        return self.clinic.owner.rpc("record_exposures", exposures=[row])

    def send(self, *values: Any, at: Any = EPOCH + timedelta(hours=1), times: int = 1, **where: Any) -> None:
        """Report values, each as often as a retry would."""
        when = at if isinstance(at, str) else at.isoformat()
        rows = [self.clinic.outcome("spend", value, occurred_at=when, **where) for value in values]
        for _ in range(times):
            self.clinic.owner.rpc("record_outcomes", outcomes=rows)
        self.sent += times * len(rows)

    def counts(self) -> dict[str, int]:
        self.clinic.world.catch_up()
        rows = self.clinic.owner.rows(
            "select * from experiment_exclusions where experiment_id = %s order by position", self.experiment.id
        )
        parts = [row for row in rows if row["is_part"]]
        assert sum(row["outcomes"] for row in parts) == self.sent
        self.codes = {row["reason"]: row["codes"] for row in rows}
        return {row["reason"]: row["outcomes"] for row in rows}


@pytest.fixture
def traps(clinic: Clinic) -> Traps:
    """Six subjects, a bot and one who was seen in both arms."""
    traps = Traps(clinic)
    for n in range(6):
        traps.expose(f"s{n}", "ab"[n % 2])
    traps.expose("bot", "a", attributes={"bot": True})
    for arm in "ab":
        traps.expose("both", arm)
    return traps


def test_each_trap_is_counted_once_and_all_of_them_add_up(traps: Traps):
    clinic, owner = traps.clinic, traps.clinic.owner
    traps.send(10.0, subject="s0")
    traps.send(-5.0, subject="s1")  # a refund is real
    traps.send(1.0, subject="s2", at="2026-01-02T01:30:00+14:00")  # another day there, the same instant
    traps.send(7.0, subject="s0", times=3)  # a webhook that is tried again
    traps.send("NaN", "Infinity", "-Infinity", "ten", None, subject="s0")
    traps.send(1.0, subject="s0", at="2026-01-01T10:00:00")  # which ten o'clock?
    traps.send(1.0)  # nobody's
    traps.send(1.0, subject="s3", at=datetime.now(UTC) + timedelta(days=1))  # a clock that runs ahead
    traps.send(1.0, subject="s3", at=datetime(1999, 1, 1, tzinfo=UTC))  # and one that never ran
    traps.send(1.0, subject="s3", at=EPOCH - timedelta(hours=1))
    traps.send(1.0, subject="s3", at=EPOCH + timedelta(days=1))  # the window is half-open
    traps.send(1.0, subject="bot")
    traps.send(1.0, 2.0, subject="both")
    traps.send(1.0, key={"type": "ticket", "value": "T-9"})
    traps.send(1.0, conversation="never-seen")
    traps.send(1.0, subject="stranger")
    found = traps.counts()
    assert found == {
        "duplicate": 2, "invalid_value": 7, "unmatched": 2, "not_exposed": 1, "bot": 1, "switcher": 2, "before_exposure": 2,
        "after_window": 2, "used": 4, "clock_ahead": 1,
        "duplicate_exposure": 0, "refused_exposure": 0, "duplicate_call": 0, "refused_call": 0,
    }  # fmt: skip
    assert traps.codes["invalid_value"] == {"bad_field": 5, "missing_field": 1, "no_join_key": 1}
    # The same from raw rows.
    (ledger,) = owner.rpc("effects_as_of", experiment_id=traps.experiment.id)["ledgers"]
    assert ledger["outcomes_raw"] == traps.sent
    assert ledger["outcomes_orphan"] == found["unmatched"] + found["not_exposed"]
    assert ledger["outcomes_used"] == found["used"]

    # Evidence that comes later takes an outcome out of waiting; what is odd of exposures and calls is told beside.
    call = clinic.inference(clinic.version("c"), "s4", keys=[{"type": "ticket", "value": "T-9"}])
    assert owner.rpc("record_inferences", inferences=[call, call])["errors"] == []
    assert (
        owner.rpc("record_inferences", inferences=[call | {"id": str(uuid.uuid4()), "capability": "Nope"}])["errors"]
        != []
    )
    traps.expose("s0", "a")
    traps.expose("s0", "nowhere", source_event_id="other")
    later = traps.counts()
    assert (later["unmatched"], later["used"]) == (1, 5)
    assert {name: later[name] for name in later if "_" in name and name.split("_")[0] in ("duplicate", "refused")} == {
        "duplicate_exposure": 1, "refused_exposure": 1, "duplicate_call": 1, "refused_call": 1,
    }  # fmt: skip
    assert traps.codes["refused_exposure"] == {"unknown_variant": 1}


def test_a_window_that_ends_before_it_begins_is_not_a_metric(clinic: Clinic):
    for window in ("-1 hour", "0"):
        with pytest.raises(psycopg.errors.CheckViolation):
            clinic.metric("odd", "mean", attribution_window=window)


def test_nobody_else_sees_what_was_left_out(traps: Traps):
    traps.send(1.0, subject="stranger")
    traps.counts()
    other = traps.clinic.world.user("stranger")
    assert other.rows("select * from experiment_exclusions") == []
    there = traps.clinic.world.api_key(
        traps.clinic.owner, traps.clinic.workspace_id, ["workspace.read"], environments=["staging"]
    )
    assert there.rows("select * from experiment_exclusions") == []
    assert Experiment(traps.clinic, traps.experiment.id).row["state"] == "active"
