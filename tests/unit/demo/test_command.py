"""The command's face: help without installing anything, and options that say what is wrong with them."""

import subprocess
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[3] / "scripts" / "demo"


def run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DEMO, *options], capture_output=True, text=True, timeout=100, check=False)


def test_help_installs_nothing_and_names_every_option():
    told = run("--help")
    assert (told.returncode, told.stderr) == (0, "")
    for option in ("--data", "--limit", "--seconds", "--no-dashboard", "--exit", "--api-port", "--state-dir"):
        assert option in told.stdout
    assert "→" not in told.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--date", "x.csv"], "Unknown option: --date"),
        (["--data"], "--data needs a value"),
        (["--limit", ""], "--limit needs a value"),
    ],
)
def test_options_that_mean_nothing_are_refused_before_anything_happens(options, words):
    told = run(*options)
    assert told.returncode == 1
    assert words in told.stderr
