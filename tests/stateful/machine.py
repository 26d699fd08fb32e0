"""Several actors press the verbs in any order; after each press the database must be what the model says."""

import json
from contextlib import ExitStack
from typing import Any

import psycopg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from stateful.model import Arm, Model, Place, RefusedError, Trial
from stateful.watch import Watch
from support.cast import KEYS, ROLES
from support.clinic import open_clinic
from support.world import Actor, World, world_of

ACTIONS, INTENTS = ("Book", "UserLookup"), ("ScheduleMeeting",)
PLACES = st.sampled_from([(None, None), ("Book", None), (None, "ScheduleMeeting"), ("Book", "ScheduleMeeting")])
CALLS = st.sampled_from([(a, i) for a in (None, *ACTIONS) for i in (None, *INTENTS)])
ACTORS = st.sampled_from(
    ["owner", "engineer", "operations", "viewer", "key_full", "key_staging", "server", "other_owner"]
)
BOLD = st.sampled_from(["owner", "engineer", "server", "key_full"])
UNITS = st.sampled_from([f"unit-{n}" for n in range(8)])
PICK = st.integers(0, 7)
HONEST = st.sampled_from([True, True, True, False])
STRANGE = {"workspace_not_found", "unknown_experiment"}


class Upshot(RuleBasedStateMachine):
    """One run: two fresh workspaces in a database that earlier runs have used."""

    database: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world: World = self.stack.enter_context(world_of(self.database))
        self.clinic, self.other = open_clinic(self.world), open_clinic(self.world)
        self.actors = self.cast()
        self.model, self.versions = Model(), [str(self.clinic.version(f"v{n}")["id"]) for n in range(3)]
        self.watch = Watch(self.world, str(self.clinic.workspace_id), str(self.other.workspace_id))

    def cast(self) -> dict[str, Actor]:
        """Who acts."""
        world, clinic = self.world, self.clinic
        roles = {
            role: world.member(clinic.owner, clinic.workspace_id, role) for role in ("engineer", "operations", "viewer")
        }
        held = sorted({"workspace.read", "decisions.make", "experiments.write", "experiments.activate",
                       "deployments.publish", "deployments.rollback", "prompts.write", "events.write"})  # fmt: skip
        keys = {
            "key_full": world.api_key(clinic.owner, clinic.workspace_id, held),
            "key_staging": world.api_key(clinic.owner, clinic.workspace_id, held, ["staging"]),
        }
        return roles | keys | {"owner": clinic.owner, "server": world.server(), "other_owner": self.other.owner}

    def teardown(self) -> None:
        try:
            self.watch.nothing_crossed(self.actors["other_owner"], self.actors["viewer"])
        finally:
            self.stack.close()

    # How a verb is pressed

    def refusal(self, who: str, permission: str) -> str | set[str] | None:
        """Why this actor may not, if they may not."""
        if who == "other_owner":
            return STRANGE
        held = KEYS.get(who) or ROLES.get(who) or {"*"}
        if not held & {"*", permission}:
            return "permission_denied"
        return "environment_denied" if who == "key_staging" else None

    def press(self, who: str, permission: str, promised: Any, verb: str, arguments: dict[str, Any]) -> Any:
        """Call a verb; the model says beforehand whether it is taken. What is refused has changed nothing."""
        wanted: set[str] = set()
        refused = self.refusal(who, permission)
        if refused:
            wanted = {refused} if isinstance(refused, str) else refused
        else:
            try:
                promised()
            except RefusedError as refusal:
                wanted = set(refusal.codes)
        arguments |= {"workspace_id": str(self.clinic.workspace_id)}
        answer, code = self.outcome(who, verb, arguments)
        if code:
            assert code in wanted, f"{verb} by {who}: {code} {answer}, the model says {wanted or 'taken'}"
            self.watch.nothing_changed()
            return None
        assert not wanted, f"{verb} by {who} was taken, the model says {wanted}"
        self.watch.something_was_written(self.actors[who], who, verb)
        return answer

    def outcome(self, who: str, verb: str, arguments: dict[str, Any]) -> tuple[Any, str]:
        """The answer and an empty code, or the error and its code."""
        try:
            return self.actors[who].rpc(verb, **arguments), ""
        except psycopg.Error as error:
            return error, json.loads(error.diag.message_detail or "{}").get("code") or str(error.sqlstate)

    def place(self, place: Place) -> dict[str, Any]:
        """A place as arguments."""
        named = dict(zip(("action", "intent"), place, strict=True))
        return {"environment": "production", "capability": "BookAppointment"} | {k: v for k, v in named.items() if v}

    def seen(self, place: Place, honest: bool, pick: int) -> str | None:
        """What the caller believes is live: the truth, or something else."""
        live = self.model.scope(place).live
        if honest:
            return live
        others = [v for v in (*self.versions, None) if v != live]
        return others[pick % len(others)]

    # The rules

    @initialize()
    def begin(self) -> None:
        self.press("owner", "deployments.publish", lambda: self.model.publish((None, None), self.versions[0], None),
                   "publish", self.place((None, None)) | {"version_id": self.versions[0]})  # fmt: skip

    @rule(who=ACTORS, pick=PICK)
    def commit(self, who: str, pick: int) -> None:
        bundle = {"messages": [{"role": "user", "content": f"text {pick}-{len(self.versions)}"}], "provider": "local"}
        refused = self.refusal(who, "prompts.write")
        if refused and refused != "environment_denied":
            return
        made = self.actors[who].rpc("commit_version", prompt_id=self.clinic.prompt_id, model="smol", **bundle)
        self.versions.append(str(made["id"]))
        self.watch.something_was_written(self.actors[who], who, "commit_version")

    @rule(who=ACTORS, place=PLACES, pick=PICK, honest=HONEST)
    def publish(self, who: str, place: Place, pick: int, honest: bool) -> None:
        version, expected = self.versions[pick % len(self.versions)], self.seen(place, honest, pick)
        self.press(who, "deployments.publish", lambda: self.model.publish(place, version, expected),
                   "publish", self.place(place) | {"version_id": version, "expected_version": expected})  # fmt: skip

    @rule(who=ACTORS, place=PLACES, pick=PICK, honest=HONEST, named=st.booleans())
    def rollback(self, who: str, place: Place, pick: int, honest: bool, named: bool) -> None:
        expected = self.seen(place, honest, pick)
        target = self.versions[pick % len(self.versions)] if named else None
        self.press(who, "deployments.rollback", lambda: self.model.rollback(place, expected, target), "rollback",
                   self.place(place) | {"expected_version": expected, "to_version": target})  # fmt: skip

    @rule(who=BOLD, place=PLACES, pick=PICK, honest=HONEST)
    def withdraw(self, who: str, place: Place, pick: int, honest: bool) -> None:
        expected = self.seen(place, honest, pick)
        self.press(who, "deployments.rollback", lambda: self.model.withdraw(place, expected), "withdraw",
                   self.place(place) | {"expected_version": expected})  # fmt: skip

    @precondition(lambda self: len(self.model.trials) < 3)
    @rule(place=PLACES, pick=PICK, traffic=st.sampled_from([10000, 10000, 5000]))
    def draft(self, place: Place, pick: int, traffic: int) -> None:
        key = f"trial-{len(self.model.trials)}"
        arms = {k: Arm(k, self.versions[(pick + n) % len(self.versions)]) for n, k in enumerate(("a", "b"))}
        made = self.clinic.experiment({k: {"id": arm.version} for k, arm in arms.items()}, key=key, traffic=traffic)
        action, intent = place
        if action:
            self.clinic.put("experiment_actions", experiment_id=made.id,
                            capability_id=self.clinic.capability_id, action_id=self.clinic.actions[action])  # fmt: skip
        if intent:
            self.clinic.put("experiment_intents", experiment_id=made.id, intent_id=self.clinic.intents[intent])
        self.model.trials[str(made.id)] = Trial(str(made.id), key, place, arms, traffic, revision=made.row["revision"])

    def trial(self, pick: int) -> Trial:
        return list(self.model.trials.values())[pick % len(self.model.trials)]

    @precondition(lambda self: self.model.trials)
    @rule(
        who=ACTORS,
        pick=PICK,
        verb=st.sampled_from(["activate", "pause", "resume", "activate", "archive"]),
        honest=HONEST,
    )
    def move(self, who: str, pick: int, verb: str, honest: bool) -> None:
        trial = self.trial(pick)
        self.shift(who, "experiments.activate", trial, honest, verb, {}, lambda: trial.move(verb, self.model.clock))

    @precondition(lambda self: self.model.trials)
    @rule(who=ACTORS, pick=PICK, honest=HONEST)
    def stop_arm(self, who: str, pick: int, honest: bool) -> None:
        trial = self.trial(pick)

        def promise() -> None:
            if trial.arms["b"].rolled_back:
                raise RefusedError("already_rolled_back")
            trial.arms["b"].rolled_back = True
            if trial.has_started:
                trial.open_phase()

        self.shift(who, "deployments.rollback", trial, honest, "rollback_variant", {"variant": "b"}, promise)

    def shift(self, who: str, permission: str, trial: Trial, honest: bool, verb: str, more: Any, promise: Any) -> None:
        """A verb that names the revision it saw."""
        seen = trial.revision if honest else trial.revision - 1

        def promised() -> None:
            if not honest:
                raise RefusedError("stale_revision")
            promise()

        self.model.clock += 1
        answer = self.press(
            who, permission, promised, verb, {"experiment_id": trial.id, "expected_revision": seen} | more
        )
        if answer:
            assert answer["revision"] > trial.revision
            trial.revision = answer["revision"]
            assert answer["state"] == trial.state

    @precondition(lambda self: self.model.trials)
    @rule(who=st.sampled_from(["owner", "engineer", "viewer", "other_owner"]), pick=PICK, weight=st.integers(1, 5))
    def weigh(self, who: str, pick: int, weight: int) -> None:
        trial = self.trial(pick)
        answer: dict[str, Any] = {}
        code = ""
        try:
            answer = self.actors[who].rpc(
                "edit_experiment",
                experiment_id=trial.id, expected_revision=trial.revision, changes={"weights": {"b": weight}},
            )  # fmt: skip
        except psycopg.Error as error:
            code = json.loads(error.diag.message_detail or "{}").get("code", str(error.sqlstate))
        if who in ("viewer", "other_owner"):
            assert code in ("permission_denied", "unknown_experiment")
            self.watch.nothing_changed()
        elif trial.state == "archived":
            assert code == "move_not_allowed"
            self.watch.nothing_changed()
        elif weight == trial.arms["b"].weight:
            assert answer["revision"] == trial.revision
            self.watch.nothing_changed()
        elif trial.state in ("draft", "paused"):
            assert answer["revision"] > trial.revision, code
            trial.arms["b"].weight = weight
            trial.revision = answer["revision"]
        else:
            assert code == "pause_first"
            self.watch.nothing_changed()

    @rule(who=BOLD, place=CALLS, unit=UNITS)
    def decide(self, who: str, place: Place, unit: str) -> None:
        self.check(who, place, unit)

    @rule(source=st.sampled_from(["crm", "csat"]), event=st.integers(0, 5), value=st.booleans())
    def report(self, source: str, event: int, value: bool) -> None:
        if not self.watch.metric:
            self.watch.metric = self.clinic.metric("booked")["key"]
        row = self.clinic.outcome("booked", int(value), subject="unit-1", source=source, source_event_id=str(event))
        answer = self.clinic.owner.rpc("record_outcomes", outcomes=[row])
        assert answer["accepted"] == (0 if (source, event) in self.watch.events else 1), answer
        self.watch.events.add((source, event))

    def check(self, who: str, place: Place, unit: str) -> None:
        """The next decide runs what the model says."""
        call = self.place(place) | {"subject": unit, "workspace_id": str(self.clinic.workspace_id)}
        try:
            wanted = self.model.decide(place, unit)
        except RefusedError as refusal:
            wanted = {"code": refusal.codes[0]}
        answer, code = self.outcome(who, "decide", call)
        if code:
            assert {"code": code} == wanted, (place, unit, answer)
            return
        given = {
            "version": answer["version"]["id"],
            "variant": (answer["variant"] or {}).get("key"),
            "experiment": (answer["experiment"] or {}).get("id"),
        }
        assert given == wanted, (place, unit)

    @invariant()
    def the_next_calls_run_what_the_model_says_and_history_only_grows(self) -> None:
        # In this order: a call may log an exposure, and what stands after it is what the next refusal must leave alone.
        for place in ((None, None), ("Book", "ScheduleMeeting")):
            self.check("server", place, "unit-0")
        self.watch.history_only_grew()
        self.watch.numbers_have_no_gap()
        for trial in self.model.trials.values():
            self.watch.revision(trial.id, trial.revision)
