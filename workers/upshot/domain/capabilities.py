"""What each provider can be asked. A parameter that a provider does not have is refused, never dropped.

Dropping one would run another experiment than the one that was written down.
Facts as of the SDKs pinned in requirements/: Anthropic's current API has no sampling parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from upshot.domain.completion import CompletionRequest
from upshot.domain.errors import ErrorCode, InvalidBundleError, UnsupportedParameterError


@dataclass(frozen=True)
class Range:
    """The values that a numeric parameter takes, both ends included."""

    low: float
    high: float
    whole: bool = False

    def admits(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return self.low <= value <= self.high and not (self.whole and isinstance(value, float))

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class OneOf:
    """The names that a parameter takes."""

    names: tuple[str, ...]

    def admits(self, value: object) -> bool:
        return value in self.names

    def __str__(self) -> str:
        return "one of " + ", ".join(self.names)


@dataclass(frozen=True)
class Texts:
    """A list of strings, such as stop sequences."""

    most: int

    def admits(self, value: object) -> bool:
        return isinstance(value, list) and len(value) <= self.most and all(isinstance(v, str) and v for v in value)

    def __str__(self) -> str:
        return f"a list of at most {self.most} non-empty strings"


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def admits(self, value: object) -> bool:
        return isinstance(value, bool)

    def __str__(self) -> str:
        return "true or false"


Rule = Range | OneOf | Texts | Flag

_TOKENS = Range(1, 1_000_000, whole=True)
_SEED = Range(0, 2**31 - 1, whole=True)
_UNIT = Range(0, 1)
_PENALTY = Range(-2, 2)


@dataclass(frozen=True)
class Capabilities:
    """What one provider accepts. ``defaults`` are sent when the version does not say."""

    provider: str
    params: Mapping[str, Rule]
    response_formats: frozenset[str]
    tools: bool
    defaults: Mapping[str, int] = field(default_factory=dict)


OPENAI = Capabilities(
    provider="openai",
    params={
        "temperature": Range(0, 2),
        "top_p": _UNIT,
        "max_tokens": _TOKENS,
        "stop": Texts(4),
        "seed": _SEED,
        "frequency_penalty": _PENALTY,
        "presence_penalty": _PENALTY,
        "reasoning_effort": OneOf(("none", "minimal", "low", "medium", "high", "xhigh", "max")),
    },
    response_formats=frozenset({"text", "json_object", "json_schema"}),
    tools=True,
)
ANTHROPIC = Capabilities(
    provider="anthropic",
    params={
        "max_tokens": _TOKENS,
        "stop": Texts(16),
        "reasoning_effort": OneOf(("low", "medium", "high", "xhigh", "max")),
    },
    response_formats=frozenset({"text", "json_schema"}),
    tools=True,
    defaults={"max_tokens": 4096},  # the API has no default of its own
)
GEMINI = Capabilities(
    provider="gemini",
    params={
        "temperature": Range(0, 2),
        "top_p": _UNIT,
        "top_k": Range(1, 1000, whole=True),
        "max_tokens": _TOKENS,
        "stop": Texts(5),
        "seed": _SEED,
        "frequency_penalty": _PENALTY,
        "presence_penalty": _PENALTY,
        "reasoning_effort": OneOf(("minimal", "low", "medium", "high", "xhigh")),
        "thinking_budget": Range(-1, 100_000, whole=True),
    },
    response_formats=frozenset({"text", "json_object", "json_schema"}),
    tools=True,
)
LOCAL = Capabilities(
    provider="local",
    params={
        "temperature": Range(0, 2),
        "top_p": _UNIT,
        "top_k": Range(0, 1000, whole=True),
        "max_tokens": Range(1, 2048, whole=True),
        "stop": Texts(8),
        "seed": _SEED,
        "frequency_penalty": _PENALTY,
        "presence_penalty": _PENALTY,
        "cache_prompt": Flag(),
    },
    response_formats=frozenset({"text", "json_object", "json_schema", "choice"}),
    tools=False,
    defaults={"max_tokens": 256},
)
TABLE = {c.provider: c for c in (OPENAI, ANTHROPIC, GEMINI, LOCAL)}


def of(provider: str) -> Capabilities:
    """The provider's row of the table, or an error that lists the known ones."""
    try:
        return TABLE[provider]
    except KeyError:
        raise InvalidBundleError(
            f"There is no provider {provider!r}; known are {', '.join(TABLE)}.", code=ErrorCode.UNKNOWN_PROVIDER
        ) from None


def check(capabilities: Capabilities, request: CompletionRequest) -> None:
    """Refuse whatever the provider would refuse, ignore, or read in another way."""
    for name, value in request.params.items():
        _check_param(capabilities, name, value)
    if request.tools and not capabilities.tools:
        raise UnsupportedParameterError(f"{capabilities.provider} does not take tools.")
    if any(not (isinstance(tool.get("name"), str) and tool["name"]) for tool in request.tools):
        raise InvalidBundleError("Each tool needs a name: {name, description, parameters}.")
    _check_format(capabilities, request)


def _check_param(capabilities: Capabilities, name: str, value: object) -> None:
    rule = capabilities.params.get(name)
    if rule is None:
        raise UnsupportedParameterError(
            f"{capabilities.provider} has no parameter {name!r}; it takes {', '.join(sorted(capabilities.params))}."
        )
    if not rule.admits(value):
        raise UnsupportedParameterError(f"{name} == {value!r}, but {capabilities.provider} takes {rule}.")


def _check_format(capabilities: Capabilities, request: CompletionRequest) -> None:
    kind, wanted = request.response_kind, request.response_format or {}
    if kind not in capabilities.response_formats:
        known = ", ".join(sorted(capabilities.response_formats))
        raise UnsupportedParameterError(f"{capabilities.provider} has no response format {kind!r}; it has {known}.")
    if kind == "json_schema":
        _check_schema(wanted)
    if kind == "choice":
        _check_choices(wanted.get("choices"))


def _check_schema(response_format: Mapping[str, object]) -> None:
    body = response_format.get("json_schema")
    if not (
        isinstance(body, Mapping) and isinstance(body.get("schema"), Mapping) and isinstance(body.get("name"), str)
    ):
        raise UnsupportedParameterError(
            'A json_schema response format needs {"json_schema": {"name": text, "schema": {...}}}.'
        )


def _check_choices(choices: object) -> None:
    if not (isinstance(choices, list) and choices and all(isinstance(c, str) and c for c in choices)):
        raise UnsupportedParameterError("A choice response format needs choices: a list of non-empty strings.")
