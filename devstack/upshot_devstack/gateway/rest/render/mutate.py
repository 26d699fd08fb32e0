"""Writes as SQL."""

from upshot_devstack.gateway.rest.identifiers import QualifiedName, quote_name, quote_names, quote_qualified
from upshot_devstack.gateway.rest.plan.types import Delete, Insert, MutatePlan, Update
from upshot_devstack.gateway.rest.render import fields
from upshot_devstack.gateway.rest.render.binder import Binder
from upshot_devstack.gateway.rest.render.payload import BODY, body_columns, body_rows

INSERTED = "nullif(current_setting('pgrst.inserted', true), '')::int"
COUNT_INSERTED = f"set_config('pgrst.inserted', (coalesce({INSERTED}, 0) + 1)::text, true) <> '0'"
UNCOUNT_UPDATED = f"set_config('pgrst.inserted', (coalesce({INSERTED}, 0) - 1)::text, true) <> '-1'"


def mutation(plan: MutatePlan, binder: Binder) -> str:
    if isinstance(plan, Insert):
        return insert(plan, binder)
    if isinstance(plan, Update):
        return update(plan, binder)
    return delete(plan, binder)


def insert(plan: Insert, binder: Binder) -> str:
    """INSERT … SELECT of the body; each row counts itself, and an updated one takes its count back."""
    columns = f"({quote_names(column.name for column in plan.columns)})" if plan.columns else ""
    rows = body_rows(
        plan.columns, binder, is_object=plan.body_is_object, defaults=plan.apply_defaults, first_only=False
    )
    merges = plan.conflict is not None and plan.conflict[0] == "merge-duplicates"
    conditions = [COUNT_INSERTED] if plan.must_match or merges else []
    conditions += [fields.condition(BODY, one, binder) for one in plan.must_match]
    return (
        f"INSERT INTO {quote_qualified(plan.target)}{columns} SELECT {body_columns(plan.columns)} {rows}"
        f"{fields.where(conditions)}{_on_conflict(plan)}{_returning(plan.target, plan.returning)}"
    )


def _on_conflict(plan: Insert) -> str:
    if plan.conflict is None or not plan.conflict[1]:
        return ""
    resolution, arbiter = plan.conflict
    target = f" ON CONFLICT({quote_names(arbiter)})"
    if resolution == "ignore-duplicates" or not plan.columns:
        return f"{target} DO NOTHING"
    assignments = ", ".join(f"{quote_name(one.name)} = EXCLUDED.{quote_name(one.name)}" for one in plan.columns)
    return f"{target} DO UPDATE SET {assignments} WHERE {UNCOUNT_UPDATED}"


def update(plan: Update, binder: Binder) -> str:
    """UPDATE from the body's row; with no column to set it changes and returns nothing."""
    if not plan.columns:
        relation = QualifiedName("", plan.target.name)
        returned = ", ".join(fields.column(relation, name) for name in plan.returning) or "NULL"
        return f"SELECT {returned} FROM {quote_qualified(plan.target)} WHERE false"
    assignments = ", ".join(f"{quote_name(one.name)} = {fields.column(BODY, one.name)}" for one in plan.columns)
    rows = body_rows(
        plan.columns, binder, is_object=plan.body_is_object, defaults=plan.apply_defaults, first_only=False
    )
    conditions = [fields.condition(plan.target, one, binder) for one in plan.where]
    return (
        f"UPDATE {quote_qualified(plan.target)} SET {assignments} {rows}"
        f"{fields.where(conditions)}{_returning(plan.target, plan.returning)}"
    )


def delete(plan: Delete, binder: Binder) -> str:
    conditions = [fields.condition(plan.target, one, binder) for one in plan.where]
    return (
        f"DELETE FROM {quote_qualified(plan.target)}{fields.where(conditions)}{_returning(plan.target, plan.returning)}"
    )


def _returning(target: QualifiedName, columns: tuple[str, ...]) -> str:
    # Nothing to show: 1 for each row tells how many there were.
    return " RETURNING " + (", ".join(fields.column(target, name) for name in columns) or "1")
