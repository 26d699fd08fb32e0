"""Four metrics and the sample ratio of an experiment: Upshot's kept moments and raw SQL, tea-tasting, gbstats, in turn."""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.attribution_peers import Answer, Gbstats, TeaTasting
from upshot_devstack.bench.attribution_world import Experiments, furnish
from upshot_devstack.bench.caller import Caller
from upshot_devstack.bench.product import claims, install
from upshot_devstack.bench.scratch import scratch_stack

GOAL, SIZE_GOAL = 5.0, 1.5
EQUAL = 1e-9
WARM = 1
# A page is read in a millisecond or two: several times a round, so that its median is one.
PAGES = 5

EFFECTS = "select * from public.experiment_effects where experiment_id = %s"
SPLIT = (
    "select subjects, srm_chi2, srm_df, srm_p_value, srm_status from public.experiment_health where experiment_id = %s"
)
# One reading of the table. Aggregates that take the same columns share their work, hence regr_… for both of a pair.
RAW = """
with arms as (
  select variant, count(*)::float8 as n, avg(spend) as spend, var_samp(spend) as spend_v, avg(booked) as booked,
    var_samp(booked) as booked_v, regr_avgy(minutes, minutes_before) as y, regr_avgx(minutes, minutes_before) as x,
    regr_syy(minutes, minutes_before) as yy, regr_sxy(minutes, minutes_before) as yx, regr_sxx(minutes, minutes_before) as xx,
    regr_avgx(minutes, questions) as d, regr_sxy(minutes, questions) as yd, regr_sxx(minutes, questions) as dd
  from bench.subjects group by variant
),
moments as materialized (
  select a.*, row(n, y, d, x, 0, yy, yd, yx, 0, dd, 0, 0, xx, 0, 0)::stats.moments as m from arms a
),
pool as materialized (select stats.merged(array_agg(m order by variant)) as m from moments),
readouts as materialized (
  select r.metric, (array_agg(r.readout order by a.variant))[1] as control, (array_agg(r.readout order by a.variant))[2] as variant
  from moments a cross join pool
  cross join lateral (values
    ('spend', stats.readout_of(a.n, a.spend, a.spend_v / a.n)), ('booked', stats.readout_of(a.n, a.booked, a.booked_v / a.n)),
    ('minutes', stats.cuped_readout(a.m, pool.m, true)), ('pace', stats.ratio_readout(a.m))) as r (metric, readout)
  group by r.metric
)
select r.metric, c.*, l.lift, l.ci_low, l.ci_high, srm.p_value
from readouts r cross join lateral stats.contrast(r.control, r.variant) c cross join lateral stats.lift(r.control, r.variant) l
cross join (select (stats.srm(array_agg(n order by variant), array[1, 1])).* from moments) srm
"""


class Pages:
    """An experiment's results as a page reads them, by any connection."""

    def __init__(self, ask: Callable[[str, list[str]], list[dict[str, Any]]], experiment: str) -> None:
        self._ask = ask
        self._experiment = experiment

    def read(self) -> Answer:
        """All columns of all effects, and the sample ratio."""
        effects = self._ask(EFFECTS, [self._experiment])
        split = self._ask(SPLIT, [self._experiment])
        answer: Answer = {e["metric_key"]: (e["difference"], e["p_value"]) for e in effects}
        return answer | {"srm": (None, split[0]["srm_p_value"])}


def asker(connection: psycopg.Connection) -> Callable[[str, list[str]], list[dict[str, Any]]]:
    """Queries on a connection, their rows by name."""

    def ask(query: str, values: list[str]) -> list[dict[str, Any]]:
        cursor = connection.execute(query, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return ask


def by_raw_sql(connection: psycopg.Connection) -> Answer:
    """Upshot's statistics on the table of subjects."""
    found = connection.execute(RAW).fetchall()
    answer: Answer = {row[0]: (row[5], row[10]) for row in found}
    return answer | {"srm": (None, found[0][-1])}


def agree(answers: dict[str, Answer], reference: str) -> list[str]:
    """How far the others' numbers are from the reference's, in words; raises when an estimate differs."""
    said = []
    for name, answer in answers.items():
        estimates, chances = [0.0], [0.0]
        for metric, (difference, p) in answers[reference].items():
            other, other_p = answer[metric]
            if difference is not None and other is not None:
                estimates.append(abs(other / difference - 1))
            chances.append(abs(other_p / p - 1))
        if max(estimates) > EQUAL or (name.startswith("Upshot") and max(chances) > EQUAL):
            raise RuntimeError(f"{name} says {answer}, {reference} says {answers[reference]}")
        verdict = "equal to 1e-9" if max(chances) <= EQUAL else "p off"
        said.append(f"{name}: estimates within {max(estimates):.0e}, p within {max(chances):.0e}: {verdict}")
    return said


@dataclass
class Measured:
    """Milliseconds by road, and what the roads said."""

    times: dict[str, list[float]]
    answers: dict[str, Answer]

    def middle(self, name: str) -> float:
        """The median of a road."""
        values = sorted(self.times[name])
        return values[len(values) // 2]


KEPT, KEPT_SQL, KEPT_SOME = (
    "Upshot, kept moments, as authenticated",
    "Upshot, kept moments, as SQL",
    "of fewer subjects",
)
RAW_SQL, DUCKDB, POLARS = "Upshot, SQL on the raw table", "tea-tasting on DuckDB", "tea-tasting on polars, in memory"
GB_ROWS, GB_SUMS = "gbstats, rows out of Postgres", "gbstats, sums by Postgres"


def measure(roads: dict[str, Callable[[], Answer]], rounds: int) -> Measured:
    """The roads in turn, so that a busy machine harms all alike."""
    times: dict[str, list[float]] = defaultdict(list)
    answers: dict[str, Answer] = {}
    for turn in range(rounds + WARM):
        for name, road in roads.items():
            for _ in range(PAGES if name in {KEPT, KEPT_SQL, KEPT_SOME} else 1):
                started = time.perf_counter()
                answers[name] = road()
                if turn >= WARM:
                    times[name].append((time.perf_counter() - started) * 1000)
    return Measured(times, answers)


def show(found: Measured, title: str) -> bool:
    """Print medians and ratios, and which goals were met; true when all were."""
    console = Console(file=sys.stdout, width=130)
    table = Table("road", "median ms", "best ms", "tea-tasting on DuckDB / this", title=title)
    for name in found.times:
        if name != KEPT_SOME:
            ratio = found.middle(DUCKDB) / found.middle(name)
            table.add_row(name, f"{found.middle(name):,.2f}", f"{min(found.times[name]):,.2f}", f"{ratio:,.2f}")
    console.print(table)
    some = found.answers.pop(KEPT_SOME, {})
    for line in agree(found.answers, DUCKDB):
        console.print(line, highlight=False)
    fast = found.middle(DUCKDB) / found.middle(KEPT)
    size = found.middle(KEPT) / found.middle(KEPT_SOME) if some else 1.0
    console.print(
        f"Goal: kept moments {GOAL:.0f} times as fast as tea-tasting on DuckDB: {fast:.1f} {met(fast >= GOAL)}\n"
        f"Results do not slow with size: all subjects / a tenth of them = {size:.2f}, goal {SIZE_GOAL} {met(size <= SIZE_GOAL)}",
        highlight=False,
    )
    return fast >= GOAL and size <= SIZE_GOAL


def met(holds: bool) -> str:
    """Whether a goal was met, in a word."""
    return "(met)" if holds else "(missed)"


def rebuild(admin: psycopg.Connection, experiments: Experiments) -> dict[str, float]:
    """Seconds that the compactor's rebuild takes, from raw rows to moments."""
    took = {}
    for name, experiment in (("all", experiments.everybody), ("a tenth", experiments.some)):
        started = time.perf_counter()
        admin.execute("select private.rebuild(%s)", [experiment])
        took[name] = time.perf_counter() - started
    admin.execute("vacuum analyze private.unit_cells, private.effect_moments")
    return took


def main() -> None:
    """Build, count, measure, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench attribution")
    parser.add_argument("--subjects", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=130, highlight=False)
    with scratch_stack() as stack, TemporaryDirectory(prefix="upshot-bench-") as folder:
        url = stack.env()["DB_URL"]
        install(url)
        login = url.replace("//postgres:", "//authenticator:", 1)
        with (
            psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin,
            Caller(login, claims()) as caller,
        ):
            started = time.perf_counter()
            world = furnish(admin, url, options.subjects, options.subjects // 10)
            loaded = time.perf_counter() - started
            console.print(f"{options.subjects:,} subjects, {world.outcomes:,} outcomes loaded in {loaded:.0f} s")
            took = rebuild(admin, world)
            console.print("rebuilt: " + ", ".join(f"{name} in {seconds:.1f} s" for name, seconds in took.items()))
            caller.in_session()
            tea = TeaTasting(admin, Path(folder))
            gb = Gbstats(admin)
            found = measure(
                {
                    KEPT: Pages(asker(caller.connection), world.everybody).read,
                    KEPT_SOME: Pages(asker(caller.connection), world.some).read,
                    KEPT_SQL: Pages(asker(admin), world.everybody).read,
                    RAW_SQL: lambda: by_raw_sql(admin),
                    DUCKDB: tea.on_duckdb,
                    POLARS: tea.in_memory,
                    GB_ROWS: gb.from_rows,
                    GB_SUMS: gb.from_sums,
                },
                options.rounds,
            )
    sys.exit(not show(found, f"{options.subjects:,} subjects, 4 metrics and SRM, {options.rounds} rounds in turn"))


if __name__ == "__main__":
    main()
