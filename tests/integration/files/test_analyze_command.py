"""upshot analyze as a command: plain words, JSON, Parquet, errors that say what to do."""

import csv
import json
import random
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from upshot.cli import app

ROOT = Path(__file__).parents[3]


def test_the_command_speaks_plainly_and_for_machines(tmp_path: Path):
    file, columns, draw = tmp_path / "sales.csv", ["who", "arm", "orders", "visits", "bad name"], random.Random(3)
    with file.open("w", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(columns)
        for i in range(200):
            arm = draw.choice(["control", "treatment"])
            writer.writerow([f"s{i}", arm, f"{draw.gauss(10, 1):.3f}".replace(".", ","), "2", "x"])
    asked = [
        "analyze",
        str(file),
        "--unit",
        "who",
        "--variant",
        "arm",
        "--metric",
        "orders/visits",
        "--metric",
        "orders",
    ]
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith("treatment ")
    assert "always-valid 95 %" in shown.output
    document = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)
    ratio, plain = document["effects"]
    assert (ratio["role"], plain["correction"]) == ("primary", "benjamini_hochberg")
    assert ratio["difference"] == pytest.approx(plain["difference"] / 2)
    # The same from Parquet.
    parquet = tmp_path / "sales.parquet"
    duckdb.sql(f"select * from read_csv('{file}', delim=';', decimal_separator=',')").write_parquet(str(parquet))
    again = json.loads(CliRunner().invoke(app, ["analyze", str(parquet), *asked[2:], "--json"]).output)
    assert again["effects"] == document["effects"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--variant", "nope", "--metric", "value"], "There is no column nope. The file has: arm, value."),
        (["--variant", "arm", "--metric", "value"], "Which arm is the control? Say --control with one of: x, y."),
        (["--variant", "arm", "--metric", "value", "--control", "z"], "There is no arm z. The arms are: x, y."),
        (["--variant", "arm", "--metric", "value", "--weights", "x"], "Write --weights as control=1,treatment=1."),
    ],
)
def test_errors_say_what_to_do(tmp_path: Path, options: list[str], words: str):
    file = tmp_path / "a.csv"
    file.write_text("arm,value\nx,1\ny,2\n")
    shown = CliRunner().invoke(app, ["analyze", str(file), *options])
    assert (shown.exit_code, words) == (2, shown.output.strip())


def test_the_package_carries_the_statistics_as_they_are():
    done = subprocess.run(
        [sys.executable, "scripts/build_migrations.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
