"""The plan of a function call: which overload, and how its arguments reach it."""

from collections.abc import Sequence

from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.parse import media
from upshot_devstack.gateway.rest.parse.tree import Argument
from upshot_devstack.gateway.rest.plan.returning import EVERYTHING, filtered_columns, returned_columns
from upshot_devstack.gateway.rest.plan.schema_errors import ambiguous_function, no_function
from upshot_devstack.gateway.rest.plan.types import CallPlan, DirectArgument, ReadPlan
from upshot_devstack.gateway.rest.request import ApiRequest
from upshot_devstack.gateway.rest.schema_cache.model import Parameter, Routine, SchemaCache

UNNAMED_PARAMETER_TYPES = {
    media.JSON: ("json", "jsonb"),
    media.PLAIN_TEXT: ("text",),
    media.XML: ("xml",),
    media.OCTET_STREAM: ("bytea",),
}
RAW_BODIES = frozenset({media.PLAIN_TEXT, media.XML, media.OCTET_STREAM})


def argument_names(request: ApiRequest) -> tuple[str, ...]:
    """The names that the request gives arguments for, sorted."""
    if request.is_read_call:
        return tuple(sorted({argument.name for argument in request.query.arguments}))
    return request.payload.keys if request.payload else ()


def find_routine(request: ApiRequest, cache: SchemaCache) -> Routine:
    """The one overload that fits the arguments' names; PGRST202 for none, PGRST203 for several."""
    name, given = request.target.name, argument_names(request)
    by_post = not request.is_read_call
    content_type = request.content_type.name
    overloads = cache.routines.get(name, ())
    fitting = [one for one in overloads if _fits(one, given, content_type, by_post=by_post)]
    if not fitting and by_post:
        fitting = [one for one in overloads if _takes_whole_body(one, content_type)]
    if not fitting:
        raise no_function(name, given, content_type, by_post=by_post, cache=cache)
    if len(fitting) > 1:
        raise ambiguous_function(fitting)
    return fitting[0]


def _fits(one: Routine, given: Sequence[str], content_type: str, *, by_post: bool) -> bool:
    if not one.parameters:
        return not given and not (by_post and content_type in RAW_BODIES)
    names = set(given)
    required = {parameter.name for parameter in one.parameters if parameter.required}
    return required <= names <= {parameter.name for parameter in one.parameters}


def _takes_whole_body(one: Routine, content_type: str) -> bool:
    if len(one.parameters) != 1 or one.parameters[0].name:
        return False
    return one.parameters[0].type in UNNAMED_PARAMETER_TYPES.get(content_type, ())


def result_relation(routine: Routine) -> QualifiedName:
    """The relation whose rows the function returns, so that others can be embedded in them."""
    composite = routine.returns_composite
    return QualifiedName(routine.name.schema, routine.return_type.name if composite else routine.name.name)


def plan_call(request: ApiRequest, routine: Routine, read: ReadPlan) -> CallPlan:
    """How to call `routine` and which of its columns the `read` of its rows needs."""
    plan = CallPlan(
        function=routine.name,
        returns_scalar=not routine.returns_composite,
        returning=_returning(read),
        body_is_object=request.payload is None or request.payload.is_object,
    )
    return _with_arguments(plan, request, routine)


def _returning(read: ReadPlan) -> tuple[str, ...]:
    columns = returned_columns(read)
    return columns if columns in {(), EVERYTHING} else tuple(sorted({*columns, *filtered_columns(read)}))


def _with_arguments(plan: CallPlan, request: ApiRequest, routine: Routine) -> CallPlan:
    if len(routine.parameters) == 1 and not routine.parameters[0].name and not request.is_read_call:
        return _replace(plan, whole_body=routine.parameters[0])
    given = set(argument_names(request))
    wanted = tuple(parameter for parameter in routine.parameters if parameter.name in given)
    if request.is_read_call:
        return _replace(plan, direct=_direct(wanted, request.query.arguments))
    if request.payload is not None and request.payload.kind == "form":
        pairs = tuple(Argument(name, value) for name, value in request.payload.pairs)
        return _replace(plan, direct=_direct(wanted, pairs))
    return _replace(plan, from_body=wanted)


def _replace(
    plan: CallPlan,
    *,
    whole_body: Parameter | None = None,
    direct: tuple[DirectArgument, ...] | None = None,
    from_body: tuple[Parameter, ...] | None = None,
) -> CallPlan:
    return CallPlan(
        plan.function, plan.returns_scalar, plan.returning, whole_body, direct, from_body, plan.body_is_object
    )


def _direct(wanted: Sequence[Parameter], given: Sequence[Argument]) -> tuple[DirectArgument, ...]:
    """Repeated values make the array of a variadic parameter; of any other the last one counts."""
    found = []
    for parameter in wanted:
        own = [argument for argument in given if argument.name == parameter.name]
        if parameter.variadic:
            found.append(DirectArgument(parameter, tuple(argument.value for argument in own)))
        else:
            found.append(DirectArgument(parameter, (own[-1].value,), own[-1].slot))
    return tuple(found)
