"""The answer on a terminal."""

import io

import pytest
from rich.console import Console

from support.demo_facts import BETTER, HEALTH, ROUTED, SLOWER, UNDECIDED, absent, arm
from upshot.demo import report

ARMS = [arm("Examples", 97), arm("Control", 104, control=True), arm("Warm", 99)]


def printed(width: int = 80, effects=(BETTER, UNDECIDED, SLOWER)) -> str:
    paper = io.StringIO()
    Console(width=width, file=paper).print(report.answer(list(effects), ARMS, HEALTH))
    return paper.getvalue()


def test_the_sentence_comes_first():
    first = " ".join(printed().split("\n\n")[0].split()).partition(";")[0]
    assert first == "Examples sends more requests to the right place: +38.9 points (27.7 to 50.1)"


def test_everything_fits_into_eighty_columns():
    shown = printed(80)
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "+38.9 points (27.7 to 50.1)  better" in shown
    assert "…" not in shown


def test_the_control_leads_the_arms_with_its_means():
    arms = printed().split("Arms")[1].splitlines()
    assert arms[2].split() == ["Control", "(control)", "104", "34.7", "%", "(33.3", "%)", "14.0", "%", "0.40", "s"]
    assert arms[3].split()[0] == "Examples"
    assert "52.9 %" in arms[3]


def test_a_mean_that_is_not_known_is_none_and_not_zero():
    shown = printed(effects=[absent(ROUTED, "Warm", "too_few_subjects", None)])
    warm = shown.split("Arms")[1].splitlines()[4]
    assert warm.split()[-1] == "none"


def test_whether_the_split_was_fair_is_said():
    assert "Was the split fair? Each arm got its share of customers (p = 0.71)." in printed()


@pytest.mark.parametrize(
    ("low", "point", "high", "drawn"),
    [
        (-1.0, 0.0, 1.0, "├───●───┤"),
        (0.5, 0.75, 1.0, "    │ ├●┤"),
        (-0.5, 0.25, 1.0, "  ├─┼●──┤"),
        (0.0, 0.0, 0.0, "    ●    "),
    ],
)
def test_an_interval_is_drawn_against_zero(low, point, high, drawn):
    assert report.axis(low, point, high, 1.0, cells=9) == drawn


def test_an_axis_without_any_length_has_everything_in_its_middle():
    assert report.axis(0, 0, 0, 0, cells=5) == "  ●  "
