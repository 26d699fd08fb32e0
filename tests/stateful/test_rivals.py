"""Many connections press verbs at once: each success consumed a state that no other success consumed, and none is lost.

Seeded by STATEFUL_SEED, which a failure prints; STATEFUL_ACTS makes it longer. The order of threads is the machine's.
"""

import os
import random
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic, Experiment
from support.patience import PATIENCE
from support.rivals import at_once
from support.world import Actor

SEED = int(os.environ.get("STATEFUL_SEED", random.randrange(2**32)))
ACTS = int(os.environ.get("STATEFUL_ACTS", "25"))
RIVALS = 6
SCOPE = {"environment": "production", "capability": "BookAppointment"}
PLACES: list[dict[str, str]] = [{}, {"action": "Book"}]
# What a verb may answer to one who came second, or whose connection was cut.
LOST = {"PT409", "PT422", "57P01", "40P01", None}


@dataclass
class Rival:
    """One thread's actor, what it may do, and what succeeded."""

    clinic: Clinic
    actor: Actor
    experiment: Experiment
    versions: list[str]
    chance: random.Random
    won: list[tuple[str, Any, dict[str, Any]]] = field(default_factory=list)
    odd: list[Any] = field(default_factory=list)
    around: Callable[[Actor, Callable[[], Any]], Any] = lambda actor, act: act()

    def press(self, verb: str, consumed: Any, **arguments: Any) -> None:
        """One call; being second is no error, anything else is."""
        try:
            answer = self.around(self.actor, lambda: self.actor.rpc(verb, **arguments))
        except psycopg.Error as error:
            if error.sqlstate not in LOST:
                self.odd.append((verb, error.sqlstate, str(error)))
            if self.actor.connection.closed:
                self.actor = self.clinic.world.as_role("authenticated", self.actor.user_id)
            return
        self.won.append((verb, consumed, answer))

    def act(self) -> None:
        """One of the verbs, on what it sees now."""
        try:
            self.chance.choice([self.publish, self.publish, self.rollback, self.move, self.weigh, self.commit])()
        except psycopg.OperationalError:
            self.actor = self.clinic.world.as_role("authenticated", self.actor.user_id)

    def live(self, place: dict[str, str]) -> Any:
        action = self.clinic.actions.get(place.get("action", ""))
        rows = self.actor.rows(
            "select prompt_version_id as v from deployments where capability_id = %s and action_id is not distinct from %s"
            " and intent_id is null order by number desc limit 1", self.clinic.capability_id, action,
        )  # fmt: skip
        return rows[0]["v"] if rows else None

    def publish(self) -> None:
        place = self.chance.choice(PLACES)
        live = self.live(place)
        version = self.chance.choice([v for v in self.versions if v != str(live)])
        self.press("publish", (str(place), live), **SCOPE, **place, version_id=version, expected_version=live)

    def rollback(self) -> None:
        place = self.chance.choice(PLACES)
        live = self.live(place)
        self.press("rollback", (str(place), live), **SCOPE, **place, expected_version=live)

    def move(self) -> None:
        seen = self.actor.one("select state, revision from experiments where id = %s", self.experiment.id)
        verb = {"draft": "activate", "active": "pause", "paused": "resume"}[seen["state"]]
        self.press(verb, seen["revision"], experiment_id=self.experiment.id, expected_revision=seen["revision"])

    def weigh(self) -> None:
        seen = self.actor.one("select revision from experiments where id = %s", self.experiment.id)["revision"]
        changes = {"weights": {"b": self.chance.randint(1, 9)}}
        self.press("edit_experiment", seen, experiment_id=self.experiment.id, expected_revision=seen, changes=changes)

    def commit(self) -> None:
        head = self.actor.one("select head_version_id as h from branches where prompt_id = %s", self.clinic.prompt_id)[
            "h"
        ]
        bundle = {"messages": [{"role": "user", "content": str(self.chance.random())}], "provider": "p", "model": "m"}
        self.press("commit_version", head, prompt_id=self.clinic.prompt_id, expected_head=head, **bundle)


@pytest.fixture
def rivals(clinic: Clinic) -> list[Rival]:
    sys.stdout.write(f"STATEFUL_SEED={SEED}\n")
    versions = [str(clinic.version(f"v{n}")["id"]) for n in range(4)]
    clinic.publish({"id": versions[0]})
    experiment = clinic.experiment({"a": {"id": versions[0]}, "b": {"id": versions[1]}})
    chance = random.Random(SEED)
    roles = [chance.choice(["engineer", "product_manager", "admin"]) for _ in range(RIVALS)]
    actors = [clinic.world.member(clinic.owner, clinic.workspace_id, role) for role in roles]
    return [Rival(clinic, a, experiment, versions, random.Random(chance.random())) for a in actors]


def run(rivals: list[Rival]) -> None:
    """Everybody acts at once."""

    def several(rival: Rival) -> None:
        for _ in range(ACTS):
            rival.act()

    ended = at_once([lambda r=r: several(r) for r in rivals])  # type: ignore[misc]
    assert [e for e in ended if isinstance(e, BaseException)] == []
    assert [odd for r in rivals for odd in r.odd] == []


def won(rivals: list[Rival], *verbs: str) -> list[tuple[str, Any, dict[str, Any]]]:
    """What succeeded of these verbs."""
    return [one for rival in rivals for one in rival.won if one[0] in verbs]


def nothing_is_half_done(clinic: Clinic) -> None:
    """Every move has its head, its line in the ledger and its audit event; every phase its arms; every head its version."""
    assert (
        clinic.world.admin.rows("""
        select d.id from deployments d
        where (select count(*) from changes c where c.deployment_id = d.id) <> 1
          or not exists (select from audit_events a where a.table_name = 'deployments' and a.row_id = d.id)""")
        == []
    )
    assert (
        clinic.world.admin.rows("""
        select h.deployment_id from private.deployment_heads h where exists (
          select from deployments d where (d.environment_id, d.capability_id) = (h.environment_id, h.capability_id)
            and d.action_id is not distinct from h.action_id and d.intent_id is not distinct from h.intent_id
            and d.number > h.number)""")
        == []
    )
    assert (
        clinic.world.admin.rows("""
        select p.id from experiment_phases p where (select coalesce(sum(a.bucket_to - a.bucket_from), 0)
          from experiment_phase_arms a where a.phase_id = p.id) <> 10000""")
        == []
    )
    assert (
        clinic.world.admin.rows("""
        select e.id from experiments e where (e.state = 'active') <> exists (
          select from private.live_rules r where r.experiment_id = e.id)""")
        == []
    )
    assert (
        clinic.world.admin.rows("""
        select b.id from branches b join prompt_versions v on v.prompt_id = b.prompt_id
        group by b.id having b.head_version_id <> (array_agg(v.id order by v.number desc))[1]""")
        == []
    )


def chains_hold(clinic: Clinic) -> int:
    """Each deployment replaced what the one before it made live, in every scope, and the numbers have no gap."""
    rows = clinic.world.admin.rows("select * from deployments order by action_id, intent_id, number")
    before: dict[Any, tuple[int, Any]] = {}
    for row in rows:
        scope = (row["action_id"], row["intent_id"])
        number, version = before.get(scope, (0, None))
        assert (row["number"], row["previous_version_id"]) == (number + 1, version)
        before[scope] = (row["number"], row["prompt_version_id"])
    return len(rows)


def what_runs_is_what_stands(clinic: Clinic, experiment: Experiment) -> None:
    """The last phase of an active experiment has the weights that its arms have."""
    if experiment.row["state"] == "active":
        assert clinic.world.admin.rows("""
            select a.variant_id from experiment_phase_arms a join variants v on v.id = a.variant_id
            where a.weight <> v.weight and a.phase_id = (
              select p.id from experiment_phases p where p.experiment_id = %s order by p.number desc limit 1)""",
            experiment.id) == []  # fmt: skip


def test_no_update_is_lost(clinic: Clinic, rivals: list[Rival]):
    run(rivals)
    moves = won(rivals, "publish", "rollback")
    assert chains_hold(clinic) == len(moves) + 1
    assert len({answer["deployment_id"] for _, _, answer in moves}) == len(moves)
    for _, (_, expected), answer in moves:
        assert str(answer["previous_version_id"]) == str(expected)
    shifts = won(rivals, "activate", "pause", "resume", "edit_experiment")
    moved = [consumed for _, consumed, answer in shifts if answer["revision"] > consumed]  # else the weight it had
    assert len(set(moved)) == len(moved), "one revision was consumed twice"
    assert all(answer["revision"] >= consumed for _, consumed, answer in shifts)
    commits = won(rivals, "commit_version")
    assert len({consumed for _, consumed, _ in commits}) == len(commits), "one head was consumed twice"
    assert rivals[0].experiment.row["revision"] >= max((a["revision"] for _, _, a in shifts), default=1)
    what_runs_is_what_stands(clinic, rivals[0].experiment)
    nothing_is_half_done(clinic)
    assert len(moves) > 3


def test_whoever_dies_in_the_middle_did_all_or_nothing(clinic: Clinic, rivals: list[Rival]):
    """Connections are cut at random while their verbs run."""
    killer = Actor(clinic.world.connect("supabase_admin"))
    lock = threading.Lock()
    cut: list[bool] = []

    def kill(pid: int, over: threading.Event) -> None:
        while not over.is_set():
            with lock:
                found = killer.rows(
                    "select pg_terminate_backend(pid) as cut from pg_stat_activity where pid = %s and state = 'active'",
                    pid,
                )
            if found:
                cut.append(True)
                return

    with ThreadPoolExecutor(RIVALS) as killers:
        for rival in rivals:
            rival.around = hunted(killers, kill, random.Random(rival.chance.random()))
        run(rivals)
    chains_hold(clinic)
    what_runs_is_what_stands(clinic, rivals[0].experiment)
    nothing_is_half_done(clinic)
    assert cut, "nobody was cut off: the test proved nothing"


def hunted(killers: ThreadPoolExecutor, kill: Any, chance: random.Random) -> Callable[[Actor, Callable[[], Any]], Any]:
    """Every third call is hunted while it runs."""

    def around(actor: Actor, act: Callable[[], Any]) -> Any:
        if chance.random() > 1 / 3:
            return act()
        over = threading.Event()
        hunt = killers.submit(kill, actor.connection.info.backend_pid, over)
        try:
            return act()
        finally:
            over.set()
            hunt.result(timeout=PATIENCE)

    return around
