"""upshot import: a dry run first, outcomes after, and the way back, through the real API."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from support.clinic import open_clinic
from support.world import world_of
from upshot.cli import app
from upshot.services import importing


@pytest.fixture
def clinic(db, gateway, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SUPABASE_URL", gateway.url)
    monkeypatch.setattr(importing, "CHUNK", 100)
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", gateway.settings.publishable_key)
    with world_of(db) as world:
        clinic = open_clinic(world)
        key = world.api_key(clinic.owner, clinic.workspace_id, ["imports.write", "workspace.read"])
        monkeypatch.setenv("UPSHOT_API_KEY", key.api_key["secret"])
        yield clinic


def test_a_file_goes_in_and_out(clinic: Any, tmp_path: Path):
    clinic.metric("csat", "mean")
    file = tmp_path / "tickets.csv"
    rows = [f"e{i};s{i};{i % 5},5;31.01.2026 09:30" for i in range(300)]
    file.write_text("\n".join(["id;who;score;closed", *rows, "bad;s1;good;31.01.2026 09:30"]))
    asked = [
        "import", str(file), "--set", "metric=csat", "--map", "value=score", "--map", "subject=who", "--decimal", ",",
        "--map", "occurred_at=closed", "--time-format", "dmy", "--time-zone", "Europe/Berlin",
    ]  # fmt: skip
    dry = CliRunner().invoke(app, asked)
    assert dry.exit_code == 0, dry.output
    assert "300 of 301 rows would land." in dry.output
    assert "Row 301, score: The field score must be a number such as 3,5" in dry.output
    assert clinic.owner.one("select count(*) as n from outcomes")["n"] == 0
    done = CliRunner().invoke(app, [*asked, "--yes"])
    assert "Imported 300 outcomes." in done.output
    again = CliRunner().invoke(app, [*asked, "--yes"])
    assert "This import is imported: 300 outcomes landed" in again.output
    found = re.search(r"undo-import (\S+)", done.output)
    assert found, done.output
    assert "Took back 300 outcomes." in CliRunner().invoke(app, ["undo-import", found[1]]).output
    assert clinic.owner.one("select count(*) as n from outcomes")["n"] == 0
    wrong = CliRunner().invoke(app, ["import", str(file), "--map", "value=nope"])
    assert (wrong.exit_code, wrong.output.strip()) == (
        2, "There is no column nope. The file has: id, who, score, closed.",
    )  # fmt: skip
