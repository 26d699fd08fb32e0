"""Every answer that a test gets is held against the verb's JSON Schema: a schema that is wrong cannot live."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from psycopg.types.json import Json, Jsonb

FOLDER = Path(__file__).parents[2] / "frontend_contract" / "schemas"


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, UUID | datetime | date | timedelta):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Json | Jsonb):
        return plain(value.obj if not isinstance(value.obj, str) else json.loads(json.dumps(value.obj)))
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


@cache
def validator(verb: str, side: str) -> Draft202012Validator | None:
    """The schema of a verb's input or output; none for a function that is not part of the contract."""
    path = FOLDER / f"{verb}.{side}.json"
    return Draft202012Validator(json.loads(path.read_text())) if path.is_file() else None


def is_set(verb: str) -> bool:
    """True for a verb that answers with rows."""
    schema = validator(verb, "output")
    return schema is not None and schema.schema.get("type") == "array"


def problems(verb: str, side: str, value: Any) -> list[str]:
    """What is not as the schema says, with the place of it."""
    schema = validator(verb, side)
    found = schema.iter_errors(plain(value)) if schema else []
    return [f"{verb}.{side}.json at {error.json_path}: {error.message[:300]}" for error in found]


def check(verb: str, arguments: dict[str, Any], answer: Any) -> None:
    """A call that succeeded: what was sent and what came back. Rows of batches may be wrong: that is their answer."""
    sent = {
        name: value
        for name, value in arguments.items()
        if name not in ("inferences", "outcomes", "exposures", "results")
    }
    found = [one for one in problems(verb, "input", sent) if "is a required property" not in one]
    found += problems(verb, "output", answer)
    assert found == [], "The answer or sql/50_rpc/schemas is wrong."
