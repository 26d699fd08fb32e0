"""Every answer takes the filters that the reference lists, over HTTP, and refuses those that it does not."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.clinic import Clinic, open_clinic
from support.world import world_of

DOCS = Path(__file__).parents[3] / "docs/reference/results.md"
VERBS: dict[str, dict[str, str]] = {
    "outcome_waterfall": {
        "metric": "goal", "from_a": "2026-01-01", "to_a": "2026-01-08", "from_b": "2026-01-08", "to_b": "2026-01-15",
    },
    "baseline_comparison": {"metric": "goal"},
    "metric_series": {"metric": "goal"},
    "touch_credits": {"metric": "goal", "from_day": "2026-01-01", "to_day": "2026-01-08"},
}  # fmt: skip
HERE = {
    "environment": "production",
    "capability": "BookAppointment",
    "action": "Book",
    "intent": "CancelMeeting",
    "model": "smol",
}


@pytest.fixture
def served(db, gateway):
    """A clinic with an experiment and a deployment, and an HTTP client of its server."""
    with world_of(db) as world:
        clinic = open_clinic(world)
        live = clinic.version("live")
        clinic.publish(live, action="Book", intent="CancelMeeting")
        clinic.publish(live)
        clinic.experiment({"a": live, "b": clinic.version("b", model="big")}).move("activate")
        world.catch_up()
        headers = {"apikey": gateway.settings.secret_key}
        with httpx.Client(base_url=f"{gateway.url}/rest/v1", headers=headers, timeout=30) as client:
            yield clinic, client


def listed() -> dict[str, list[list[str]]]:
    """The table of the reference: answer to the names in each of its cells."""
    rows = re.findall(
        r"^\| (`[a-z_`, ]+`) \|(.*)\|$",
        DOCS.read_text().split("## What each answer")[1].split("## Ledgers")[0],
        re.MULTILINE,
    )
    return {
        answer: [re.findall(r"`([a-z_]+)(?==|`)", cell.split(" of ")[0]) for cell in cells.split("|")]
        for names, cells in rows for answer in re.findall(r"`(\w+)`", names)
    }  # fmt: skip


def rows(client: httpx.Client, path: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, f"{path} {query}: {answer.text}"
    return answer.json()


def value_of(column: str) -> str:
    if column in ("effects_between", "experiment_id"):
        return ""
    if column.endswith("_keys") or column == "models":
        return "cs.{x}"
    if column.endswith("_at") or column == "at":
        return "gte.2026-01-01"
    return "eq.00000000-0000-0000-0000-000000000000" if column.endswith("_id") else "eq.x"


def test_what_the_reference_lists_is_taken_and_what_it_does_not_is_refused(served: tuple[Clinic, httpx.Client]):
    clinic, client = served
    tenant = {"workspace_id": str(clinic.workspace_id)}
    table = listed()
    assert len(table) >= 16
    for answer, cells in table.items():
        if answer in VERBS:
            for argument, value in HERE.items():
                needed = {"capability": HERE["capability"]} if argument == "action" else {}
                rows(client, f"rpc/{answer}", **VERBS[answer], **tenant, **needed, **{argument: value})
            assert client.get(f"rpc/{answer}", params=VERBS[answer] | {"colour": "red"}).status_code == 404
            wrong = client.get(f"rpc/{answer}", params=VERBS[answer] | tenant | {"environment": "moon"})
            assert wrong.json()["details"]
            assert wrong.status_code == 404
        elif answer not in ("trace_of", "outcome_of"):
            for column in {name for cell in cells for name in cell if value_of(name)}:
                if not (
                    answer in ("segment_summaries", "factor_credits")
                    and column in ("restated_at", "intent_keys", "models")
                ):
                    rows(client, answer, **{column: value_of(column)})
            assert client.get(answer, params={"colour": "eq.red"}).status_code == 400

    found = rows(
        client, "change_effects", environment_key="eq.production", action_key="eq.Book", intent_key="eq.CancelMeeting"
    )
    assert [(row["kind"], row["model"]) for row in found] == [("deployment_published", "smol")]
    assert len(rows(client, "change_effects", capability_key="eq.BookAppointment", kind="eq.deployment_published")) == 2
    for view in ("experiment_effects", "experiment_health"):
        assert (
            len(rows(client, view, models="cs.{big,smol}", environment_key="eq.production", action_keys="eq.{}")) == 1
        )
        assert rows(client, view, models="cs.{large}") == []
    assert rows(client, "change_effects", occurred_at="lt.2026-01-01") == []
