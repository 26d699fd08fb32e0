"""The same analysis by other projects: tea-tasting on DuckDB and in memory, gbstats on rows or sums out of Postgres."""

import importlib
import io
from pathlib import Path
from typing import Any

import psycopg

from upshot_devstack.bench.attribution_world import COLUMNS

Answer = dict[str, tuple[float | None, float]]
"""By metric the difference and the p; `srm` has a p alone."""

COPY = f"copy (select {COLUMNS} from bench.subjects) to stdout (format csv, header)"
SUMS = """
select variant, count(*) as n, sum(spend) as spend, sum(spend ^ 2) as spend_2, sum(minutes) as minutes,
  sum(minutes ^ 2) as minutes_2, sum(minutes_before) as before, sum(minutes_before ^ 2) as before_2,
  sum(minutes * minutes_before) as minutes_before, sum(questions) as questions, sum(questions ^ 2) as questions_2,
  sum(minutes * questions) as minutes_questions, sum(booked) as booked
from bench.subjects group by variant order by variant
"""


def rows(connection: psycopg.Connection) -> io.BytesIO:
    """The subjects as CSV, as fast as Postgres gives them."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for part in copy:
            buffer.write(part)
    buffer.seek(0)
    return buffer


class TeaTasting:
    """tea-tasting's experiment, on a table of DuckDB through ibis or on a data frame of polars."""

    def __init__(self, connection: psycopg.Connection, folder: Path) -> None:
        tea: Any = importlib.import_module("tea_tasting")
        polars: Any = importlib.import_module("polars")
        ibis: Any = importlib.import_module("ibis")
        self._experiment = tea.Experiment(
            {
                "spend": tea.Mean("spend"),
                "minutes": tea.Mean("minutes", covariate="minutes_before"),
                "pace": tea.RatioOfMeans("minutes", "questions"),
                # Its Proportion pools the variance and asks the normal; the mean of zeros and ones is Welch, as ours.
                "booked": tea.Mean("booked"),
                "srm": tea.SampleRatio(correction=False),
            },
            variant="variant",
        )
        csv = folder / "subjects.csv"
        csv.write_bytes(rows(connection).getvalue())
        self._frame = polars.read_csv(csv)
        self._duckdb = ibis.duckdb.connect(folder / "peer.duckdb")
        self._duckdb.raw_sql(f"create table subjects as select * from read_csv('{csv}')")
        self._table = self._duckdb.table("subjects")

    def on_duckdb(self) -> Answer:
        """Sums pushed down to DuckDB's own storage."""
        return self._analyse(self._table)

    def in_memory(self) -> Answer:
        """On polars."""
        return self._analyse(self._frame)

    def _analyse(self, data: Any) -> Answer:
        result = self._experiment.analyze(data, control=0)
        return {name: (getattr(found, "effect_size", None), found.pvalue) for name, found in result.items()}


class Gbstats:
    """gbstats, which is given sums: made by pandas from rows that Postgres copied out, or by Postgres."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._pandas: Any = importlib.import_module("pandas")
        self._tests: Any = importlib.import_module("gbstats.frequentist.tests")
        self._models: Any = importlib.import_module("gbstats.models.statistics")
        self._utils: Any = importlib.import_module("gbstats.utils")

    def from_rows(self) -> Answer:
        """COPY, parse, sum, test."""
        frame = self._pandas.read_csv(rows(self._connection))
        return self._test([self._sums(frame[frame.variant == arm]) for arm in (0, 1)])

    def from_sums(self) -> Answer:
        """One query that sums, then the tests."""
        cursor = self._connection.execute(SUMS)
        names = [column.name for column in cursor.description or ()]
        return self._test([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])

    @staticmethod
    def _sums(arm: Any) -> dict[str, Any]:
        spend, minutes, before, questions = arm.spend, arm.minutes, arm.minutes_before, arm.questions
        products = {
            "spend_2": spend * spend, "minutes_2": minutes * minutes, "before_2": before * before,
            "minutes_before": minutes * before, "questions_2": questions * questions, "minutes_questions": minutes * questions,
        }  # fmt: skip
        plain = {"spend": spend, "minutes": minutes, "before": before, "questions": questions, "booked": arm.booked}
        return {"n": len(arm)} | {name: float(values.sum()) for name, values in (plain | products).items()}

    def _test(self, arms: list[dict[str, Any]]) -> Answer:
        kinds = {"spend": self._mean, "minutes": self._cuped, "pace": self._ratio, "booked": self._proportion}
        config = self._tests.FrequentistConfig(difference_type="absolute")
        answer: Answer = {}
        for metric, kind in kinds.items():
            found = self._tests.TwoSidedTTest(kind(arms[0]), kind(arms[1]), config).compute_result()
            answer[metric] = (float(found.expected), float(found.p_value))
        return answer | {"srm": (None, float(self._utils.check_srm([arm["n"] for arm in arms], [1, 1])))}

    def _mean(self, arm: dict[str, Any], name: str = "spend") -> Any:
        return self._models.SampleMeanStatistic(n=arm["n"], sum=arm[name], sum_squares=arm[f"{name}_2"])

    def _proportion(self, arm: dict[str, Any]) -> Any:
        return self._models.ProportionStatistic(n=arm["n"], sum=arm["booked"])

    def _cuped(self, arm: dict[str, Any]) -> Any:
        return self._models.RegressionAdjustedStatistic(
            n=arm["n"], post_statistic=self._mean(arm, "minutes"), pre_statistic=self._mean(arm, "before"),
            post_pre_sum_of_products=arm["minutes_before"], theta=0,
        )  # fmt: skip

    def _ratio(self, arm: dict[str, Any]) -> Any:
        return self._models.RatioStatistic(
            n=arm["n"], m_statistic=self._mean(arm, "minutes"), d_statistic=self._mean(arm, "questions"),
            m_d_sum_of_products=arm["minutes_questions"],
        )  # fmt: skip
