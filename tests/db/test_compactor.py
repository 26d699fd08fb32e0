"""The compactor: whatever comes in whatever order, what it keeps is what a recomputation from the raw rows says."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from support.clinic import EPOCH, Experiment, expose
from support.world import World


def differing(world: World, experiment: Experiment) -> list[dict[str, Any]]:
    return world.admin.rows("select * from private.verify(%s)", experiment.id)


def history(experiment: Experiment, seed: int, subjects: int = 12) -> list[Callable[[], object]]:
    """Things that may happen to an experiment, each on its own: exposures, calls, outcomes by every kind of key."""
    clinic, draw, version = experiment.clinic, random.Random(seed), experiment.clinic.version("x")
    rows: list[tuple[str, dict[str, Any]]] = []
    for n in range(subjects * 3):
        subject, talk, ticket = f"s{n % subjects}", f"c{n % 7}", {"type": "ticket", "value": f"T{n % 5}"}
        at = (EPOCH + timedelta(hours=draw.randint(-30, 60))).isoformat()
        call = clinic.inference(version, subject, conversation=talk, started_at=at, keys=[ticket])
        rows.append(("inferences", call))
        places = ({"inference_id": call["id"]}, {"conversation": talk}, {"key": ticket}, {"subject": subject})
        for where in draw.sample(places, 2):
            for metric in ("score", "top"):
                value = draw.choice([draw.gauss(0, 3), 0.1, 1e9, -7])
                rows.append(("outcomes", clinic.outcome(metric, value, occurred_at=at, **where)))
    draw.shuffle(rows)

    def record(chunk: list[tuple[str, dict[str, Any]]]) -> Callable[[], object]:
        def say() -> None:
            for what in ("outcomes", "inferences"):
                said = [row for kind, row in chunk if kind == what]
                if said:
                    assert clinic.owner.rpc(f"record_{what}", **{what: Jsonb(said)})["errors"] == []

        return say

    acts: list[Callable[[], object]] = [record(rows[i : i + 9]) for i in range(0, len(rows), 9)]
    for n in range(subjects):
        at = EPOCH + timedelta(hours=draw.randint(-10, 10))
        acts.append(lambda n=n, at=at: expose(experiment, [f"s{n}"], at=at))
    draw.shuffle(acts)
    return acts


@pytest.mark.parametrize("seed", [1, 2])
def test_any_interleaving_with_ticks_is_equal_to_a_recomputation(experiment: Experiment, seed):
    clinic, draw = experiment.clinic, random.Random(seed)
    experiment.counts(clinic.metric("score", "mean", when_absent="zero", attribution_window="1 day"))
    experiment.counts(clinic.metric("top", "mean", per_subject="max", attribution_window="2 days"))
    for act in history(experiment, seed):
        act()
        if draw.random() < 0.4:
            clinic.world.catch_up()
            assert differing(clinic.world, experiment) == []
    clinic.world.catch_up()
    assert differing(clinic.world, experiment) == []
    used = clinic.owner.one("select sum(outcomes_used) as n from private.effect_moments where dimension = 'all'")["n"]
    assert used > 50
