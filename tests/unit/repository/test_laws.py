"""The laws of AGENTS.md that no linter knows."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CODE = {".py", ".sql", ".ts", ".tsx", ".mjs", ".sh"}
GENERATED = (
    "supabase/migrations/",
    "frontend_contract/",
    "tests/golden/",
    "workers/upshot/sql/statistics.sql",
    "workers/upshot/sql/effect_core.sql",
)
REGISTRIES = re.compile(
    r"(?:files\.)?pythonhosted\.org|//pypi\.org|registry\.npmjs\.org|deb\.debian\.org|registry\.yarnpkg"
)


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


TRACKED = _tracked()
SOURCES = [name for name in TRACKED if Path(name).suffix in CODE and not name.startswith(GENERATED)]


def _long_functions(name: str, limit: int) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / name).read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = node.end_lineno - body[0].lineno + 1 if body else 0
            if length > limit:
                yield f"{name}:{node.lineno} {node.name} has {length} lines"


def test_no_file_is_longer_than_400_lines():
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in SOURCES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_function_of_the_product_is_longer_than_40_lines():
    shipped = [name for name in SOURCES if name.endswith(".py") and not name.startswith("tests/")]
    assert [found for name in shipped for found in _long_functions(name, 40)] == []


def test_no_file_names_a_package_registry():
    texts = {
        name: (ROOT / name).read_text(errors="replace")
        for name in TRACKED
        if name != "tests/unit/repository/test_laws.py"
    }
    assert [name for name, text in texts.items() if REGISTRIES.search(text)] == []


def test_workers_hold_exactly_one_package():
    packages = {name.split("/")[1] for name in TRACKED if name.startswith("workers/") and name.count("/") > 1}
    assert packages == {"upshot"}


def test_the_supabase_folder_never_becomes_a_python_package():
    assert [name for name in TRACKED if name.startswith("supabase/") and name.endswith(".py")] == []


FOLDERS = [
    "sql",
    "policies",
    "supabase",
    "workers",
    "devstack",
    "frontend_contract",
    "dashboard",
    "scripts",
    "requirements",
    "tests",
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_top_folder_says_what_lives_in_it(folder):
    text = (ROOT / folder / "README.md").read_text()
    assert 4 <= len(text.splitlines()) <= 40


def test_every_top_folder_is_on_the_map():
    folders = {name.split("/")[0] for name in TRACKED if "/" in name and not name.startswith(".")}
    text = (ROOT / "AGENTS.md").read_text()
    assert [folder for folder in sorted(folders) if f"`{folder}/" not in text] == []


def test_every_registered_error_is_raised_somewhere():
    registry = ROOT / "sql" / "00_foundation" / "errors.sql"
    codes = re.findall(r"\('(\w+)', 'PT\d{3}'", registry.read_text())
    raised = "".join(path.read_text() for path in (ROOT / "sql").rglob("*.sql") if path != registry)
    assert len(codes) > 30
    assert [code for code in codes if f"'{code}'" not in raised] == []
