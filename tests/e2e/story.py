"""A workspace with one running experiment, told through the public API; only its salt is given, so that chance is the same each time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from upshot_devstack.running import RunningGateway

EMAIL = "ada@example.com"
PASSWORD = "correct-horse-battery"
SCOPE = {"environment": "production", "capability": "BookAppointment"}


class Api:
    """The Data API and Auth as one caller sees them."""

    def __init__(self, gateway: RunningGateway, key: str, token: str | None = None) -> None:
        headers = {"apikey": key, "Authorization": f"Bearer {token or key}"}
        self._http = httpx.Client(base_url=gateway.url, headers=headers, timeout=30)

    def close(self) -> None:
        self._http.close()

    def post(self, path: str, body: Any, **headers: str) -> Any:
        answer = self._http.post(path, json=body, headers=headers)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def rpc(self, verb: str, **arguments: Any) -> Any:
        return self.post(f"/rest/v1/rpc/{verb}", arguments)

    def insert(self, table: str, **row: Any) -> dict[str, Any]:
        return self.insert_all(table, [row])[0]

    def insert_all(self, table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = self.post(f"/rest/v1/{table}", rows, Prefer="return=representation")
        return made

    def select(self, table: str, **filters: str) -> list[dict[str, Any]]:
        answer = self._http.get(f"/rest/v1/{table}", params=filters)
        assert answer.is_success, answer.text
        rows: list[dict[str, Any]] = answer.json()
        return rows


@dataclass(frozen=True)
class Story:
    """What the tests need to know of the workspace that was made."""

    owner: Api
    server: Api
    workspace_id: str
    slug: str
    experiment_id: str
    experiment_key: str
    versions: dict[str, str]
    """Version ids by name: `first` was live once, `control` is live now, `short` is the variant's."""
    subjects: dict[str, list[str]]
    """Subjects by the key of their arm."""

    def decide(self, subject: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.owner.rpc("decide", subject=subject, workspace_id=self.workspace_id, **SCOPE)
        return answer

    def record(self, metric: str, values: dict[str, Any]) -> None:
        """One outcome a subject."""
        rows = [
            {
                "metric": metric,
                "value": value,
                "environment": "production",
                "subject": subject,
                "occurred_at": datetime.now(UTC).isoformat(),
                "source": "e2e",
                "source_event_id": str(uuid4()),
            }
            for subject, value in values.items()
        ]
        answer = self.owner.rpc("record_outcomes", outcomes=rows, workspace_id=self.workspace_id)
        assert answer["errors"] == [], answer["errors"][:2]
        assert answer["accepted"] == len(rows)

    def add_member(self, email: str, role: str) -> None:
        user = add_user(self.server, email)
        self.server.insert("members", workspace_id=self.workspace_id, user_id=user["id"], role=role)

    def sign_in_token(self) -> str:
        """The token of a one-time link, as a server makes it for a person."""
        link = self.server.post("/auth/v1/admin/generate_link", {"type": "magiclink", "email": EMAIL})
        return str(link["hashed_token"])

    def mailed_link(self, land_on: str) -> str:
        """The link as a mail would carry it: through the server, which redirects to `land_on`."""
        order = {"type": "magiclink", "email": EMAIL, "redirect_to": land_on}
        return str(self.server.post("/auth/v1/admin/generate_link", order)["action_link"])


def add_user(server: Api, email: str) -> dict[str, Any]:
    body = {"email": email, "password": PASSWORD, "email_confirm": True}
    user: dict[str, Any] = server.post("/auth/v1/admin/users", body)
    return user


def _sign_in(gateway: RunningGateway, email: str) -> Api:
    anonymous = Api(gateway, gateway.settings.publishable_key)
    session = anonymous.post("/auth/v1/token?grant_type=password", {"email": email, "password": PASSWORD})
    anonymous.close()
    return Api(gateway, gateway.settings.publishable_key, session["access_token"])


def tell(gateway: RunningGateway, fix_salt: Callable[[], None], people: int = 72) -> Story:
    """Two arms, two metrics, `people` customers assigned, all with outcomes: the variant books more and answers later."""
    server = Api(gateway, gateway.settings.secret_key)
    add_user(server, EMAIL)
    owner = _sign_in(gateway, EMAIL)
    made = owner.rpc("create_workspace", name="Harbour Dental", slug="harbour")
    workspace = made["workspace_id"]
    capability = owner.insert("capabilities", workspace_id=workspace, key=SCOPE["capability"], name="Book appointment")
    versions = _versions(owner, workspace, capability["id"])
    experiment = _experiment(owner, workspace, made["environments"]["production"], capability["id"], versions)
    fix_salt()
    _start(owner, workspace, experiment["id"])
    story = Story(
        owner, server, workspace, "harbour", experiment["id"], experiment["key"], versions, {"control": [], "short": []}
    )
    for number in range(people):
        subject = f"customer-{number:03d}"
        story.subjects[story.decide(subject)["variant"]["key"]].append(subject)
    _outcomes(story)
    return story


def _versions(owner: Api, workspace: str, capability: str) -> dict[str, str]:
    prompt = owner.insert("prompts", workspace_id=workspace, key="greeting", name="Greeting", capability_id=capability)
    texts = {"first": "Hello.", "control": "Hello, and welcome to Harbour Dental.", "short": "Hi! When suits you?"}
    ids: dict[str, str] = {}
    head = None
    for name, text in texts.items():
        version = owner.rpc(
            "commit_version",
            prompt_id=prompt["id"],
            messages=[{"role": "system", "content": text}],
            provider="local",
            model="smollm2-135m-instruct",
            message=name,
            expected_head=head,
            workspace_id=workspace,
        )
        head = ids[name] = version["id"]
    for name, before in (("first", None), ("control", ids["first"])):
        owner.rpc("publish", version_id=ids[name], expected_version=before, workspace_id=workspace, **SCOPE)
    return ids


def _experiment(
    owner: Api, workspace: str, environment: str, capability: str, versions: dict[str, str]
) -> dict[str, Any]:
    experiment = owner.insert(
        "experiments",
        workspace_id=workspace,
        key="greeting-length",
        name="Greeting length",
        hypothesis="A shorter greeting loses fewer callers.",
        environment_id=environment,
        capability_id=capability,
    )
    belongs = {"workspace_id": workspace, "experiment_id": experiment["id"]}
    booked = {"key": "booked", "name": "Booked calls", "kind": "proportion", "direction": "increase"}
    reply = {"key": "reply-time", "name": "Reply time", "kind": "duration", "unit": "ms", "direction": "decrease"}
    for metric, role in ((booked, "primary"), (reply, "guardrail")):
        metric_id = owner.insert("outcome_metrics", workspace_id=workspace, **metric)["id"]
        margin = {"margin": 50} if role == "guardrail" else {}
        owner.insert("experiment_metrics", metric_id=metric_id, role=role, **margin, **belongs)
    for key, name in (("control", "Long greeting"), ("short", "Shorter greeting")):
        variant = owner.insert("variants", key=key, name=name, is_control=key == "control", **belongs)
        owner.insert(
            "variant_versions", workspace_id=workspace, variant_id=variant["id"], prompt_version_id=versions[key]
        )
    return experiment


def _start(owner: Api, workspace: str, experiment_id: str) -> None:
    present = owner.select("experiments", id=f"eq.{experiment_id}")[0]
    owner.rpc("activate", experiment_id=experiment_id, expected_revision=present["revision"], workspace_id=workspace)


def _outcomes(story: Story) -> None:
    """All but the first three subjects of each arm, so that a test has somebody left to report on."""
    often = {"control": 1, "short": 9}
    late = {"control": 300, "short": 360}
    for arm, subjects in story.subjects.items():
        known = subjects[3:]
        story.record("booked", {subject: index % 10 < often[arm] for index, subject in enumerate(known)})
        story.record("reply-time", {subject: late[arm] + 7 * (index % 9) for index, subject in enumerate(known)})
