"""Slices: what a read costs at full cells, what counting costs an event, and whether their intervals hold what they promise."""

import argparse
import sys
import time

import numpy as np
import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.caller import Caller, busy, percentiles
from upshot_devstack.bench.page import EXPERIMENTS
from upshot_devstack.bench.product import CATALOGUE, claims, install, run, workspace
from upshot_devstack.bench.scratch import scratch_stack
from upshot_devstack.stack import Devstack

BUCKETS = 64
LEVEL = 0.95
RATIO = """
insert into public.outcome_metrics (workspace_id, key, name, kind, numerator_metric_id, denominator_metric_id)
select %(w)s, 'r', 'r', 'ratio', n.id, d.id from public.outcome_metrics n join public.outcome_metrics d on d.key = 'calls'
where n.key = 'booked';
insert into public.experiments (workspace_id, key, name, environment_id, capability_id)
select %(w)s, 'draw' || n, 'draw', e.id, c.id from generate_series(1, %(draws)s) n
join public.environments e on e.workspace_id = %(w)s and e.key = 'production'
join public.capabilities c on c.workspace_id = %(w)s and c.key = 'c1';
insert into public.variants (workspace_id, experiment_id, key, name, is_control)
select e.workspace_id, e.id, k, k, k = 'a' from public.experiments e cross join unnest(array['a', 'b']) k where e.key like 'draw%%';
insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role)
select e.workspace_id, e.id, m.id, 'primary' from public.experiments e join public.outcome_metrics m on m.key = 'r'
where e.key like 'draw%%';
select private.open_phase(e) from public.experiments e where e.key like 'draw%%';
update public.experiments set state = 'active', started_at = now() where key like 'draw%%'
"""
# Every cell of an experiment, 8 intents x 6 actions x 4 models x 2 arms, and its sums by one of these and by none, for 30 days.
FULL = """
insert into private.cube_cells
select a.workspace_id, a.experiment_id, m.id, a.phase_id, a.variant_id, 'counted', i.v, n.v, k.v, current_date - g, s.y, s.d
from public.experiment_phase_arms a
join public.experiments e on e.id = a.experiment_id and e.key = 'e5'
join public.outcome_metrics m on m.workspace_id = a.workspace_id
cross join (select id::text from public.intents union all select '(all)') i (v)
cross join (select 'a' || generate_series(1, 6) union all select '(all)') n (v)
cross join (select 'm' || generate_series(1, 4) union all select '(all)') k (v)
cross join generate_series(1, 30) g
cross join (
  select array_agg(10 + b * 3 % 7)::numeric[] as y, array_agg(20 + b % 5)::numeric[] as d from generate_series(1, 64) b) s
where m.key in ('booked', 'revenue', 'calls')
  and (i.v = '(all)')::integer + (n.v = '(all)')::integer + (k.v = '(all)')::integer <> 1
"""
ONE = "select json_agg(f) from public.slice_effects(%s, metric => 'revenue'{}) f"
WEEK = ", from_day => current_date - 7, to_day => current_date"
READS = {
    "one lookup": "select to_jsonb(e) from public.experiments e where e.id = %s",
    "7 days, everything": ONE.format(WEEK),
    "7 days, one model": ONE.format(", model => 'm1'" + WEEK),
    "7 days, an intent and a model": ONE.format(", model => 'm1', intent => 'i1'" + WEEK),
    "30 days, everything": ONE.format(", from_day => current_date - 30"),
    "30 days, one model": ONE.format(", model => 'm1'"),
    "30 days, an intent and a model": ONE.format(", model => 'm1', intent => 'i1'"),
    "30 days, 3 metrics, one model": "select json_agg(f) from public.slice_effects(%s, model => 'm1') f",
}
GOAL = 100.0
BATCHES = 6
# Streams of one external experiment: a fifth of the subjects are new, everybody calls twice, and one of two comes to something.
STREAM = """
insert into public.exposures (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, intent_id, exposed_at, source,
  source_event_id)
select a.workspace_id, a.experiment_id, a.phase_id, a.variant_id, 'u' || n, 'u' || n, i.ids[1 + (hashint4(n) & 7)], now() - interval '3 days',
  'bench', 'x' || n
from generate_series(%(first)s::integer, %(last)s) n
join public.experiments e on e.key = 'e5'
join public.experiment_phase_arms a on a.experiment_id = e.id
join public.variants v on v.id = a.variant_id and v.key = case n %% 2 when 0 then 'a' else 'b' end
cross join (select array_agg(id) as ids from public.intents) i;
insert into public.inferences (id, workspace_id, environment_id, subject, capability_id, action_id, prompt_version_id, provider,
  requested_model, started_at, latency_ms, status)
select private.uuidv7(), e.workspace_id, e.environment_id, 'u' || s, e.capability_id, md5('a' || (hashint4(n + 1000000) & 1023) %% 6)::uuid, p.id, 'local',
  'm' || (hashint4(n + 2000000) & 3), now() - interval '2 days' + %(step)s * interval '1 hour' + n * interval '100 ms', n %% 900, 'ok'
from generate_series(0, %(calls)s - 1) n
cross join lateral (select %(last)s - (n * 7919) %% %(known)s as s) at
join public.experiments e on e.key = 'e5'
cross join (select id from public.prompt_versions limit 1) p;
insert into public.outcomes (workspace_id, environment_id, metric_id, value, subject, occurred_at, source, source_event_id)
select e.workspace_id, e.environment_id, m.ids[1 + n %% 2], 1 + n %% 7, 'u' || s, now() - interval '2 days' + %(step)s * interval '1 hour' + n * interval '200 ms', 'bench',
  'o' || %(first)s || '-' || n
from generate_series(0, %(calls)s / 2 - 1) n
cross join lateral (select %(last)s - (n * 104729) %% %(known)s as s) at
join public.experiments e on e.key = 'e5'
cross join (select array_agg(id order by key) as ids from public.outcome_metrics where key in ('booked', 'revenue')) m
"""


def made(stack: Devstack) -> tuple[psycopg.Connection, str]:
    """A workspace with one running experiment."""
    url = stack.env()["DB_URL"]
    install(url)
    admin = psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True)
    w = workspace(admin, url)
    run(admin, CATALOGUE, w=w, capabilities=2, messages='[{"role": "user", "content": "x", "n": 0}]')
    admin.execute("set session_replication_role = replica")
    run(admin, EXPERIMENTS, w=w)
    admin.execute("update public.experiments set assigned_by = 'external'")
    admin.execute("delete from public.experiments where key <> 'e5'")
    admin.execute("set session_replication_role = origin")
    admin.execute("select private.mark_stale(array(select id from public.experiments))")
    return admin, str(w)


def settled(admin: psycopg.Connection, verb: str) -> tuple[float, float]:
    """Seconds of work until there is nothing to do, and seconds that the longest step took."""
    before, longest, state = busy(admin), 0.0, "moved"
    while state == "moved":
        started = time.perf_counter()
        said = admin.execute(f"select private.{verb}()").fetchone()
        state = "idle" if said is None else said[0]["state"]
        longest = max(longest, time.perf_counter() - started)
    return busy(admin) - before, longest


def counting(admin: psycopg.Connection, steps: int, calls: int) -> dict[str, list[tuple[float, float]]]:
    """Microseconds an event and the longest step, batch after batch: of the compactor, and of the cube after it."""
    new = calls // 5
    spent: dict[str, list[tuple[float, float]]] = {"compact": [], "compact_slices": []}
    for step in range(steps + 1):
        first = step * new + 1
        run(admin, STREAM, first=first, last=first + new - 1, calls=calls, known=first + new - 1, step=step)
        for verb, times in spent.items():
            took, longest = settled(admin, verb)
            # At first the experiment is counted from its beginning.
            if step:
                times.append((took / (calls + calls // 2 + new) * 1e6, longest))
    return spent


def drawn(rng: np.random.Generator, subjects: int, share: float) -> tuple[list[float], list[float]]:
    """One arm's buckets: heavy-tailed calls, each subject with a rate of its own; a share of the calls is in the slice."""
    calls = 1 + rng.negative_binomial(1, 0.1, subjects) * rng.choice([1, 1, 1, 5], subjects)
    d = rng.binomial(calls, share)
    y = rng.binomial(d, rng.beta(2, 2, subjects))
    bucket = rng.integers(0, BUCKETS, subjects)
    return [list(np.bincount(bucket, x, BUCKETS)) for x in (y, d)]  # type: ignore[return-value]


CELL = """
insert into private.cube_cells
select a.workspace_id, a.experiment_id, m.id, a.phase_id, a.variant_id, 'counted', '(all)', '(all)', 'm', current_date,
  array(select nullif(v, 0) from unnest(%s::numeric[]) with ordinality u (v, n) order by n),
  array(select nullif(v, 0) from unnest(%s::numeric[]) with ordinality u (v, n) order by n)
from public.experiments e
join public.experiment_phase_arms a on a.experiment_id = e.id
join public.variants v on v.id = a.variant_id and v.key = %s
join public.outcome_metrics m on m.key = 'r'
where e.key = %s
"""
ANSWERS = """
select s.ci_low, s.ci_high from public.experiments e cross join lateral public.slice_effects(e.id, model => 'm') s
where e.key like 'draw%'
"""


def covered(admin: psycopg.Connection, url: str, draws: int, subjects: int, share: float) -> float:
    """How many of the intervals of experiments in which nothing happened hold zero, as a member reads them."""
    rng = np.random.default_rng(subjects)
    admin.execute(
        "delete from private.cube_cells c using public.experiments e where e.id = c.experiment_id and e.key like 'draw%'"
    )
    with admin.cursor() as cursor:
        cursor.executemany(CELL, [
            (*drawn(rng, subjects, share), arm, f"draw{n}") for n in range(1, draws + 1) for arm in "ab"
        ])  # fmt: skip
    with Caller(url.replace("//postgres:", "//authenticator:", 1), claims()) as api:
        api.in_session()
        # The API ends a statement after eight seconds; this one asks for all draws.
        api.connection.execute("set statement_timeout = 0")
        rows = api.connection.execute(ANSWERS).fetchall()
    return float(np.mean([low <= 0 <= high for low, high in rows if low is not None]))


def read(admin: psycopg.Connection, url: str, calls: int) -> dict[str, list[float]]:
    """Milliseconds by what was asked, asked in turn."""
    admin.execute("delete from private.cube_cells")
    admin.execute(FULL.encode())
    admin.execute("vacuum analyze private.cube_cells")
    (kept,) = admin.execute("select id::text from public.experiments where key = 'e5'").fetchone() or ("",)
    found: dict[str, list[float]] = {name: [] for name in READS}
    with Caller(url.replace("//postgres:", "//authenticator:", 1), claims()) as api:
        for _ in range(calls):
            for name, query in READS.items():
                found[name].append(api.ask(query, [kept])[0])
    return found


def main() -> None:
    """Count, read, draw; print."""
    parser = argparse.ArgumentParser(prog="scripts/bench slices")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--draws", type=int, default=1_500)
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=110)
    with scratch_stack() as stack:
        url = stack.env()["DB_URL"]
        admin, w = made(stack)
        cost = Table("counting", "µs of CPU an event", "first batch", "last", "longest step, s")
        for verb, batches in counting(admin, BATCHES, options.events).items():
            micros, longest = zip(*batches, strict=True)
            cost.add_row(verb, *(f"{n:.1f}" for n in (np.mean(micros), micros[0], micros[-1], max(longest))))
        console.print(cost)
        table = Table("milliseconds", "p50", "p95", "p99", f"p99 ≤ {GOAL:.0f}")
        for name, times in read(admin, url, options.calls).items():
            cuts = percentiles(times[len(times) // 10 :])
            table.add_row(name, *(f"{value:.1f}" for value in cuts), "met" if cuts[2] <= GOAL else "missed")
        console.print(table)
        admin.execute("set session_replication_role = replica")
        run(admin, RATIO, w=w, draws=options.draws)
        table = Table("A/A: 95 % interval of a slice holds zero", "seen", "± MC error", "0.94 to 0.96")
        for subjects, share in ((300, 1.0), (2000, 1.0), (2000, 0.05), (8000, 1.0)):
            seen = covered(admin, url, options.draws, subjects, share)
            error = (LEVEL * (1 - LEVEL) / options.draws) ** 0.5
            table.add_row(
                f"{subjects} subjects an arm, {share:.0%} of calls", f"{seen:.3f}", f"{error:.3f}",
                "met" if abs(seen - LEVEL) <= 0.01 else "missed",  # noqa: PLR2004 - the goal itself
            )  # fmt: skip
        console.print(table)


if __name__ == "__main__":
    main()
