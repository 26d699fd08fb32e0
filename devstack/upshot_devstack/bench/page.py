"""What the page of an experiment's effects costs, in SQL and through the API, against the same numbers from raw rows."""

import argparse
import sys
import time

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.caller import Caller, percentiles
from upshot_devstack.bench.product import CATALOGUE, claims, install, run, workspace
from upshot_devstack.bench.scratch import scratch_stack
from upshot_devstack.stack import Devstack

# As many cells as 100 million events leave: 10 experiments x 2 arms x 3 metrics x 22 segments x 30 days of entry.
EXPERIMENTS = """
insert into public.intents (workspace_id, key, name) select %(w)s, 'i' || n, 'i' || n from generate_series(1, 8) n;
insert into public.outcome_metrics (workspace_id, key, name, kind, when_absent)
select %(w)s, k, k, case k when 'booked' then 'proportion' else 'mean' end, 'zero' from unnest(array['booked', 'revenue', 'calls']) k;
insert into public.experiments (workspace_id, key, name, environment_id, capability_id, segments)
select %(w)s, 'e' || n, 'e' || n, e.id, c.id, '{plan,model,country}' from generate_series(1, 10) n
join public.environments e on e.workspace_id = %(w)s and e.key = 'production'
join public.capabilities c on c.workspace_id = %(w)s and c.key = 'c0';
insert into public.variants (workspace_id, experiment_id, key, name, is_control)
select e.workspace_id, e.id, k, k, k = 'a' from public.experiments e cross join unnest(array['a', 'b']) k;
insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role)
select e.workspace_id, e.id, m.id, case m.key when 'booked' then 'primary' else 'secondary' end
from public.experiments e join public.outcome_metrics m on m.workspace_id = e.workspace_id;
select private.open_phase(e) from public.experiments e where e.workspace_id = %(w)s;
update public.experiments set state = 'active', started_at = now() where workspace_id = %(w)s
"""
CELLS = """
create temporary table cells as
select a.*, v.key = 'b' as is_treated, s.dimension, s.segment, d.day, case s.dimension when 'all' then 8000 else 1000 end::bigint as units
from public.experiment_phase_arms a
join public.variants v on v.id = a.variant_id
cross join (
  select 'all' as dimension, '' as segment union all select 'intent', id::text from public.intents union all
  select 'attribute:plan', 'p' || n from generate_series(1, 6) n union all
  select 'attribute:model', 'm' || n from generate_series(1, 4) n union all
  select 'attribute:country', 'c' || n from generate_series(1, 4) n) s
cross join (select current_date - n as day from generate_series(1, 30) n union all select 'infinity'::date) d;
insert into private.unit_cells
select workspace_id, experiment_id, phase_id, variant_id, 'counted', dimension, segment, day,
  case when day = 'infinity' then 30 else 1 end * units
from cells;
insert into private.effect_moments (workspace_id, experiment_id, metric_id, phase_id, variant_id, standing, dimension, segment,
  entry_day, units_with_value, outcomes_used, outcomes_before, outcomes_after, y, d, x, w, yy, yd, yx, yw, dd, dx, dw, xx, xw, ww)
select c.workspace_id, c.experiment_id, m.id, c.phase_id, c.variant_id, 'counted', c.dimension, c.segment, c.day, n, 3 * n, n, n,
  n * r, n, n * 0.31, n * 0.5, n * r * 1.7, n * r, n * r * 0.29, n * 0.11, n, n * 0.31, n * 0.5, n * 0.6, n * 0.31, n * 0.5
from cells c
join public.outcome_metrics m on m.workspace_id = c.workspace_id
cross join lateral (select case when c.day = 'infinity' then 30 else 1 end * c.units / 2 as n,
  0.61 + length(c.segment) % 7 / 100.0 + case c.dimension when 'intent' then 0.02 else 0 end
    + case when c.is_treated then 0.005 else 0 end as r) v
"""
# Whose window is open: too many to be told one by one, but in the last experiment.
OPEN = """
create temporary table open_units as
select a.workspace_id, a.experiment_id, a.phase_id, a.variant_id, a.variant_id::text || n as unit_id, i.id as intent_id, n
from public.experiment_phase_arms a join public.experiments e on e.id = a.experiment_id
cross join lateral generate_series(1, case when e.key = 'e9' then 150 else 151 end) n
join public.intents i on i.key = 'i' || (1 + n % 8);
insert into private.experiment_units (
  workspace_id, experiment_id, unit_id, phase_id, variant_id, entered_at, entry_day, intent_id, segments, standing)
select workspace_id, experiment_id, unit_id, phase_id, variant_id, current_date - interval '1 minute' * n, current_date - 1, intent_id,
  jsonb_build_object('plan', 'p' || 1 + n % 6, 'model', 'm' || 1 + n % 4, 'country', 'c' || 1 + n % 4), 'counted'
from open_units;
insert into private.unit_values (workspace_id, experiment_id, metric_id, unit_id, outcomes_used, outcomes_before, outcomes_after,
  x_count, y, d, x, w)
select u.workspace_id, u.experiment_id, m.id, u.unit_id, 1, 0, 0, 0, 1, 1, 0, 0
from open_units u join public.outcome_metrics m on m.workspace_id = u.workspace_id
"""
# One experiment more, from raw rows: what the same page costs without moments.
RAW = """
insert into public.experiments (workspace_id, key, name, environment_id, capability_id)
select %(w)s, 'raw', 'raw', e.id, c.id
from public.environments e join public.capabilities c on c.workspace_id = e.workspace_id and c.key = 'c0'
where e.workspace_id = %(w)s and e.key = 'production';
insert into public.variants (workspace_id, experiment_id, key, name, is_control)
select e.workspace_id, e.id, k, k, k = 'a' from public.experiments e cross join unnest(array['a', 'b']) k where e.key = 'raw';
insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role)
select e.workspace_id, e.id, m.id, 'secondary' from public.experiments e
join public.outcome_metrics m on m.workspace_id = e.workspace_id where e.key = 'raw';
select private.open_phase(e) from public.experiments e where e.key = 'raw';
update public.experiments set state = 'active', started_at = now() where key = 'raw';
insert into public.assignments (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, bucket, assigned_at, actor_kind)
select a.workspace_id, a.experiment_id, a.phase_id, a.variant_id, v.key || n, v.key || n, 0, now() - interval '10 days', 'service'
from public.experiment_phase_arms a join public.variants v on v.id = a.variant_id
join public.experiments e on e.id = a.experiment_id and e.key = 'raw' cross join generate_series(1, %(subjects)s / 2) n;
insert into public.outcomes (workspace_id, environment_id, metric_id, value, subject, occurred_at, source, source_event_id)
select a.workspace_id, e.environment_id, m.id, case m.key when 'booked' then 1 else 1 + k + bucket end, a.subject,
  a.assigned_at + interval '1 hour' * k, 'bench', a.subject || m.key || k
from public.assignments a join public.experiments e on e.id = a.experiment_id
join public.outcome_metrics m on m.workspace_id = a.workspace_id cross join generate_series(1, 3) k
"""
SEGMENTS = "select json_agg(f) from public.segment_effects f where f.experiment_id = %s"
EFFECTS = "select json_agg(f) from public.experiment_effects f where f.experiment_id = %s"
AS_OF = "select private.raw_effects(%s, null, false, false)"
ROWS = 22 * 3
LIST = "10 experiments, as the dashboard lists them"
FEW_OPEN = "where 300 windows are open, told one by one"
GOALS = {"22 segments x 3 metrics": 20.0, "the same through the API": 50.0}


def fill(url: str, subjects: int) -> tuple[list[str], str]:
    """The ids of the experiments with moments, and of the one with raw rows."""
    with psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin:
        w = workspace(admin, url)
        run(admin, CATALOGUE, w=w, capabilities=2, messages='[{"role": "user", "content": "x", "n": 0}]')
        admin.execute("set session_replication_role = replica")
        run(admin, EXPERIMENTS, w=w)
        admin.execute(CELLS.encode())
        admin.execute(OPEN.encode())
        run(admin, RAW, w=w, subjects=subjects)
        admin.execute("set session_replication_role = origin")
        admin.execute("vacuum analyze")
        rows: dict[str, str] = dict(
            admin.execute("select key, id::text from public.experiments order by key").fetchall()
        )
    raw = rows.pop("raw")
    return list(rows.values()), raw


def fetch(client: httpx.Client, view: str, expected: int, **params: str) -> float:
    """Milliseconds of one request through the API."""
    started = time.perf_counter()
    answer = client.get(f"/rest/v1/{view}", params=params)
    elapsed = (time.perf_counter() - started) * 1000
    if len(answer.json()) != expected:
        raise RuntimeError(answer.text[:500])
    return elapsed


def measure(stack: Devstack, subjects: int, calls: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Milliseconds by what was asked, in one run: by the clock, and of the server's processor."""
    env = stack.env()
    url = env["DB_URL"]
    install(url)
    experiments, raw = fill(url, subjects)
    kept, listed = experiments[0], f"in.({','.join(experiments)})"
    login = url.replace("//postgres:", "//authenticator:", 1)
    found: dict[str, list[float]] = {
        "one lookup": [],
        "effects of 3 metrics": [],
        **{name: [] for name in GOALS},
        FEW_OPEN: [],
        LIST: [],
    }
    questions = [
        ("one lookup", "select to_jsonb(e) from public.experiments e where e.id = %s", kept),
        ("effects of 3 metrics", EFFECTS, kept),
        ("22 segments x 3 metrics", SEGMENTS, kept),
        (FEW_OPEN, SEGMENTS, experiments[-1]),
    ]
    spent: dict[str, list[float]] = {name: [] for name, _, _ in questions}
    headers = {"apikey": env["SECRET_KEY"]}
    with Caller(login, claims()) as api, httpx.Client(base_url=env["API_URL"], headers=headers, timeout=60) as client:
        for _ in range(calls):
            for name, query, experiment in questions:
                elapsed, busy = api.cost(query, [experiment])
                found[name].append(elapsed)
                spent[name].append(busy)
            found["the same through the API"].append(fetch(client, "segment_effects", ROWS, experiment_id=f"eq.{kept}"))
            # As the dashboard's list asks.
            found[LIST].append(
                fetch(client, "experiment_effects", len(experiments), experiment_id=listed, metric_role="eq.primary")
            )
    found[f"3 metrics from raw rows, {subjects:,} subjects"] = from_raw_rows(url, raw)
    return found, spent


def from_raw_rows(url: str, experiment: str) -> list[float]:
    """Milliseconds of the same effects without moments. As the owner: the API ends a statement after eight seconds."""
    times = []
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("set statement_timeout = 0")
        for _ in range(3):
            started = time.perf_counter()
            owner.execute(AS_OF, [experiment])
            times.append((time.perf_counter() - started) * 1000)
    return times


def main() -> None:
    """Fill, ask in turn, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench page")
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=200)
    options = parser.parse_args()
    with scratch_stack() as stack:
        found, spent = measure(stack, options.subjects, options.calls)
    table = Table("milliseconds", "p50", "p95", "p99", "processor p50", "processor p99", "goal p99")
    for name, times in found.items():
        goal = GOALS.get(name)
        cuts = percentiles(times[len(times) // 10 :])
        said = "" if goal is None else f"{goal:.0f}: {'met' if cuts[2] <= goal else 'missed'}"
        busy = percentiles(spent[name][len(times) // 10 :]) if name in spent else None
        table.add_row(
            name,
            *(f"{value:.1f}" for value in cuts),
            *([f"{busy[0]:.1f}", f"{busy[2]:.1f}"] if busy else ["", ""]),
            said,
        )
    Console(file=sys.stdout, width=130).print(table)


if __name__ == "__main__":
    main()
