"""scripts/cases answers a folder that it has never seen as scipy and statsmodels do, and says what it cannot."""

import importlib.util
import io
import json
import math
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from upshot.adapters.analysis.methods import StatsmodelsMethods
from upshot_cases.__main__ import UNSUPPORTED, run
from upshot_cases.case import cases
from upshot_cases.database import statistics
from upshot_cases.engine import Engine
from upshot_cases.functions import groups
from upshot_cases.road import Road


def loaded(name: str) -> Any:
    """A module beside this one."""
    spec = importlib.util.spec_from_file_location(f"cases_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def differences(path: str, found: Any, meant: Any) -> list[str]:
    """Where an answer is not what is expected; an absent number is absent."""
    if isinstance(meant, dict):
        return [d for key in meant for d in differences(f"{path}.{key}", (found or {}).get(key, "missing"), meant[key])]
    if isinstance(meant, list):
        return [d for i, value in enumerate(meant) for d in differences(f"{path}[{i}]", found[i], value)]
    same = (
        found == meant
        if meant is None or isinstance(found, str)
        else math.isclose(found, meant, rel_tol=1e-6, abs_tol=1e-9)
    )
    return [] if same else [f"{path}: {found!r} instead of {meant!r}"]


def answered(db: Any, folder: Path) -> tuple[list[str], dict[tuple[str, str], str], dict[str, Any]]:
    """Where the answers differ from what is expected, what is out of reach, and the answers."""
    (found, broken), (named, odd) = cases(folder), groups(folder)
    with statistics(db.url) as sql:
        engine = Engine(sql, StatsmodelsMethods(), Road(db.url))
        results = run(engine, found, named, broken | odd, Console(file=io.StringIO()))
    missing = {(m["case"], m["analysis"]): m["reason"] for m in results[UNSUPPORTED]}
    wrong = []
    for case in found:
        for entry in case.document["analyses"]:
            if (case.name, entry["id"]) not in missing:
                wrong += differences(f"{case.name}.{entry['id']}", results[case.name][entry["id"]], entry["expected"])
    return wrong, missing, results


@pytest.mark.filterwarnings("default")
def test_a_folder_that_nobody_has_seen(db, tmp_path):
    loaded("oracle").write(tmp_path)
    wrong, missing, results = answered(db, tmp_path)
    assert wrong == []
    assert missing == {
        ("shop", "nonsense"): "the method entrails is not known",
        ("shop", "broken"): "there is no column absent",
        ("formulas", "entrails"): "there is no function for the group entrails",
    }
    expected = [row["expected"] for row in json.loads((tmp_path / "formulas.json").read_text())["groups"]["normal_sf"]]
    assert results["formulas"]["normal_sf"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.filterwarnings("default")
def test_files_and_phrases_of_every_kind(db, tmp_path):
    loaded("shapes").write(tmp_path)
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "expected.json").write_text("{ torn")
    wrong, missing, _ = answered(db, tmp_path)
    assert wrong == []
    assert [*missing] == [("torn", "*")]
    assert "cannot be read" in missing["torn", "*"]
