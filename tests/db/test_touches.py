"""Credit by touches: shared out exactly, by rule, and never called a cause."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic
from support.refusals import refusal

DAYS = {"metric": "spend", "from_day": "2026-01-05", "to_day": "2026-01-07"}


def at(hours: float) -> str:
    return (EPOCH + timedelta(days=4, hours=hours)).isoformat()


@pytest.fixture
def journeys(clinic: Clinic) -> Clinic:
    """Ann looks up, asks for times, and books in another conversation; Bob books at once; nobody knows what Cid met."""
    clinic.metric("spend", "mean", when_absent="zero", attribution_window="1 day")
    owner = clinic.owner
    owner.rows("select set_config('upshot.now', %s, false)", at(-48))
    first, second = clinic.version("first"), clinic.version("second")
    clinic.publish(first)
    owner.rows("select set_config('upshot.now', %s, false)", at(2.5))
    clinic.publish(second, expected=first["id"])
    calls = [
        clinic.inference(version, who, started_at=at(hour), action=action, conversation=conversation)
        for who, hour, action, conversation, version in (
            ("ann", 0, "UserLookup", "c1", first), ("ann", 0.1, "UserLookup", "c1", first),
            ("ann", 1, "GetAvailability", "c1", first), ("ann", 3, "Book", "c2", second),
            ("bob", 4, "Book", "c3", second), ("dan", -24 * 9, "Book", "c4", first),
        )
    ]  # fmt: skip
    outcomes = [
        clinic.outcome("spend", value, occurred_at=at(hour), **where)
        for value, hour, where in (
            (10 / 3, 5, {"subject": "ann"}), (0.7, 6, {"conversation": "c3"}), (5, 6, {"subject": "cid"}), (2, 6, {"subject": "dan"}),
        )
    ]  # fmt: skip
    for kind, rows in (("inferences", calls), ("outcomes", outcomes)):
        assert owner.rpc(f"record_{kind}", **{kind: rows})["errors"] == []
    clinic.world.catch_up()
    return clinic


def told(clinic: Clinic, **more: Any) -> dict[Any, tuple[float, float]]:
    rows = clinic.owner.rpc("touch_credits", **DAYS, **more)
    assert {row["grade"] for row in rows} == {"C"}
    assert all("not cause" in row["assumption"] for row in rows if row["thing"])
    assert sum(row["credit"] for row in rows) == Decimal(str(10 / 3)) + Decimal("0.7") + 5 + 2
    assert sum(row["outcomes"] for row in rows) == 4
    return {row["thing"]: (float(row["outcomes"]), float(row["credit"])) for row in rows}


def test_outcomes_are_shared_out_over_what_came_before(journeys: Clinic):
    third, ann = pytest.approx(1 / 3), 10 / 3
    nobody = (2, 7)  # Cid met nothing, Dan nothing within the week.
    assert told(journeys) == {
        "UserLookup": (third, pytest.approx(ann / 3)), "GetAvailability": (third, pytest.approx(ann / 3)),
        "Book": (pytest.approx(4 / 3), pytest.approx(ann / 3 + 0.7)), None: nobody,
    }  # fmt: skip
    assert told(journeys, touch_model="first") == {
        "UserLookup": (1, ann), "GetAvailability": (0, 0), "Book": (1, 0.7), None: nobody,
    }  # fmt: skip
    assert told(journeys, touch_model="last")["Book"] == (2, pytest.approx(ann + 0.7))
    ends = told(journeys, touch_model="position_based")
    assert [ends[key][0] for key in ("UserLookup", "GetAvailability", "Book")] == [0.4, 0.2, 1.4]
    faded = told(journeys, touch_model="time_decay", half_life="1 hour")
    whole = 1 + 2**-2 + 2**-3
    assert faded["UserLookup"][0] == pytest.approx(2**-3 / whole, rel=1e-12)
    assert told(journeys, lookback="30 days")[None] == (1, 5)
    by_change = told(journeys, by="change")
    assert {words and words.split(" at ")[0]: float(n) for words, (n, _) in by_change.items()} == {
        "Published booking v1": 0.5, "Published booking v2": 1.5, None: 2,
    }  # fmt: skip
    assert set(told(journeys, by="version")) == {"booking v1", "booking v2", None}


def test_what_touches_may_be_asked(journeys: Clinic):
    # A filter chooses the touches; what none of them came before is nobody's, and all of it is still there.
    assert told(journeys, capability="BookAppointment", action="UserLookup") == {
        "UserLookup": (1, 10 / 3),
        None: (3, 7.7),
    }
    for wrong in ({"touch_model": "magic"}, {"by": "moon"}, {"lookback": "-1 day"}, {"to_day": "2026-01-01"}):
        assert refusal(journeys.owner.rpc, "touch_credits", **DAYS | wrong) == "bad_argument"
    assert refusal(journeys.owner.rpc, "touch_credits", **DAYS | {"metric": "none"}) == "unknown_metric"
    there = journeys.world.api_key(journeys.owner, journeys.workspace_id, ["workspace.read"], environments=["staging"])
    assert there.rpc("touch_credits", **DAYS) == []
