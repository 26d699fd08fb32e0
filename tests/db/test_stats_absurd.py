"""Whatever a function of the library is given, it does not raise, run away or answer NaN: what cannot be computed is null."""

import random
import re
from collections.abc import Callable
from typing import Any

import psycopg

# What no data set should hold, and what every one does.
PALETTE: dict[str, list[str]] = {
    "double precision": ["null", "'nan'", "'infinity'", "'-infinity'", "-1", "0", "1", "0.05", "0.5", "20", "1e-300", "1e9", "1e300"],
    "double precision[]": ["null", "'{}'", "'{null,1}'", "'{nan,infinity}'", "'{-5,0}'", "'{0,0}'", "'{1e300,-1e300}'", "'{1e9,3}'",
        "'{{1,2},{3,4}}'", "'{2,3,5}'", "'{0.2,0.7,1}'"],
    "numeric": ["null", "'nan'", "'infinity'", "-1", "0", "1", "30", "1e-300", "1e300"],
    "text": ["null", "''", "'welch_t'"],
    "text[]": ["null", "'{}'", "'{a,a}'", "'{null,b}'", "'{a,b,c}'"],
    "integer": ["null", "0", "-1", "1", "2", "3", "40", "2147483647"],
    "integer[]": ["null", "'{}'", "'{1,1}'", "'{null,2}'", "'{1,2,1}'"],
    "bigint": ["null", "0", "-1", "5", "9223372036854775807"],
    "boolean": ["null", "true", "false"],
    "boolean[]": ["null", "'{}'", "'{true,false}'", "'{null,true,true}'"],
    "timestamp with time zone[]": ["null", "'{}'", "'{2026-01-01,infinity}'", "'{-infinity,2026-01-01,null}'"],
    "date": ["null", "'2026-01-01'", "'2026-01-08'", "'infinity'"],
    "interval": ["null", "'0'", "'-1 day'", "'7 days'", "'infinity'"],
}  # fmt: skip
FUNCTIONS = """
select 'stats.' || p.proname as name,
  array(select format_type(t, null) from unnest(p.proargtypes::oid[]) t) as types,
  p.prorettype = 'double precision'::regtype and not p.proretset as is_number
from pg_proc p where p.pronamespace = 'stats'::regnamespace and p.prokind = 'f' and p.proname <> all (%s) order by 1
"""
# Composite values are made by functions of the library, of whatever those are given.
MADE = {
    "stats.readout": "stats.readout_of({double precision}, {double precision}, {double precision})",
    "stats.moments": f"stats.moments_of_sums({', '.join(['{numeric}'] * 15)})",
    "stats.contrast": "stats.contrast({stats.readout}, {stats.readout}, {double precision})",
    "stats.estimate": "stats.estimate_of({stats.readout}, {double precision}, {double precision})",
    "stats.sequence": f"stats.confidence_sequence({', '.join(['{double precision}'] * 5)})",
    "stats.compared": "row({stats.readout}, {stats.readout}, {stats.readout}, {stats.readout})",
    "stats.day_total": "row({boolean}, {boolean}, {text}, {date}, {double precision}, {double precision})",
}
# What functions are made of: they take numbers in the range that their comment says, and ask nothing.
PARTS = {
    "beta_fraction", "beta_greater_sum", "beta_ln_front", "beta_ln_part", "gamma_fraction", "gamma_ln_front", "gamma_ln_part", "gamma_series",
    "ln_beta", "ln_excess", "ln_gamma", "normal_quantile_of_tail", "owen_weight", "set_share", "stirling_error", "t_critical_of_few",
    "t_series_ln_p", "t_start", "day_influences", "day_means", "ln_1p", "lift_of", "anytime_of",
}  # fmt: skip
TRIES = 12


class Absurd:
    """Draws arguments of any type."""

    def __init__(self) -> None:
        self.chance = random.Random(7)

    def draw(self, kind: str) -> str:
        """A value of a type, as SQL."""
        if kind in PALETTE:
            return f"{self.chance.choice(PALETTE[kind])}::{kind}"
        if kind.endswith("[]"):
            rows = ", ".join(self.draw(kind[:-2]) for _ in range(self.chance.randrange(4)))
            return self.chance.choice([f"array[{rows}]::{kind}"] * 6 + [f"null::{kind}"])
        made = re.sub(r"\{(.+?)\}", lambda part: self.draw(part[1]), MADE[kind])
        return self.chance.choice([f"({made})::{kind}"] * 9 + [f"null::{kind}"])


def trouble(ask: Callable[..., Any], call: str) -> str | None:
    """What is wrong with a call: that it raises, runs for long, or answers NaN."""
    try:
        rows = ask(f"select to_jsonb(x)::text as said from {call} x limit 50")
    except psycopg.Error as error:
        return f"{call}: {str(error).splitlines()[0]}"
    return next((f"{call}: {row['said']}" for row in rows if "NaN" in (row["said"] or "")), None)


def test_no_function_raises_whatever_it_is_given(ask: Callable[..., Any]) -> None:
    absurd = Absurd()
    ask("select set_config('statement_timeout', '2000', false)")
    wrong: dict[str, str] = {}
    for function in ask(FUNCTIONS, list(PARTS)):
        for _ in range(TRIES):
            given = ", ".join(map(absurd.draw, function["types"]))
            if said := trouble(ask, f"{function['name']}({given})"):
                wrong.setdefault(function["name"], said)
    assert wrong == {}, "\n".join(wrong.values())


def test_nan_is_no_number(ask: Callable[..., Any]) -> None:
    wrong = []
    numbers = [f for f in ask(FUNCTIONS, list(PARTS)) if set(f["types"]) == {"double precision"} and f["is_number"]]
    assert len(numbers) > 30
    for function in numbers:
        for place in range(len(function["types"])):
            given = ", ".join("'nan'::float8" if n == place else "0.5" for n in range(len(function["types"])))
            call = f"{function['name']}({given})"
            if (said := ask(f"select {call} as said")[0]["said"]) is not None:
                wrong.append(f"{call} is {said}")
    assert wrong == []
