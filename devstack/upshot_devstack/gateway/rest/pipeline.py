"""Several statements in one trip to the server, by libpq's pipeline mode.

psycopg's own pipeline is the same thing with more to carry; here a request is a handful of prepared statements
whose parameters are bytes already.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import AsyncConnection, OperationalError
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from upshot_devstack.gateway.rest.database_errors import ServerError

MAX_PREPARED = 200
FAILURES = frozenset({ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED, ExecStatus.BAD_RESPONSE})


class Step(NamedTuple):
    """One statement. `binary` numbers the parameters that are given in binary form."""

    sql: bytes
    values: Sequence[bytes | None] = ()
    binary: frozenset[int] = frozenset()


class StatementError(Exception):
    """Postgres refused one of the statements."""

    def __init__(self, error: ServerError) -> None:
        super().__init__(f"{error.code}: {error.message}")
        self.error = error


class PipelineConnection(AsyncConnection[Any]):
    """A connection that remembers which statements it has prepared."""

    def __init__(self, pgconn: PGconn, *args: Any, **kwargs: Any) -> None:
        super().__init__(pgconn, *args, **kwargs)
        self.prepared_names: OrderedDict[bytes, bytes] = OrderedDict()
        self.prepared_count = 0


async def run(connection: PipelineConnection, steps: Sequence[Step]) -> list[PGresult]:
    """The steps' results; they are one transaction unless they say otherwise.

    Raises StatementError at the first error, OperationalError when the connection is lost.
    """
    pgconn = connection.pgconn
    pgconn.enter_pipeline_mode()
    try:
        sent = [_send(connection, step) for step in steps]
        _forget_oldest(connection)
        pgconn.pipeline_sync()
        results = await _results(pgconn)
    except BaseException:
        # Half a conversation: nobody could tell whose the next answer is.
        await connection.close()
        raise
    pgconn.exit_pipeline_mode()
    return _checked(connection, sent, results)


class Sent(NamedTuple):
    """What was sent for a step: maybe a prepare, whose result comes first, and the execution."""

    sql: bytes
    prepared: bool


def _send(connection: PipelineConnection, step: Step) -> Sent:
    pgconn, names = connection.pgconn, connection.prepared_names
    name = names.get(step.sql)
    is_new = name is None
    if name is None:
        connection.prepared_count += 1
        name = b"s%d" % connection.prepared_count
        pgconn.send_prepare(name, step.sql)
        names[step.sql] = name
    else:
        names.move_to_end(step.sql)
    formats = [Format.BINARY if i in step.binary else Format.TEXT for i in range(len(step.values))] or None
    pgconn.send_query_prepared(name, step.values, param_formats=formats, result_format=Format.BINARY)
    return Sent(step.sql, is_new)


def _forget_oldest(connection: PipelineConnection) -> None:
    while len(connection.prepared_names) > MAX_PREPARED:
        _, name = connection.prepared_names.popitem(last=False)
        connection.pgconn.send_close_prepared(name)


async def _results(pgconn: PGconn) -> list[PGresult]:
    """All results up to the synchronisation point."""
    loop = asyncio.get_running_loop()
    found: list[PGresult] = []
    while pgconn.flush():
        await _writable_or_readable(loop, pgconn)
    while True:
        while pgconn.is_busy():
            await _readable(loop, pgconn.socket)
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return found
        found.append(result)


async def _readable(loop: asyncio.AbstractEventLoop, socket: int) -> None:
    ready = loop.create_future()
    loop.add_reader(socket, _wake, ready)
    try:
        await ready
    finally:
        loop.remove_reader(socket)


async def _writable_or_readable(loop: asyncio.AbstractEventLoop, pgconn: PGconn) -> None:
    """The server may have to be listened to before it takes more."""
    ready = loop.create_future()
    loop.add_reader(pgconn.socket, _wake, ready)
    loop.add_writer(pgconn.socket, _wake, ready)
    try:
        await ready
    finally:
        loop.remove_reader(pgconn.socket)
        loop.remove_writer(pgconn.socket)
    pgconn.consume_input()


def _wake(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)


def _checked(connection: PipelineConnection, sent: Sequence[Sent], results: Sequence[PGresult]) -> list[PGresult]:
    """The executions' results; forgets what was not prepared after all."""
    answers = iter(results)
    executed: list[PGresult] = []
    failure: PGresult | None = None
    for one in sent:
        prepared = next(answers, None) if one.prepared else None
        if prepared is not None and prepared.status in FAILURES:
            connection.prepared_names.pop(one.sql, None)
            failure = failure or _telling(prepared)
        answer = next(answers, None)
        if answer is None:
            raise OperationalError("the server closed the connection in the middle of an answer")
        if answer.status in FAILURES:
            failure = failure or _telling(answer)
        executed.append(answer)
    at_the_end = (late for late in answers if late.status in FAILURES)  # what is checked when the transaction ends
    failure = failure or next(at_the_end, None)
    if failure is not None:
        raise StatementError(server_error(failure))
    return executed


def _telling(result: PGresult) -> PGresult | None:
    """The result, unless it only says that an earlier one failed."""
    return None if result.status == ExecStatus.PIPELINE_ABORTED else result


def server_error(result: PGresult) -> ServerError:
    def text(field: DiagnosticField) -> str | None:
        value = result.error_field(field)
        return None if value is None else value.decode(errors="replace")

    return ServerError(
        code=text(DiagnosticField.SQLSTATE) or "XX000",
        message=text(DiagnosticField.MESSAGE_PRIMARY) or result.error_message.decode(errors="replace").strip(),
        detail=text(DiagnosticField.MESSAGE_DETAIL),
        hint=text(DiagnosticField.MESSAGE_HINT),
    )
