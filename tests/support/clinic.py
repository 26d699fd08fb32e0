"""A workspace that books appointments: enough of everything to decide, measure and roll back."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from support.world import Actor, World

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Clinic:
    """The ids of a workspace, and short ways to do the usual things in it."""

    world: World
    owner: Actor
    workspace_id: str
    environments: dict[str, str]
    capability_id: str = ""
    actions: dict[str, str] = field(default_factory=dict)
    intents: dict[str, str] = field(default_factory=dict)
    prompt_id: str = ""

    def put(self, table: str, **values: Any) -> dict[str, Any]:
        """Insert a row of this workspace as its owner."""
        return self.owner.insert(table, workspace_id=self.workspace_id, **values)

    def version(self, text: str, prompt_id: str | None = None, **changes: Any) -> dict[str, Any]:
        """Commit a version whose only message is `text`."""
        bundle = {
            "messages": [{"role": "system", "content": text}],
            "provider": "local",
            "model": "smol",
            "message": text,
        }
        return self.owner.rpc("commit_version", prompt_id=prompt_id or self.prompt_id, **(bundle | changes))

    def publish(self, version: dict[str, Any], expected: Any = None, **scope: Any) -> dict[str, Any]:
        """Make a version live in production."""
        return self.owner.rpc(
            "publish",
            **{"environment": "production", "capability": "BookAppointment"} | scope,
            version_id=version["id"],
            expected_version=expected,
        )

    def decide(self, subject: str, by: Actor | None = None, **scope: Any) -> dict[str, Any]:
        """What production runs for a subject."""
        call = {"environment": "production", "capability": "BookAppointment"} | scope
        return (by or self.owner).rpc("decide", subject=subject, **call)

    def metric(self, key: str, kind: str = "proportion", **values: Any) -> dict[str, Any]:
        """Define an outcome metric."""
        return self.put("outcome_metrics", key=key, name=key, kind=kind, **values)

    def experiment(
        self, arms: dict[str, Any], key: str = "tone", *, judged: bool = True, **values: Any
    ) -> "Experiment":
        """Draft an experiment; `arms` maps a key to its version, the first is the control."""
        row = self.put(
            "experiments",
            **{"environment_id": self.environments["production"], "capability_id": self.capability_id} | values,
            key=key,
            name=key,
        )
        # A salt of chance would now and then split a handful of subjects so that a test about something else fails.
        self.world.admin.rows("update experiments set salt = %s where id = %s returning id", key, row["id"])
        experiment = Experiment(self, str(row["id"]))
        for position, (arm, version) in enumerate(arms.items()):
            experiment.arm(arm, version, is_control=position == 0)
        if judged:
            self.put("experiment_metrics", experiment_id=row["id"], metric_id=self.goal(), role="primary")
        return experiment

    def goal(self) -> str:
        """The id of the metric that experiments are judged by when a test does not say."""
        made = self.owner.rows(
            "select id from outcome_metrics where workspace_id = %s and key = 'goal'", self.workspace_id
        )
        return str(made[0]["id"] if made else self.metric("goal", "mean")["id"])

    def outcome(self, metric: str, value: Any, **where: Any) -> dict[str, Any]:
        """A row for record_outcomes."""
        row = {"metric": metric, "value": value, "environment": "production", "source": "crm"}
        row |= {"source_event_id": str(uuid.uuid4()), "occurred_at": datetime.now(UTC).isoformat()}
        return row | where

    def inference(self, version: dict[str, Any], subject: str, **more: Any) -> dict[str, Any]:
        """A row for record_inferences."""
        row = {"id": str(uuid.uuid4()), "environment": "production", "subject": subject, "status": "ok"}
        row |= {"capability": "BookAppointment", "version_id": str(version["id"]), "provider": "local"}
        row |= {"requested_model": "smol", "started_at": datetime.now(UTC).isoformat(), "latency_ms": 12.5}
        return row | more


@dataclass
class Experiment:
    """One experiment of a clinic."""

    clinic: Clinic
    id: str

    def arm(self, key: str, version: dict[str, Any] | None, *, is_control: bool = False, weight: int = 1) -> str:
        """Add an arm that runs a version."""
        row = self.clinic.put(
            "variants", experiment_id=self.id, key=key, name=key, is_control=is_control, weight=weight
        )
        if version:
            self.clinic.put("variant_versions", variant_id=row["id"], prompt_version_id=version["id"])
        return row["id"]

    def counts(self, metric: dict[str, Any], role: str = "secondary") -> None:
        """Judge the experiment by a metric."""
        document = self.clinic.owner.rpc("experiment_document", experiment_id=self.id)["document"]
        margin = {"margin": 1} if role == "guardrail" else {}
        kept = [m for m in document["metrics"] if role != "primary" or m["role"] != "primary"]
        self.edit(metrics=[*kept, {"metric": metric["key"], "role": role} | margin])

    @property
    def row(self) -> dict[str, Any]:
        """The experiment as it is now."""
        return self.clinic.owner.one("select * from experiments where id = %s", self.id)

    def move(self, verb: str, **more: Any) -> dict[str, Any]:
        """activate, pause, resume, archive or rollback_variant at the present revision."""
        return self.clinic.owner.rpc(verb, experiment_id=self.id, expected_revision=self.row["revision"], **more)

    def edit(self, by: Actor | None = None, **changes: Any) -> dict[str, Any]:
        """Change parts of the document at the present revision."""
        return (by or self.clinic.owner).rpc(
            "edit_experiment", experiment_id=self.id, expected_revision=self.row["revision"], changes=changes
        )

    def effect(self, metric: str, variant: str) -> dict[str, Any]:
        """One row of experiment_effects, once everything is counted."""
        self.clinic.world.catch_up()
        return self.clinic.owner.one(
            "select * from experiment_effects where experiment_id = %s and metric_key = %s and variant_key = %s",
            self.id, metric, variant,
        )  # fmt: skip


def open_clinic(world: World) -> Clinic:
    """A new workspace with one capability, three actions, two intents and a prompt."""
    owner = world.user("owner")
    made = owner.rpc("create_workspace", name="Clinic", slug="clinic")
    clinic = Clinic(world, owner, made["workspace_id"], made["environments"])
    clinic.capability_id = clinic.put("capabilities", key="BookAppointment", name="Book an appointment")["id"]
    for position, key in enumerate(("UserLookup", "GetAvailability", "Book"), start=1):
        row = clinic.put("actions", capability_id=clinic.capability_id, key=key, name=key, position=position)
        clinic.actions[key] = row["id"]
    for key in ("ScheduleMeeting", "CancelMeeting"):
        clinic.intents[key] = clinic.put("intents", key=key, name=key)["id"]
    clinic.prompt_id = clinic.put("prompts", key="booking", name="Booking", capability_id=clinic.capability_id)["id"]
    return clinic


def hours(n: float) -> timedelta:
    """A span of hours."""
    return timedelta(hours=n)


def expose(experiment: Experiment, subjects: Iterable[str], at: datetime = EPOCH) -> dict[str, list[str]]:
    """Decide for every subject at one moment: arm to subjects."""
    server = experiment.clinic.world.server()
    server.connection.execute("select set_config('upshot.now', %s, false)", [at.isoformat()])
    arms: dict[str, list[str]] = {}
    for subject in subjects:
        answer = experiment.clinic.decide(subject, by=server, workspace_id=experiment.clinic.workspace_id)
        arms.setdefault(answer["variant"]["key"], []).append(subject)
    return arms


def observe(
    experiment: Experiment, metric: str, values: dict[str, list[float]], at: datetime = EPOCH + timedelta(hours=1)
) -> None:
    """Report these values of each subject, all at one moment."""
    rows = [
        experiment.clinic.outcome(metric, value, subject=subject, occurred_at=at.isoformat())
        for subject, several in values.items()
        for value in several
    ]
    answer = experiment.clinic.owner.rpc("record_outcomes", outcomes=rows)
    assert answer["errors"] == []
