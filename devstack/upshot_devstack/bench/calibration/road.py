"""The slow tier: experiments by the public road, with outcomes that come late, twice, and from before the exposure."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from upshot_devstack.bench.calibration.claims import Claim, claim
from upshot_devstack.bench.calibration.worlds import Rng
from upshot_devstack.bench.product import BUNDLE, CATALOGUE, claims, run, workspace

BATCH = 10_000
LOOKS = 5
ALPHA = 0.05
RATE, MORE = 0.4, 0.3
PRICE = 20.0
SETTLE = 120.0

METRICS = """
insert into public.outcome_metrics (workspace_id, key, name, kind, when_absent, attribution_window)
values (%(w)s, 'booked', 'booked', 'proportion', 'zero', '3 days'), (%(w)s, 'spend', 'spend', 'mean', 'zero', '3 days')
"""
EXPERIMENTS = """
insert into public.experiments (workspace_id, key, name, environment_id, capability_id, assigned_by, planned_units)
select %(w)s, 'world' || n, 'world', e.id, c.id, 'external', %(subjects)s
from generate_series(0, %(worlds)s - 1) n
join public.environments e on e.workspace_id = %(w)s and e.key = 'production'
join public.capabilities c on c.workspace_id = %(w)s and c.key = 'c0';
insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role)
select %(w)s, e.id, m.id, case m.key when 'booked' then 'primary' else 'secondary' end
from public.experiments e cross join public.outcome_metrics m where e.workspace_id = %(w)s and m.workspace_id = %(w)s;
insert into public.variants (workspace_id, experiment_id, key, name, is_control)
select %(w)s, e.id, k, k, k = 'a' from public.experiments e cross join unnest(array['a', 'b']) k where e.workspace_id = %(w)s;
select id::text, substr(key, 6)::integer from public.experiments where workspace_id = %(w)s
"""
CALLER = "select set_config('request.jwt.claims', %s, false), set_config('role', 'authenticated', false)"
EFFECTS = """
select substr(e.experiment_key, 6)::integer as world, e.metric_key, e.n_control, e.n_variant, e.mean_control, e.mean_variant,
  e.difference, e.ci_low, e.ci_high, e.p_value, e.sequential_low, e.sequential_high, e.verdict
from public.experiment_effects e
"""
HEALTH = "select srm_p_value, srm_anytime_p_value from public.experiment_health"


@dataclass
class History:
    """What happened in all worlds, and when each piece of it is reported."""

    exposures: list[list[dict[str, Any]]] = field(default_factory=lambda: [[] for _ in range(LOOKS)])
    outcomes: list[list[dict[str, Any]]] = field(default_factory=lambda: [[] for _ in range(LOOKS)])
    # By world, metric and arm: what the subjects' values are in the end.
    values: dict[tuple[int, str, int], list[float]] = field(default_factory=dict)
    # By world and look: an event-level engine's z for spend.
    naive: list[list[list[list[float]]]] = field(default_factory=list)


def is_changed(world: int) -> bool:
    """Every other world has an effect."""
    return world % 2 == 1


def truth(world: int, metric: str) -> float:
    """The difference that there is."""
    if not is_changed(world):
        return 0.0
    return MORE if metric == "booked" else 2 * PRICE * MORE


@dataclass
class Teller:
    """Makes up what the subjects of a world do."""

    rng: Rng
    ids: dict[int, str]
    history: History
    began: datetime
    events: int = 0

    def world(self, number: int, subjects: int) -> None:
        """All subjects of one world."""
        self.history.naive.append([[[], []] for _ in range(LOOKS)])
        for n in range(subjects):
            self._subject(number, f"w{number}-{n}", int(self.rng.integers(2)), n * LOOKS // subjects)

    def _subject(self, world: int, subject: str, arm: int, look: int) -> None:
        at = self.began + timedelta(seconds=len(self.history.values))
        self.history.exposures[look].append({
            "experiment_id": self.ids[world], "variant": "ab"[arm], "subject": subject, "source": "flags",
            "source_event_id": subject, "exposed_at": at.isoformat(),
        })  # fmt: skip
        more = MORE if arm == 1 and is_changed(world) else 0.0
        booked = bool(self.rng.random() < RATE + more)
        if booked:
            self._late(look, "booked", True, subject, at + timedelta(hours=1))
        taste = float(self.rng.gamma(2.0, 0.5))
        spent = [round(float(self.rng.exponential(PRICE * taste * (1 + more))), 2) for _ in range(self.rng.poisson(2))]
        for value in spent:
            self._late(look, "spend", value, subject, at + timedelta(hours=2), (world, arm))
        before = round(taste * PRICE + float(self.rng.exponential(PRICE / 2)), 2)
        self._late(look, "spend", before, subject, at - timedelta(days=1))
        for metric, value in (("booked", float(booked)), ("spend", sum(spent))):
            self.history.values.setdefault((world, metric, arm), []).append(value)

    def _late(
        self, look: int, metric: str, value: Any, subject: str, at: datetime, counted: tuple[int, int] | None = None
    ) -> None:
        """Reported now or at a later look; one of twenty twice."""
        self.events += 1
        told = int(min(look + self.rng.geometric(0.6) - 1, LOOKS - 1))
        row = {
            "metric": metric, "value": value, "environment": "production", "subject": subject, "source": "crm",
            "source_event_id": f"event-{self.events}", "occurred_at": at.isoformat(),
        }  # fmt: skip
        self.history.outcomes[told].append(row)
        if self.rng.random() < ALPHA:
            self.history.outcomes[min(told + 1, LOOKS - 1)].append(row)
        if counted:
            for seen in range(told, LOOKS):
                self.history.naive[counted[0]][seen][counted[1]].append(value)


def naive_alarm(arms: list[list[float]]) -> bool:
    """Welch on events."""
    a, b = (np.array(x) for x in arms)
    if min(len(a), len(b)) < 2:  # noqa: PLR2004 - two make a variance
        return False
    return bool(abs(b.mean() - a.mean()) > 1.959964 * np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))


def report(caller: psycopg.Connection, verb: str, rows: list[dict[str, Any]]) -> None:
    """Rows by a public verb, in batches."""
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        answer = caller.execute(f"select public.record_{verb}(%s)", [Jsonb(batch)]).fetchone()
        if answer is None or answer[0]["errors"]:
            raise RuntimeError(json.dumps(answer)[:500])


def counted(admin: psycopg.Connection) -> None:
    """Tick until everything committed is counted."""
    target = admin.execute("select pg_current_xact_id()::text::bigint").fetchone()
    deadline = time.monotonic() + SETTLE
    while admin.execute("select lo <= %s from private.watermark", target).fetchone() == (True,):
        admin.execute("select private.compact()")
        if time.monotonic() > deadline:
            raise TimeoutError("the compactor does not come to an end")


def furnish(admin: psycopg.Connection, url: str, worlds: int, subjects: int) -> dict[int, str]:
    """A workspace with as many external experiments as worlds, running; their ids by world."""
    workspace_id = workspace(admin, url)
    run(admin, CATALOGUE, w=workspace_id, capabilities=2, messages=BUNDLE)
    run(admin, METRICS, w=workspace_id)
    ids = {
        int(n): str(i)
        for i, n in run(admin, EXPERIMENTS, w=workspace_id, worlds=worlds, subjects=max(40, subjects)).fetchall()
    }
    admin.execute("select private.keep_partitions()")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(CALLER, [claims()])
        owner.execute("select public.activate(e.id, e.revision) from public.experiments e")
    return ids


def live(admin: psycopg.Connection, url: str, rng: Rng, worlds: int, subjects: int = 120) -> Iterator[Claim]:
    """Look by look: exposures, outcomes, ticks, and what experiment_effects says."""
    ids = furnish(admin, url, worlds, subjects)
    teller = Teller(rng, ids, History(), datetime.now(UTC) - timedelta(days=10))
    for world in range(worlds):
        teller.world(world, subjects)
    looks = []
    with psycopg.connect(url, autocommit=True) as caller:
        caller.execute(CALLER, [claims()])
        for look in range(LOOKS):
            report(caller, "exposures", teller.history.exposures[look])
            report(caller, "outcomes", teller.history.outcomes[look])
            counted(admin)
            cursor = caller.cursor(row_factory=dict_row)
            looks.append({(r["world"], r["metric_key"]): r for r in cursor.execute(EFFECTS)})
        splits = caller.execute(HEALTH).fetchall()
    wrong = [key for key, row in looks[-1].items() if not is_exact(row, teller.history, *key)]
    yield claim(
        "public road",
        "a mean differs from what was sent",
        (0.0, "at most"),
        np.isin(range(worlds), [w for w, _ in wrong]),
    )
    yield claim("public road", "SRM p < 0.05, one look", (ALPHA, "about"), np.array([p < ALPHA for p, _ in splits]))
    for metric in ("booked", "spend"):
        yield from judged(metric, looks, worlds, teller.history)


def is_exact(row: dict[str, Any], history: History, world: int, metric: str) -> bool:
    """N and mean of both arms, as they were made up."""
    for arm, side in enumerate(("control", "variant")):
        values = history.values[world, metric, arm]
        if row[f"n_{side}"] != len(values) or abs(row[f"mean_{side}"] - sum(values) / len(values)) > 1e-9 * PRICE:
            return False
    return True


def judged(
    metric: str, looks: list[dict[tuple[int, str], dict[str, Any]]], worlds: int, history: History
) -> Iterator[Claim]:
    """Alarms where nothing changed, coverage everywhere, power where something did."""
    last = [looks[-1][w, metric] for w in range(worlds)]
    same, moved = range(0, worlds, 2), range(1, worlds, 2)
    rows = history.naive if metric == "spend" else None
    naive = None if rows is None else np.array([naive_alarm(rows[w][-1]) for w in same])
    peeked = None if rows is None else np.array([any(naive_alarm(a) for a in rows[w]) for w in same])
    data = f"public road, {metric}"
    yield claim(
        data, "A/A: p < 0.05, one look", (ALPHA, "about"), np.array([last[w]["p_value"] < ALPHA for w in same]), naive
    )
    alarms = [
        any(look[w, metric]["verdict"] in {"better", "worse"} for look in looks if (w, metric) in look) for w in same
    ]
    yield claim(data, f"A/A: a verdict at any of {LOOKS} looks", (ALPHA, "at most"), np.array(alarms), peeked)
    inside = [last[w]["ci_low"] <= truth(w, metric) <= last[w]["ci_high"] for w in range(worlds)]
    yield claim(data, "95 % interval holds the truth", (1 - ALPHA, "about"), np.array(inside))
    yield claim(data, "A/B: found, one look", (None, "told"), np.array([last[w]["p_value"] < ALPHA for w in moved]))
    found = [last[w]["verdict"] == "better" for w in moved]
    yield claim(data, "A/B: verdict better, last look", (None, "told"), np.array(found))
