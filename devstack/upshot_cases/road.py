"""Raw events through the public ingest road, and what the product then says of them.

Each moment that analyses look back from gets a workspace of its own, whose whole timeline is shifted so that this moment
is now: what the case received by then is recorded first, the rest afterwards. So the product's own `received_at` decides
what was known, as it would have then.
"""

import datetime as dt
import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from upshot_cases import arms, files, kinds
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.database import Composite

METRIC, CAPABILITY, ENVIRONMENT = "value", "cases", "production"
BATCH = 10_000
PATIENCE = (1.5, 6.0, 24.0)
"""Seconds that what was known by a moment may take to be recorded; a busy machine gets more."""
WHOLE = 10_000


@dataclass(frozen=True)
class Events:
    """The two files of a case that hold raw events, and which column plays which part."""

    exposures: Any
    outcomes: Any


@dataclass(frozen=True)
class Recorded:
    """An experiment that has all events of a case, and how its clock stands to the case's."""

    experiment_id: str
    shift: dt.timedelta
    arms: Mapping[str, str]
    """The arms by their keys in the product."""
    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict)


class Road:
    """Keeps what was recorded, so that the analyses of one case share it."""

    def __init__(self, url: Callable[[str], str]) -> None:
        """``url``: the database's URI for a role."""
        self._url = url
        self._recorded: dict[tuple[str, ...], Recorded] = {}

    def readouts(self, analysis: Analysis) -> tuple[Composite, Composite]:
        """What the control's and the treatment's subjects came to."""
        answer = self._answer(analysis)
        wanted = analysis.inputs.get("treatment")
        named = self._road(analysis).arms
        rows = [r for r in answer["effects"] if wanted is None or named[r["variant_key"]] == arms.text_of(wanted)]
        if len(rows) != 1:
            raise OutOfReachError(f"the result has {len(rows)} rows for the arm {wanted}")
        return _readout(rows[0]["control"]), _readout(rows[0]["variant"])

    def subjects(self, analysis: Analysis) -> dict[str, int]:
        """How many subjects of each arm are analysed."""
        return dict(self.ledger(analysis)["subjects_analysed"])

    def ledger(self, analysis: Analysis) -> dict[str, Any]:
        """What became of each event."""
        (ledger,) = self._answer(analysis)["ledgers"]
        named = self._road(analysis).arms
        return dict(ledger) | {"subjects_analysed": {named[k]: n for k, n in ledger["subjects_analysed"].items()}}

    def days(self, analysis: Analysis) -> dict[str, int]:
        """The outcomes that count, by local day of a zone."""
        recorded = self._road(analysis)
        with psycopg.connect(self._url("postgres"), autocommit=True, row_factory=dict_row) as owner:
            rows = owner.execute(
                _DAYS,
                {
                    "experiment": recorded.experiment_id,
                    "until": _moment(analysis, recorded),
                    "mature": int(kinds.truth(analysis.inputs.get("mature_only", False))),
                    "keeps": int(_keeps(analysis)),
                    "back": recorded.shift,
                    "zone": str(analysis.inputs.get("timezone", "UTC")),
                },
            ).fetchall()
        return {str(row["day"]): int(row["n"]) for row in rows}

    def _answer(self, analysis: Analysis) -> Mapping[str, Any]:
        recorded = self._road(analysis)
        asked = {
            "experiment_id": recorded.experiment_id,
            "as_of": _moment(analysis, recorded),
            "mature_only": kinds.truth(analysis.inputs.get("mature_only", False)),
            "switchers": "first_arm" if _keeps(analysis) else "exclude",
        }
        key = json.dumps(asked, default=str)
        if key not in recorded.answers:
            with _caller(self._url, recorded_by[recorded.experiment_id]) as call:
                recorded.answers[key] = call("effects_as_of", **asked)
        return recorded.answers[key]

    def _road(self, analysis: Analysis) -> Recorded:
        """The recorded experiment that an analysis is about."""
        inputs = analysis.inputs
        control = arms.text_of(inputs.get("control", "control"))
        parts = (analysis.case.name, *analysis.files, str(analysis.window), str(inputs.get("as_of")), control)
        if parts not in self._recorded:
            self._recorded[parts] = self._record(analysis, control)
        return self._recorded[parts]

    def _record(self, analysis: Analysis, control: str) -> Recorded:
        if other := next((name for name in ("segment", "rows", "exclude") if name in analysis.inputs), None):
            raise OutOfReachError(f"`{other}` of raw events is not clear")
        events, named = _keyed(_events(analysis), control)
        as_of = inputs_moment(analysis)
        for patience in PATIENCE if as_of else PATIENCE[:1]:
            soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=patience)
            shift = soon - as_of if as_of else dt.timedelta(0)
            user = _user(self._url)
            with _caller(self._url, user) as call:
                experiment_id = _experiment(call, analysis, named, control)
                recorded_by[experiment_id] = user
                if _send(call, experiment_id, events, as_of, shift, soon):
                    return Recorded(experiment_id, shift, named)
        raise OutOfReachError(f"the events known by {as_of} take longer than {PATIENCE[-1]:.0f} s to record here")


recorded_by: dict[str, str] = {}
"""Who recorded which experiment: only they may read it."""

_DAYS = """
select d.day, count(*) as n from (
  select ((to_timestamp(k.occurred_us / 1000000.0) - %(back)s::interval) at time zone %(zone)s)::date as day
  from private.core_marks(%(experiment)s::uuid, private.microseconds(coalesce(%(until)s::timestamptz, 'infinity')),
    %(mature)s, %(keeps)s) k
  where k.mark = 'used') as d
group by d.day order by d.day
"""


def inputs_moment(analysis: Analysis) -> dt.datetime | None:
    """The moment that an analysis looks back from, if it does."""
    said = analysis.inputs.get("as_of")
    if said is None:
        return None
    moment = files.instants(pd.Series([said])).iloc[0]
    if pd.isna(moment):
        raise OutOfReachError(f"as_of is no moment: {said}")
    return moment.to_pydatetime()  # type: ignore[no-any-return]


def _moment(analysis: Analysis, recorded: Recorded) -> dt.datetime | None:
    moment = inputs_moment(analysis)
    return None if moment is None else moment + recorded.shift


def _keeps(analysis: Analysis) -> bool:
    """Whether subjects seen in several arms keep their first."""
    return str(analysis.inputs.get("multi_variant_policy", "exclude")).lower().startswith("first")


def _readout(found: Mapping[str, Any] | None) -> Composite:
    if found is None:
        return Composite("(0,,,)", "stats.readout")
    fields = (found[name] for name in ("n", "value", "variance", "spread"))
    return Composite("(" + ",".join("" if v is None else repr(v) for v in fields) + ")", "stats.readout")


_EXPOSURE = {
    "id": r"(^|_)(id|key|uuid)$",
    "subject": r"subject|user|customer|person|account|unit|visitor|member",
    "variant": r"variant|arm|group|treatment|condition",
    "at": r"(^|_)at$|time|instant|^ts$|when|date",
    "bot": r"bot|automated|crawler|synthetic|robot",
}
_OUTCOME = {
    "id": _EXPOSURE["id"],
    "subject": _EXPOSURE["subject"],
    "received": r"received|ingested|arrived|learned|recorded|loaded",
    "at": _EXPOSURE["at"],
    "value": r"value|amount|revenue|price|worth|score",
}


def _events(analysis: Analysis) -> Events:
    """The files that hold exposures and outcomes, by their columns."""
    tables = {name: analysis.case.text(name) for name in analysis.files}
    exposures = next(
        (_played(analysis, t, _EXPOSURE) for t in tables.values() if _fits(analysis, t, _EXPOSURE, _OUTCOME)), None
    )
    outcomes = next(
        (_played(analysis, t, _OUTCOME) for t in tables.values() if _fits(analysis, t, _OUTCOME, _EXPOSURE)), None
    )
    if exposures is None or outcomes is None:
        raise OutOfReachError("the files hold no exposures and outcomes")
    return Events(exposures, outcomes.sort_values(["received_instant", "id"], kind="stable"))


def _fits(analysis: Analysis, table: Any, mine: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return len(_parts(analysis, table, mine)) == len(mine) and (
        len(_parts(analysis, table, other)) < len(other) or mine is _EXPOSURE
    )


def _parts(analysis: Analysis, table: Any, roles: Mapping[str, str]) -> dict[str, str]:
    """Part to column: by the column's name, else by what the case says of it. Ids are looked for last."""
    found: dict[str, str] = {}
    for role in sorted(roles, key=lambda r: (r == "id", r == "at")):
        free = [c for c in table.columns if c not in found.values()]
        hits = [c for c in free if re.search(roles[role], c, re.IGNORECASE)]
        if role == "subject":
            hits = [c for c in hits if not re.search(r"_at$", c)]
        if role == "id" and not hits:
            hits = sorted(free, key=lambda c: -table[c].nunique())[:1]
        hits = hits or [c for c in free if re.search(roles[role], analysis.meaning(c), re.IGNORECASE)]
        if hits:
            found[role] = hits[0]
    return found


def _played(analysis: Analysis, table: Any, roles: Mapping[str, str]) -> Any:
    """The file's rows by parts, with instants read."""
    found = _parts(analysis, table, roles)
    frame = pd.DataFrame({role: table[column] for role, column in found.items()})
    for role in ("at", "received"):
        if role in frame:
            frame[f"{role}_instant"] = files.instants(frame[role])
    if "bot" in frame:
        frame["bot"] = frame["bot"].str.strip().str.lower().isin(("true", "1", "t", "yes"))
    return frame


Call = Callable[..., Any]


class _Caller:
    """A signed-in user, as the API would call the database."""

    def __init__(self, url: Callable[[str], str], user: str) -> None:
        self._connection = psycopg.connect(url("authenticator"), autocommit=True, row_factory=dict_row)
        claims = json.dumps({"role": "authenticated", "sub": user})
        self._connection.execute("select set_config('request.jwt.claims', %s, false)", [claims])
        self._connection.execute("set role authenticated")

    def __enter__(self) -> Call:
        return self.call

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call(self, verb: str, **arguments: Any) -> Any:
        """A public verb, or `insert` into a table: what it answers."""
        if verb == "insert":
            return self._insert(**arguments)
        named = ", ".join(f"{name} => %({name})s" for name in arguments)
        values = {k: Jsonb(v) if isinstance(v, (dict, list)) else v for k, v in arguments.items()}
        row = self._connection.execute(f"select to_jsonb(v) as v from public.{verb}({named}) v", values).fetchone()
        return row["v"] if row else None

    def _insert(self, table: str, **values: Any) -> Any:
        columns, marks = ", ".join(values), ", ".join(f"%({name})s" for name in values)
        row = self._connection.execute(
            f"insert into public.{table} ({columns}) values ({marks}) returning id", values
        ).fetchone()
        return row["id"] if row else None


def _caller(url: Callable[[str], str], user: str) -> _Caller:
    return _Caller(url, user)


def _user(url: Callable[[str], str]) -> str:
    """A new person."""
    user = str(uuid.uuid4())
    with psycopg.connect(url("supabase_auth_admin"), autocommit=True) as auth:
        auth.execute(
            "insert into auth.users (id, email, role, aud, email_confirmed_at) values (%s, %s, 'authenticated', 'authenticated', now())",
            [user, f"{user}@example.test"],
        )
    return user


_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")


def _keyed(events: Events, control: str) -> tuple[Events, dict[str, str]]:
    """The events with every arm under a key that the product takes, and the arms by their keys, control first."""
    names = [control, *sorted(set(events.exposures["variant"]) - {control, ""})]
    keys = {name: name if _KEY.fullmatch(name) else f"arm:{place}" for place, name in enumerate(names)}
    exposures = events.exposures.assign(variant=events.exposures["variant"].map(lambda arm: keys.get(arm, arm)))
    return Events(exposures, events.outcomes), {key: name for name, key in keys.items()}


def _experiment(call: Call, analysis: Analysis, named: Mapping[str, str], control: str) -> str:
    """A workspace with one experiment whose arms another system draws, started."""
    made = call("create_workspace", name="Cases", slug=f"cases-{uuid.uuid4().hex[:12]}")
    workspace = made["workspace_id"]
    capability = call("insert", table="capabilities", workspace_id=workspace, key=CAPABILITY, name="Cases")
    prompt = call(
        "insert", table="prompts", workspace_id=workspace, key=CAPABILITY, name="Cases", capability_id=capability
    )
    message = [{"role": "system", "content": "As it was."}]
    version = call(
        "commit_version", prompt_id=prompt, messages=message, provider="local", model="none", message="First"
    )
    call(
        "insert", table="outcome_metrics", workspace_id=workspace, key=METRIC, name="Value", kind="mean",
        when_absent="zero", per_subject="sum", attribution_window=analysis.window,
    )  # fmt: skip
    document = {
        "key": CAPABILITY, "name": "Cases", "environment": ENVIRONMENT, "capability": CAPABILITY, "assigned_by": "external",
        "metrics": [{"metric": METRIC, "role": "primary"}],
        "variants": [
            {"key": key, "name": name or key, "is_control": name == control, "weight": 1, "versions": {"*": str(version["id"])}}
            for key, name in named.items()
        ],
    }  # fmt: skip
    drafted = call("create_experiment", document=document)
    experiment_id = str(drafted["experiment_id"])
    call("activate", experiment_id=experiment_id, expected_revision=drafted["revision"])
    return experiment_id


def _send(
    call: Call, experiment_id: str, events: Events, as_of: dt.datetime | None, shift: dt.timedelta, soon: dt.datetime
) -> bool:
    """Record what was known by the moment, then the rest. False when the moment passed meanwhile."""
    exposures, outcomes = events.exposures, events.outcomes
    known = [
        frame[when] <= as_of if as_of else frame[when].notna()
        for frame, when in ((exposures, "at_instant"), (outcomes, "received_instant"))
    ]
    _batches(
        call,
        "record_exposures",
        "exposures",
        [_exposure(row, experiment_id, shift) for row in _rows(exposures[known[0]])],
    )
    _batches(call, "record_outcomes", "outcomes", [_outcome(row, shift) for row in _rows(outcomes[known[1]])])
    if as_of is None:
        return True
    left = (soon - dt.datetime.now(dt.UTC)).total_seconds()
    if left <= 0:
        return False
    time.sleep(left + 0.01)
    _batches(
        call,
        "record_exposures",
        "exposures",
        [_exposure(row, experiment_id, shift) for row in _rows(exposures[~known[0]])],
    )
    _batches(call, "record_outcomes", "outcomes", [_outcome(row, shift) for row in _rows(outcomes[~known[1]])])
    return True


def _rows(frame: Any) -> list[Any]:
    return list(frame.itertuples(index=False))


def _batches(call: Call, verb: str, what: str, rows: list[Mapping[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        call(verb, **{what: rows[start : start + BATCH]})


def _exposure(row: Any, experiment_id: str, shift: dt.timedelta) -> dict[str, Any]:
    return {
        "experiment_id": experiment_id, "subject": row.subject, "variant": row.variant, "exposed_at": _shifted(row, shift),
        "source": "case", "source_event_id": row.id, "attributes": {"bot": True} if row.bot else {},
    }  # fmt: skip


def _outcome(row: Any, shift: dt.timedelta) -> dict[str, Any]:
    return {
        "metric": METRIC, "environment": ENVIRONMENT, "subject": row.subject, "occurred_at": _shifted(row, shift),
        "source": "case", "source_event_id": row.id, "value": _value(row.value),
    }  # fmt: skip


def _shifted(row: Any, shift: dt.timedelta) -> str:
    """When it happened, by the experiment's clock; what is no moment goes as it came, and the product says so."""
    return str(row.at if pd.isna(row.at_instant) else (row.at_instant.to_pydatetime() + shift).isoformat())


def _value(text: str) -> Any:
    """A number where it is one; what is none goes as it came, and the product says so."""
    try:
        number = float(text)
    except ValueError:
        return text or None
    return number if number - number == 0 else text
