"""One call of a model: what is asked, what comes back. The same words for every provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Role = Literal["system", "user", "assistant"]


class Message(BaseModel):
    """One turn of the prompt, text only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    content: str


class FinishReason(StrEnum):
    """Why the model stopped. An answer without a reason is not an answer."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"
    OTHER = "other"


@dataclass(frozen=True)
class Usage:
    """Tokens of one call; None where the provider did not say.

    ``input_tokens`` includes what was read from or written to a cache, ``output_tokens`` includes thinking.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True)
class CompletionRequest:
    """A rendered prompt with its configuration.

    ``params`` uses the neutral names of ``domain.capabilities``; ``tools`` are ``{name, description, parameters}``;
    ``response_format`` is one of ``{"type": "text"}``, ``{"type": "json_object"}``,
    ``{"type": "json_schema", "json_schema": {"name", "schema", "strict"?}}`` and
    ``{"type": "choice", "choices": [text, ...]}`` (the answer is exactly one of the texts).
    """

    model: str
    messages: tuple[Message, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    tools: tuple[Mapping[str, Any], ...] = ()
    response_format: Mapping[str, Any] | None = None

    @property
    def response_kind(self) -> str:
        """The response format's type; plain text when the version does not say."""
        return str((self.response_format or {}).get("type", "text"))

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of a ``json_schema`` response format that was checked."""
        schema: Mapping[str, Any] = (self.response_format or {})["json_schema"]["schema"]
        return schema


@dataclass(frozen=True)
class ToolCall:
    """The model asks for a tool. ``arguments`` is JSON text exactly as the model wrote it."""

    name: str
    arguments: str
    id: str | None = None


@dataclass(frozen=True)
class Completion:
    """A whole answer. Times are milliseconds on the caller's clock."""

    text: str
    finish_reason: FinishReason
    usage: Usage
    latency_ms: float
    first_token_ms: float | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    resolved_model: str | None = None
    response_id: str | None = None
