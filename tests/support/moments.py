"""Units of two arms as the database's exact sums: what the statistics' tests put into schema stats."""

from collections.abc import Callable, Sequence
from typing import Any

ARM = """(select stats.moments_of_sums(count(*), sum(y), sum(d), sum(x), sum(w), sum(y * y), sum(y * d), sum(y * x),
  sum(y * w), sum(d * d), sum(d * x), sum(d * w), sum(x * x), sum(x * w), sum(w * w))
  from (select y::text::numeric as y, d::text::numeric as d, x::text::numeric as x, w::text::numeric as w
    from unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[]) u (y, d, x, w)) units)"""


def columns(y: Sequence[float], d: Any = None, x: Any = None, w: Any = None) -> list[list[float]]:
    """The four variables of an arm's units; a denominator of 1 and no past unless said."""
    n = len(y)
    wanted = (y, [1] * n if d is None else d, [0] * n if x is None else x, [1] * n if w is None else w)
    return [[float(value) for value in column] for column in wanted]


def compare(ask: Callable[..., list[dict[str, Any]]], control: Any, variant: Any, query: str) -> dict[str, Any]:
    """The row of a query over a, b (moments of the arms), p (of both), c, v (readouts of their means)."""
    readouts = "stats.mean_readout(a) as c, stats.mean_readout(b) as v, stats.merged(array[a, b]) as p"
    arms = [columns(**arm) if isinstance(arm, dict) else columns(arm) for arm in (control, variant)]
    sql = f"with m as (select {ARM} as a, {ARM} as b), r as (select m.*, {readouts} from m) {query}"
    return ask(sql, *arms[0], *arms[1])[0]
