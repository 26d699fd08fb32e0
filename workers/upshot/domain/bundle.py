"""What one prompt version holds: everything that decides what the model is asked."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from upshot.domain import template
from upshot.domain.completion import CompletionRequest, Message
from upshot.domain.errors import InvalidBundleError

VariableType = Literal["string", "number", "integer", "boolean", "array", "object"]


class Variable(BaseModel):
    """One declared variable: a small part of JSON Schema, and ``required``.

    ``default`` stands in for a missing value; without one, a missing optional is empty. Other keywords are refused:
    a constraint that nobody checks would be a promise that nobody keeps.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: VariableType = "string"
    required: bool = True
    default: Any = None
    enum: tuple[Any, ...] | None = None
    title: str = ""
    description: str = ""
    examples: tuple[Any, ...] = ()


class Bundle(BaseModel):
    """A prompt version's content as the database and ``decide`` give it."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # later columns must not stop older workers

    messages: tuple[Message, ...] = Field(min_length=1)
    variables: dict[str, Variable] = {}
    provider: str
    model: str = Field(min_length=1)
    params: dict[str, Any] = {}
    tools: tuple[dict[str, Any], ...] = ()
    response_format: dict[str, Any] | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read decoded JSON; InvalidBundleError says which field is wrong and how."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise InvalidBundleError(f"The prompt version cannot be read: {_first_problem(error)}.") from error

    def request(self, values: Mapping[str, Any]) -> CompletionRequest:
        """The call that this version makes for these variables."""
        return CompletionRequest(
            model=self.model,
            messages=template.render(self.messages, self.variables, values),
            params=self.params,
            tools=self.tools,
            response_format=self.response_format,
        )


def _first_problem(error: ValidationError) -> str:
    # Without the input: prompts belong to their workspace, not to messages and logs.
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}"
