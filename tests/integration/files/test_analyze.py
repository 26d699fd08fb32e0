"""upshot analyze: a file's answer, from the platform's own SQL on a database of its own."""

import fcntl
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from upshot.adapters.local_postgres import _have
from upshot.adapters.statistics_sql import SqlStatistics, statistics
from upshot.domain.analysis import Answer, Effect, Intake, Metric, Question
from upshot.domain.analysis_words import sentence
from upshot.domain.errors import TableError
from upshot.services.analyze import analyze

VALUE = Metric("value", "mean", "value")


@pytest.fixture(scope="module")
def server() -> Iterator[SqlStatistics]:
    with statistics(None) as numbers:
        yield numbers


@pytest.fixture
def numbers(server: SqlStatistics) -> Iterator[SqlStatistics]:
    yield server
    server._connection.rollback()


def ask(numbers: SqlStatistics, columns: list[str], rows: list[list[Any]], **more: Any) -> tuple[Answer, Intake]:
    said = {"variant": "arm", "unit": "who", "metrics": (VALUE,)} | more
    texts = [[None if cell is None else str(cell) for cell in row] for row in rows]
    return analyze(Question(**said), columns, texts, numbers)


def drawn(seed: int, n: int = 400) -> list[list[Any]]:
    """who, arm, value, before, group: the treated earn half more, those with a past much more."""
    draw = random.Random(seed)
    rows = []
    for i in range(n):
        past, treated = draw.gauss(10, 3), draw.random() < 0.5
        value = past + draw.gauss(0, 1) + (0.5 if treated else 0)
        rows.append([f"s{i}", "treatment" if treated else "control", value, past, "ab"[i % 2]])
    return rows


def said_by(effect: Effect, *names: str) -> list[float]:
    return [effect.numbers[name] for name in names]


def codes(answer: Answer) -> set[str]:
    return {warning.code for warning in answer.warnings}


def test_the_numbers_are_those_of_other_libraries(numbers: SqlStatistics):
    rows = drawn(1)
    columns = ["who", "arm", "value", "before", "group"]
    answer, _ = ask(numbers, columns, rows, segment="group")
    control, treated = ([r[2] for r in rows if r[1] == arm] for arm in ("control", "treatment"))
    welch = stats.ttest_ind(treated, control, equal_var=False)
    interval = welch.confidence_interval()
    shown = said_by(answer.effects[0], "difference", "p_value", "degrees_of_freedom", "ci_low", "ci_high")
    truth = [sum(treated) / len(treated) - sum(control) / len(control), welch.pvalue, welch.df, *interval]
    assert shown == pytest.approx(truth, rel=1e-9)
    assert [s.segment for s in answer.segments] == ["a", "b"]
    numbers._connection.rollback()
    past = Metric("value", "mean", "value", before=("before", None))
    adjusted, _ = ask(numbers, columns, rows, metrics=(past,))
    theta = stats.linregress([r[3] for r in rows], [r[2] for r in rows]).slope
    left = [[r[2] - theta * r[3] for r in rows if r[1] == arm] for arm in ("control", "treatment")]
    cuped = stats.ttest_ind(left[1], left[0], equal_var=False)
    assert adjusted.effects[0].numbers["p_value"] == pytest.approx(cuped.pvalue, rel=1e-9)
    assert adjusted.effects[0].numbers["method"] == "cuped_welch_t"
    assert adjusted.effects[0].verdict == "better"
    assert sentence(adjusted.effects[0], "control").startswith("treatment is better on value: +0.")


def test_several_rows_of_a_unit_are_one_number(numbers: SqlStatistics):
    rows = drawn(2, 100)
    once, _ = ask(numbers, ["who", "arm", "value", "before", "group"], rows)
    numbers._connection.rollback()
    twice = [[*row[:2], row[2] + shift, *row[3:]] for row in rows for shift in (-1, 1)]
    again, _ = ask(numbers, ["who", "arm", "value", "before", "group"], twice)
    names = ("difference", "std_error", "n_control", "sequential_low")
    assert said_by(again.effects[0], *names) == pytest.approx(said_by(once.effects[0], *names))


def test_an_id_that_is_unique_within_an_account_needs_both(numbers: SqlStatistics):
    rows = [[f"user{i % 10}", f"account{i // 10}", "control" if i % 2 else "treatment", i % 7] for i in range(80)]
    columns = ["who", "account", "arm", "value"]
    answer, intake = ask(numbers, columns, [*rows, ["user1", None, "control", 1]], unit="account, who")
    assert ([arm.units for arm in answer.arms], intake.without_unit) == ([40, 40], 1)


def test_what_is_left_out_is_counted_and_said(numbers: SqlStatistics):
    rows = [
        *[[f"a{i}", "control", "1,5"] for i in range(40)], *[[f"b{i}", "treatment", "2,5"] for i in range(40)],
        ["a0", "control", "1,5"], ["both", "control", "1"], ["both", "treatment", "1"], [None, "control", "1"],
        ["x", None, "1"], ["n1", "control", "nan"], ["n2", "control", "inf"], ["n3", "control", "many"],
        ["n4", "control", ""], ["short", "control"],
    ]  # fmt: skip
    answer, intake = ask(numbers, ["who", "arm", "value"], rows)
    assert (intake.rows, intake.duplicates, intake.ragged, intake.without_unit, intake.without_variant) == (
        90,
        1,
        1,
        1,
        1,
    )
    assert (intake.not_finite, intake.not_numbers, intake.empty) == ({"value": 2}, {"value": 1}, {"value": 1})
    effect = answer.effects[0]
    assert said_by(effect, "n_control", "n_variant", "mean_control", "difference") == [40, 40, 1.5, 1.0]
    assert (effect.verdict, effect.reason_code, answer.switchers) == (None, "zero_variance", 1)
    assert codes(answer) == {
        "switchers", "duplicate_rows", "ragged_rows", "rows_without_unit", "rows_without_variant", "not_numbers",
        "not_finite", "empty_values",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("good", "No cell of value is a number: one says 'good'."), ("1e80", "beyond 1e70"),
        ("1,234", "Is 1,234 more than a thousand, or a number between?"),
    ],
)  # fmt: skip
def test_a_metric_that_cannot_be_read_is_an_error_not_an_empty_answer(numbers: SqlStatistics, value: str, words: str):
    with pytest.raises(TableError, match=words):
        ask(numbers, ["who", "arm", "value"], [[i, "ab"[i % 2], value] for i in range(20)])


def test_few_units_and_arms_that_look_alike_are_told(numbers: SqlStatistics):
    answer, _ = ask(
        numbers, ["who", "arm", "value"], [[i, ("A", "a", "b")[i % 3], i % 5] for i in range(30)], control="b"
    )
    assert {"similar_arms", "few_units"} <= codes(answer)
    assert sentence(answer.effects[0], "b").startswith("A on value: no verdict yet, there are too few units.")


def test_a_split_that_was_not_planned_covers_the_verdict(numbers: SqlStatistics):
    rows = [[i, "control" if i % 5 else "treatment", i % 7] for i in range(1000)]
    answer, _ = ask(numbers, ["who", "arm", "value"], rows)
    assert (answer.effects[0].verdict, answer.effects[0].reason_code) == (None, "sample_ratio_mismatch")
    assert answer.warnings[0].message.startswith("Don't read this yet: the arms have control 80.0 %, treatment 20.0 %")
    numbers._connection.rollback()
    answer, _ = ask(numbers, ["who", "arm", "value"], rows, weights={"control": 4, "treatment": 1})
    assert (answer.effects[0].verdict, codes(answer)) == ("undecided", set())


def test_a_mix_that_misleads_is_told(numbers: SqlStatistics):
    admitted = [
        ("m", "a", 825, 512),
        ("f", "a", 108, 89),
        ("m", "e", 191, 53),
        ("f", "e", 393, 94),
        ("f", "f", 341, 24),
        ("m", "f", 373, 22),
    ]
    rows = [[f"{sex}{dept}{i}", sex, dept, int(i < k)] for sex, dept, n, k in admitted for i in range(n)]
    answer, _ = ask(
        numbers, ["who", "arm", "dept", "value"], rows, control="m", segment="dept", weights={"m": 1389, "f": 842}
    )
    assert {"simpson", "segments_differ"} <= codes(answer)
    assert answer.effects[0].is_rate
    assert answer.effects[0].numbers["difference"] < 0 < answer.strata[0].simpson["poststratified_difference"]


def test_the_always_valid_interval_is_narrowest_for_the_size_that_is_planned(numbers: SqlStatistics):
    rows, columns = drawn(1), ["who", "arm", "value", "before", "group"]
    widths = {}
    for planned in (len(rows), 5000):
        answer, _ = ask(numbers, columns, rows, planned=planned)
        numbers._connection.rollback()
        low, high, p = said_by(answer.effects[0], "sequential_low", "sequential_high", "p_value")
        widths[planned] = high - low, p
    assert widths[len(rows)][0] < widths[5000][0]
    assert widths[len(rows)][1] == widths[5000][1], "one look does not know of any plan"


def test_who_waits_for_another_analysis_hears_of_it_at_once(tmp_path: Path):
    with (tmp_path / "lock").open("w") as first, (tmp_path / "lock").open("w") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        heard: list[str] = []

        def hear(words: str) -> None:
            heard.append(words)
            fcntl.flock(first, fcntl.LOCK_UN)  # the other is done

        _have(second, hear)
        _have(second, hear)
    assert heard == ["Another analysis is using the embedded Postgres: this one begins when it is done."]
