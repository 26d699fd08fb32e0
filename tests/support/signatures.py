"""The public verbs as the catalog has them, and arguments for those that nobody has declared yet."""

from collections.abc import Callable
from typing import Any

from support.calls import Arguments, live
from support.furniture import Furnished

GUESSES: dict[str, Callable[[Furnished], Any]] = {
    "environment": lambda at: "production",
    "capability": lambda at: "BookAppointment",
    "subject": lambda at: "eve",
    "experiment_id": lambda at: at.experiment.id,
    "expected_revision": lambda at: at.experiment.row["revision"],
    "prompt_id": lambda at: str(at.clinic.prompt_id),
    "version_id": lambda at: str(at.version["id"]),
    "version": lambda at: str(at.version["id"]),
    "from_version": lambda at: str(at.rows["first"]["id"]),
    "to_version": lambda at: str(at.version["id"]),
    "expected_version": live,
    "workspace_id": lambda at: str(at.clinic.workspace_id),
    "environment_id": lambda at: str(at.clinic.environments["production"]),
    "capability_id": lambda at: str(at.clinic.capability_id),
    "run_id": lambda at: str(at.rows["run"]["id"]),
    "ramp_id": lambda at: at.rows["ramp"]["id"],
    "metric_id": lambda at: str(at.metric["id"]),
    "name": lambda at: "Fresh",
    "key": lambda at: "fresh",
    "branch": lambda at: "main",
    "variant": lambda at: "b",
}

SIGNATURES = """
select p.proname as verb, coalesce(array_agg(a.name order by a.place) filter (where a.name is not null), '{}') as names,
  coalesce(array_agg(a.type order by a.place) filter (where a.name is not null), '{}') as types,
  p.pronargs - p.pronargdefaults as needed
from pg_proc p
left join lateral unnest(p.proargnames[1:p.pronargs], p.proargtypes::regtype[]::text[]) with ordinality
  as a (name, type, place) on true
where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype
group by p.oid order by 1
"""


def guessed(at: Furnished, names: list[str], types: list[str], needed: int) -> Arguments:
    """Arguments by their names: enough to meet the verb's authorisation, perhaps not more."""
    blank = {"uuid": "00000000-0000-4000-8000-000000000000", "jsonb": {}, "integer": 1, "boolean": False}
    values = {}
    for place, (name, kind) in enumerate(zip(names, types, strict=True)):
        if name in GUESSES:
            values[name] = GUESSES[name](at)
        elif place < needed:
            values[name] = blank.get(kind, [] if kind.endswith("[]") else "x")
    return values
