"""Many move the same scopes at once: one winner for each version that was live, numbers without gaps, nothing half-done."""

import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic
from support.patience import PATIENCE, eventually
from support.world import Actor

PLACE = {"environment": "production", "capability": "BookAppointment"}
SCOPES: list[dict[str, str]] = [{}, {"intent": "ScheduleMeeting"}, {"action": "Book"}]
REFUSALS = {
    "stale_version", "already_live", "nothing_to_roll_back", "nothing_wider", "nothing_here", "never_live_here",
    "ramp_running", "stale_ramp", "ramp_over", "overridden", "nothing_to_ramp_from", "ramp_holds", "move_not_allowed",
    "stale_revision", "ramp_paused",
}  # fmt: skip


def live(actor: Actor, scope: dict[str, str]) -> Any:
    """What a caller reads before it moves a scope; null when nothing is live there."""
    rows = actor.rows(
        "select prompt_version_id from live_deployments where environment = 'production'"
        " and action is not distinct from %s and intent is not distinct from %s",
        scope.get("action"), scope.get("intent"),
    )  # fmt: skip
    return rows[0]["prompt_version_id"] if rows else None


def running(actor: Actor) -> dict[str, Any] | None:
    rows = actor.rows("select id, revision, experiment_id from ramps where state = 'running' order by random() limit 1")
    return rows[0] if rows else None


def act(actor: Actor, dice: random.Random, versions: list[Any], here: dict[str, str]) -> tuple[Any, Any]:
    """One random move: what was expected to be live, and the answer."""
    scope = dice.choice(SCOPES)
    expected = live(actor, scope)
    call = PLACE | scope | here | {"expected_version": expected}
    move = dice.choice(
        ["publish", "publish", "rollback", "rollback", "withdraw", "start", "advance", "abort", "archive"]
    )
    ramp = running(actor) if move in ("advance", "abort", "archive") else None
    if move in ("rollback", "withdraw"):
        return expected, actor.rpc(move, **call)
    if move == "start":
        actor.rpc("start_ramp", **call, version_id=dice.choice(versions), steps=[20, 100], hold="00:00")
    elif ramp and move == "archive":
        revision = actor.one("select revision from experiments where id = %s", ramp["experiment_id"])["revision"]
        actor.rpc("archive", experiment_id=ramp["experiment_id"], expected_revision=revision)
    elif ramp:
        actor.rpc(f"{move}_ramp", ramp_id=ramp["id"], expected_revision=ramp["revision"])
    elif move == "publish":
        return expected, actor.rpc("publish", **call, version_id=dice.choice(versions))
    return expected, None


def crowd(clinic: Clinic, versions: list[Any], seed: int, moves: int) -> list[tuple[Any, Any]]:
    """One of several callers; every refusal must be one that the contract knows."""
    actor, dice, done = clinic.world.server(), random.Random(seed), []
    for _ in range(moves):
        try:
            expected, answer = act(actor, dice, versions, {"workspace_id": clinic.workspace_id})
        except psycopg.Error as error:
            if json.loads(error.diag.message_detail or "{}").get("code") not in REFUSALS:
                raise
            continue
        if answer:
            done.append((expected, answer))
    return done


@pytest.mark.parametrize("seed", [1, 2])
def test_random_moves_by_many_lose_no_update(clinic: Clinic, seed: int):
    versions = [clinic.version(str(n))["id"] for n in range(4)]
    clinic.publish({"id": versions[0]})
    over = threading.Event()
    watcher = clinic.world.server()

    def watch() -> int:
        seen = 0
        while not over.is_set():
            for scope in SCOPES:
                assert clinic.decide(f"s{seen % 50}", by=watcher, workspace_id=clinic.workspace_id, **scope)["version"]
                seen += 1
        return seen

    with ThreadPoolExecutor(7) as pool:
        watching = pool.submit(watch)
        callers = [pool.submit(crowd, clinic, versions, seed * 100 + n, 30) for n in range(6)]
        moved = [pair for caller in callers for pair in caller.result()]
        over.set()
        assert watching.result() > 0

    rows = clinic.owner.rows("select * from deployments order by action_id, intent_id, number")
    by_scope: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    for row in rows:
        by_scope.setdefault((row["action_id"], row["intent_id"]), []).append(row)
    for history in by_scope.values():
        assert [row["number"] for row in history] == list(range(1, len(history) + 1))
        assert [row["previous_version_id"] for row in history] == [
            None, *(row["prompt_version_id"] for row in history[:-1]),
        ]  # fmt: skip
    # Who was told that they won replaced exactly what they expected, and nobody else did.
    kept = {str(row["id"]): row for row in rows}
    assert all(kept[answer["id"]]["previous_version_id"] == expected for expected, answer in moved)
    by_ramp = clinic.owner.one("select count(*) as n from ramps where state = 'completed'")["n"]
    assert len(rows) == 1 + len(moved) + by_ramp
    assert_whole(clinic)


def assert_whole(clinic: Clinic) -> None:
    """What must be true of a database after any moves and any deaths."""
    system = clinic.world.postgres()
    assert (
        system.one("""
        select count(*) as n from private.deployment_heads h
        where h.number <> (select max(d.number) from deployments d where d.environment_id = h.environment_id
            and d.capability_id = h.capability_id and d.action_id is not distinct from h.action_id
            and d.intent_id is not distinct from h.intent_id)
          or h.prompt_version_id is distinct from (
            select d.prompt_version_id from deployments d where d.id = h.deployment_id)""")["n"]
        == 0
    )
    assert system.one("""
        select count(*) as n from ramps r join experiments e on e.id = r.experiment_id
        where (r.state = 'running') <> (e.state in ('active', 'paused'))
          or (r.state = 'completed') <> (r.deployment_id is not null)
          or r.state = 'running' and r.from_version_id is distinct from (private.live_head(
            row(r.workspace_id, r.environment_id, r.capability_id, r.action_id, r.intent_id))).prompt_version_id
        """)["n"] == 0  # fmt: skip
    assert system.one("""
        select count(*) as n from deployments d
        where 1 <> (select count(*) from changes c where c.deployment_id = d.id and c.kind like 'deployment%%')
        """)["n"] == 0  # fmt: skip


def killed_in_the_middle(clinic: Clinic, verb: str, **arguments: Any) -> None:
    """The caller's backend dies after it has moved rows, while it waits to write the ledger."""
    victim, holder = clinic.world.server(), clinic.world.postgres()
    pid = victim.connection.info.backend_pid
    with ThreadPoolExecutor(1) as pool, holder.connection.transaction():
        holder.connection.execute("lock table public.changes in exclusive mode")
        dying = pool.submit(victim.rpc, verb, **arguments)
        waiting = "select from pg_locks where pid = %s and not granted"
        eventually(lambda: holder.rows(waiting, pid), "the caller's coming to the ledger")
        clinic.world.admin.rows("select pg_terminate_backend(%s)", pid)
        with pytest.raises(psycopg.OperationalError):
            dying.result(PATIENCE)


def test_a_backend_that_dies_in_the_middle_leaves_nothing(clinic: Clinic):
    old, new = clinic.version("old"), clinic.version("new")
    clinic.publish(old)
    here = PLACE | {"workspace_id": clinic.workspace_id, "expected_version": old["id"]}
    killed_in_the_middle(clinic, "publish", **here, version_id=new["id"])
    assert len(clinic.owner.rows("select * from deployments")) == 1
    ramp = clinic.owner.rpc("start_ramp", **here, version_id=new["id"], steps=[20, 100], hold="00:00")
    killed_in_the_middle(clinic, "advance_ramp", ramp_id=ramp["id"], expected_revision=1)
    assert clinic.owner.one("select state, step from ramps")["state"] == "running"
    assert clinic.decide("ann")["version"]["number"] in (1, 2)
    assert_whole(clinic)
    # Nothing is locked, and the numbers go on without a gap.
    done = clinic.owner.rpc("advance_ramp", ramp_id=ramp["id"], expected_revision=1)
    assert done["state"] == "completed"
    assert [r["number"] for r in clinic.owner.rows("select number from deployments order by number")] == [1, 2]
    killed_in_the_middle(clinic, "rollback", **here | {"expected_version": new["id"]})
    assert clinic.decide("ann")["version"]["number"] == 2
    assert_whole(clinic)
