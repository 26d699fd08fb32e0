"""A mix of calls and outcomes kept up for as long as one likes: how fresh results stay, at which rate, and what it costs."""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle

import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.caller import SETTINGS, Caller, percentiles
from upshot_devstack.bench.ingest import INSERT, Events, furnish
from upshot_devstack.bench.mix import ARMS, EXPERIMENTS, LATENCY, TURN, Arms, Writer, known_subjects
from upshot_devstack.bench.product import claims, install, run
from upshot_devstack.bench.scratch import scratch_stack

GOAL = 1.0
WRITERS = 4
KNOWN_STEP = 20_000
TIERS = {"results": "compact", "days": "compact_days", "slices": "compact_slices"}
SETTLE = 900.0
EFFECTS = "select json_agg(f) from public.experiment_effects f where f.experiment_id = %s"
BARE_OUTCOMES = """
insert into bench.outcomes (workspace_id, environment_id, metric_id, value, subject, conversation, inference_id, occurred_at,
  source, source_event_id)
select %s, %s, %s, r.value, r.subject, r.conversation, r.inference_id, r.occurred_at, r.source, r.source_event_id
from jsonb_to_recordset(%s) as r (value float8, subject text, conversation text, inference_id uuid, occurred_at timestamptz,
  source text, source_event_id text)
on conflict do nothing"""
BARE = {"inferences": INSERT["inferences"], "outcomes": BARE_OUTCOMES}
AS_OWNER = "select set_config('request.jwt.claims', %s, false), set_config('role', 'authenticated', false)"
KEPT = ("experiment_units", "unit_values", "outcome_places", "effect_moments", "unit_cells", "unit_days", "daily_cells")
GROWTH = """
select c.relname, pg_total_relation_size(c.oid) as bytes, coalesce(s.n_live_tup, 0), coalesce(s.n_dead_tup, 0),
  coalesce(s.autovacuum_count, 0)
from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_user_tables s on s.relid = c.oid
where n.nspname = 'private' and c.relname = any (%s) order by bytes desc
"""
WRONG = """
select (select count(*) from public.experiments e cross join private.verify(e.id)),
  (select count(*) from public.workspaces w cross join private.verify_days(w.id)),
  (select count(*) from public.experiments e cross join private.verify_slices(e.id))
"""
RAW = """
select '(raw tables)', sum(pg_total_relation_size(i.inhrelid)), sum(s.n_live_tup)::bigint, sum(s.n_dead_tup)::bigint,
  sum(s.autovacuum_count)::bigint
from pg_inherits i join pg_stat_user_tables s on s.relid = i.inhrelid
where i.inhparent in ('public.inferences'::regclass, 'public.outcomes'::regclass, 'public.exposures'::regclass)
"""


@dataclass
class Mix:
    """What writers, the reader and the clock saw, of one rate."""

    rows: int = 0
    sent: deque[tuple[int, float]] = field(default_factory=deque)
    lags: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass
class Bench:
    """The stack that is measured."""

    url: str
    events: Events
    arms: Arms
    writers: list[Writer]

    def own(self, role: str = "supabase_admin") -> psycopg.Connection:
        """A connection that looks on."""
        return psycopg.connect(self.url.replace("//postgres:", f"//{role}:", 1), autocommit=True)

    def caller(self) -> Caller:
        """A connection of the API."""
        return Caller(self.url.replace("//postgres:", "//authenticator:", 1), claims())


def send(caller: Caller, verb: str, body: str) -> int:
    """One batch as the API sends it; the transaction that wrote it."""
    connection = caller.connection
    with connection.pipeline(), connection.transaction():
        connection.execute(SETTINGS, [claims()])
        cursor = connection.execute(f"select public.record_{verb}(%s) -> 'errors', pg_current_xact_id()::text", [body])
    row = cursor.fetchone()
    if row is None or row[0]:
        raise RuntimeError(str(row)[:500])
    return int(row[1])


def write(bench: Bench, writer: Writer, mix: Mix, until: float, gap: float) -> None:
    """Turn after turn, as often as asked or as fast as it goes."""
    due = time.monotonic() + gap * writer.number / len(bench.writers)
    with bench.caller() as caller:
        while time.monotonic() < until:
            time.sleep(max(0.0, due - time.monotonic()))
            for verb, rows, body in writer.turn():
                started = time.perf_counter()
                tx = send(caller, verb, body)
                mix.calls.append((time.perf_counter() - started) * 1000)
                mix.sent.append((tx, time.monotonic()))
                mix.rows += rows
            due = max(due + gap, time.monotonic() - 1)


def read(bench: Bench, mix: Mix, over: threading.Event) -> None:
    """A dashboard that asks five times a second."""
    with bench.caller() as caller:
        for experiment_id, _ in cycle(bench.arms.experiments):
            if over.wait(0.2):
                return
            mix.pages.append(caller.ask(EFFECTS, [experiment_id])[0])


def watch(bench: Bench, mix: Mix, over: threading.Event) -> None:
    """When each batch was counted: from its commit until anybody may see it in the results."""
    with bench.own() as own:
        while not over.wait(0.02):
            row = own.execute("select lo from private.watermark").fetchone()
            seen = time.monotonic()
            for _ in range(len(mix.sent)):
                tx, committed = mix.sent.popleft()
                if row and tx < row[0]:
                    mix.lags.append(max(0.0, seen - committed))
                else:
                    mix.sent.append((tx, committed))


def together(works: list[Callable[[], None]], mix: Mix) -> list[threading.Thread]:
    """Each at work in a thread of its own; what one of them dies of is kept."""

    def tried(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - any death of a writer makes the figures worthless, and is told
            mix.faults.append(repr(error)[:300])

    threads = [threading.Thread(target=tried, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    return threads


def mixed(bench: Bench, rate: float, seconds: float) -> Mix:
    """So many events a second, for so long; then until the last is counted."""
    mix, over = Mix(), threading.Event()
    gap = sum(TURN.values()) * len(bench.writers) / rate
    until = time.monotonic() + seconds
    lookers = together([partial(watch, bench, mix, over), partial(read, bench, mix, over)], mix)
    for thread in together([partial(write, bench, w, mix, until, gap) for w in bench.writers], mix):
        thread.join(seconds + SETTLE)
    deadline = time.monotonic() + SETTLE
    while mix.sent and not mix.faults and time.monotonic() < deadline:
        time.sleep(0.05)
    over.set()
    for thread in lookers:
        thread.join(SETTLE)
    if mix.faults or mix.sent:
        raise RuntimeError(f"{mix.faults or 'not counted in the end'}")
    return mix


def bare(bench: Bench, seconds: float) -> tuple[float, float]:
    """Rows a second, and bytes of WAL a row, of the same bodies put into the same tables as they are."""
    mix = Mix()
    until = time.monotonic() + seconds

    def put(writer: Writer) -> None:
        with bench.own() as own:
            while time.monotonic() < until:
                for verb, rows, body in writer.turn():
                    if verb in BARE:
                        own.execute(BARE[verb], [*bench.events.fixed(verb), body])
                        mix.rows += rows

    with bench.own() as own:
        before, started = wal(own), time.monotonic()
        for thread in together([partial(put, writer) for writer in bench.writers], mix):
            thread.join()
        took = time.monotonic() - started
        if mix.faults:
            raise RuntimeError(mix.faults[0])
        return mix.rows / took, (wal(own) - before) / mix.rows


def wal(own: psycopg.Connection) -> float:
    """Bytes of WAL until now."""
    row = own.execute("select pg_current_wal_lsn() - '0/0'").fetchone()
    return float(row[0]) if row else 0.0


@contextmanager
def worker(env: dict[str, str]) -> Iterator[None]:
    """The product's own worker beside the stack, as an operator runs it."""
    command = [sys.executable, "-m", "upshot", "worker"]
    own = {"SUPABASE_URL": env["API_URL"], "SUPABASE_SECRET_KEY": env["SECRET_KEY"], "UPSHOT_LOG_LEVEL": "warning"}
    process = subprocess.Popen(command, env=os.environ | own)  # noqa: S603 - our own worker
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def drain(admin: psycopg.Connection) -> dict[str, float]:
    """Count all that is there, of every tier, as fast as it goes; the seconds that each of them took."""
    took = {}
    for name, tier in TIERS.items():
        began, state = time.monotonic(), None
        while state != "idle":
            row = admin.execute(f"select private.{tier}() ->> 'state'").fetchone()
            state = row and row[0]
            if time.monotonic() - began > SETTLE:
                raise RuntimeError(f"{tier} does not come to an end")
        took[name] = time.monotonic() - began
    return took


def prepared(url: str, subjects: int, experiments: int, *, calls: bool, report: Callable[[str], None]) -> Bench:
    """A workspace with running experiments and the subjects that have been there for long."""
    install(url)
    with psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin:
        events = furnish(admin, url)
        admin.execute("select private.keep_partitions()")
        names = {"w": events.workspace_id, "e": events.names["environment_id"], "c": events.names["capability_id"]}
        if calls:
            run(admin, LATENCY, w=events.workspace_id)
        run(admin, EXPERIMENTS, **names, n=experiments, calls=calls)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(AS_OWNER, [claims()])
            owner.execute("select public.activate(e.id, e.revision) from public.experiments e")
        arms = Arms([(row[0], row[1]) for row in admin.execute(ARMS)])
        started = time.monotonic()
        for _ in known_subjects(admin, experiments, subjects, KNOWN_STEP):
            admin.execute("select private.compact()")
        drain(admin)
        took = time.monotonic() - started
        report(f"{subjects:,} subjects exposed and counted in {took:.1f} s: {took / subjects * 1e6:.0f} µs each")
        admin.execute("analyze")
    return Bench(url, events, arms, [Writer(n, events, arms, subjects) for n in range(WRITERS)])


def wrong(bench: Bench) -> dict[str, int]:
    """Rows of results that differ from a recompute: there must be none."""
    with bench.own() as own:
        own.execute("set work_mem = '256MB'")
        rows = own.execute(WRONG).fetchone()
    return dict(zip(("results", "days", "slices"), rows or (-1, -1, -1), strict=True))


def sizes(bench: Bench) -> dict[str, tuple[float, int, int, int]]:
    """Of each kept table and of the raw ones its megabytes, live and dead rows, and how often it was vacuumed."""
    with bench.own() as own:
        rows = [*own.execute(GROWTH, [list(KEPT)]), *own.execute(RAW)]
    return {name: (float(size) / 1e6, live, dead, vacuums) for name, size, live, dead, vacuums in rows}


def growth(before: dict[str, tuple[float, int, int, int]], after: dict[str, tuple[float, int, int, int]]) -> Table:
    """How the tables grew."""
    table = Table("table", "MB before", "after", "live rows", "dead rows", "autovacuums")
    for name, (size, live, dead, vacuums) in after.items():
        table.add_row(name, f"{before[name][0]:.1f}", f"{size:.1f}", f"{live:,}", f"{dead:,}", str(vacuums))
    return table


COLUMNS = (
    "events/s asked", "reached", "/ bare", "fresh p50", "p99", "worst s", "batch ms p50", "p99", "page ms p50", "p99", "WAL / raw", "",
)  # fmt: skip


def soak(bench: Bench, rates: list[float], seconds: float, console: Console) -> float:
    """Rate after rate until one is not fresh; the highest that was."""
    rate_bare, wal_bare = bare(bench, min(seconds, 10))
    console.print(
        f"bare insert of the same rows, {WRITERS} writers: {rate_bare:,.0f} rows/s, {wal_bare:.0f} bytes of WAL a row"
    )
    table, fresh = Table(*COLUMNS), 0.0
    for rate in rates:
        with bench.own() as own:
            before = wal(own)
            mix = mixed(bench, rate, seconds)
            logged = (wal(own) - before) / mix.rows / wal_bare
        reached, lag = mix.rows / seconds, percentiles(mix.lags)
        calls, pages = percentiles(mix.calls), percentiles(mix.pages)
        met = lag[2] <= GOAL
        table.add_row(
            f"{rate:,.0f}", f"{reached:,.0f}", f"{reached / rate_bare:.2f}", f"{lag[0]:.2f}", f"{lag[2]:.2f}", f"{max(mix.lags):.2f}",
            f"{calls[0]:.0f}", f"{calls[2]:.0f}", f"{pages[0]:.0f}", f"{pages[2]:.0f}", f"{logged:.1f}", "met" if met else "missed",
        )  # fmt: skip
        if not met:
            break
        fresh = reached
    console.print(table)
    console.print(
        f"Fresh within {GOAL:.0f} s (p99) up to {fresh:,.0f} events/s: {fresh / rate_bare:.2f} of the bare rate."
    )
    return fresh


def main() -> None:
    """Fill, keep it up, hold the results against a recompute."""
    parser = argparse.ArgumentParser(prog="scripts/bench soak")
    parser.add_argument(
        "--rate",
        type=float,
        nargs="+",
        default=[2_000, 5_000, 10_000, 15_000],
        help="events a second, one after the other",
    )
    parser.add_argument("--seconds", type=float, default=60, help="of each rate; 600 for a soak")
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--experiments", type=int, default=3)
    parser.add_argument("--calls", action="store_true", help="count the latency of each call as a metric, too")
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=140, highlight=False)
    with scratch_stack(durable=True) as stack:
        env = stack.env()
        bench = prepared(
            env["DB_URL"], options.subjects, options.experiments, calls=options.calls, report=console.print
        )
        with bench.own() as own:
            # As where a worker has run before: else the first would move all that the bare insert left in the default partition.
            own.execute("select private.keep_partitions()")
        before = sizes(bench)
        with worker(env):
            soak(bench, options.rate, options.seconds, console)
            console.print(growth(before, sizes(bench)))
        with bench.own() as own:
            behind = ", ".join(f"{tier} {took:.0f} s" for tier, took in drain(own).items())
        console.print(f"counting what was left over when the last sender had stopped: {behind}")
        found = wrong(bench)
    console.print(f"rows that differ from a recompute: {found}")
    sys.exit(any(found.values()))


if __name__ == "__main__":
    main()
