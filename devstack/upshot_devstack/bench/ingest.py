"""How fast events come in: the verbs, against COPY and a bare insert into the same indexed table in the same run."""

import argparse
import io
import json
import sys
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.caller import Caller
from upshot_devstack.bench.product import BUNDLE, CATALOGUE, claims, install, run, workspace
from upshot_devstack.bench.scratch import scratch_stack

GOAL = 0.5
SUBJECTS = 20_000
WARM = 2

BARE = """
create schema if not exists bench;
create table bench.inferences (like public.inferences including defaults including indexes including constraints);
create table bench.outcomes (like public.outcomes including defaults including indexes including constraints)
"""
METRICS = """
insert into public.outcome_metrics (workspace_id, key, name, kind)
select %(w)s, k, k, case k when 'booked' then 'proportion' else 'mean' end from unnest(array['booked', 'minutes', 'spend']) k
"""
NAMES = """
select (select id from public.environments where workspace_id = %(w)s and key = 'production')::text as environment_id,
  (select id from public.capabilities where workspace_id = %(w)s and key = 'c0')::text as capability_id,
  (select v.id from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
    where p.workspace_id = %(w)s and p.key = 'c0' and v.number = 1)::text as version_id,
  (select jsonb_object_agg(key, id) from public.outcome_metrics where workspace_id = %(w)s) as metrics
"""
INSERT = {
    "inferences": """
insert into bench.inferences (workspace_id, environment_id, capability_id, prompt_version_id, id, subject, conversation,
  provider, requested_model, resolved_model, started_at, latency_ms, input_tokens, output_tokens, cost_usd, status)
select %s, %s, %s, r.version_id, r.id, r.subject, r.conversation, r.provider, r.requested_model, r.resolved_model,
  r.started_at, r.latency_ms, r.input_tokens, r.output_tokens, r.cost_usd, r.status
from jsonb_to_recordset(%s) as r (version_id uuid, id uuid, subject text, conversation text, provider text,
  requested_model text, resolved_model text, started_at timestamptz, latency_ms float8, input_tokens integer,
  output_tokens integer, cost_usd float8, status text)
on conflict do nothing""",
    "outcomes": """
insert into bench.outcomes (workspace_id, environment_id, metric_id, value, subject, occurred_at, source, source_event_id)
select %s, %s, %s, r.value, r.subject, r.occurred_at, r.source, r.source_event_id
from jsonb_to_recordset(%s) as r (value float8, subject text, occurred_at timestamptz, source text, source_event_id text)
on conflict do nothing""",
}
COLUMNS = {
    "inferences": (
        "workspace_id", "environment_id", "capability_id", "prompt_version_id", "id", "subject", "conversation", "provider",
        "requested_model", "resolved_model", "started_at", "latency_ms", "input_tokens", "output_tokens", "cost_usd", "status",
    ),
    "outcomes": (
        "workspace_id", "environment_id", "metric_id", "value", "subject", "occurred_at", "source", "source_event_id",
    ),
}  # fmt: skip


@dataclass
class Events:
    """Batches of a workspace, each row new."""

    workspace_id: str
    names: dict[str, Any]
    number: int = 0
    began: float = field(default_factory=time.time)

    def inferences(self, rows: int) -> list[dict[str, Any]]:
        """Model calls, with what a caller usually knows."""
        return [self._inference(self._next()) for _ in range(rows)]

    def outcomes(self, rows: int) -> list[dict[str, Any]]:
        """Outcomes by subject."""
        return [self._outcome(self._next()) for _ in range(rows)]

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _moment(self, n: int) -> float:
        return self.began + n / 1_000_000  # never ahead of the clock: those would be counted apart

    def _when(self, n: int) -> str:
        moment = self._moment(n)
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{int(moment * 1000) % 1000:03d}Z"

    def _inference(self, n: int) -> dict[str, Any]:
        moment = int(self._moment(n) * 1000)
        return {
            "id": str(uuid.UUID(int=moment << 80 | 0x7 << 76 | 0x2 << 62 | n)),
            "environment": "production", "subject": f"subject-{n * 7919 % SUBJECTS}",
            "conversation": f"conversation-{n // 3}", "capability": "c0", "version_id": self.names["version_id"],
            "provider": "openai", "requested_model": "gpt-small", "resolved_model": "gpt-small-2026",
            "started_at": self._when(n), "latency_ms": 250.5 + n % 1000, "input_tokens": n % 900, "output_tokens": n % 300,
            "cost_usd": n % 100 / 10_000, "status": "ok",
        }  # fmt: skip

    def _outcome(self, n: int) -> dict[str, Any]:
        metric = ("booked", "minutes", "spend")[n % 3]
        return {
            "metric": metric, "value": n % 2 == 0 if metric == "booked" else n % 997 / 7, "environment": "production",
            "subject": f"subject-{n * 7919 % SUBJECTS}", "occurred_at": self._when(n), "source": "crm",
            "source_event_id": f"event-{n}",
        }  # fmt: skip

    def fixed(self, what: str) -> list[str]:
        """The values that are the same in every bare row."""
        middle = [self.names["capability_id"]] if what == "inferences" else [self.names["metrics"]["spend"]]
        return [self.workspace_id, self.names["environment_id"], *middle]


def copied(events: Events, what: str, rows: list[dict[str, Any]]) -> bytes:
    """The rows as COPY wants them."""
    names = {"prompt_version_id": "version_id"}
    fixed = dict(zip(COLUMNS[what], events.fixed(what), strict=False))
    out = io.StringIO()
    for row in rows:
        values = fixed | {c: row[names.get(c, c)] for c in COLUMNS[what] if c not in fixed}
        out.write("\t".join(str(float(v)) if isinstance(v, bool) else str(v) for v in values.values()) + "\n")
    return out.getvalue().encode()


@dataclass
class Roads:
    """The three ways in."""

    admin: psycopg.Connection
    caller: Caller
    events: Events

    def copy(self, what: str, rows: list[dict[str, Any]]) -> float:
        """Seconds of a COPY into a table with the same indexes, and nothing else."""
        data, columns = copied(self.events, what, rows), ", ".join(COLUMNS[what])
        started = time.perf_counter()
        with self.admin.cursor() as cursor, cursor.copy(f"copy bench.{what} ({columns}) from stdin") as copy:
            copy.write(data)
        return time.perf_counter() - started

    def insert(self, what: str, rows: list[dict[str, Any]]) -> float:
        """Seconds of a bare insert from JSON: no validation, no names, no caller."""
        values = [*self.events.fixed(what), json.dumps([self._plain(row) for row in rows])]
        started = time.perf_counter()
        self.admin.execute(INSERT[what], values)
        return time.perf_counter() - started

    def verb(self, what: str, rows: list[dict[str, Any]]) -> float:
        """Seconds of the verb, in the API's transaction."""
        body = json.dumps(rows)
        took, answer = self.caller.ask(f"select public.record_{what}(%s)", [body])
        if answer["accepted"] != len(rows):
            raise RuntimeError(str(answer)[:300])
        return took / 1000

    def _plain(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {"value": float(row["value"])} if "value" in row else row


def measure(roads: Roads, batches: list[int], rounds: int) -> dict[tuple[str, int], dict[str, list[float]]]:
    """Rows a second by table and size of batch, the roads in turn, so that a busy machine harms all alike."""
    rates: dict[tuple[str, int], dict[str, list[float]]] = {}
    for what in ("inferences", "outcomes"):
        make = getattr(roads.events, what)
        for size in batches:
            rates[what, size] = defaultdict(list)
            for turn in range(rounds + WARM):
                for name, road in (("COPY", roads.copy), ("bare insert", roads.insert), ("verb", roads.verb)):
                    took = road(what, make(size))
                    if turn >= WARM:
                        rates[what, size][name].append(size / took)
    return rates


def show(rates: dict[tuple[str, int], dict[str, list[float]]]) -> None:
    """Print medians and their ratios to COPY and to the bare insert."""
    table = Table("table", "batch", "COPY rows/s", "bare insert", "verb", "verb / COPY", "verb / insert", "")
    for (what, size), by_road in rates.items():
        middle = {name: sorted(values)[len(values) // 2] for name, values in by_road.items()}
        ratio = middle["verb"] / middle["COPY"]
        table.add_row(
            what, f"{size:,}", *(f"{middle[name]:,.0f}" for name in ("COPY", "bare insert", "verb")),
            f"{ratio:.2f}", f"{middle['verb'] / middle['bare insert']:.2f}", "met" if ratio >= GOAL else "missed",
        )  # fmt: skip
    Console(file=sys.stdout, width=120).print(
        table, f"Goal: the verb at {GOAL} of COPY or more, at 1,000 rows a batch; with validation, names and policies."
    )


def furnish(admin: psycopg.Connection, url: str) -> Events:
    """A workspace with a capability, a version and three metrics."""
    workspace_id = workspace(admin, url)
    run(admin, CATALOGUE, w=workspace_id, capabilities=2, messages=BUNDLE)
    run(admin, METRICS, w=workspace_id)
    run(admin, BARE)
    row = admin.execute(NAMES, {"w": workspace_id}).fetchone()
    if row is None:
        raise RuntimeError("the workspace has no names")
    keys = ("environment_id", "capability_id", "version_id", "metrics")
    return Events(workspace_id, dict(zip(keys, row, strict=True)))


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench ingest")
    parser.add_argument("--batches", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with scratch_stack() as stack:
        url = stack.env()["DB_URL"]
        install(url)
        login = url.replace("//postgres:", "//authenticator:", 1)
        with (
            psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin,
            Caller(login, claims()) as caller,
        ):
            events = furnish(admin, url)
            admin.execute("select private.keep_partitions()")
            show(measure(Roads(admin, caller, events), options.batches, options.rounds))


if __name__ == "__main__":
    main()
