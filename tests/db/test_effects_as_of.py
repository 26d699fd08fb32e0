"""Three ways to one number: the moments that the compactor keeps, the raw rows, and numpy by hand."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from support.clinic import EPOCH, Clinic, Experiment

NUMBERS = (
    "n_control", "n_variant", "mean_control", "mean_variant", "difference", "std_error", "degrees_of_freedom", "ci_low",
    "ci_high", "p_value", "sequential_low", "sequential_high", "sequential_p_value", "lift", "lift_low", "lift_high",
    "chance_to_win", "risk_ship", "risk_keep", "unadjusted_difference", "unadjusted_std_error", "variance_reduction",
)  # fmt: skip
WINDOW = timedelta(days=3)
METRICS: dict[str, dict[str, Any]] = {
    "booked": {"kind": "proportion", "when_absent": "zero"},
    "visits": {"kind": "count", "when_absent": "zero"},
    "revenue": {"kind": "mean", "when_absent": "zero"},
    "csat": {"kind": "mean"},
    "best": {"kind": "mean", "per_subject": "max"},
    "wait": {"kind": "duration", "direction": "decrease"},
}
FOLD = {"booked": max, "visits": sum, "revenue": sum, "csat": np.mean, "best": max, "wait": np.mean}


@dataclass
class History:
    """What happened, as a list of facts that numpy can read."""

    clinic: Clinic
    experiment: Experiment
    seed: int
    exposures: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)

    def live(self, subjects: int) -> None:
        """Subjects come, some of them to two arms, some of them bots; things happen before, in and after their windows."""
        draw = random.Random(self.seed)
        for n in range(subjects):
            subject, arm = f"s{self.seed}-{n}", draw.choice("ab")
            first = EPOCH + timedelta(days=draw.randint(0, 6), seconds=draw.randint(0, 80000))
            bot, switches = draw.random() < 0.05, draw.random() < 0.05
            for k in range(draw.randint(1, 3)):
                other = switches and k > 0
                self.expose(
                    subject, "ba"["ab".index(arm)] if other else arm, first + timedelta(hours=k), bot=bot and k == 0
                )
            for metric in METRICS:
                for _ in range(draw.choice((0, 1, 1, 2, 3))):
                    at = first + draw.choice(
                        (-WINDOW, timedelta(0), timedelta(hours=1), WINDOW, -timedelta(microseconds=1))
                    )
                    at += timedelta(seconds=draw.choice((0, 0, draw.randint(-90000, 90000))))
                    value = (
                        float(draw.random() < 0.5)
                        if metric == "booked"
                        else round(draw.gauss(8 + "ab".index(arm), 4), 2)
                    )
                    self.happen(metric, subject, at, 1.0 if metric == "visits" else value)
        for metric in METRICS:
            self.happen(metric, "stranger", EPOCH + timedelta(days=1), 1.0)

    def expose(self, subject: str, arm: str, at: datetime, *, bot: bool) -> None:
        self.exposures.append(
            {"unit": subject, "arm": arm, "at": at, "key": f"x{len(self.exposures):05d}-{self.seed}", "bot": bot}
        )

    def happen(self, metric: str, subject: str, at: datetime, value: float) -> None:
        self.outcomes.append({"metric": metric, "unit": subject, "at": at, "value": value})

    def send(self) -> None:
        """Everything in any order, every tenth thing twice."""
        draw = random.Random(self.seed + 1)
        rows = [
            {"experiment_id": self.experiment.id, "subject": e["unit"], "variant": e["arm"], "exposed_at": e["at"].isoformat(),
             "source": "other", "source_event_id": e["key"], "attributes": {"bot": True} if e["bot"] else {}}
            for e in self.exposures
        ]  # fmt: skip
        told = [
            self.clinic.outcome(o["metric"], o["value"], subject=o["unit"], occurred_at=o["at"].isoformat())
            for o in self.outcomes
        ]
        for verb, what, batch in (("record_outcomes", "outcomes", told), ("record_exposures", "exposures", rows)):
            again = [*batch, *draw.sample(batch, len(batch) // 10)]
            draw.shuffle(again)
            for start in range(0, len(again), 400):
                assert self.clinic.owner.rpc(verb, **{what: again[start : start + 400]})["errors"] == []

    def arms(self, metric: str, keeps: bool = False) -> dict[str, np.ndarray]:
        """Arm to its units' (value, past), by the rules."""
        seen = defaultdict(list)
        for exposure in sorted(self.exposures, key=lambda e: (e["at"], e["key"])):
            seen[exposure["unit"]].append(exposure)
        now, past = defaultdict(list), defaultdict(list)
        for o in self.outcomes:
            if o["metric"] == metric and o["unit"] in seen:
                since = o["at"] - seen[o["unit"]][0]["at"]
                if timedelta(0) <= since < WINDOW:
                    now[o["unit"]].append(o["value"])
                elif -WINDOW <= since < timedelta(0):
                    past[o["unit"]].append(o["value"])
        found: dict[str, list[tuple[float, float]]] = {"a": [], "b": []}
        for unit, them in seen.items():
            switches = len({e["arm"] for e in them}) > 1
            if any(e["bot"] for e in them) or (switches and not keeps):
                continue
            if unit in now or METRICS[metric].get("when_absent") == "zero":
                value = FOLD[metric](now[unit]) if unit in now else 0.0
                found[them[0]["arm"]].append((value, FOLD[metric](past[unit]) if unit in past else 0.0))
        return {arm: np.array(them) for arm, them in found.items()}


@pytest.fixture
def history(clinic: Clinic) -> History:
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, assigned_by="external")
    for position, (key, values) in enumerate(METRICS.items()):
        experiment.counts(
            clinic.metric(key, attribution_window=WINDOW, **values), role="secondary" if position else "primary"
        )
    experiment.move("activate")
    history = History(clinic, experiment, seed=5)
    history.live(150)
    history.send()
    return history


def by_hand(treated: np.ndarray, control: np.ndarray) -> dict[str, float]:
    """Welch, and the confidence sequence of the same difference."""
    test = stats.ttest_ind(treated, control, equal_var=False)
    interval = test.confidence_interval(0.95)
    difference = np.mean(treated) - np.mean(control)
    variance = np.var(treated, ddof=1) / len(treated) + np.var(control, ddof=1) / len(control)
    n = len(treated) + len(control)
    rho2 = (-2 * np.log(0.05) + np.log(-2 * np.log(0.05) + 1)) / 5000
    half = np.sqrt(variance * n) * np.sqrt(2 * (n * rho2 + 1) * np.log(np.sqrt(n * rho2 + 1) / 0.05) / (n**2 * rho2))
    return {
        "difference": difference, "std_error": np.sqrt(variance), "degrees_of_freedom": test.df, "p_value": test.pvalue,
        "ci_low": interval.low, "ci_high": interval.high, "sequential_low": difference - half,
        "sequential_high": difference + half, "chance_to_win": stats.norm.cdf(difference / np.sqrt(variance)),
    }  # fmt: skip


def close(found: dict[str, Any], meant: dict[str, Any], rel: float = 1e-9) -> None:
    for name, value in meant.items():
        expected = value if value is None else pytest.approx(value, rel=rel, abs=1e-11)
        assert found[name] == expected, (found.get("metric_key"), name)


def test_moments_and_raw_rows_and_numpy_agree(history: History):
    owner = history.clinic.owner
    history.clinic.world.catch_up()
    rows = {r["metric_key"]: r for r in owner.rows("select * from experiment_effects")}
    answer = owner.rpc("effects_as_of", experiment_id=history.experiment.id)
    raw = {r["metric_key"]: r for r in answer["effects"]}
    ledgers = {r["metric_key"]: r for r in answer["ledgers"]}
    assert set(rows) == set(raw) == set(METRICS)
    for metric, row in rows.items():
        close(raw[metric], {name: row[name] for name in NUMBERS})
        arms = history.arms(metric)
        plain = by_hand(arms["b"][:, 0], arms["a"][:, 0])
        assert (row["n_control"], row["n_variant"]) == (len(arms["a"]), len(arms["b"]))
        close(row, {"unadjusted_difference": plain["difference"], "unadjusted_std_error": plain["std_error"],
            "unadjusted_p_value": plain["p_value"], "unadjusted_ci_low": plain["ci_low"]})  # fmt: skip
        if row["variance_reduction"] is None:
            better = {} if row["metric_direction"] == "increase" else {"chance_to_win": 1 - plain["chance_to_win"]}
            close(row, plain | better)
        elif METRICS[metric].get("when_absent") == "zero":
            both = np.concatenate([arms["a"], arms["b"]])
            theta = np.cov(both.T)[0, 1] / np.var(both[:, 1], ddof=1)
            adjusted = {arm: them[:, 0] - theta * them[:, 1] for arm, them in arms.items()}
            close(row, {"difference": by_hand(adjusted["b"], adjusted["a"])["difference"]})
            assert 0 < row["variance_reduction"] < 1
        ledger = ledgers[metric]
        assert ledger["outcomes_raw"] == sum(
            v for k, v in ledger.items() if k.startswith("outcomes_") and k != "outcomes_raw"
        )
        assert ledger["outcomes_orphan"] == 1
        assert ledger["exposures"] == len(history.exposures)
        assert ledger["exposures_raw"] == len(history.exposures) + len(history.exposures) // 10
        if METRICS[metric].get("when_absent") == "zero":
            assert ledger["subjects_analysed"] == {arm: len(them) for arm, them in arms.items()}
        kept = {r["reason"]: r["outcomes"] for r in owner.rows(
            "select * from experiment_exclusions where metric_key = %s", metric)}  # fmt: skip
        assert kept["used"] == ledger["outcomes_used"]
        assert kept["duplicate"] == ledger["outcomes_duplicate"]
        assert kept["bot"] + kept["switcher"] == ledger["outcomes_excluded_subject"] > 0
        assert (kept["before_exposure"], kept["after_window"]) == (
            ledger["outcomes_before_exposure"], ledger["outcomes_after_window"])  # fmt: skip
    # Who was seen in several arms may keep the first; and nothing is known before it was received.
    kept = owner.rpc("effects_as_of", experiment_id=history.experiment.id, switchers="first_arm")
    for row in kept["effects"]:
        arms = history.arms(row["metric_key"], keeps=True)
        assert (row["n_control"], row["n_variant"]) == (len(arms["a"]), len(arms["b"]))
        close(row, {"unadjusted_difference": np.mean(arms["b"][:, 0]) - np.mean(arms["a"][:, 0])})
    early = EPOCH + timedelta(days=4)
    young = owner.rpc("effects_as_of", experiment_id=history.experiment.id, as_of=early, mature_only=True)
    ledger = next(r for r in young["ledgers"] if r["metric_key"] == "revenue")
    assert ledger["outcomes_raw"] == 0 < ledger["subjects_immature"] < ledger["subjects_exposed"]
    assert ledger["exposures"] == sum(e["at"] <= early for e in history.exposures)
    between = owner.rpc(
        "effects_between",
        experiment_id=history.experiment.id,
        from_day=EPOCH.date(),
        to_day=(EPOCH + timedelta(days=2)).date(),
    )
    some = next(r for r in between if r["metric_key"] == "revenue")
    assert 0 < some["n_control"] + some["n_variant"] < rows["revenue"]["n_control"] + rows["revenue"]["n_variant"]
