"""Annotations: what people know about the time, corrected by new rows."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from support.clinic import EPOCH, Clinic
from support.refusals import refusal


def test_a_mark_says_when_and_what_it_concerns(clinic: Clinic):
    made = clinic.owner.rpc(
        "annotate", summary="TV campaign", occurred_at=EPOCH.isoformat(), environment="production",
        capability="BookAppointment", detail={"cost": 1200},
    )  # fmt: skip
    row = clinic.owner.one("select * from timeline")
    assert (row["id"], row["kind"], row["occurred_at"], row["detail"]) == (
        made["id"],
        "annotation",
        EPOCH,
        {"cost": 1200},
    )
    assert (str(row["capability_id"]), row["action_id"]) == (str(clinic.capability_id), None)
    assert str(row["actor_id"]) == clinic.owner.user_id


def test_a_correction_replaces_a_mark_on_the_timeline_and_keeps_it_in_the_ledger(clinic: Clinic):
    first = clinic.owner.rpc("annotate", summary="Outage", kind="incident")
    second = clinic.owner.rpc("annotate", summary="Outage of one hour", kind="incident", supersedes=first["id"])
    assert [r["id"] for r in clinic.owner.rows("select id from timeline")] == [second["id"]]
    assert len(clinic.owner.rows("select from changes")) == 2
    assert refusal(clinic.owner.rpc, "annotate", summary="x", supersedes=first["id"]) == "superseded"
    clinic.publish(clinic.version("one"))
    published = clinic.owner.one("select id from changes where kind = 'deployment_published'")
    assert refusal(clinic.owner.rpc, "annotate", summary="x", supersedes=published["id"]) == "unknown_change"
    with pytest.raises(psycopg.Error, match="history"):
        clinic.world.postgres().connection.execute("update changes set summary = 'x'")


def test_what_makes_no_sense_is_refused(clinic: Clinic):
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    for wrong, code in (
        ({"kind": "deployment_published"}, "bad_argument"),
        ({"occurred_at": later}, "bad_argument"),
        ({"environment": "nowhere"}, "unknown_environment"),
        ({"action": "Book"}, "unknown_action"),
        ({"detail": {"a": 1}, "summary": ""}, "bad_argument"),
    ):
        assert refusal(clinic.owner.rpc, "annotate", **{"summary": "x"} | wrong) == code
    viewer = clinic.world.member(clinic.owner, clinic.workspace_id, "viewer")
    assert refusal(viewer.rpc, "annotate", summary="x") == "permission_denied"
    other = clinic.world.user("other").rpc("create_workspace", name="o", slug="o")["workspace_id"]
    assert refusal(clinic.owner.rpc, "annotate", summary="x", workspace_id=other) == "workspace_not_found"
