"""Type names as a session with a search path writes them."""

from collections.abc import Sequence
from dataclasses import replace

from upshot_devstack.gateway.rest.schema_cache.model import Routine


def as_seen_from(routine: Routine, schemas: Sequence[str]) -> Routine:
    """The function with the types of `schemas` named without their schema."""
    parameters = tuple(one._replace(type=_short(one.type, schemas)) for one in routine.parameters)
    return replace(routine, parameters=parameters)


def _short(name: str, schemas: Sequence[str]) -> str:
    for schema in schemas:
        for prefix in (f"{schema}.", f'"{schema.replace(chr(34), chr(34) * 2)}".'):
            if name.startswith(prefix):
                return name.removeprefix(prefix)
    return name
