"""Work that waits in the queue, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from upshot.domain.errors import InvalidJobError


@dataclass(frozen=True)
class Job:
    """One delivery of a queued job. ``attempt`` counts deliveries, this one included."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    attempt: int
    enqueued_at: datetime


class RunItem(BaseModel):
    """One cell of a run: this version on this case, for the n-th time."""

    model_config = ConfigDict(frozen=True)

    version_id: UUID
    test_case_id: UUID
    repeat: int = Field(ge=1)


class Payload(BaseModel):
    """What a job says is to be done."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def parse(cls, payload: Mapping[str, Any]) -> Self:
        """Read a payload; InvalidJobError says what is wrong with it."""
        try:
            return cls.model_validate(payload)
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False)
            where = ".".join(map(str, problems[0]["loc"])) or "payload"
            raise InvalidJobError(f"The job's payload cannot be read: {where}: {problems[0]['msg']}.") from error


class RunChunk(Payload):
    """The payload of a ``run_chunk`` job."""

    run_id: UUID
    workspace_id: UUID
    items: tuple[RunItem, ...] = Field(min_length=1)


class KeyTest(Payload):
    """The payload of a ``test_provider_key`` job: which key, as it was at ``rotated_at``."""

    workspace_id: UUID
    provider: str
    rotated_at: str


@dataclass(frozen=True)
class RunWork:
    """An item that still needs its answer. ``bundle`` is the version's content as stored, not yet read."""

    item: RunItem
    bundle: Mapping[str, Any]
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Cost:
    """US dollars of one call, and which price list said so."""

    usd: Decimal
    prices: str


@dataclass(frozen=True)
class RunResult:
    """What came of one item. An absent number is None, never 0."""

    item: RunItem
    status: Literal["ok", "error"]
    attempts: int
    output: str | None = None
    finish_reason: str | None = None
    latency_ms: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: Cost | None = None
    error_code: str | None = None
    error_message: str | None = None
