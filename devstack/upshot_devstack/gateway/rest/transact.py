"""A prepared request's transaction: as whom, with which variables, and the response made of its result."""

from psycopg import OperationalError

from upshot_devstack.gateway.rest.authenticate import Identity
from upshot_devstack.gateway.rest.configuration import Configuration
from upshot_devstack.gateway.rest.execute import ResultSet, Transaction, execute
from upshot_devstack.gateway.rest.incoming import Incoming
from upshot_devstack.gateway.rest.parse.query import canonical
from upshot_devstack.gateway.rest.pipeline import Step
from upshot_devstack.gateway.rest.pool import Pool
from upshot_devstack.gateway.rest.prepare import Prepared
from upshot_devstack.gateway.rest.request import cookies_of
from upshot_devstack.gateway.rest.respond import Response, plan_response, respond
from upshot_devstack.gateway.rest.variables import Variables, call_of, json_object, search_path


async def transact(
    pool: Pool, incoming: Incoming, identity: Identity, prepared: Prepared, configuration: Configuration
) -> Response:
    """The response to a request about a relation or function; StatementError when Postgres refuses it."""
    result = await _execute(pool, transaction(incoming, identity, prepared, configuration))
    compiled = prepared.compiled
    if compiled.shown.is_plan:
        return plan_response(compiled.answer, result)
    location = _content_location(prepared) if prepared.target.action == "read" else None
    return respond(compiled.answer, result, prepared.range.offset, location)


async def _execute(pool: Pool, work: Transaction) -> ResultSet:
    """A read whose connection breaks is run once more: the server may have been restarted under an idle pool."""
    try:
        async with pool.connection() as connection:
            return await execute(connection, work)
    except OperationalError:
        if not work.read_only:
            raise
    await pool.forget_idle()
    async with pool.connection() as connection:
        return await execute(connection, work)


def transaction(
    incoming: Incoming, identity: Identity, prepared: Prepared, configuration: Configuration
) -> Transaction:
    compiled = prepared.compiled
    roles = configuration.roles
    pre_request = configuration.pre_request
    others = [*compiled.settings]
    if prepared.preferences.timezone is not None:
        others.insert(0, ("timezone", prepared.preferences.timezone))
    variables = variables_of(incoming, identity, prepared.schema, configuration, tuple(others))
    text, values = variables.statement(read_only=compiled.read_only)
    return Transaction(
        variables=Step(text, values),
        main=prepared.step(compiled.statement),
        pre_request=Step(call_of(pre_request)) if pre_request else None,
        explain=prepared.step(compiled.explain) if compiled.explain else None,
        most=configuration.max_rows,
        read_only=compiled.read_only,
        isolation=compiled.isolation or roles.isolation.get(identity.role),
        end=compiled.end,
        check=compiled.check if not compiled.shown.is_plan else None,
        is_plan=compiled.shown.is_plan,
    )


def variables_of(
    incoming: Incoming,
    identity: Identity,
    schema: str,
    configuration: Configuration,
    others: tuple[tuple[str, str], ...] = (),
) -> Variables:
    """The request's variables as functions and policies in the database see them."""
    headers = incoming.headers
    cookies = headers.get("cookie")
    return Variables(
        search_path=search_path(schema, configuration.extra_search_path),
        role=identity.role,
        claims=identity.claims,
        method=incoming.method,
        path=incoming.path,
        headers=json_object(pair for pair in headers.items() if pair[0] != "cookie"),
        cookies=json_object(cookies_of([cookies]).items()) if cookies else b"{}",
        role_settings=configuration.roles.values.get(identity.role, ()),
        others=others + configuration.app_settings,
    )


def _content_location(prepared: Prepared) -> bytes:
    query = canonical(prepared.pairs)
    name = prepared.target.name.name
    return f"/{name}{'?' if query else ''}{query}".encode("latin-1", "replace")
