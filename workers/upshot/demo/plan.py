"""The experiment that the demo runs: its outcomes, its arms, and the prompt version behind each arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

EXAMPLES_IN_PROMPT = 2
LONGEST_ANSWER = 32


@dataclass(frozen=True)
class Metric:
    """One outcome. ``better`` and ``worse`` finish the sentence that begins with a variant's name."""

    key: str
    name: str
    description: str
    kind: Literal["proportion", "duration"]
    unit: str
    direction: Literal["increase", "decrease"]
    role: Literal["primary", "secondary"]
    better: str
    worse: str


ROUTED_RIGHT = Metric(
    key="routed_right",
    name="Routed right",
    description="The request went where its label says it belongs.",
    kind="proportion",
    unit="",
    direction="increase",
    role="primary",
    better="sends more requests to the right place",
    worse="sends fewer requests to the right place",
)
ANSWER_SECONDS = Metric(
    key="answer_seconds",
    name="Time to route",
    description="From the request to its route: finding examples and the model's call.",
    kind="duration",
    unit="s",
    direction="decrease",
    role="secondary",
    better="is faster",
    worse="is slower",
)
METRICS = (ROUTED_RIGHT, ANSWER_SECONDS)


@dataclass(frozen=True)
class Arm:
    """One arm: its prompt version's content, and the branch and message to commit it with."""

    key: str
    name: str
    branch: str
    message: str
    bundle: dict[str, Any]
    is_control: bool = False


def arms(labels: Sequence[str], *, provider: str, model: str) -> tuple[Arm, ...]:
    """The control, and two changes of one thing each."""
    common = {"provider": provider, "model": model, "response_format": {"type": "choice", "choices": list(labels)}}
    steady, warm = _params(temperature=0), _params(temperature=1)
    plain = _messages(labels, examples=0)
    return (
        Arm(
            key="no_examples",
            name="No examples",
            branch="main",
            message="The list of labels and nothing else.",
            bundle={"messages": plain, "variables": _variables(0), "params": steady, **common},
            is_control=True,
        ),
        Arm(
            key="similar_examples",
            name="Similar examples",
            branch="similar-examples",
            message=f"Show the {EXAMPLES_IN_PROMPT} labelled phrases that are nearest in meaning to the request.",
            bundle={
                "messages": _messages(labels, examples=EXAMPLES_IN_PROMPT),
                "variables": _variables(EXAMPLES_IN_PROMPT),
                "params": steady,
                **common,
            },
        ),
        Arm(
            key="temperature_1",
            name="Temperature 1",
            branch="temperature-1",
            message="Let the model vary its answers: temperature 1 instead of 0.",
            bundle={"messages": plain, "variables": _variables(0), "params": warm, **common},
        ),
    )


def values(bundle_variables: Sequence[str], request: str, examples: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What to fill into a version: the request, and examples as (text, label), the nearest last, if it asks for them."""
    known = {"request": request}
    for number, (text, label) in enumerate(examples, start=1):
        known |= {f"example_{number}": text, f"label_{number}": label}
    return {name: known[name] for name in bundle_variables if name in known}


def _params(*, temperature: int) -> dict[str, Any]:
    # The prompts share a long beginning: keeping it makes each call several times faster.
    return {"temperature": temperature, "seed": 7, "max_tokens": LONGEST_ANSWER, "cache_prompt": True}


def _messages(labels: Sequence[str], *, examples: int) -> list[dict[str, str]]:
    system = f"You sort customers' messages. Answer with one label: {', '.join(labels)}."
    turns = [{"role": "system", "content": system.replace("{{", r"\{{")}]
    for number in range(1, examples + 1):
        turns.append({"role": "user", "content": f"{{{{example_{number}}}}}"})
        turns.append({"role": "assistant", "content": f"{{{{label_{number}}}}}"})
    return [*turns, {"role": "user", "content": "{{request}}"}]


def _variables(examples: int) -> dict[str, dict[str, Any]]:
    declared = {"request": {"type": "string", "description": "What the customer wrote."}}
    for number in range(1, examples + 1):
        declared[f"example_{number}"] = {"type": "string", "description": "A labelled phrase, the nearest last."}
        declared[f"label_{number}"] = {"type": "string", "description": "Its label."}
    return declared
