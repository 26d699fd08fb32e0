"""Sums of simulated worlds through the product's own readouts, contrasts, sequences and sample-ratio tests."""

from dataclasses import dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray

from upshot_devstack.bench.calibration.sums import Drawn, Floats, Ints

FIELDS = ("n", "y", "d", "x", "w", "yy", "yd", "yx", "yw", "dd", "dx", "dw", "xx", "xw", "ww")
TABLE = f"""
create temp table if not exists calibration_sums (world integer, look integer, is_treated boolean,
  {", ".join(f"{name} numeric" for name in FIELDS)}) on commit preserve rows;
truncate calibration_sums
"""
COPY = f"copy calibration_sums (world, look, is_treated, {', '.join(FIELDS)}) from stdin"

# One comparison per world and look, as experiment_effects makes them; a world's looks stand in the place of metrics.
PAIRS = f"""
create temp table calibration_pairs as
with cells as (
  select s.world, row(lpad(to_hex(s.world * 100 + s.look), 32, '0')::uuid, k.same, 'all', '', false, k.same, s.is_treated,
    k.is_ratio, true, case when k.is_ratio then stats.ratio_readout(s.m) else stats.mean_readout(s.m) end, s.m)::private.effect_cell as cell
  from (select world, look, is_treated, stats.moments_of_sums({", ".join(FIELDS)}) as m
    from calibration_sums where n > 0 offset 0) s
  cross join (select '00000000-0000-4000-8000-000000000000'::uuid, %s::boolean) k (same, is_ratio)
), numbered as (
  select p as pair, ('x' || right((p).metric_id::text, 8))::bit(32)::integer as number
  from (select array_agg(c.cell) as cells from cells c group by c.world) w
  cross join lateral private.pairs_of(w.cells) p
)
select number / 100 as world, number %% 100 as look, pair from numbered
"""
LOOKED = """
select p.world, p.look, s.ci_low, s.ci_high, g.ci_low, g.ci_high
from (
  select world, look, stats.shown_arms(row((pair).control, (pair).variant, (pair).adjusted_control,
    (pair).adjusted_variant)::stats.compared) as arms
  from calibration_pairs offset 0
) p
cross join lateral stats.anytime((p.arms).control, (p.arms).variant, 0.05, %(planned)s) s
cross join lateral stats.anytime((p.arms).control, (p.arms).variant, 0.1, %(planned)s) g
"""
LAST = """
select (f).difference, (f).std_error, (f).ci_low, (f).ci_high, (f).p_value, (f).sequential_low, (f).sequential_high,
  (f).lift_low, (f).lift_high, (f).chance_to_win,
  ((g).status = 'pass')::integer::float8, ((g).status = 'fail')::integer::float8
from (
  select p.world, (stats.effect_of(row((p.pair).control, (p.pair).variant, (p.pair).adjusted_control,
      (p.pair).adjusted_variant)::stats.compared, case when %s then 'ratio_delta' else 'welch_t' end, true, 0.05, %s)).numbers as f,
    -- Where lower is better, an effect of just the margin is the worst that must not pass.
    stats.noninferiority((p.pair).control, (p.pair).variant, %s::float8, false) as g
  from calibration_pairs p where p.look = %s offset 0
) told
order by world
"""
SRM = """
select world, look, s.p_value, t.p_value
from calibration_counts c
cross join lateral stats.srm(array[a, b], array[1, 1]) s
cross join lateral stats.srm_anytime(array[a, b], array[1, 1]) t
"""
FAMILIES = """
with families as (
  select world, array_agg(stats.t_two_sided_p(((v).value - (c).value) / sqrt((c).variance + (v).variance),
    stats.welch_df(c, v)) order by metric) as p
  from (select world, metric, stats.readout_of(n, m0, v0) as c, stats.readout_of(n, m1, v1) as v
    from calibration_means offset 0) r
  group by world
)
select p, stats.holm(p), stats.benjamini_hochberg(p) from families order by world
"""


@dataclass(frozen=True)
class Answers:
    """What the product says: of each world at its last look, and its any-time intervals by world and look."""

    last: dict[str, Floats]
    low: Floats
    high: Floats
    wide_low: Floats
    wide_high: Floats


NAMES = (
    "difference", "std_error", "ci_low", "ci_high", "p_value", "sequential_low", "sequential_high", "lift_low",
    "lift_high", "chance_to_win", "passes", "fails",
)  # fmt: skip


def put(connection: psycopg.Connection, copy: str, rows: NDArray[np.object_] | Ints | Floats) -> None:
    """COPY rows, whole numbers as they are."""
    text = "\n".join("\t".join(map(str, row)) for row in rows.tolist())
    with connection.cursor() as cursor, cursor.copy(copy) as target:
        target.write(text + "\n")


def ask(connection: psycopg.Connection, drawn: Drawn, first: int = 0, planned: float = 5000) -> Answers:
    """Everything that the product says of these worlds, at the looks from `first` on."""
    worlds, looks = drawn.sums.shape[:2]
    index = np.indices((worlds, looks, 2)).reshape(3, -1).T
    rows = np.concatenate([index, drawn.sums.reshape(-1, len(FIELDS))], axis=1)
    connection.execute(TABLE)
    put(connection, COPY, rows[index[:, 1] >= first])
    connection.execute("drop table if exists calibration_pairs")
    connection.execute(PAIRS, [drawn.is_ratio])
    told = connection.execute(LAST, [drawn.is_ratio, planned, abs(drawn.truth), looks - 1]).fetchall()
    last = np.array(told, dtype=float).T
    found = np.full((4, worlds, looks), np.nan)
    for world, look, *ends in connection.execute(LOOKED, {"planned": planned}):
        found[:, world, look] = [np.nan if end is None else end for end in ends]
    return Answers(dict(zip(NAMES, last, strict=True)), *found)


def ask_split(connection: psycopg.Connection, counts: Ints) -> tuple[Floats, Floats]:
    """P of the fixed and of the any-time sample-ratio test, by world and look."""
    connection.execute("create temp table calibration_counts (world integer, look integer, a float8, b float8)")
    index = np.indices(counts.shape[:2]).reshape(2, -1).T
    rows = np.concatenate([index, counts.reshape(-1, 2)], axis=1)
    put(connection, "copy calibration_counts from stdin", rows)
    fixed, always = np.ones(counts.shape[:2]), np.ones(counts.shape[:2])
    for world, look, p, q in connection.execute(SRM):
        fixed[world, look], always[world, look] = p, q
    connection.execute("drop table calibration_counts")
    return fixed, always


def ask_families(connection: psycopg.Connection, means: Floats, variances: Floats, units: int) -> Floats:
    """p, Holm's and Benjamini and Hochberg's, by world and metric; means and variances by world, metric, arm."""
    connection.execute(
        "create temp table calibration_means (world integer, metric integer, n float8, m0 float8, m1 float8, v0 float8, v1 float8)"
    )
    index = np.indices(means.shape[:2]).reshape(2, -1).T
    told = [np.full((len(index), 1), units), means.reshape(-1, 2), variances.reshape(-1, 2)]
    copy = "copy calibration_means from stdin"
    text = [[*i, *v] for i, v in zip(index.tolist(), np.concatenate(told, axis=1).tolist(), strict=True)]
    put(connection, copy, np.array(text, dtype=object))
    found = connection.execute(FAMILIES).fetchall()
    connection.execute("drop table calibration_means")
    return np.array(found, dtype=float).transpose(1, 0, 2)
