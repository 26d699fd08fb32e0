"""Function calls as SQL."""

from upshot_devstack.gateway.rest.identifiers import QualifiedName, quote_name, quote_qualified
from upshot_devstack.gateway.rest.plan.types import CallPlan, DirectArgument, FieldRef
from upshot_devstack.gateway.rest.render import fields
from upshot_devstack.gateway.rest.render.binder import Binder, FromQuery, FromRequest
from upshot_devstack.gateway.rest.render.payload import BODY, body_rows
from upshot_devstack.gateway.rest.schema_cache.model import Parameter

CALL = QualifiedName("", "pgrst_call")


def call(plan: CallPlan, binder: Binder) -> str:
    """SELECT from the function; a scalar result becomes the column pgrst_scalar."""
    if plan.returns_scalar:
        columns = "pgrst_call.pgrst_scalar"
    else:
        columns = ", ".join(fields.column(CALL, name) for name in plan.returning) or "*"
    return f"SELECT {columns} {_from(plan, binder)}"


def _from(plan: CallPlan, binder: Binder) -> str:
    if plan.whole_body is not None:
        body = f"{binder.bind(FromRequest('body'))}::{plan.whole_body.type}"
        return f"FROM {_invocation(plan, body)}"
    if plan.direct is not None:
        return f"FROM {_invocation(plan, ', '.join(_direct(one, binder) for one in plan.direct))}"
    if not plan.from_body:
        return f"FROM {_invocation(plan, '')}"
    columns = [FieldRef(parameter.name, type=parameter.wide_type) for parameter in plan.from_body]
    rows = body_rows(columns, binder, is_object=plan.body_is_object, defaults=False, first_only=True)
    arguments = ", ".join(_named(one, fields.column(BODY, one.name)) for one in plan.from_body)
    return f"{rows}, LATERAL {_invocation(plan, arguments)}"


def _invocation(plan: CallPlan, arguments: str) -> str:
    invoked = f"{quote_qualified(plan.function)}({arguments})"
    return f"(SELECT {invoked} pgrst_scalar) pgrst_call" if plan.returns_scalar else f"{invoked} pgrst_call"


def _named(parameter: Parameter, value: str) -> str:
    return f"{'VARIADIC ' if parameter.variadic else ''}{quote_name(parameter.name)} := {value}"


def _direct(one: DirectArgument, binder: Binder) -> str:
    if one.parameter.variadic:
        value = binder.text(fields.array_literal(one.values))
    elif one.slot is not None:
        value = binder.bind(FromQuery(one.slot))
    else:
        value = binder.text(one.values[0])
    return _named(one.parameter, f"{value}::{one.parameter.wide_type}")
