"""Series: scores against a baseline, smoothing, forecasts. And planning: how many, how long."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from upshot_cases import arms, words
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.engine import Answer, Engine, method

TWO = 2


def _series(analysis: Analysis) -> tuple[Any, Any, Any]:
    """The frame in the order of time, its values and its times."""
    frame = analysis.frame()
    if "rows" in analysis.inputs:
        frame = words.limited(frame, str(analysis.inputs["rows"]))
    frame = words.in_time(frame.reset_index(drop=True))
    value = str(analysis.inputs.get("value") or "value")
    if value not in frame.columns:
        value = str(next(c for c in frame.columns[::-1] if pd.api.types.is_numeric_dtype(frame[c])))
    times = words.time_column(frame)
    if times.name == "year" and "month" in frame.columns:
        times = frame["year"].map(arms.text_of) + "-" + frame["month"].map(arms.text_of).str.zfill(2)
    return frame, pd.to_numeric(frame[value]), times


def _label(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", str(name).lower()).strip("_")


def _at(times: Any, label: str) -> int:
    """The place of a time that a name ends with: ``z_1899``, ``at_1960_12``."""
    labels = [_label(arms.text_of(t)) for t in times]
    if label not in labels:
        label, *labels = (re.sub(r"(?<=_)0(?=\d)", "", text) for text in (label, *labels))
    if label in labels:
        return labels.index(label)
    raise OutOfReachError(f"the series has no {label}")


def scores(engine: Engine, analysis: Analysis, *, seasonal: bool) -> dict[str, Any]:
    """Robust z of every value against the baseline, and what of it is asked for by name."""
    frame, values, times = _series(analysis)
    is_baseline = np.asarray(words.before(frame, str(analysis.inputs.get("baseline", ""))), dtype=bool)
    seasons = _seasons(analysis, frame, times) if seasonal else None
    rows = engine.sql.rows("robust_scores", values.astype(float).tolist(), is_baseline.tolist(), seasons)
    z = [row["z"] for row in rows]
    threshold = float(analysis.inputs.get("threshold", 3))
    flagged = [i for i, score in enumerate(z) if score is not None and abs(score) > threshold]
    sizes = [abs(s) for s in z if s is not None]
    answer: dict[str, Any] = {
        "median": rows[0]["center"], "median_residual": rows[0]["center"], "mad_normal": rows[0]["scale"],
        "scale": rows[0]["scale"], "threshold": threshold, "n_flagged": len(flagged), "flagged_count": len(flagged),
        "max_abs_z": max(sizes, default=None), "n_baseline": int(is_baseline.sum()), "z": z,
        "max_z": max((s for s in z if s is not None), default=None), "min_z": min((s for s in z if s is not None), default=None),
    }  # fmt: skip
    names = [n for n in (analysis.asked or {}) if n not in answer]
    listed = [_time(times.iloc[i]) for i in flagged]
    for name in names:
        answer[name] = listed if name.startswith("flagged") else _named(name, times, z)
    return answer


def _named(name: str, times: Any, z: list[float | None]) -> float | None:
    label = _label(name)
    for prefix in ("z_at_", "z_", "at_"):
        if label.startswith(prefix):
            rest = label.removeprefix(prefix)
            if rest in ("first", "last"):
                return z[0 if rest == "first" else -1]
            return z[_at(times, rest)]
    raise OutOfReachError(f"no number is known under the name {name}")


def _time(value: Any) -> Any:
    return int(value) if isinstance(value, (int, np.integer)) or float_whole(value) else value


def float_whole(value: Any) -> bool:
    """Whether it is a float without a fraction."""
    return isinstance(value, float) and value.is_integer()


@method("robust_z")
def robust_z(engine: Engine, analysis: Analysis) -> Answer:
    return scores(engine, analysis, seasonal=False)


@method("robust_z_seasonal")
def robust_z_seasonal(engine: Engine, analysis: Analysis) -> Answer:
    return scores(engine, analysis, seasonal=True)


_CALENDAR = ("month", "weekday", "dow", "day_of_week", "quarter", "hour", "season", "week")


def _season_length(analysis: Analysis) -> int | None:
    for name in ("season_length", "period", "season", "cycle", "m", "frequency"):
        said = analysis.inputs.get(name)
        if isinstance(said, (int, float)):
            return int(said)
        words_of = {
            "hour of week": 168, "hour of the week": 168, "hour": 24, "weekday": 7, "day of": 7, "daily": 7, "day": 7, "quarter": 4, "month": 12, "week": 52, "year": 12,
        }  # fmt: skip
        for word, length in words_of.items():
            if isinstance(said, str) and word in said.lower():
                number = re.search(r"\d+", said)
                return int(number[0]) if number else length
    return None


_PARTS: Mapping[int, tuple[Callable[[Any], Any], str]] = {
    7: (lambda dates: dates.dayofweek, "1D"), 24: (lambda dates: dates.hour, "1h"), 4: (lambda dates: dates.quarter, "92D"),
    12: (lambda dates: dates.month, "31D"), 168: (lambda dates: dates.dayofweek * 24 + dates.hour, "1h"),
}  # fmt: skip
"""The part of a date that comes again after so many values, and how far apart these may be."""


def _cyclic(frame: Any) -> list[str]:
    """The columns whose values come again: a month's name does, a month of one year does not."""
    return [c for c in frame.columns if frame[c].nunique() * TWO <= len(frame)]


def _seasons(analysis: Analysis, frame: Any, times: Any) -> list[int]:
    """Each value's calendar period: a column that says it, a part of the date, or its place in the cycle."""
    for name in ("season", "period", "calendar", "by", "group"):
        said = analysis.inputs.get(name)
        if isinstance(said, str):
            column = next((c for c in _cyclic(frame) if c == said or c in re.findall(r"\w+", said)), None)
            if column:
                return [int(v) for v in pd.factorize(frame[column], sort=True)[0]]
    column = next((c for c in _CALENDAR if c in _cyclic(frame)), None)
    if column:
        return [int(v) for v in pd.factorize(frame[column], sort=True)[0]]
    dates = None if pd.api.types.is_numeric_dtype(times) else pd.to_datetime(times, errors="coerce", utc=True)
    length = _season_length(analysis)
    if dates is not None and dates.notna().all() and (length is None or length in _PARTS):
        part, apart = _PARTS[length or 12]
        # A cycle of seven months is none of weekdays.
        if length is None or dates.diff().median() <= pd.Timedelta(apart):
            return [int(v) for v in part(dates.dt)]
    if length is None:
        raise OutOfReachError("nothing says how long the season is")
    return [i % length for i in range(len(frame))]


@method("ewma")
def ewma(engine: Engine, analysis: Analysis) -> Answer:
    _, values, times = _series(analysis)
    weight = float(analysis.inputs.get("alpha", analysis.inputs.get("lambda", 0.3)))
    smoothed = [row["smoothed"] for row in engine.sql.rows("ewma", values.astype(float).tolist(), weight)]
    answer = {"first": smoothed[0], "last": smoothed[-1], "values": smoothed, "series": smoothed}
    for name in analysis.asked or {}:
        if name not in answer:
            answer[name] = smoothed[_at(times, re.sub(r"^(at|s|ewma)_", "", _label(name)))]
    return answer


@method("exp_smoothing", "exponential_smoothing")
def smoothing(engine: Engine, analysis: Analysis) -> Answer:
    frame, values, _ = _series(analysis)
    kept = values[np.asarray(words.before(frame, str(analysis.inputs.get("train", ""))), dtype=bool)]
    horizon = int(analysis.inputs.get("horizon", 1))
    answer: dict[str, Any] = {}
    for name in ("ses", "holt"):
        said = analysis.inputs.get(name)
        if said is None:
            continue
        weight, trend = (_weight(said, key) for key in ("alpha", "beta"))
        begins = {
            n: v
            for n, v in (("first_level", _start(said, "l0", kept)), ("first_trend", _start(said, "b0", kept)))
            if v is not None
        }
        rows = engine.sql.rows("exponential_smoothing", kept.astype(float).tolist(), weight, trend, horizon, **begins)
        ahead = [row["forecast"] for row in rows if row["value"] is None]
        answer |= {name: ahead, f"{name}_rmse": rows[-1]["rmse"]}
    if not answer:
        raise OutOfReachError("neither `ses` nor `holt` says its weights")
    return answer


def _start(said: Any, name: str, series: Any) -> float | None:
    """``l0=x0``, ``b0=x1-x0``, ``b0=2``: where level and trend begin; None where nothing is said."""
    text = str(said.get(name)) if isinstance(said, Mapping) else str(said)
    found = re.search(
        r"(-?[\d.]+|x\d(?:\s*-\s*x\d)?)"
        if isinstance(said, Mapping)
        else rf"\b{name}\s*=\s*(-?[\d.]+|x\d(?:\s*-\s*x\d)?)",
        text,
    )
    if not found:
        return None
    places = [float(series.iloc[int(p)]) for p in re.findall(r"x(\d)", found[1])]
    return places[0] - sum(places[1:]) if places else float(found[1])


def _weight(said: Any, name: str) -> float | None:
    """``alpha=.3`` in a phrase, or a field."""
    if isinstance(said, Mapping):
        return float(said[name]) if name in said else None
    found = re.search(rf"\b{name}\s*=\s*([\d.]+)", str(said))
    return float(found[1]) if found else None


@method("forecast_seasonal_naive", "seasonal_naive")
def seasonal_naive(engine: Engine, analysis: Analysis) -> Answer:
    """The last cycle of the training part again, and how far the rest of the series was from it."""
    frame, values, _ = _series(analysis)
    horizon = analysis.inputs.get("horizon")
    train = _training(analysis, frame, values, horizon)
    rest = values[len(train) :].astype(float).to_numpy()
    length = _season_length(analysis)
    if length is None:
        raise OutOfReachError("nothing says how long the season is")
    steps = int(horizon) if horizon is not None else max(len(rest), length if not len(rest) else 0)
    rows = engine.sql.rows("seasonal_naive", train.astype(float).tolist(), length, steps)
    ahead = [row["forecast"] for row in rows if row["value"] is None]
    answer: dict[str, Any] = {
        "forecast": ahead,
        "forecasts": ahead,
        "values": ahead,
        "season": length,
        "horizon": steps,
        "first": ahead[0],
        "last": ahead[-1],
    }
    seen = rest[:steps]
    if len(seen):
        gap = seen - np.array(ahead[: len(seen)])
        answer |= {
            "mae": float(np.abs(gap).mean()), "rmse": float(np.sqrt((gap**2).mean())), "bias": float(gap.mean()),
            "mape": float(np.abs(gap / seen).mean()), "actual": seen.tolist(), "errors": gap.tolist(),
        }  # fmt: skip
    return answer


def _training(analysis: Analysis, frame: Any, values: Any, horizon: Any) -> Any:
    """The part of the series that the forecast may know: as it is said, else all but the horizon when that is asked for."""
    for name in ("train", "training", "baseline"):
        if name in analysis.inputs:
            said = analysis.inputs[name]
            if isinstance(said, int):
                return values[:said]
            return values[np.asarray(words.before(frame, str(said)), dtype=bool)]
    scored = {"mae", "rmse", "mape", "bias"} & set(analysis.asked or ())
    return values[: -int(horizon)] if scored and horizon else values


@method("power_mde", "power")
def power(engine: Engine, analysis: Analysis) -> Answer:
    """What can be seen with these units, and how many a lift would need."""
    control, treatment = arms.values(analysis)
    level, reach = analysis.alpha, float(analysis.inputs.get("power", 0.8))
    everybody = engine.sql.moments(np.concatenate([control, treatment]))
    pool = engine.sql.rows_of(
        "select (r).n, (r).variance from (select stats.mean_readout(%s::stats.moments) as r) x", str(everybody)
    )[0]
    variance = pool["variance"] * pool["n"]
    baseline = engine.sql.rows_of("select (%s::stats.readout).value", str(engine.mean(control)))[0]["value"]
    n0, n1 = float(len(control)), float(len(treatment))
    answer: dict[str, Any] = {"baseline": baseline, "sd": variance**0.5, "n_control": n0, "n_treatment": n1}
    for kind, is_normal in (("t", False), ("z", True)):
        effect = engine.sql.number("detectable_effect", variance, n0, n1, level, reach, is_normal)
        answer |= {f"mde_absolute_{kind}": effect, f"mde_relative_{kind}": effect / baseline}
    sizes: dict[str, float] = {}
    for name in analysis.asked or {}:
        found = re.match(r"n_per_arm_for_([\d_.]+)pct_(t|z)", name)
        if found:
            effect = float(found[1].replace("_", ".")) / 100 * abs(baseline)
            needed = engine.sql.number("sample_size", variance, effect, 0.5, 0.5, level, reach, found[2] == "z")
            answer[name] = sizes[found[2]] = needed / TWO
    for name in analysis.asked or {}:
        found = re.match(r"days_at_(\d+)_users_per_day_(t|z)", name)
        if found and found[2] in sizes:
            answer[name] = engine.sql.number(
                "days_to_decide", TWO * sizes[found[2]], float(found[1]), whole_weeks=False
            )
    return answer
