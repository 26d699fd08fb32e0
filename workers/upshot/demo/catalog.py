"""What must stand before an experiment can run: intents with embedded examples, metrics, the prompt and its versions."""

from collections.abc import Mapping, Sequence

from upshot.demo.api import Row, Workspace
from upshot.demo.dataset import Dataset, Labelled, key_of
from upshot.demo.examples import Example
from upshot.demo.plan import METRICS, Arm
from upshot.ports.embedder import Embedder

CAPABILITY = "RouteRequest"
PROMPT = "route-request"
# Where a request went is known as soon as it is answered: who has waited this long was not served.
_WINDOW = "20 seconds"
_EXAMPLES_AT_ONCE = 50
_BUNDLE = ("messages", "variables", "provider", "model", "params", "response_format")


async def lay_out_examples(workspace: Workspace, dataset: Dataset, embedder: Embedder) -> list[Example]:
    """Every label as an intent and every example with its embedding; what stands already is not embedded again."""
    intents = await _intents(workspace, dataset.labels)
    standing = await _standing(workspace, embedder)
    fresh = [item for item in dataset.examples if (intents[item.label], item.text) not in standing]
    vectors = await embedder.embed([item.text for item in fresh])
    for start in range(0, len(fresh), _EXAMPLES_AT_ONCE):
        await _add_examples(workspace, intents, fresh[start:][:_EXAMPLES_AT_ONCE], vectors[start:], embedder.id)
    standing |= {(intents[item.label], item.text): vector for item, vector in zip(fresh, vectors, strict=True)}
    return [Example(item.text, item.label, standing[intents[item.label], item.text]) for item in dataset.examples]


async def lay_out_metrics(workspace: Workspace) -> dict[str, str]:
    """The outcomes, by key: their ids."""
    found = {}
    for metric in METRICS:
        words = {"name": metric.name, "description": metric.description}
        kind = {"kind": metric.kind, "unit": metric.unit, "direction": metric.direction, "attribution_window": _WINDOW}
        row = await workspace.ensure("outcome_metrics", {"key": metric.key, **words, **kind})
        found[metric.key] = str(row["id"])
    return found


async def lay_out_capability(workspace: Workspace) -> str:
    """The capability that the experiment changes: its id."""
    words = {"name": "Route a request", "description": "Send each customer's message to the place that can answer it."}
    row = await workspace.ensure("capabilities", {"key": CAPABILITY, **words})
    return str(row["id"])


async def lay_out_versions(workspace: Workspace, capability_id: str, arms: Sequence[Arm]) -> dict[str, str]:
    """A prompt version for each arm, by the arm's key: its branch's head if that is it, else a new commit."""
    prompt = await workspace.ensure(
        "prompts",
        {"key": PROMPT, "name": "Route a request", "capability_id": capability_id},
    )
    versions: dict[str, str] = {}
    start: str | None = None
    for arm in arms:
        branch = await _branch(workspace, str(prompt["id"]), arm.branch, start)
        versions[arm.key] = await _version(workspace, branch, arm)
        start = start or versions[arm.key]
    return versions


async def publish_control(workspace: Workspace, environment: str, version_id: str) -> None:
    """Make the control live, unless it is."""
    scope = {"environment": environment, "capability": CAPABILITY}
    live = await workspace.rows("live_deployments", order="deployment_id", **scope)
    whole = [row for row in live if row["action"] is None and row["intent"] is None]
    expected = whole[0]["prompt_version_id"] if whole else None
    if expected != version_id:
        reason = "The demo's starting point: no examples."
        await workspace.call("publish", **scope, version_id=version_id, expected_version=expected, reason=reason)


async def _intents(workspace: Workspace, labels: Sequence[str]) -> dict[str, str]:
    names = {key_of(label): label.replace("_", " ").capitalize() for label in labels}
    await workspace.add_missing("intents", [{"key": key, "name": name} for key, name in names.items()])
    ids = {row["key"]: str(row["id"]) for row in await workspace.rows("intents", columns="id,key")}
    return {label: ids[key_of(label)] for label in labels}


async def _add_examples(
    workspace: Workspace,
    intents: Mapping[str, str],
    items: Sequence[Labelled],
    vectors: Sequence[Sequence[float]],
    embedder_id: str,
) -> None:
    rows = [
        {"intent_id": intents[item.label], "text": item.text, "embedding": _text(vector), "embedder": embedder_id}
        for item, vector in zip(items, vectors, strict=False)
    ]
    await workspace.add("intent_examples", rows)


async def _standing(workspace: Workspace, embedder: Embedder) -> dict[tuple[str, str], Sequence[float]]:
    rows = await workspace.rows("intent_examples", columns="id,intent_id,text,embedding", embedder=embedder.id)
    return {(row["intent_id"], row["text"]): _vector(row["embedding"]) for row in rows}


def _text(vector: Sequence[float]) -> str:
    return f"[{','.join(f'{number:.6g}' for number in vector)}]"


def _vector(text: str) -> list[float]:
    return [float(number) for number in text.strip("[]").split(",")]


async def _branch(workspace: Workspace, prompt_id: str, name: str, start: str | None) -> Row:
    standing = await workspace.rows("branches", prompt_id=prompt_id, name=name)
    for row in standing:
        if row["deleted_at"] is None:
            return row
    return await workspace.call("create_branch", prompt_id=prompt_id, name=name, from_version=start)


async def _version(workspace: Workspace, branch: Row, arm: Arm) -> str:
    if (head := branch["head_version_id"]) is not None:
        (row,) = await workspace.rows("prompt_versions", id=head)
        if _same(row, arm.bundle):
            return str(head)
    made = await workspace.call(
        "commit_version",
        prompt_id=branch["prompt_id"],
        branch=branch["name"],
        message=arm.message,
        expected_head=head,
        **arm.bundle,
    )
    return str(made["id"])


def _same(row: Row, bundle: Mapping[str, object]) -> bool:
    return all(row[field] == bundle[field] for field in _BUNDLE)
