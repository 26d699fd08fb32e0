"""The plan of a write: insert, update, upsert of one row, delete."""

from upshot_devstack.gateway.rest.errors import invalid_body, invalid_upsert_filters
from upshot_devstack.gateway.rest.plan.resolve import Resolver
from upshot_devstack.gateway.rest.plan.returning import returned_columns
from upshot_devstack.gateway.rest.plan.types import Condition, Delete, FieldRef, Insert, MutatePlan, ReadPlan, Update
from upshot_devstack.gateway.rest.request import ApiRequest
from upshot_devstack.gateway.rest.schema_cache.model import SchemaCache, Table


def plan_mutation(request: ApiRequest, table: Table, cache: SchemaCache, read: ReadPlan) -> MutatePlan:
    """The write that `request` asks of `table`; `read` says what is to be shown of it afterwards."""
    resolver = Resolver(cache, table.name)
    where = _root_conditions(request, resolver)
    returning = _returning(request, table, read)
    if request.target.action == "delete":
        return Delete(table.name, where, returning)
    columns = _columns(request, table, resolver)
    if request.target.action == "update":
        defaults = request.preferences.missing == "default"
        return Update(table.name, columns, _is_object(request), where, returning, defaults)
    if request.target.action == "upsert":
        return _single_upsert(request, table, columns, where, returning)
    return _insert(request, table, columns, returning)


def _root_conditions(request: ApiRequest, resolver: Resolver) -> tuple[Condition, ...]:
    filters = [resolver.comparison(one) for path, one in request.query.filters if not path]
    trees = [resolver.condition(tree) for path, tree in request.query.logic if not path]
    return (*filters, *trees)


def _returning(request: ApiRequest, table: Table, read: ReadPlan) -> tuple[str, ...]:
    if request.preferences.representation in {None, "minimal"}:
        return ()
    return returned_columns(read, table.primary_key)


def _columns(request: ApiRequest, table: Table, resolver: Resolver) -> tuple[FieldRef, ...]:
    if request.payload is None:
        raise invalid_body("This request needs a body")
    return tuple(resolver.writable(table, name) for name in request.payload.keys)


def _is_object(request: ApiRequest) -> bool:
    return request.payload is not None and request.payload.is_object


def _insert(request: ApiRequest, table: Table, columns: tuple[FieldRef, ...], returning: tuple[str, ...]) -> Insert:
    resolution = request.preferences.resolution
    arbiter = request.query.on_conflict if request.query.on_conflict is not None else table.primary_key
    return Insert(
        target=table.name,
        columns=columns,
        body_is_object=_is_object(request),
        conflict=(resolution, arbiter) if resolution else None,
        must_match=(),
        returning=returning,
        primary_key=table.primary_key,
        apply_defaults=request.preferences.missing == "default",
    )


def _single_upsert(
    request: ApiRequest,
    table: Table,
    columns: tuple[FieldRef, ...],
    where: tuple[Condition, ...],
    returning: tuple[str, ...],
) -> Insert:
    """PUT: the filters must say `eq` for the whole primary key and nothing else."""
    operations = [one.operation for path, one in request.query.filters if not path]
    by_equality = all(one.name == "eq" and not one.negated and one.quantifier is None for one in operations)
    is_key = bool(table.primary_key) and request.query.filter_keys == frozenset(table.primary_key)
    if request.query.logic or not is_key or not by_equality:
        raise invalid_upsert_filters()
    return Insert(
        target=table.name,
        columns=columns,
        body_is_object=_is_object(request),
        conflict=("merge-duplicates", table.primary_key),
        must_match=where,
        returning=returning,
        primary_key=(),
        apply_defaults=False,
    )
