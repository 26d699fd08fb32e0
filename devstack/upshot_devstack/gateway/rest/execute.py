"""Running a request's statements in one transaction, and what came of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from psycopg.pq.abc import PGresult

from upshot_devstack.gateway.rest.pipeline import PipelineConnection, Step, run

JSONB_OID = 3802
READ_COLUMNS = 5
ROLLBACK = Step(b"ROLLBACK")
COMMIT = Step(b"COMMIT")
CHECK_CONSTRAINTS_NOW = Step(b"SET CONSTRAINTS ALL IMMEDIATE")
ISOLATION_LEVELS = frozenset({"read committed", "repeatable read", "serializable"})


@dataclass(frozen=True, slots=True)
class ResultSet:
    """The row of a request's statement; `page` counts the rows shown, `total` all there are."""

    body: bytes = b""
    page: int = 0
    total: int | None = None
    location: tuple[tuple[str, str], ...] = ()
    response_headers: bytes | None = None
    response_status: bytes | None = None
    inserted: int = 0


@dataclass(frozen=True, slots=True)
class Transaction:
    """What to run. `check` may refuse the result, and then nothing has happened.

    `explain` estimates the total; it counts where the exact total is unknown or larger than `most`.
    """

    variables: Step
    main: Step
    pre_request: Step | None = None
    explain: Step | None = None
    most: int | None = None
    read_only: bool = False
    isolation: str | None = None
    end: Literal["commit", "rollback"] = "commit"
    check: Callable[[ResultSet], None] | None = None
    is_plan: bool = False


async def execute(connection: PipelineConnection, work: Transaction) -> ResultSet:
    """Run it; StatementError when Postgres refuses, ApiError when `check` does."""
    steps = [work.variables, work.pre_request, work.main, work.explain]
    wanted = [step for step in steps if step is not None]
    if work.end == "commit" and work.isolation is None and (work.check is None or work.read_only):
        # Without BEGIN, what is sent up to the synchronisation point is one transaction: a single trip.
        result = _result(work, await run(connection, wanted))
        if work.check is not None:
            work.check(result)
        return result
    return await _in_explicit_transaction(connection, work, wanted)


async def _in_explicit_transaction(
    connection: PipelineConnection, work: Transaction, steps: Sequence[Step]
) -> ResultSet:
    try:
        results = await run(connection, [_begin(work.isolation), *steps])
        result = _result(work, results[1:])
        if work.check is not None:
            work.check(result)
        if work.end == "rollback":
            await run(connection, [CHECK_CONSTRAINTS_NOW])
    except BaseException:
        if not connection.closed:
            await run(connection, [ROLLBACK])
        raise
    await run(connection, [COMMIT if work.end == "commit" else ROLLBACK])
    return result


def _begin(isolation: str | None) -> Step:
    level = (isolation or "").lower()
    return Step(f"BEGIN ISOLATION LEVEL {level.upper()}".encode() if level in ISOLATION_LEVELS else b"BEGIN")


def _result(work: Transaction, results: Sequence[PGresult]) -> ResultSet:
    main = results[1 if work.pre_request is None else 2]
    if work.is_plan:
        lines = [main.get_value(row, 0) or b"" for row in range(main.ntuples)]
        return ResultSet(body=b"".join(line + b"\n" for line in lines))
    result = _row(main)
    if work.explain is None or not _is_estimate_wanted(result.total, work.most):
        return result
    return replace(result, total=_larger(result.total, results[-1]))


def _is_estimate_wanted(counted: int | None, most: int | None) -> bool:
    """Whether nothing was counted, or counting stopped at more than `most` rows."""
    return counted is None or most is None or counted > most


def _row(result: PGresult) -> ResultSet:
    if result.ntuples == 0:
        return ResultSet(total=0)
    values = [result.get_value(0, column) for column in range(result.nfields)]
    is_read = result.nfields == READ_COLUMNS
    total, page, location, body, headers, status, inserted = (
        (*values[:2], None, *values[2:], None) if is_read else values
    )
    if body is not None and result.ftype(2 if is_read else 3) == JSONB_OID:
        body = body[1:]  # binary jsonb starts with its version
    return ResultSet(
        body=body or b"",
        page=_integer(page) or 0,
        total=_integer(total),
        location=tuple((name, value) for name, value in json.loads(location)) if location else (),
        response_headers=headers,
        response_status=status,
        inserted=_integer(inserted) or 0,
    )


def _integer(value: bytes | None) -> int | None:
    return None if value is None else int.from_bytes(value, "big", signed=True)


def _larger(counted: int | None, explained: PGresult) -> int | None:
    """The planner's estimate, or the count where that is larger."""
    plan = json.loads(explained.get_value(0, 0) or b"[]")
    estimate = int(plan[0]["Plan"]["Plan Rows"])
    return estimate if counted is None else max(counted, estimate)
