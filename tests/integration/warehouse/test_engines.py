"""The attribution's core says the same in every engine that it is taken to."""

import importlib.util
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from upshot.adapters import core_query, duckdb_core

Rows = list[dict[str, Any]]
KEYS = ("metric_id", "variant_id", "phase_id", "is_treated")
MOMENT_US = 1767830400000000  # 2026-01-08: some exposures are later, some windows are open


def by_duckdb(folder: Path, query: str) -> Rows:
    columns, rows = duckdb_core.ask(folder, query)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def by_clickhouse(folder: Path, query: str) -> Rows:
    chdb = importlib.import_module("chdb")
    tables = ", ".join(
        f"{name} as (select * from file('{folder}/{name}.parquet', Parquet))" for name in duckdb_core.CORE
    )
    settings = ", ".join(f"{name} = {value}" for name, value in core_query.CLICKHOUSE_SETTINGS.items())
    answer = chdb.query(f"with {tables}, {query.removeprefix('WITH ')} settings {settings}", "JSONEachRow")
    return [json.loads(line) for line in str(answer).splitlines()]


def by_spark(folder: Path, query: str) -> Rows:
    sql = importlib.import_module("pyspark.sql")
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    try:
        for name in duckdb_core.CORE:
            session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
        return [row.asDict() for row in session.sql(query).collect()]
    finally:
        session.stop()


def needs(module: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        importlib.util.find_spec(module) is None,
        reason=f"{module} is not installed: scripts/test warehouse installs it",
    )


ENGINES = [
    pytest.param("duckdb", by_duckdb, id="duckdb"),
    pytest.param("clickhouse", by_clickhouse, id="clickhouse", marks=needs("chdb")),
    pytest.param("spark", by_spark, id="spark", marks=[
        needs("pyspark"), pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java"),
        pytest.mark.timeout(1200)]),  # starting Spark alone can take more than what other tests get
]  # fmt: skip


def question(exported: Any, as_of_us: int, *, mature_only: bool) -> core_query.Question:
    return core_query.Question(exported.experiment.id, as_of_us, mature_only=mature_only)


def same(told: Rows, expected: Rows, keys: tuple[str, ...]) -> None:
    """Equal rows, numbers within 1e-9 of each other."""
    order: Callable[[dict[str, Any]], list[str]] = lambda row: [str(row[key]) for key in keys]  # noqa: E731
    assert len(told) == len(expected) > 0
    for a, b in zip(sorted(told, key=order), sorted(expected, key=order), strict=True):
        for name, value in b.items():
            if name in keys:
                assert str(a[name]) == str(value), name
            elif value is None:
                assert a[name] is None or math.isnan(a[name]), name
            else:
                assert a[name] == pytest.approx(float(value), rel=1e-9, abs=1e-12), (name, b)


@pytest.mark.parametrize(("dialect", "ask"), ENGINES)
@pytest.mark.parametrize(("as_of_us", "mature_only"), [(core_query.FOREVER_US, False), (MOMENT_US, True)])
def test_cells_are_equal(
    exported: Any, dialect: str, ask: Callable[..., Rows], as_of_us: int, mature_only: bool
) -> None:
    asked = question(exported, as_of_us, mature_only=mature_only)
    expected = exported.experiment.clinic.world.admin.rows(
        "select * from private.core_cells(%s, %s, %s, 0)", exported.experiment.id, as_of_us, int(mature_only)
    )
    same(ask(exported.folder, core_query.cells(asked, dialect)), expected, KEYS)


@pytest.mark.parametrize(("dialect", "ask"), ENGINES)
def test_effects_are_the_platforms(exported: Any, dialect: str, ask: Callable[..., Rows]) -> None:
    asked = question(exported, core_query.FOREVER_US, mature_only=False)
    told = ask(exported.folder, core_query.effects(asked, dialect))
    exported.experiment.clinic.world.catch_up()
    expected = exported.experiment.clinic.owner.rows(
        """select metric_id, variant_id, coalesce(unadjusted_difference, difference) as difference,
          coalesce(unadjusted_std_error, std_error) as std_error
        from experiment_effects where experiment_id = %s and metric_key <> 'goal'""",
        exported.experiment.id,
    )
    same(
        [row for row in told if any(str(row["metric_id"]) == str(e["metric_id"]) for e in expected)], expected, KEYS[:2]
    )
