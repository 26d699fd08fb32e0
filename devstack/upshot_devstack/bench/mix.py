"""Batches of a product's day for `scripts/bench soak`: calls, what became of them, and customers that are new.

The bodies are written once, with marks in them for what every batch has of its own: making JSON would cost the machine
that is measured more than taking it in.
"""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg

from upshot_devstack.bench.ingest import Events

BATCH = 250
NEW = 10
PLACES = ["subject"] * 7 + ["call"] * 2 + ["conversation"]
TEMPLATES = 40
TURN = {"exposures": NEW, "inferences": 2 * BATCH, "outcomes": BATCH}
"""What one turn of a writer sends: two calls for an outcome, as the goal has it."""

EXPERIMENTS = """
insert into public.experiments (workspace_id, key, name, environment_id, capability_id, assigned_by, segments)
select %(w)s, 'soak' || n, 'soak' || n, %(e)s, %(c)s, 'external', '{plan}' from generate_series(0, %(n)s - 1) n;
insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role)
select %(w)s, e.id, m.id, case m.key when 'booked' then 'primary' else 'secondary' end
from public.experiments e join public.outcome_metrics m on m.workspace_id = e.workspace_id
where e.workspace_id = %(w)s and (m.source = 'outcomes' or %(calls)s);
insert into public.variants (workspace_id, experiment_id, key, name, is_control)
select %(w)s, e.id, k, k, k = 'a' from public.experiments e, unnest(array['a', 'b']) k where e.workspace_id = %(w)s
"""
LATENCY = """
insert into public.outcome_metrics (workspace_id, key, name, kind, source) values (%(w)s, 'latency', 'latency', 'mean', 'latency_ms')
"""
KNOWN = """
insert into public.exposures (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, attributes, exposed_at,
  source, source_event_id)
select e.workspace_id, e.id, p.id, v.id, s.name, s.name, jsonb_build_object('plan', 'p' || n %% 3),
  now() - interval '1 hour' * (n %% 200), 'bench', s.name
from generate_series(%(first)s::integer, %(last)s::integer) n
cross join lateral (select 'subject-' || n) as s (name)
join public.experiments e on e.key = 'soak' || n %% %(n)s
join public.experiment_phases p on p.experiment_id = e.id
join public.variants v on v.experiment_id = e.id and v.key = case n / %(n)s %% 2 when 0 then 'a' else 'b' end
"""
ARMS = """
select e.id::text as experiment_id, array_agg(v.id::text order by v.key) as variants
from public.experiments e join public.variants v on v.experiment_id = e.id where e.key like 'soak%' group by e.id, e.key order by e.key
"""


@dataclass(frozen=True)
class Arms:
    """The experiments, each with its two arms."""

    experiments: list[tuple[str, list[str]]]

    def of(self, subject: int) -> tuple[str, str, str]:
        """The experiment that a subject is in, its arm and the arm's key."""
        experiment_id, variants = self.experiments[subject % len(self.experiments)]
        arm = subject // len(self.experiments) % 2
        return experiment_id, variants[arm], "ab"[arm]


@dataclass
class Writer:
    """One sender's batches, each row new, made of a few bodies."""

    number: int
    events: Events
    arms: Arms
    subjects: int
    seed: int = 1
    _turn: Iterator[int] = field(default_factory=count)
    _last: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed * 1000 + self.number)  # noqa: S311 - any spread will do
        self._bodies = [self._turn_of_marks() for _ in range(TEMPLATES)]

    def turn(self) -> list[tuple[str, int, str]]:
        """The verbs' names, rows and bodies of one turn."""
        n = next(self._turn)
        now = time.time()
        moment = f"{int(now * 1000):012x}"
        own = (f"{moment[:8]}-{moment[8:]}", f"{self.number:02x}{n:07x}")
        before = self._last or own
        marks = {"@T": own[0], "@B": own[1], "@U": before[0], "@C": before[1]}
        marks["@A"] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
        self._last = own
        return [(verb, rows, filled(body, marks)) for verb, rows, body in self._bodies[n % TEMPLATES]]

    def _turn_of_marks(self) -> list[tuple[str, int, str]]:
        calls = [json.dumps([self._call(at * BATCH + k) for k in range(BATCH)]) for at in range(2)]
        return [
            ("exposures", NEW, json.dumps([self._exposure(k) for k in range(NEW)])),
            ("inferences", BATCH, calls[0]),
            ("outcomes", BATCH, json.dumps([self._outcome(k) for k in range(BATCH)])),
            ("inferences", BATCH, calls[1]),
        ]

    def _exposure(self, k: int) -> dict[str, Any]:
        experiment_id, _, arm = self.arms.of(k)
        return {
            "experiment_id": experiment_id, "variant": arm, "subject": f"new-@B-{k}", "source": "bench",
            "source_event_id": f"@B-{k}", "exposed_at": "@A", "attributes": {"plan": f"p{k % 3}"},
        }  # fmt: skip

    def _subject(self, k: int) -> tuple[int, str]:
        """One in fifty is new, and known by its exposure; the others have been there for long."""
        if k % 50 == 0:
            return k // 50 % NEW, f"new-@B-{k // 50 % NEW}"
        n = self._draw.randrange(self.subjects)
        return n, f"subject-{n}"

    def _call(self, k: int) -> dict[str, Any]:
        n, subject = self._subject(k)
        experiment_id, variant_id, _ = self.arms.of(n)
        return {
            "id": f"@T-7000-8000-@B{k:03x}", "environment": "production", "subject": subject, "conversation": f"talk-@B-{k // 2}",
            "capability": "c0", "version_id": self.events.names["version_id"], "experiment_id": experiment_id,
            "variant_id": variant_id, "provider": "openai", "requested_model": "gpt-small", "resolved_model": "gpt-small-2026",
            "started_at": "@A", "latency_ms": self._draw.randrange(200, 4000) / 2, "input_tokens": self._draw.randrange(2000),
            "output_tokens": self._draw.randrange(300), "cost_usd": self._draw.randrange(100) / 10_000, "status": "ok",
        }  # fmt: skip

    def _outcome(self, k: int) -> dict[str, Any]:
        metric = ("booked", "minutes", "spend")[k % 3]
        value = self._draw.randrange(2) if metric == "booked" else self._draw.randrange(10_000) / 100
        row = {"metric": metric, "value": value, "environment": "production", "occurred_at": "@A", "source": "crm"}
        row |= {"source_event_id": f"@B.{k}"}
        call = self._draw.randrange(2 * BATCH)
        places = {"subject": {"subject": self._subject(k)[1]}, "conversation": {"conversation": f"talk-@C-{call // 2}"}}
        places |= {"call": {"inference_id": f"@U-7000-8000-@C{call:03x}"}}
        return row | places[PLACES[k % len(PLACES)]]


def filled(body: str, marks: dict[str, str]) -> str:
    """A body with what its batch has of its own."""
    for mark, word in marks.items():
        body = body.replace(mark, word)
    return body


def known_subjects(admin: psycopg.Connection, experiments: int, subjects: int, step: int) -> Iterator[int]:
    """Expose the subjects that have been there for long, in steps."""
    for first in range(0, subjects, step):
        last = min(first + step, subjects) - 1
        admin.execute(KNOWN, {"first": first, "last": last, "n": experiments})
        yield last + 1
