"""What OPTIONS answers: the methods that a relation, a function or the root takes."""

from dataclasses import replace

from upshot_devstack.gateway.rest.incoming import Incoming
from upshot_devstack.gateway.rest.parse import media
from upshot_devstack.gateway.rest.parse.media import MediaType, parse_accept
from upshot_devstack.gateway.rest.parse.preferences import NO_PREFERENCES
from upshot_devstack.gateway.rest.parse.query import pairs, parse_query
from upshot_devstack.gateway.rest.parse.tree import ALL_ROWS
from upshot_devstack.gateway.rest.plan.call import find_routine
from upshot_devstack.gateway.rest.plan.schema_errors import no_table
from upshot_devstack.gateway.rest.request import ApiRequest, Target
from upshot_devstack.gateway.rest.respond import Response, allowed_methods
from upshot_devstack.gateway.rest.schema_cache.model import SchemaCache, Table

READS = "OPTIONS,GET,HEAD"


def allowed(incoming: Incoming, target: Target, schema: str, cache: SchemaCache) -> Response:
    """The response to an OPTIONS request; the same errors as for the thing itself when it is not there."""
    response = allowed_methods(_methods(incoming, target, schema, cache))
    if "origin" in incoming.headers:
        return response  # the shell answers pages of other origins
    return replace(response, headers=(*response.headers, (b"access-control-allow-origin", b"*")))


def _methods(incoming: Incoming, target: Target, schema: str, cache: SchemaCache) -> str:
    if target.action == "schema-info":
        return READS
    if target.action == "relation-info":
        table = cache.tables.get(target.name)
        if table is None:
            raise no_table(target.name, cache)
        return _of_table(table)
    request = ApiRequest(
        method=incoming.method,
        target=target,
        schema=schema,
        query=parse_query(pairs(incoming.query_string), of_function_read=True),
        range=ALL_ROWS,
        preferences=NO_PREFERENCES,
        accept=parse_accept(None),
        content_type=MediaType("plain", media.JSON),
    )
    routine = find_routine(request, cache)
    return "OPTIONS,POST" if routine.volatility == "volatile" else f"{READS},POST"


def _of_table(table: Table) -> str:
    methods = [READS]
    methods += ["POST"] if table.insertable else []
    methods += ["PUT"] if table.insertable and table.updatable and table.primary_key else []
    methods += ["PATCH"] if table.updatable else []
    methods += ["DELETE"] if table.deletable else []
    return ",".join(methods)
