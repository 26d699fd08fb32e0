"""An experiment that cannot be counted is held by itself: the others are counted, and it comes back whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from support.clinic import EPOCH, Clinic, Experiment, expose, open_clinic
from support.world import World

USED = """
select coalesce(sum(outcomes_used), 0)::int as n from private.effect_moments
where workspace_id = %s and dimension = 'all' and entry_day = 'infinity'
"""


@pytest.fixture
def two(world: World) -> list[Experiment]:
    return [running(open_clinic(world)) for _ in range(2)]


def running(clinic: Clinic) -> Experiment:
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.counts(clinic.metric("score", "count", when_absent="zero"))
    experiment.move("activate")
    expose(experiment, ["s0", "s1"])
    return experiment


def record(experiment: Experiment, n: int) -> None:
    clinic = experiment.clinic
    at = (EPOCH + timedelta(hours=1)).isoformat()
    rows = [clinic.outcome("score", 1, subject=f"s{k % 2}", occurred_at=at) for k in range(n)]
    assert clinic.owner.rpc("record_outcomes", outcomes=rows)["errors"] == []


def used(experiment: Experiment) -> int:
    return int(experiment.clinic.world.admin.one(USED, experiment.clinic.workspace_id)["n"])


def differing(experiment: Experiment) -> list[dict[str, Any]]:
    return experiment.clinic.world.admin.rows("select * from private.verify(%s)", experiment.id)


@contextmanager
def refusing(world: World, table: str, experiment: Experiment) -> Iterator[None]:
    """A trouble that nobody foresaw, of one experiment alone."""
    admin = world.connect("postgres")
    admin.execute(
        f"alter table private.{table} add constraint trouble check (experiment_id <> '{experiment.id}') not valid"
    )
    yield
    admin.execute(f"alter table private.{table} drop constraint trouble")


def held(experiment: Experiment) -> dict[str, Any]:
    """What members of the workspace see of it."""
    query = "select held_reason, held_since is null as follows from experiment_health where experiment_id = %s"
    return experiment.clinic.owner.one(query, experiment.id)


@pytest.mark.parametrize("table", ["unit_values", "effect_moments", "experiment_units"])
def test_trouble_of_one_workspace_leaves_the_others_counted(two: list[Experiment], table: str):
    sick, sound = two
    world = sick.clinic.world
    world.catch_up()
    with refusing(world, table, sick):
        for experiment in two:
            expose(experiment, ["s2", "s3"])
            record(experiment, 5)
        world.catch_up()
        assert (used(sound), differing(sound), held(sound)["held_reason"]) == (5, [], None)
        assert (used(sick), held(sick)) == (0, {"held_reason": "failed", "follows": False})
        record(sick, 2)
        world.catch_up()
        assert world.step("compact")["failed"] == 1
        (told,) = world.admin.rows("select tries > 0 as tried, message from private.held_experiments")
        assert told["tried"]
        assert "trouble" in told["message"]
    world.admin.rows("update private.held_experiments set retry_at = now() returning 1")
    world.catch_up()
    assert (used(sick), differing(sick), held(sick)["held_reason"]) == (7, [], None)


def talk(experiment: Experiment, n: int) -> None:
    """Outcomes whose source knows a conversation alone."""
    clinic = experiment.clinic
    at = (EPOCH + timedelta(hours=1)).isoformat()
    rows = [clinic.outcome("score", 1, conversation="c0", occurred_at=at) for _ in range(n)]
    assert clinic.owner.rpc("record_outcomes", outcomes=rows)["errors"] == []


def unplaceable(experiment: Experiment) -> psycopg.Connection[Any]:
    """From now on no outcome of the workspace finds a place; the connection that can end it."""
    admin = experiment.clinic.world.connect("postgres")
    admin.execute(
        "alter table private.outcome_places add constraint trouble "
        f"check (workspace_id <> '{experiment.clinic.workspace_id}') not valid"
    )
    return admin


def test_a_person_is_erased_with_outcomes_that_could_not_be_placed(clinic: Clinic):
    sick = running(clinic)
    call = clinic.inference(clinic.version("x"), "s0", conversation="c0")
    clinic.owner.rpc("record_inferences", inferences=[call])
    clinic.world.catch_up()
    unplaceable(sick)
    talk(sick, 3)
    clinic.world.catch_up()
    assert len(clinic.world.admin.rows("select 1 from private.late_workspaces")) == 1
    assert clinic.owner.rpc("erase_subject", subject="s0", reason="Asked")["rows"]["outcomes"] == 3
    assert clinic.owner.rows("select 1 from outcomes") == []


def test_trouble_with_the_places_of_one_workspace_leaves_the_others_placed(two: list[Experiment]):
    sick, sound = two
    world = sick.clinic.world
    for experiment in two:
        call = experiment.clinic.inference(experiment.clinic.version("x"), "s0", conversation="c0")
        assert experiment.clinic.owner.rpc("record_inferences", inferences=[call])["accepted"] == 1
        talk(experiment, 1)
    world.catch_up()
    admin = unplaceable(sick)
    for n in (3, 2):
        for experiment in two:
            talk(experiment, n)
        world.catch_up()
    assert (used(sound), differing(sound), held(sound)["held_reason"]) == (6, [], None)
    assert (used(sick), held(sick)) == (1, {"held_reason": "failed", "follows": False})
    (told,) = world.admin.rows("select workspace_id::text as of, message from private.late_workspaces")
    assert told["of"] == str(sick.clinic.workspace_id)
    assert "trouble" in told["message"]
    admin.execute("alter table private.outcome_places drop constraint trouble")
    world.admin.rows("update private.late_workspaces set retry_at = now() returning 1")
    talk(sick, 1)
    world.catch_up()
    assert (used(sick), differing(sick), held(sick)["held_reason"]) == (7, [], None)
    assert world.admin.rows("select private.verify_days(%s)", sick.clinic.workspace_id) == []
    assert world.admin.rows("select 1 from private.late_workspaces") == []


def test_rules_that_change_hold_one_experiment_up_and_no_other(two: list[Experiment]):
    """Numbers stand still until they are computed anew, in a tick of its own; what comes meanwhile is in them."""
    changed, other = two
    world = changed.clinic.world
    world.catch_up()
    changed.clinic.owner.rows(
        "update outcome_metrics set attribution_window = '2 days' where key = 'score' returning 1"
    )
    for experiment in two:
        record(experiment, 3)
    first = world.tick()
    assert (first["state"], used(other), used(changed)) == ("moved", 3, 0)
    assert held(changed)["held_reason"] == "rules_changed"
    world.catch_up()
    assert (used(changed), differing(changed), differing(other)) == (3, [], [])
