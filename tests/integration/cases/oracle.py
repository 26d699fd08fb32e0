"""Writes a folder of cases in the format, with numbers from scipy, statsmodels, and the definitions written out."""

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats

ALPHA = 0.1


class Folder:
    """One case: files and analyses, alpha 0.1."""

    def __init__(self, root: Path, name: str) -> None:
        self.path = root / name
        self.path.mkdir(parents=True)
        self.document: dict[str, Any] = {"case": name, "alpha": ALPHA, "data": {}, "analyses": []}

    def data(self, name: str, frame: pd.DataFrame, **columns: str) -> pd.DataFrame:
        frame.to_csv(self.path / name, index=False)
        self.document["data"][name] = {"rows": len(frame), "columns": columns}
        return pd.read_csv(self.path / name)

    def add(self, name: str, method: str, data: Any, inputs: dict[str, Any], expected: Any) -> None:
        entry = {"id": name, "method": method, "data": data, "inputs": inputs, "expected": expected}
        self.document["analyses"].append(entry | {"tolerance": {"rel": 1e-6, "abs": 1e-9}})

    def save(self) -> None:
        (self.path / "expected.json").write_text(json.dumps(self.document, default=float))


def welch(control: Any, treatment: Any) -> dict[str, float]:
    """A difference of means, at alpha 0.1."""
    test = stats.ttest_ind(treatment, control, equal_var=False)
    low, high = test.confidence_interval(1 - ALPHA)
    return {
        "n_control": len(control), "n_treatment": len(treatment), "mean_control": np.mean(control),
        "var_treatment": np.var(treatment, ddof=1), "estimate": np.mean(treatment) - np.mean(control),
        "df": test.df, "statistic": test.statistic, "p_value": test.pvalue, "ci_low": low, "ci_high": high,
    }  # fmt: skip


def coefficient(model: Any, term: str) -> dict[str, float]:
    """A coefficient with a 90 per cent interval."""
    low, high = model.conf_int(ALPHA).loc[term]
    return {
        "estimate": model.params[term],
        "se": model.bse[term],
        "p_value": model.pvalues[term],
        "ci_low": low,
        "ci_high": high,
    }


def shop(root: Path) -> None:
    """Three arms under other names: means, shares, ratios, strata, filters, regressions."""
    chance, n = np.random.default_rng(3), 360
    frame = pd.DataFrame({
        "account": [f"A{i}" for i in range(n)], "arm": chance.choice(["old", "short", "long"], n),
        "tier": chance.choice(["free", "pro"], n), "spend": chance.gamma(2, 10, n).round(2), "dose": chance.choice([1, 2], n),
    })  # fmt: skip
    frame["before"] = (frame["spend"] / 2 + chance.gamma(2, 4, n)).round(2)
    frame["solved"] = chance.binomial(1, 0.4, n)
    frame["mood"] = chance.normal(-5, 1, n).round(3)
    folder = Folder(root, "shop")
    frame = folder.data("people.csv", frame, arm="old (control) | short | long", tier="segment")
    both = frame[frame["arm"] != "short"].assign(T=(frame["arm"] == "long") * 1.0)
    old, new = (both[both["T"] == arm] for arm in (0, 1))
    said = {"control": "old", "treatment": "long", "value": "spend"}
    folder.add("welch", "mean_welch", "people.csv", said, welch(old["spend"], new["spend"]))
    pro = [side[side["tier"] == "pro"] for side in (old, new)]
    folder.add("pro", "mean_welch", "people.csv", said | {"segment": "pro"}, welch(*(s["spend"] for s in pro)))
    twice = [side[side["dose"] == 2] for side in (old, new)]
    folder.add("dose", "mean_welch", "people.csv", said | {"dose": 2}, welch(*(s["spend"] for s in twice)))
    first = frame.head(200)
    sides = [first[first["arm"] == arm]["spend"] for arm in ("old", "long")]
    folder.add("peek", "mean_welch", "people.csv", said | {"rows": "first 200 data rows"}, welch(*sides))
    mood = {"mean_control": old["mood"].mean(), "estimate": new["mood"].mean() - old["mood"].mean(), "lift": None}
    folder.add("mood", "lift_sign", "people.csv", said | {"value": "mood"}, mood)
    model = smf.ols("spend ~ T + before + C(tier)", both).fit(cov_type="HC1")
    folder.add(
        "hc1", "ols_hc1", "people.csv", said | {"formula": "spend ~ T + before + C(tier)"}, coefficient(model, "T")
    )
    counts = [(frame["arm"] == arm).sum() for arm in ("old", "short", "long")]
    test = stats.chisquare(counts)
    weights = {"weights": {"old": 1, "short": 1, "long": 1}}
    folder.add("srm", "srm_chi2", "people.csv", weights, {"statistic": test.statistic, "df": 2, "p_value": test.pvalue})
    theta = np.cov(both["spend"], both["before"])[0, 1] / both["before"].var()
    adjusted = welch(*(side["spend"] - theta * side["before"] for side in (old, new)))
    wanted = {name: adjusted[name] for name in ("estimate", "p_value", "ci_low")}
    folder.add("cuped", "cuped", "people.csv", said | {"covariate": "before"}, {"theta": theta} | wanted)
    folder.add("nonsense", "entrails", "people.csv", said, {"estimate": 1})
    folder.add("broken", "mean_welch", "people.csv", said | {"value": "absent"}, {"estimate": 1})
    folder.save()


def clinic(root: Path) -> None:
    """Several visits of patients whose numbers are only unique in their center; not randomised either."""
    chance, rows = np.random.default_rng(5), []
    for center in ("north", "south"):
        for patient in range(30):
            treated, age = int(chance.random() < 0.5), round(float(chance.normal(40, 8)), 1)
            rows += [
                (center, patient, treated, age, k, chance.poisson(3 + treated) + 0.0)
                for k in range(chance.integers(1, 5))
            ]
    folder = Folder(root, "clinic")
    frame = folder.data(
        "visits.csv", pd.DataFrame(rows, columns=["center", "patient", "treated", "age", "visit", "value"])
    )
    keyed = frame.assign(who=frame["center"] + frame["patient"].astype(str))
    people = keyed.groupby(["who", "treated"]).agg(total=("value", "sum"), age=("age", "first")).reset_index()
    said = {"control": "treated=0", "treatment": "treated=1", "unit": "center x patient"}
    sides = [people[people["treated"] == arm]["total"] for arm in (0, 1)]
    folder.add("totals", "mean_welch", "visits.csv", said | {"value": "sum(value) per patient"}, welch(*sides))
    one = keyed.drop_duplicates("who").assign(m=lambda f: f["age"] / 10 + f["treated"])
    folder.data("people.csv", one)
    fitted = smf.logit("treated ~ age", one).fit(disp=0)
    e, t = fitted.predict(), one["treated"]
    w = t / e + (1 - t) / (1 - e)
    model = smf.wls("value ~ treated", one, weights=w).fit(cov_type="HC0")
    wanted = coefficient(model, "treated") | {"ps_min": e.min(), "sum_w_treated": w[t == 1].sum()}
    folder.add("ipw", "ipw", "people.csv", {"propensity": "treated ~ age"}, wanted)
    first, second = smf.ols("m ~ treated", one).fit(), smf.ols("value ~ treated + m", one).fit()
    a, b, direct = first.params["treated"], second.params["m"], second.params["treated"]
    sobel = math.hypot(a * second.bse["m"], b * first.bse["treated"])
    models = {"mediator_model": "m ~ treated", "outcome_model": "value ~ treated + m"}
    paths = {"a": a, "b": b, "acme": a * b, "ade": direct, "total": a * b + direct, "sobel_se": sobel}
    folder.add("paths", "mediation", "people.csv", models, paths)
    folder.save()


def steps(root: Path) -> None:
    """Two-level steps, and a series with a season."""
    chance = np.random.default_rng(9)
    frame = pd.DataFrame(chance.integers(0, 2, (120, 2)), columns=["prompt", "tool"])
    frame["value"] = (2 + frame["prompt"] * 0.5 + chance.normal(0, 1, 120)).round(4)
    folder = Folder(root, "steps")
    frame = folder.data("data.csv", frame)
    model = smf.ols("value ~ prompt + tool", frame).fit(cov_type="HC1")
    wanted = {name: coefficient(model, name) for name in ("prompt", "tool")}
    folder.add("hc1", "factorial_ols_hc1", "data.csv", {"formula": "value ~ prompt + tool"}, wanted)
    table = sm.stats.anova_lm(smf.ols("value ~ C(prompt)*C(tool)", frame).fit())
    rows = {
        k: {"df": r.df, "f": None if r.isna().F else r.F, "p": None if r.isna().F else r["PR(>F)"]}
        for k, r in table.iterrows()
    }
    folder.add("anova", "factorial_anova", "data.csv", {"formula": "value ~ prompt*tool"}, rows)
    months = [f"{2020 + i // 12}-{i % 12 + 1:02d}" for i in range(60)]
    visits = (50 + 10 * np.sin(np.arange(60) / 12 * 2 * np.pi) + chance.normal(0, 2, 60)).round(2)
    visits[50] += 40
    series = folder.data("months.csv", pd.DataFrame({"month": months, "visits": visits}))
    known = series[:36]
    residual = series["visits"] - series["month"].str[-2:].map(
        known.groupby(known["month"].str[-2:])["visits"].median()
    )
    mad = stats.median_abs_deviation(residual[:36], scale="normal")
    z = (residual - residual[:36].median()) / mad
    said = {"baseline": "months before 2023-01", "period": "month", "threshold": 3}
    scored = {"mad_normal": mad, "z_2024_03": z[50], "n_flagged": int((abs(z) > 3).sum())}
    folder.add("anomaly", "robust_z_seasonal", "months.csv", said, scored)
    ahead = series["visits"][36:48].to_numpy()
    gap = series["visits"][48:].to_numpy() - ahead
    told = {"train": "first 48 rows", "season": 12, "horizon": 12}
    folder.add(
        "forecast", "forecast_seasonal_naive", "months.csv", told, {"forecast": list(ahead), "mae": abs(gap).mean()}
    )
    folder.save()


def events(root: Path) -> None:
    """Raw events in three arms with every kind of trouble, as they were known at a moment."""
    chance, start, window = np.random.default_rng(8), dt.datetime(2026, 3, 28, 20, tzinfo=dt.UTC), dt.timedelta(days=2)
    as_of = start + dt.timedelta(days=3)
    exposures, outcomes = [], []
    for n in range(60):
        first = start + dt.timedelta(minutes=int(chance.integers(0, 4000)))
        arm, other = chance.choice(["x", "y", "z"], 2)
        exposures.append((f"e{n}", f"u{n}", arm, first, n % 20 == 3))
        if n % 7 == 0:
            exposures.append((f"f{n}", f"u{n}", other, first + dt.timedelta(hours=1), False))
        for k in range(int(chance.integers(0, 4))):
            at = first + dt.timedelta(minutes=int(chance.integers(-600, 3600)))
            value = "NaN" if chance.random() < 0.05 else str(round(chance.gamma(2, 5), 2))
            outcomes.append((f"o{n}-{k}", f"u{n}", at, at + dt.timedelta(hours=int(chance.integers(0, 40))), value))
    exposures += exposures[::9]
    outcomes += outcomes[::8]
    folder, files = Folder(root, "events"), ["seen.csv", "paid.csv"]
    seen = pd.DataFrame(exposures, columns=["key", "user_id", "arm", "seen_at", "is_robot"])
    paid = pd.DataFrame(outcomes, columns=["event_key", "user_id", "happened_at", "received_at", "amount"])
    folder.data(
        "seen.csv",
        seen.assign(
            seen_at=seen["seen_at"].map(lambda t: t.astimezone(dt.timezone(dt.timedelta(hours=2))).isoformat())
        ),
    )
    folder.data("paid.csv", paid)
    for moment, mature, policy in ((None, False, "exclude"), (as_of, False, "first"), (as_of, True, "exclude")):
        said = {
            "window_days": 2,
            "multi_variant_policy": policy,
            "as_of": moment and moment.isoformat(),
            "mature_only": mature,
        }
        name = f"{policy}-{'mature' if mature else 'all'}-{'as_of' if moment else 'final'}"
        subjects, used = known(seen, paid, window, policy, moment, mature)
        values = [subjects[subjects["arm"] == arm]["value"] for arm in ("x", "z")]
        folder.add(f"{name}-welch", "mean_welch", files, said | {"control": "x", "treatment": "z"}, welch(*values))
        days = used["happened_at"].dt.tz_convert("Europe/Berlin").dt.date.astype(str).value_counts().to_dict()
        folder.add(f"{name}-days", "daily_counts", files, said | {"control": "x", "timezone": "Europe/Berlin"}, days)
        counts = subjects["arm"].value_counts().to_dict()
        ledger = {"subjects_analysed": counts, "outcomes_used": len(used)}
        folder.add(f"{name}-ledger", "exclusion_ledger", files, said | {"control": "x"}, ledger)
    folder.save()


def known(seen: Any, paid: Any, window: Any, policy: str, moment: Any, mature: bool) -> tuple[Any, Any]:
    """The subjects with their values, and the outcomes that count, by the rules written out."""
    if moment:
        seen, paid = seen[seen["seen_at"] <= moment], paid[paid["received_at"] <= moment]
    seen = seen.drop_duplicates("key").sort_values(["seen_at", "key"])
    people = seen.groupby("user_id").agg(
        first=("seen_at", "first"), arm=("arm", "first"), arms=("arm", "nunique"), bot=("is_robot", "any")
    )
    people = people[~people["bot"] & ((people["arms"] == 1) | (policy == "first"))]
    if mature:
        people = people[people["first"] + window <= moment]
    paid = (
        paid.sort_values("received_at", kind="stable")
        .drop_duplicates("event_key")
        .assign(amount=lambda f: f["amount"].astype(float))
    )
    paid = paid[np.isfinite(paid["amount"])].join(people["first"], on="user_id", how="inner")
    used = paid[(paid["happened_at"] >= paid["first"]) & (paid["happened_at"] < paid["first"] + window)]
    sums = used.groupby("user_id")["amount"].sum()
    return people.assign(value=sums.reindex(people.index).fillna(0.0)), used


def write(root: Path) -> None:
    """All of them, and two groups of functions."""
    for case in (shop, clinic, steps, events):
        case(root)
    rows = {
        "normal_sf": [{"z": z, "expected": float(stats.norm.sf(z))} for z in (-2.0, 0.5, 11.0)],
        "entrails": [{"liver": 1, "expected": 1}],
    }
    (root / "formulas.json").write_text(json.dumps({"groups": rows}))
