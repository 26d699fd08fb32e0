"""What the daily tier costs per event, against writing the same events, in one run."""

import argparse
import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.product import BUNDLE, CATALOGUE, install, run, workspace
from upshot_devstack.bench.scratch import scratch_stack

GOAL = 15.0  # microseconds of processor time per event
CALLS, OUTCOMES = 20_000, 10_000  # what comes in two seconds
WARM = 3

FURNITURE = """
insert into public.outcome_metrics (workspace_id, key, name, kind, when_absent)
select %(w)s, k, k, case k when 'booked' then 'proportion' else 'mean' end, case k when 'minutes' then 'exclude' else 'zero' end
from unnest(array['booked', 'minutes', 'spend']) k;
insert into public.intents (workspace_id, key, name) select %(w)s, 'i' || n, 'i' || n from generate_series(1, 8) n;
create temporary table names as
select (select id from public.environments where workspace_id = %(w)s and key = 'production') as e,
  (select id from public.capabilities where workspace_id = %(w)s and key = 'c0') as c,
  (select v.id from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
    where p.workspace_id = %(w)s and p.key = 'c0' and v.number = 1) as v,
  (select array_agg(id) from public.intents where workspace_id = %(w)s) as intents,
  (select array_agg(id) from public.outcome_metrics where workspace_id = %(w)s) as metrics;
create temporary table ids (n integer primary key, id uuid)
"""
# Any subject may come at any time; every fifth outcome names its call alone.
EVENTS = """
truncate ids;
insert into ids select n, private.uuidv7() from generate_series(1, %(calls)s) n;
insert into public.inferences (id, workspace_id, environment_id, subject, conversation, capability_id, intent_id,
  prompt_version_id, provider, requested_model, resolved_model, started_at, latency_ms, input_tokens, output_tokens,
  cost_usd, status)
select id, %(w)s, e, 's' || s, 'c' || s, c, intents[1 + n %% 8], v, 'openai', 'm' || n %% 4, 'm' || n %% 4 || '-1',
  now() + n * interval '0.1 millisecond', round((300 + 500 * random())::numeric, 2), 200 + n %% 100, 50 + n %% 50,
  round(random()::numeric / 100, 5), case when n %% 50 = 0 then 'error' else 'ok' end
from names cross join (select n, id, floor(random() * %(subjects)s)::int as s from ids) as drawn;
insert into public.outcomes (workspace_id, environment_id, metric_id, value, subject, inference_id, occurred_at, source,
  source_event_id)
select %(w)s, e, metrics[1 + n %% 3], case when n %% 3 = 0 then 1 else round((100 * random())::numeric, 2) end,
  case when n %% 5 > 0 then 's' || floor(random() * %(subjects)s)::int end, case when n %% 5 = 0 then id end,
  now() + interval '2 seconds', 'bench', id
from names cross join ids where n <= %(outcomes)s
"""


@contextmanager
def spent(admin: psycopg.Connection, into: list[float]) -> Iterator[None]:
    """Seconds of processor time of the connection's server process: whoever else is at work does not count."""
    stat = Path(f"/proc/{admin.info.backend_pid}/stat")

    def used() -> float:
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    before = used()
    yield
    into.append(used() - before)


def idle(admin: psycopg.Connection, verb: str) -> None:
    """Tick until there is nothing left."""
    while admin.execute(f"select private.{verb}() ->> 'state'").fetchone() == ("moved",):
        pass


def rounds(admin: psycopg.Connection, url: str, count: int) -> dict[str, list[float]]:
    """Processor seconds by what was done, a round each."""
    w = workspace(admin, url)
    run(admin, CATALOGUE, w=w, capabilities=2, messages=BUNDLE)
    run(admin, FURNITURE, w=w)
    admin.execute("select private.keep_partitions()")
    admin.execute("set session_replication_role = replica")
    found: dict[str, list[float]] = {"rows written": [], "days counted": []}
    for n in range(count):
        with spent(admin, found["rows written"]), admin.transaction():
            run(admin, EVENTS, w=w, calls=CALLS, outcomes=OUTCOMES, subjects=CALLS * count // 10)
        idle(admin, "compact")
        with spent(admin, found["days counted"]):
            idle(admin, "compact_days")
        if n == WARM:
            admin.execute("analyze")
    wrong = admin.execute("select count(*) from private.verify_days(%s)", [w]).fetchone()
    if wrong != (0,):
        raise RuntimeError(f"{wrong} rows differ from a recomputation")
    return found


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench days")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with scratch_stack() as stack:
        url = stack.env()["DB_URL"]
        install(url)
        with psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin:
            found = rounds(admin, url, options.rounds)
    table = Table("microseconds of a processor per event", "median", "best", "worst")
    for name, times in found.items():
        each = [seconds * 1e6 / (CALLS + OUTCOMES) for seconds in times[WARM:]]
        table.add_row(name, *(f"{value:.1f}" for value in (statistics.median(each), min(each), max(each))))
    console = Console(file=sys.stdout, width=110)
    console.print(table)
    counted, written = (statistics.median(found[name][WARM:]) for name in ("days counted", "rows written"))
    met = counted * 1e6 / (CALLS + OUTCOMES) <= GOAL
    console.print(f"ratio {counted / written:.2f}; goal {GOAL:.0f} microseconds: {'met' if met else 'missed'}")


if __name__ == "__main__":
    main()
