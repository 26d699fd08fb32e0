"""Order of arrival never matters: any shuffle and any batching of a history ends in the same numbers."""

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic, open_clinic
from support.world import World

CELLS = """
select v.key as arm, c.standing, c.dimension, coalesce(i.key, c.segment) as segment, c.entry_day::text, c.units
from private.unit_cells c join public.variants v on v.id = c.variant_id
left join public.intents i on c.dimension = 'intent' and i.id::text = c.segment
where c.workspace_id = %s order by 1, 2, 3, 4, 5
"""
MOMENTS = """
select m.key as metric, v.key as arm, e.standing, e.dimension, coalesce(i.key, e.segment) as segment, e.entry_day::text,
  e.units_with_value, e.outcomes_used, e.outcomes_before, e.outcomes_after, e.y, e.d, e.x, e.w, e.yy, e.yx, e.xx
from private.effect_moments e join public.variants v on v.id = e.variant_id join public.outcome_metrics m on m.id = e.metric_id
left join public.intents i on e.dimension = 'intent' and i.id::text = e.segment
where e.workspace_id = %s order by 1, 2, 3, 4, 5, 6
"""
Event = tuple[str, dict[str, Any]]


def at(n: float) -> str:
    return (EPOCH + timedelta(hours=n)).isoformat()


def history(draw: random.Random) -> Iterator[Event]:
    """Exposures, calls with their keys, and outcomes that belong by subject, conversation, call or key; some of them twice."""
    for n in range(24):
        subject, arm, begun = f"s{n}", draw.choice("ab"), draw.random() * 60
        place = {"subject": subject, "conversation": f"c{n}"}
        seen = {"variant": arm, "source": "flags", "exposed_at": at(begun), "source_event_id": f"x{n}"} | place
        more = {"attributes": {"plan": draw.choice(["pro", "free"])} | ({"bot": True} if n == 5 else {})}
        yield "exposures", seen | more | {"intent": draw.choice(["ScheduleMeeting", "CancelMeeting"])}
        if n % 7 == 0:
            yield (
                "exposures",
                seen | {"source_event_id": f"y{n}", "exposed_at": at(begun + 1), "variant": draw.choice("ab")},
            )
        key = {"type": "ticket", "value": f"T{n // 2}"}
        call = str(uuid.UUID(int=draw.getrandbits(128), version=4))
        yield "inferences", {"id": call, "started_at": at(begun + 0.1), "keys": [key]} | place
        belongs = [{"subject": subject}, {"conversation": f"c{n}"}, {"inference_id": call}, {"key": key}]
        for k, (metric, several) in enumerate({"booked": 1, "spend": 3, "late": 2}.items()):
            for i in range(several):
                when = begun + draw.choice([-5, 0, 0.5, 2, 30, 200])
                value = int(draw.random() < 0.5) if metric == "booked" else round(draw.gauss(5, 9), 3)
                row = {"metric": metric, "value": value, "occurred_at": at(when), "source_event_id": f"{n}.{k}.{i}"}
                yield "outcomes", row | draw.choice(belongs)


def batches(events: list[Event], draw: random.Random) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The events in another order, some of them again, cut anywhere."""
    events = draw.sample(events, len(events)) + draw.sample(events, len(events) // 5)
    events = draw.sample(events, len(events))
    while events:
        size = draw.choice([1, 3, 10, 40, 200])
        cut, events = events[:size], events[size:]
        for kind in draw.sample(["exposures", "inferences", "outcomes"], 3):
            rows = [row for what, row in cut if what == kind]
            if rows:
                yield kind, rows


def told(clinic: Clinic, events: list[Event], seed: int) -> list[list[dict[str, Any]]]:
    """What a workspace says in the end."""
    version, draw = clinic.version("x"), random.Random(seed)
    experiment = clinic.experiment({"a": None, "b": None}, judged=False, assigned_by="external", segments=["plan"])
    metrics: dict[str, dict[str, Any]] = {
        "booked": {"when_absent": "zero"}, "spend": {"kind": "mean", "attribution_window": "2 days"}, "late": {"kind": "count"},
    }  # fmt: skip
    for key, values in metrics.items():
        clinic.metric(key, **values)
    roles = [{"metric": key, "role": "primary" if key == "booked" else "secondary"} for key in metrics]
    experiment.edit(metrics=roles)
    experiment.move("activate")
    whole: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
        "inferences": lambda row: clinic.inference(version, row["subject"]) | row,
        "outcomes": lambda row: clinic.outcome(row["metric"], row["value"]) | row,
        "exposures": lambda row: row | {"experiment_id": experiment.id},
    }
    for kind, parts in batches(events, draw):
        rows = [whole[kind](row) for row in parts]
        assert clinic.owner.rpc(f"record_{kind}", **{kind: rows})["errors"] == []
        if draw.random() < 0.15:
            clinic.world.catch_up()
    clinic.world.catch_up()
    return [clinic.world.admin.rows(query, clinic.workspace_id) for query in (CELLS, MOMENTS)]


@pytest.fixture
def clinics(world: World) -> list[Clinic]:
    return [open_clinic(world) for _ in range(3)]


def test_any_order_and_any_batching_end_in_the_same_numbers(clinics: list[Clinic]):
    seed = random.randrange(10_000)
    events = list(history(random.Random(seed)))
    answers = [told(clinic, events, seed + n) for n, clinic in enumerate(clinics)]
    cells, moments = answers[0]
    assert {c["standing"] for c in cells} >= {"counted", "bot"}
    assert {m["metric"] for m in moments} == {"booked", "spend", "late"}, f"seed {seed}"
    for other in answers[1:]:
        assert other == answers[0], f"seed {seed}"


def test_a_window_is_of_instants_whatever_the_zones(clinics: list[Clinic]):
    """Half open at its end, and an offset is only another way to say the same moment."""
    clinic = clinics[0]
    experiment = clinic.experiment({"a": None, "b": None}, assigned_by="external", judged=False)
    clinic.metric("spend", "mean", attribution_window="1 day", per_subject="sum")
    experiment.edit(metrics=[{"metric": "spend", "role": "primary"}])
    experiment.move("activate")
    shown = {"experiment_id": experiment.id, "variant": "a", "subject": "ann", "source": "f", "source_event_id": "1"}
    clinic.owner.rpc("record_exposures", exposures=[shown | {"exposed_at": "2026-03-29T01:30:00+01:00"}])
    moments = [
        "2026-03-29T00:30:00Z",
        "2026-03-30T02:29:59+02:00",
        "2026-03-30T02:30:00+02:00",
        "2026-03-29T02:29:59+02:00",
    ]
    rows = [clinic.outcome("spend", 10.0**n, subject="ann", occurred_at=m) for n, m in enumerate(moments)]
    assert clinic.owner.rpc("record_outcomes", outcomes=rows)["errors"] == []
    clinic.world.catch_up()
    (kept,) = clinic.world.admin.rows(MOMENTS.replace("where ", "where e.entry_day = 'infinity' and e.dimension = 'all' and "),
        clinic.workspace_id)  # fmt: skip
    assert (kept["y"], kept["outcomes_used"], kept["outcomes_after"], kept["outcomes_before"]) == (11, 2, 1, 1)
