"""What a metric over time costs to read, from a year of days and hours filled to the cells that 100 million events leave."""

import argparse
import sys

import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.caller import Caller, percentiles
from upshot_devstack.bench.days import FURNITURE
from upshot_devstack.bench.product import BUNDLE, CATALOGUE, claims, install, run, workspace
from upshot_devstack.bench.scratch import scratch_stack

GOAL = 100.0
# 8 intents x 6 actions x 4 models, a year of days, and 13 weeks of hours.
CELLS = """
insert into public.actions (workspace_id, capability_id, key, name, position)
select %(w)s, c.id, 'a' || n, 'a' || n, n from public.capabilities c cross join generate_series(1, 6) n
where c.workspace_id = %(w)s and c.key = 'c0';
create temporary table places as
select n.*, i.id as intent_id, a.id as action_id, 'm' || m as model
from names n cross join public.intents i cross join public.actions a cross join generate_series(1, 4) m
where i.workspace_id = %(w)s and a.workspace_id = %(w)s;
insert into private.daily_cells (id, workspace_id, environment_id, capability_id, day, metric_id, action_id, intent_id,
  prompt_version_id, provider, requested_model, model, n, y, yy, d, dd, yd)
select gen_random_uuid(), %(w)s, e, c, current_date - d, m, action_id, intent_id, v, 'openai', model, model,
  90, case when m is null then 0 else 40 + d %% 7 + 0.25 end, 55, 90, 90, 40 + d %% 7 + 0.25
from places cross join generate_series(0, 400) d cross join lateral (select null::uuid as m union all select unnest(metrics)) k;
insert into private.hourly_calls (id, workspace_id, environment_id, capability_id, hour, action_id, intent_id,
  prompt_version_id, provider, requested_model, model, calls, errors, latency_ms, latency_squares, priced_calls, cost_usd,
  metered_calls, input_tokens, output_tokens)
select gen_random_uuid(), %(w)s, e, c, date_trunc('hour', now()) - h * interval '1 hour', action_id, intent_id, v, 'openai', model,
  model, 60 + h %% 24, 1, 30000.5, 2e7, 60, 0.25, 60, 9000, 3000
from places cross join generate_series(0, 13 * 7 * 24) h
"""
SERIES = "select json_agg(s) from public.metric_series(metric => %s, since => now() - %s::interval, grain => %s{}) s"
ASKED = {
    "an outcome, four weeks by day": ("booked", "28 days", "day", ""),
    "an outcome, a year by day": ("booked", "365 days", "day", ""),
    "an outcome of one intent, a year by day": ("booked", "365 days", "day", ", capability => 'c0', intent => 'i3'"),
    "calls, a week by hour": ("calls.count", "7 days", "hour", ""),
    "calls of one model, four weeks by hour": ("calls.count", "28 days", "hour", ", model => 'm2'"),
    "latency, four weeks by day": ("calls.latency_ms", "28 days", "day", ""),
}


def fill(url: str) -> None:
    """The tiers, written by set."""
    with psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin:
        w = workspace(admin, url)
        run(admin, CATALOGUE, w=w, capabilities=2, messages=BUNDLE)
        run(admin, FURNITURE, w=w)
        admin.execute("set session_replication_role = replica")
        run(admin, CELLS, w=w)
        admin.execute("set session_replication_role = origin")
        admin.execute("select private.rebuild_totals(%s)", [w])
        admin.execute(
            "vacuum analyze private.daily_cells, private.hourly_calls, private.day_totals, private.hour_totals"
        )


def main() -> None:
    """Fill, ask in turn, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench series")
    parser.add_argument("--calls", type=int, default=50)
    options = parser.parse_args()
    found: dict[str, list[tuple[float, float]]] = {"one lookup": [], **{name: [] for name in ASKED}}
    with scratch_stack() as stack:
        url = stack.env()["DB_URL"]
        install(url)
        fill(url)
        with Caller(url.replace("//postgres:", "//authenticator:", 1), claims()) as api:
            for _ in range(options.calls):
                found["one lookup"].append(api.cost("select to_jsonb(w) from public.workspaces w limit %s", [1]))
                for name, (metric, span, grain, more) in ASKED.items():
                    found[name].append(api.cost(SERIES.format(more), [metric, span, grain]))
    table = Table("milliseconds", "p50", "p95", "p99", f"goal {GOAL:.0f}", "processor p50", "processor p99")
    for name, costs in found.items():
        times, busy = (percentiles(column) for column in zip(*costs[len(costs) // 10 :], strict=True))
        told = (*(f"{value:.1f}" for value in times), "met" if times[2] <= GOAL else "missed")
        table.add_row(name, *told, f"{busy[0]:.1f}", f"{busy[2]:.1f}")
    Console(file=sys.stdout, width=110).print(table)


if __name__ == "__main__":
    main()
