"""The same numbers in other clothes: kinds of files, names of arms, phrases, sides, levels. Numbers from scipy and statsmodels."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

Rows = pd.DataFrame


def parquet(rows: Rows, path: Path) -> None:
    with duckdb.connect() as connection:
        connection.from_df(rows).write_parquet(str(path))


KINDS: dict[str, Callable[[Rows, Path], object]] = {
    "rows.parquet": parquet,
    "rows.jsonl": lambda rows, path: rows.to_json(path, orient="records", lines=True),
    "rows.json": lambda rows, path: rows.to_json(path, orient="records"),
    "rows.csv.gz": lambda rows, path: rows.to_csv(path, index=False),
    "semicolons.csv": lambda rows, path: rows.to_csv(path, index=False, sep=";", decimal=",", encoding="utf-8-sig"),
    "thousands.csv": lambda rows, path: rows.assign(pay=rows["pay"].map("{:,.2f}".format)).to_csv(path, index=False),
    "rows.tsv": lambda rows, path: rows.sample(frac=1, random_state=2).to_csv(path, index=False, sep="\t"),
}


def people() -> Rows:
    """Pay before and after; three arms of unequal size; some had no pay before."""
    chance, n = np.random.default_rng(21), 240
    before = chance.gamma(3, 400, n).round(2)
    arm = chance.choice(["plain", "warm", "short"], n, p=[0.5, 0.3, 0.2])
    rows = pd.DataFrame({"who": [f"w{i}" for i in range(n)], "tone": arm, "before": before})
    rows["pay"] = (before * 0.8 + chance.gamma(2, 300, n) + (arm == "warm") * 90).round(2)
    rows.loc[::17, "before"] = np.nan
    return rows.assign(is_warm=arm == "warm", kept=chance.random(n) < 0.4)


def welch(control: Any, treatment: Any, level: float = 0.95, alternative: str = "two-sided") -> dict[str, Any]:
    """A difference of means."""
    test = stats.ttest_ind(treatment, control, equal_var=False, alternative=alternative)
    ends = test.confidence_interval(level)
    return {
        "estimate": np.mean(treatment) - np.mean(control), "p_value": test.pvalue, "statistic": test.statistic,
        "ci_low": ends.low if math.isfinite(ends.low) else None, "ci_high": ends.high if math.isfinite(ends.high) else None,
    }  # fmt: skip


def write(root: Path) -> None:
    """One case."""
    folder = root / "pay"
    folder.mkdir()
    rows = people()
    found = [*kinds(folder, rows), *tests(rows), *models(rows), *counts(folder), *names(folder), *told(folder)]
    keys = ("id", "method", "data", "inputs", "expected")
    document = {"data": {"rows.parquet": {"columns": {"tone": "plain (control) | warm | short"}}}}
    analyses = [dict(zip(keys, one, strict=True)) for one in found]
    (folder / "expected.json").write_text(json.dumps(document | {"analyses": analyses}, default=float))


def kinds(folder: Path, rows: Rows) -> list[tuple[Any, ...]]:
    """The same question of every kind of file, and of one in parts."""
    for name, keep in KINDS.items():
        keep(rows, folder / name)
    rows.iloc[:90].to_csv(folder / "part-1.csv", index=False)
    rows.iloc[90:].to_csv(folder / "part-2.csv", index=False)
    asked = {"control": "plain", "treatment": "warm", "value": "pay"}
    sides = [rows.loc[rows["tone"] == arm, "pay"] for arm in ("plain", "warm")]
    files = [*KINDS, "part-*.csv", ["part-1.csv", "part-2.csv"]]
    return [(f"kind-{i}", "mean_welch", file, asked, welch(*sides)) for i, file in enumerate(files)]


def tests(rows: Rows) -> list[tuple[Any, ...]]:
    """Other sides, levels, arms, outcomes; a covariate that some lack; a family of arms."""
    plain, warm, short = (rows[rows["tone"] == arm] for arm in ("plain", "warm", "short"))
    asked: dict[str, Any] = {"control": "plain", "treatment": "warm", "value": "pay"}
    pair = pd.concat([plain, warm])
    filled = pair["before"].fillna(pair["before"].mean())
    theta = np.cov(pair["pay"], filled)[0, 1] / filled.var()
    left = pair["pay"] - theta * filled
    p = [welch(plain["pay"], arm["pay"])["p_value"] for arm in (warm, short)]
    gains = plain.dropna()["pay"] - plain.dropna()["before"]
    once = stats.ttest_1samp(gains, 0)
    file = "rows.parquet"
    return [
        *[(way, "mean_welch", file, asked | {"alternative": way}, welch(plain["pay"], warm["pay"], 0.95, way)) for way in ("less", "greater")],
        ("level", "mean_welch", file, asked | {"confidence": 0.9}, welch(plain["pay"], warm["pay"], 0.9)),
        ("bool", "mean_welch", file, {"control": False, "treatment": True, "variant": "is_warm", "value": "pay"},
         welch(rows.loc[~rows["is_warm"], "pay"], warm["pay"])),
        ("share", "mean_welch", file, asked | {"value": "kept"}, welch(plain["kept"] * 1.0, warm["kept"] * 1.0)),
        ("gain", "mean_welch", file, asked | {"value": "pay - before"},
         welch(gains, warm.dropna()["pay"] - warm.dropna()["before"])),
        ("lacking", "cuped", file, asked | {"covariate": "before"},
         {"theta": theta, "p_value": welch(left[pair["tone"] == "plain"], left[pair["tone"] == "warm"])["p_value"]}),
        ("paired", "paired_t", file, {"variant": "plain", "before": "before", "after": "pay"},
         {"estimate": gains.mean(), "p_value": once.pvalue, "df": len(gains) - 1}),
        ("family", "multiple_testing", file, {"control": "plain", "treatments": ["warm", "short"], "value": "pay"},
         {"p_values": p, "holm": list(multipletests(p, method="holm")[1])}),
        ("words", "welch", file, asked, {"diff": np.mean(warm["pay"]) - np.mean(plain["pay"]), "pvalue": p[0]}),
        ("prior", "bayes_normal", file, asked | {"prior": "N(0, 50^2)"}, posterior(plain["pay"], warm["pay"], 50)),
    ]  # fmt: skip


def posterior(control: Any, treatment: Any, sd: float) -> dict[str, float]:
    """By precision."""
    difference = np.mean(treatment) - np.mean(control)
    v = np.var(control, ddof=1) / len(control) + np.var(treatment, ddof=1) / len(treatment)
    precision = 1 / v + 1 / sd**2
    return {"estimate": difference / v / precision, "posterior_sd": precision**-0.5}


def models(rows: Rows) -> list[tuple[Any, ...]]:
    """A treatment that is not the first cause, a response that is arithmetic, a place in time that is told in words."""
    known = rows.dropna().assign(w=lambda f: f["is_warm"] * 1.0, y=lambda f: np.log(f["pay"]))
    first, second = smf.ols("before ~ kept + w", known).fit(), smf.ols("pay ~ kept + w + before", known).fit()
    told = {"mediator_model": "before ~ kept + is_warm", "outcome_model": "pay ~ kept + is_warm + before"}
    asked = {"term": "is_warm", "formula": "np.log(pay) ~ is_warm + t (t = row number from 1)", "maxlags": 2}
    line = smf.ols("y ~ w + t", known.assign(t=np.arange(len(known)) + 1.0))
    series = line.fit(cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": False})
    return [
        ("paths", "mediation", "rows.parquet", told | {"treatment": "is_warm"},
         {"a": first.params["w"], "b": second.params["before"], "ade": second.params["w"]}),
        ("log", "its_newey_west", "rows.parquet", asked | {"rows": "with a finite before"},
         {"estimate": series.params["w"]}),
    ]  # fmt: skip


def counts(folder: Path) -> list[tuple[Any, ...]]:
    """So many of so many, under names of its own; and each row so many times."""
    table = pd.DataFrame(
        {"sex": ["m", "f"] * 2, "deck": [1, 1, 2, 2], "rescued": [20, 60, 30, 25], "aboard": [90, 80, 100, 50]}
    )
    table.to_csv(folder / "decks.csv", index=False)
    low, high = confint_proportions_2indep(85, 130, 50, 190, method="newcomb", compare="diff")
    said = {"control": "m", "treatment": "f", "note_": "decks.csv holds counts: rescued ones of aboard"}
    long = [("m", "yes", 50), ("m", "no", 140), ("f", "yes", 85), ("f", "no", 45)]
    pd.DataFrame(long, columns=["sex", "rescued", "freq"]).to_csv(folder / "long.csv", index=False)
    times = {"control": "m", "treatment": "f", "value": "rescued", "note_": "counts: each row freq times"}
    meant = {"k_treatment": 85, "n_control": 190, "newcombe_ci_low": low, "newcombe_ci_high": high}
    first = {"estimate": 60 / 80 - 20 / 90}
    return [
        ("of", "proportion_diff", "decks.csv", said, meant),
        ("times", "proportion_diff", "long.csv", times, meant),
        ("deck", "proportion_diff", "decks.csv", said | {"deck": 1}, first),
    ]


ARMS = ["NA", "007", "7", "temp=1", "None", "x, y"]


def names(folder: Path) -> list[tuple[Any, ...]]:
    """Arms whose names look like gaps, numbers or comparisons; a share beside them has the same values as two of them."""
    chance = np.random.default_rng(4)
    rows = pd.DataFrame({"who": range(240), "mood": chance.choice(ARMS, 240), "hit": chance.integers(0, 2, 240)})
    rows["pay"] = chance.gamma(2, 9, 240).round(2)
    (folder / "deep").mkdir()
    rows.to_csv(folder / "deep" / "names.csv", index=False, encoding="utf-16")
    sides = [rows.loc[rows["mood"] == arm, "pay"] for arm in ARMS]
    inputs = {"control": "NA", "value": "pay", "segment": None, "exclude": [], "tuning": None, "comment": "as planned"}
    shares = {"weights": dict.fromkeys(ARMS, "16.7%"), "counts": None}
    test = stats.chisquare([len(side) for side in sides])
    file = "deep/names.csv"
    return [
        *[(f"arm-{arm}", "mean_welch", file, inputs | {"treatment": arm}, welch(sides[0], side))
          for arm, side in zip(ARMS[1:], sides[1:], strict=True)],
        ("split", "srm_chi2", file, shares, {"statistic": test.statistic, "p_value": test.pvalue}),
    ]  # fmt: skip


def told(folder: Path) -> list[tuple[Any, ...]]:
    """Rows, levels, sides and steps as people tell them; a series out of order."""
    chance = np.random.default_rng(6)
    rows = pd.DataFrame(
        {"arm": chance.choice(["a", "b"], 120), "t": chance.permutation(120), "y": chance.normal(2, 3, 120)}
    )
    steps = chance.integers(0, 2, (120, 2))
    rows = rows.assign(prompt=np.where(steps[:, 0], "new", "old"), tool=np.where(steps[:, 1], "on", "off"))
    rows.to_csv(folder / "told.csv", index=False)
    asked, file = {"control": "a", "treatment": "b", "value": "y"}, "told.csv"
    some = rows.iloc[9:80]
    kept = some[some["tool"].isin(["on"]) & (some["t"] > 5)]
    a, b = (kept.loc[kept["arm"] == arm, "y"] for arm in "ab")
    noisy = [rows.loc[rows["arm"] == arm, "y"].head(3) for arm in "ab"]
    rows[rows.index.isin([i for side in noisy for i in side.index])].to_csv(folder / "few.csv", index=False)
    means = {key: group["y"].mean() for key, group in rows.groupby(["prompt", "tool"])}
    base, first, second, both = (means[key] for key in (("old", "off"), ("new", "off"), ("old", "on"), ("new", "on")))
    credit = [(first - base + both - second) / 2, (second - base + both - first) / 2]
    series = rows.sort_values("t")["y"].ewm(alpha=0.3, adjust=False).mean()
    rows = rows.assign(
        calls=chance.integers(3, 9, 120), wins=chance.integers(0, 3, 120), office=chance.integers(0, 6, 120)
    )
    rows.to_csv(folder / "told.csv", index=False)
    pairs = [rows[rows["arm"] == arm] for arm in "ab"]
    rates = [
        (pair["wins"] - pair["wins"].sum() / pair["calls"].sum() * pair["calls"]) / pair["calls"].mean()
        for pair in pairs
    ]
    error = math.sqrt(sum(rate.var() / len(rate) for rate in rates))
    ways = {"numerator": "wins", "denominator": "calls"}
    return [
        ("rows-are-units", "ratio_delta", file, asked | ways, {"n_control": len(pairs[0]), "se": error}),
        ("bundled", "ols_cluster_cr1", file, asked | {"formula": "y ~ T", "cluster": "office"}, {"n_clusters": 6}),
        ("span", "mean_welch", file, asked | {"rows": "rows 10 to 80", "exclude": "tool in ('off')", "t": "> 5"}, welch(a, b)),
        ("one-sided level", "mean_welch", file, asked | {"confidence": "80%", "alternative": "greater"},
         welch(rows.loc[rows["arm"] == "a", "y"], rows.loc[rows["arm"] == "b", "y"], 0.8, "greater")),
        ("unsure", "lift_delta", "few.csv", asked, {"estimate": noisy[1].mean() / noisy[0].mean() - 1}),
        ("steps", "shapley_steps", file, {"players": ["prompt", "tool"], "value": "y"}, {"shapley": credit}),
        ("order", "ewma", file, {"alpha": 0.3, "value": "y"}, {"last": series.iloc[-1]}),
        ("untold", "bayes_beta", None, {f"{k}_{arm}": n for k, n in (("k", 0), ("n", 9)) for arm in ("control", "treatment")},
         {"chance_to_beat_control": 0.5}),
    ]  # fmt: skip
