"""The ledger says what each change did: against an oracle that follows the definition, and in stories."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from support.clinic import EPOCH, Clinic
from support.days import wrong_days

Row = tuple[bool, bool, str, date, float, float]


def oracle(rows: list[Row]) -> dict[str, float]:
    """stats.before_after, written once more from its definition."""
    before: dict[Any, Any] = defaultdict(lambda: [0.0, 0.0])
    after: dict[Any, float] = defaultdict(float)
    for treated, is_after, stratum, day, y, d in rows:
        key = (treated, stratum, day.isoweekday())
        if is_after:
            after[key] += d
        else:
            before[key][0] += y
            before[key][1] += d
    keys = before.keys() & after.keys()
    total = {g: sum(after[k] for k in keys if k[0] is g) for g in (True, False)}
    mean = {k: before[k][0] / before[k][1] for k in keys}
    excess: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
    pulls: dict[Any, float] = defaultdict(float)
    for treated, is_after, stratum, day, y, d in rows:
        key = (treated, stratum, day.isoweekday())
        if key in keys and is_after:
            excess[treated, day][0] += y - d * mean[key]
            excess[treated, day][1] += d
        elif key in keys:
            pulls[day] += (1 if treated else -1) * after[key] / before[key][1] * (y - d * mean[key]) / total[treated]
    shift = {g: sum(z for (t, _), (z, _) in excess.items() if t is g) / total[g] for g in (True, False) if total[g]}
    pushes: dict[Any, float] = defaultdict(float)
    for (treated, day), (z, d) in excess.items():
        pushes[day] += (1 if treated else -1) * (z - shift[treated] * d) / total[treated]
    weekdays = len({day.isoweekday() for day in pulls})
    spare, n = len(pulls) - weekdays, len(pushes)
    v0, v1 = sum(p**2 for p in pulls.values()) * len(pulls) / spare, sum(p**2 for p in pushes.values()) * n / (n - 1)
    df = (v0 + v1) ** 2 / (v0**2 / spare + v1**2 / (n - 1))
    return {"difference": shift[True] - shift.get(False, 0), "std_error": np.sqrt(v0 + v1), "df": df}


@pytest.mark.parametrize("compared", [False, True])
def test_before_and_after_is_what_its_definition_says(clinic: Clinic, compared: bool):
    draw = random.Random(11)
    rows: list[Row] = []
    for n in range(38):
        day = EPOCH.date() + timedelta(days=n)
        for treated in (True, False) if compared else (True,):
            for stratum in "xyz":
                d = draw.randrange(5, 40)
                y = d * (0.3 + 0.1 * (stratum == "y") + 0.05 * (day.isoweekday() > 5)) + draw.gauss(0, 2)
                rows.append((treated, n >= 28, stratum, day, y + d * 0.1 * (treated and n >= 28), float(d)))
    found = clinic.world.admin.one(
        "select (b.r).* from (select stats.before_after(array(select (t, a, s, day, y, d)::stats.day_total"
        " from unnest(%s::boolean[], %s::boolean[], %s::text[], %s::date[], %s::float8[], %s::float8[])"
        " as u (t, a, s, day, y, d))) as r) b",
        *(list(column) for column in zip(*rows, strict=True)),
    )
    expected = oracle(rows)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name
    assert (found["days_before"], found["days_after"], found["matched_share"]) == (28, 10, 1)
    assert 0.05 < found["difference"] < 0.15


def test_a_slope_is_judged_as_scipy_does(clinic: Clinic):
    draw = random.Random(3)
    y = [0.02 * n + draw.gauss(0, 0.2) for n in range(20)]
    found = clinic.world.admin.one("select stats.slope_p(%s::float8[], %s::float8[]) as p", list(range(20)), y)
    assert found["p"] == pytest.approx(stats.linregress(range(20), y).pvalue, rel=1e-9)


class Story:
    """Some weeks of a workspace: every customer comes once, a share of them books."""

    def __init__(self, clinic: Clinic, seed: int = 5) -> None:
        self.clinic, self.draw, self.n = clinic, random.Random(seed), 0
        self.first = clinic.version("first")
        clinic.metric("booked", when_absent="zero", attribution_window="1 hour")
        self.calls: list[dict[str, Any]] = []
        self.outcomes: list[dict[str, Any]] = []

    def day(self, n: int, rates: dict[str, float], each: int = 20, **more: Any) -> None:
        """A day's customers: intent to the share that books, made of as many customers each."""
        for intent, rate in rates.items():
            booked = round(each * rate + self.draw.choice([-1, 0, 0, 1]))
            for k in range(each):
                self.n += 1
                at = EPOCH + timedelta(days=n, hours=8, minutes=k)
                self.calls.append(
                    self.clinic.inference(
                        self.first, f"s{self.n}", started_at=at.isoformat(), intent=intent, **more
                    )
                )  # fmt: skip
                if k < booked:
                    self.outcomes.append(
                        self.clinic.outcome("booked", 1, subject=f"s{self.n}", occurred_at=at.isoformat())
                    )

    def at(self, n: float) -> None:
        """From now on it is that day."""
        for actor in (self.clinic.owner, self.clinic.world.admin):
            actor.rows("select set_config('upshot.now', %s, false)", (EPOCH + timedelta(days=n)).isoformat())

    def settle(self, now: float) -> None:
        """Record what happened, and estimate as of that day."""
        for kind, rows in (("inferences", self.calls), ("outcomes", self.outcomes)):
            for start in range(0, len(rows), 5000):
                batch = rows[start : start + 5000]
                assert self.clinic.owner.rpc(f"record_{kind}", **{kind: batch})["errors"] == []
            rows.clear()
        self.at(now)
        self.clinic.world.catch_up()

    def effects(self, kind: str) -> list[dict[str, Any]]:
        """What the ledger says of changes of a kind."""
        return self.clinic.owner.rows("select * from change_effects where kind = %s order by occurred_at", kind)


@pytest.fixture
def story(clinic: Clinic) -> Story:
    """Nothing has happened yet."""
    return Story(clinic)


def test_a_scoped_change_is_judged_beside_the_intents_that_it_did_not_reach(story: Story):
    clinic = story.clinic
    story.at(0)
    clinic.publish(story.first)
    story.at(30.5)
    second = clinic.version("second", model="bigger", params={"temperature": 0.2})
    clinic.publish(second, expected=None, intent="CancelMeeting")
    for n in range(1, 45):
        # From day 31 on it rains: everybody books less, but those of the changed intent much more.
        rain = 0.15 if n >= 31 else 0
        story.day(n, {"ScheduleMeeting": 0.6 - rain, "CancelMeeting": 0.3 - rain + (0.25 if n >= 31 else 0)})
    story.settle(46)
    assert wrong_days(clinic) == []
    first, scoped = story.effects("deployment_published")
    assert (first["reason_code"], first["difference"]) == ("no_matching_days", None)
    assert (scoped["grade"], scoped["method"], scoped["compared_with"]) == ("B", "difference_in_differences", "intents")
    assert scoped["ci_low"] < 0.25 < scoped["ci_high"]
    assert scoped["std_error"] < 0.03
    assert (scoped["n_before"], scoped["n_after"], scoped["days_before"], scoped["days_after"]) == (560, 280, 28, 14)
    assert scoped["verdict"] == "better"
    assert "other intents" in scoped["assumption"]
