"""What the documentation shows is what happens: SQL and Python blocks run, shell blocks name commands that exist.

A block that cannot run here says why on the line before it: `<!-- not run: needs a hosted project -->`.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"(?P<note><!-- not run: [^\n]+ -->\s*\n)?^(?P<indent>[ ]*)```(?P<language>sql|python|bash)\n(?P<text>.*?)^(?P=indent)```",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"(?:^|\s)((?:scripts|\.venv/bin|tests/js/node_modules/\.bin)/[\w.-]+)")


class Block(NamedTuple):
    place: str
    text: str
    runs: bool


def _blocks(language: str) -> list[Block]:
    found = []
    for page in PAGES:
        text = page.read_text()
        for match in BLOCK.finditer(text):
            if match["language"] != language:
                continue
            line = text[: match.start("text")].count("\n") + 1
            body = "\n".join(row.removeprefix(match["indent"]) for row in match["text"].splitlines())
            found.append(Block(f"{page.relative_to(ROOT)}:{line}", body, match["note"] is None))
    return found


def _named(blocks: list[Block]):
    return [pytest.param(block, id=block.place) for block in blocks]


@pytest.mark.parametrize("block", _named(_blocks("bash")))
def test_shell_blocks_parse_and_name_commands_that_exist(block):
    parsed = subprocess.run(["bash", "-n"], input=block.text, text=True, capture_output=True, check=False)
    assert (parsed.returncode, parsed.stderr) == (0, "")
    assert [name for name in COMMAND.findall(block.text) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("block", _named([block for block in _blocks("sql") if block.runs]))
def test_sql_blocks_run(block, db):
    with psycopg.connect(db.url(role="postgres"), autocommit=True) as connection:
        connection.execute(block.text)


@pytest.mark.parametrize("block", _named([block for block in _blocks("python") if block.runs]))
def test_python_blocks_run(block, tmp_path):
    script = tmp_path / "block.py"
    script.write_text(block.text)
    ran = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=100, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stderr
