"""Kill Postgres in the middle of ingest and compaction, again and again: nothing that was answered is lost, nothing is double."""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from rich.console import Console

from upshot_devstack import paths
from upshot_devstack.bench.ingest import Events, furnish
from upshot_devstack.bench.product import claims, install
from upshot_devstack.postgres import platform
from upshot_devstack.postgres.cluster import SUPERUSER, Cluster, ClusterError, Server
from upshot_devstack.postgres.runtime import runtime

Work = Callable[[psycopg.Connection], None]
SENDERS = 3
DEADLINE = 120.0
SETTLE = 900.0  # what a hundred kills left uncounted is counted in the end

EXPERIMENT = """
with made as (
  insert into public.experiments (workspace_id, key, name, environment_id, capability_id, assigned_by)
  select %(w)s, 'kill', 'kill', %(e)s, %(c)s, 'external' returning *
), metrics as (
  insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role)
  select %(w)s, made.id, m.id, case m.key when 'booked' then 'primary' else 'secondary' end
  from made, public.outcome_metrics m where m.workspace_id = %(w)s
)
insert into public.variants (workspace_id, experiment_id, key, name, is_control)
select %(w)s, made.id, k, k, k = 'a' from made, unnest(array['a', 'b']) k returning experiment_id
"""
CALLER = "select set_config('request.jwt.claims', %s, false), set_config('role', 'authenticated', false)"
DIFFERING = """
select (select count(*) from public.experiments e cross join private.verify(e.id) where e.key = 'kill')
  + (select count(*) from public.workspaces w cross join private.verify_days(w.id))
"""
ACTIVATE = "select public.activate(e.id, e.revision) from public.experiments e"


@dataclass
class Journal:
    """What was sent, and what of it Postgres said that it has."""

    acknowledged: dict[str, set[str]] = field(
        default_factory=lambda: {"inferences": set(), "outcomes": set(), "exposures": set()}
    )
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, what: str, keys: set[str]) -> None:
        """Postgres answered."""
        with self.lock:
            self.acknowledged[what] |= keys


@dataclass
class Rows:
    """Batches of one sender: its own events, and again those that nobody answered."""

    events: Events
    experiment_id: str
    chance: random.Random
    unanswered: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    def next(self) -> tuple[str, list[dict[str, Any]]]:
        """The next batch."""
        if self.unanswered and self.chance.random() < 1 / 2:
            return self.unanswered.pop()
        what = self.chance.choice(["inferences", "outcomes", "outcomes", "exposures"])
        size = self.chance.choice([1, 10, 100])
        if what == "exposures":
            return what, [self._exposure(row) for row in self.events.outcomes(size)]
        rows = self.events.inferences(size) if what == "inferences" else self.events.outcomes(size)
        return what, rows

    def _exposure(self, row: dict[str, Any]) -> dict[str, Any]:
        named = {"experiment_id": self.experiment_id, "variant": "ab"[hash(row["subject"]) % 2]}
        kept = {k: row[k] for k in ("subject", "source", "source_event_id")}
        return kept | named | {"exposed_at": row["occurred_at"]}


def chance_of(seed: int) -> random.Random:
    """When to kill and what to send."""
    return random.Random(seed)  # noqa: S311 - any spread will do


def key_of(what: str, row: dict[str, Any]) -> str:
    """What makes a row one and the same."""
    return str(row["id"] if what == "inferences" else row["source_event_id"])


def until_over(over: threading.Event, work: Work, url: str) -> None:
    """Work on one connection after the other; a server that died is waited for."""
    while not over.is_set():
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                while not over.is_set():
                    work(connection)
        except psycopg.Error:
            over.wait(0.02)


def send(connection: psycopg.Connection, rows: Rows, journal: Journal) -> None:
    """One batch; what is not answered is sent again, and must not count twice."""
    what, batch = rows.next()
    try:
        connection.execute(CALLER, [claims()])
        answer = connection.execute(f"select public.record_{what}(%s)", [Jsonb(batch)]).fetchone()
    except psycopg.Error:
        rows.unanswered.append((what, batch))
        raise
    if answer is None or answer[0]["errors"]:
        raise RuntimeError(str(answer))
    journal.keep(what, {key_of(what, row) for row in batch})


def keep_up(connection: psycopg.Connection) -> None:
    """What the worker does all the time."""
    connection.execute("select private.keep_partitions()")
    connection.execute("select private.compact()")
    connection.execute("select private.compact_days()")


def missing(admin: psycopg.Connection, journal: Journal) -> dict[str, int]:
    """How many answered rows are not there, and how many are there twice."""
    found = {}
    with journal.lock:  # answered before this look; what is answered meanwhile, the next look will ask for
        answered = {what: set(keys) for what, keys in journal.acknowledged.items()}
    for what, column in (("inferences", "id::text"), ("outcomes", "source_event_id"), ("exposures", "source_event_id")):
        there = [row[0] for row in admin.execute(f"select {column} from public.{what}")]
        found[f"{what} lost"] = len(answered[what] - set(there))
        found[f"{what} twice"] = len(there) - len(set(there))
    return found


def settled(admin: psycopg.Connection) -> int:
    """Rows of results that differ from a recompute, when all is counted."""
    target = int(admin.execute("select pg_current_xact_id()::text").fetchone()[0])  # type: ignore[index]
    deadline = time.monotonic() + SETTLE
    while admin.execute("select lo from private.watermark").fetchone()[0] <= target:  # type: ignore[index]
        admin.execute("select private.compact()")
        if time.monotonic() > deadline:
            raise TimeoutError("the compactor does not come to an end")
    while admin.execute("select private.compact_days() ->> 'state'").fetchone() != ("idle",):
        if time.monotonic() > deadline:
            raise TimeoutError("the daily tier does not come to an end")
    row = admin.execute(DIFFERING).fetchone()
    return int(row[0]) if row else -1


def prepare(server: Server) -> tuple[Events, str]:
    """The product, a workspace, and a running experiment of another system."""
    platform.install(server.url(SUPERUSER), expose_new_tables=False)
    url = server.url()
    install(url)
    with psycopg.connect(server.url(SUPERUSER), autocommit=True) as admin:
        events = furnish(admin, url)
        names = {"w": events.workspace_id, "e": events.names["environment_id"], "c": events.names["capability_id"]}
        row = admin.execute(EXPERIMENT, names).fetchone()
        experiment_id = str(row[0]) if row else ""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(CALLER, [claims()])
        owner.execute(ACTIVATE)
    return events, experiment_id


def survive(home: Path, kills: int, seed: int, report: Callable[[str], None]) -> dict[str, int]:
    """Kill so often; what is wrong in the end: every number must be 0. Raises when it is wrong in between."""
    chance, journal, over = chance_of(seed), Journal(), threading.Event()
    cluster = Cluster(runtime(paths.cache_root()), home / "postgres")
    server = cluster.start(durable=True)
    try:
        events, experiment_id = prepare(server)
        api, own = server.url("authenticator"), server.url("postgres")
        senders = [
            Rows(Events(events.workspace_id, events.names, number=n * 10_000_000), experiment_id, chance_of(seed + n))
            for n in range(1, SENDERS + 1)
        ]
        works: list[tuple[Work, str]] = [(partial(send, rows=rows, journal=journal), api) for rows in senders]
        works.append((keep_up, own))
        threads = [threading.Thread(target=until_over, args=(over, *work), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        for number in range(1, kills + 1):
            over.wait(chance.uniform(0.1, 1.5))
            os.kill(server.pid, signal.SIGKILL)
            server = restarted(cluster, server)
            with psycopg.connect(server.url(SUPERUSER), autocommit=True) as admin:
                wrong = missing(admin, journal)
            if any(wrong.values()):
                raise RuntimeError(f"after kill {number}: {wrong}")
            report(
                f"kill {number}: {sum(map(len, journal.acknowledged.values())):,} rows answered, none lost, none double"
            )
        over.set()
        for thread in threads:
            thread.join(DEADLINE)
        with psycopg.connect(server.url(SUPERUSER), autocommit=True) as admin:
            return missing(admin, journal) | {"results differing": settled(admin)}
    finally:
        over.set()
        cluster.stop()


def restarted(cluster: Cluster, dead: Server) -> Server:
    """The server again, on its port, once the processes of the dead one have let go of the data."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            server = cluster.start(dead.port, durable=True)
        except ClusterError:
            if time.monotonic() > deadline:
                raise
        else:
            if server.pid != dead.pid:
                return server
        time.sleep(0.05)


def main() -> None:
    """Kill, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench kill")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=120)
    with TemporaryDirectory(prefix="upshot-kill-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # the account that runs Postgres must pass through
        wrong = survive(home, options.kills, options.seed, lambda text: console.print(text, highlight=False))
    console.print(f"{options.kills} kills, seed {options.seed}: {wrong}", highlight=False)
    sys.exit(any(wrong.values()))


if __name__ == "__main__":
    main()
