"""From a parsed request to the statement that serves it, with all that does not depend on the request's values.

Requests of one shape (same path, parameters, operators, preferences) share a compiled statement.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from upshot_devstack.gateway.rest.errors import (
    invalid_preferences,
    max_affected_needs_a_set,
    not_single,
    put_key_mismatch,
    too_many_affected,
)
from upshot_devstack.gateway.rest.execute import ResultSet
from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.parse.preferences import Preferences
from upshot_devstack.gateway.rest.parse.tree import ALL_ROWS
from upshot_devstack.gateway.rest.plan.call import find_routine, plan_call, result_relation
from upshot_devstack.gateway.rest.plan.legacy_names import warning
from upshot_devstack.gateway.rest.plan.mutate import plan_mutation
from upshot_devstack.gateway.rest.plan.negotiate import Format, negotiate
from upshot_devstack.gateway.rest.plan.read import ReadOptions, plan_read
from upshot_devstack.gateway.rest.plan.schema_errors import no_table
from upshot_devstack.gateway.rest.plan.types import CallPlan, ReadPlan
from upshot_devstack.gateway.rest.render.statement import (
    Statement,
    call_statement,
    explain_count,
    read_statement,
    write_statement,
)
from upshot_devstack.gateway.rest.request import ApiRequest
from upshot_devstack.gateway.rest.respond import Answer, applied_preferences
from upshot_devstack.gateway.rest.schema_cache.model import Routine, SchemaCache, Table

Check = Callable[[ResultSet], None]


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """The configuration that shapes statements."""

    max_rows: int | None
    aggregates: bool
    plans: bool
    tx_end: Literal["commit", "rollback"]
    legacy_names: bool = True
    minimal_errors: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """`reusable`: another request of the same shape may run it with its own values."""

    statement: Statement
    answer: Answer
    shown: Format
    end: Literal["commit", "rollback"]
    read_only: bool = False
    explain: Statement | None = None
    isolation: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    check: Check | None = None
    raw_body: bool = False
    reusable: bool = True


def compile_request(request: ApiRequest, cache: SchemaCache, options: CompileOptions) -> Compiled:
    """The statement and all that goes with it; ApiError when the request cannot be served."""
    if request.target.action == "call":
        return compile_call(request, cache, options)
    table = find_table(request, cache)
    if request.target.action == "read":
        return compile_read(request, table, cache, options)
    return compile_write(request, table, cache, options)


def find_table(request: ApiRequest, cache: SchemaCache) -> Table:
    table = cache.tables.get(request.target.name)
    if table is None:
        raise no_table(request.target.name, cache)
    return table


def compile_read(request: ApiRequest, table: Table, cache: SchemaCache, options: CompileOptions) -> Compiled:
    wanted = ReadOptions(request.schema, options.aggregates, most=options.max_rows, legacy_names=options.legacy_names)
    plan = plan_read(table.name, request.query, request.range, cache, wanted)
    shown = _format(request, table.name, plan, cache, options)
    _refuse_invalid_preferences(request.preferences)
    count = request.preferences.count
    limited = options.max_rows is not None or request.range != ALL_ROWS
    return Compiled(
        statement=read_statement(plan, _without_body(shown, request), count, limited=limited, most=options.max_rows),
        answer=_answer(request, shown, plan, options),
        shown=shown,
        end=_end(request, options),
        read_only=True,
        explain=explain_count(plan) if count in {"planned", "estimated"} and not shown.is_plan else None,
        check=_single_check(shown),
    )


def compile_write(request: ApiRequest, table: Table, cache: SchemaCache, options: CompileOptions) -> Compiled:
    wanted = ReadOptions(
        request.schema, options.aggregates, from_source=True, is_write=True, legacy_names=options.legacy_names
    )
    plan = plan_read(table.name, request.query, ALL_ROWS, cache, wanted)
    written = plan_mutation(request, table, cache, plan)
    _refuse_invalid_preferences(request.preferences)
    shown = _format(request, table.name, plan, cache, options)
    shows_rows = request.preferences.representation == "representation"
    body = shown if shows_rows or shown.is_plan else replace(shown, kind="none", handler=None)
    with_location = request.preferences.representation == "headers-only"
    return Compiled(
        statement=write_statement(written, plan, body, with_location=with_location),
        answer=_answer(request, shown, plan, options, table=table, shows_rows=shows_rows),
        shown=shown,
        end=_end(request, options),
        check=_write_check(request, shown),
    )


def compile_call(request: ApiRequest, cache: SchemaCache, options: CompileOptions) -> Compiled:
    routine = find_routine(request, cache)
    relation = result_relation(routine)
    wanted = ReadOptions(
        request.schema,
        options.aggregates,
        from_source=True,
        most=options.max_rows,
        legacy_names=options.legacy_names,
    )
    plan = plan_read(relation, request.query, request.range, cache, wanted)
    invoked = plan_call(request, routine, plan)
    shown = _format(request, relation, plan, cache, options)
    _refuse_invalid_preferences(request.preferences)
    if request.preferences.enforced_maximum is not None and not routine.returns_set:
        raise max_affected_needs_a_set()
    limited = options.max_rows is not None or request.range != ALL_ROWS
    body = _without_body(shown, request)
    count = request.preferences.count
    return Compiled(
        statement=call_statement(routine, invoked, plan, body, count, limited=limited),
        answer=_answer(request, shown, plan, options, routine=routine),
        shown=shown,
        end=_end(request, options),
        read_only=request.is_read_call or routine.volatility != "volatile",
        isolation=routine.isolation,
        settings=routine.settings,
        check=_combined(_single_check(shown), _maximum_check(request.preferences)),
        raw_body=invoked.whole_body is not None and invoked.whole_body.type == "bytea",
        reusable=not _has_variadic(invoked),
    )


def _has_variadic(invoked: CallPlan) -> bool:
    """Repeated values of the query string are one array: it cannot be taken from a single parameter."""
    return any(one.parameter.variadic for one in invoked.direct or ())


def _format(
    request: ApiRequest, relation: QualifiedName, plan: ReadPlan, cache: SchemaCache, options: CompileOptions
) -> Format:
    return negotiate(
        request.accept, relation, cache, default_select=plan.has_default_select, plans_allowed=options.plans
    )


def _without_body(shown: Format, request: ApiRequest) -> Format:
    return replace(shown, kind="none", handler=None) if request.is_head and not shown.is_plan else shown


def _refuse_invalid_preferences(preferences: Preferences) -> None:
    if preferences.strict and preferences.invalid:
        raise invalid_preferences(preferences.invalid)


def _end(request: ApiRequest, options: CompileOptions) -> Literal["commit", "rollback"]:
    return request.preferences.tx or options.tx_end


def _answer(
    request: ApiRequest,
    shown: Format,
    plan: ReadPlan,
    options: CompileOptions,
    *,
    table: Table | None = None,
    routine: Routine | None = None,
    shows_rows: bool = True,
) -> Answer:
    resolves = table is not None and bool(table.primary_key or request.query.on_conflict is not None)
    applied = applied_preferences(request.preferences, request.target.action, resolves=resolves).applied()
    content = [(b"content-type", shown.media_type.content_type.encode("latin-1", "replace"))]
    if request.negotiated:
        content.append((b"content-profile", request.schema.encode()))
    remarks = [] if applied is None else [(b"preference-applied", applied.encode())]
    if plan.legacy_names:
        remarks.append(warning(plan.legacy_names))
    return Answer(
        action=request.target.action,
        content=tuple(content),
        remarks=tuple(remarks),
        location_base=f"/{request.target.name.name}",
        counts=request.preferences.count in {"exact", "estimated"},
        shows_rows=shows_rows,
        is_head=request.is_head,
        is_void=routine is not None and routine.returns_void,
        merges=request.preferences.resolution == "merge-duplicates",
        minimal_errors=options.minimal_errors,
    )


def _single_check(shown: Format) -> Check | None:
    if not shown.is_single:
        return None

    def check(result: ResultSet) -> None:
        if result.page != 1:
            raise not_single(result.page)

    return check


def _maximum_check(preferences: Preferences) -> Check | None:
    most = preferences.enforced_maximum
    if most is None:
        return None

    def check(result: ResultSet) -> None:
        if result.page > most:
            raise too_many_affected(result.page)

    return check


def _put_check(result: ResultSet) -> None:
    if result.page != 1:
        raise put_key_mismatch()


def _write_check(request: ApiRequest, shown: Format) -> Check | None:
    if request.target.action == "upsert":
        return _put_check
    single = _single_check(shown)
    if request.target.action == "insert":
        return single
    return _combined(single, _maximum_check(request.preferences))


def _combined(*checks: Check | None) -> Check | None:
    wanted = [check for check in checks if check is not None]
    if not wanted:
        return None

    def check(result: ResultSet) -> None:
        for one in wanted:
            one(result)

    return check
