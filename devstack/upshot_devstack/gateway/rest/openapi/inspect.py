"""The root of the API: its description, as far as the asking role may see it."""

import json
from typing import Any

from psycopg.pq.abc import PGresult

from upshot_devstack.gateway.rest.authenticate import Identity
from upshot_devstack.gateway.rest.configuration import Configuration
from upshot_devstack.gateway.rest.database_errors import to_api_error
from upshot_devstack.gateway.rest.errors import no_schema_cache, no_such_media_type, openapi_disabled
from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.incoming import Incoming
from upshot_devstack.gateway.rest.keeper import Knowledge
from upshot_devstack.gateway.rest.openapi.document import Server, document, server_of
from upshot_devstack.gateway.rest.openapi.names import as_seen_from
from upshot_devstack.gateway.rest.parse import media
from upshot_devstack.gateway.rest.parse.media import MediaType, parse_accept
from upshot_devstack.gateway.rest.pipeline import StatementError, Step, run
from upshot_devstack.gateway.rest.pool import Pool
from upshot_devstack.gateway.rest.respond import VARY, Response
from upshot_devstack.gateway.rest.timing import Clock
from upshot_devstack.gateway.rest.transact import variables_of
from upshot_devstack.gateway.rest.variables import call_of
from upshot_devstack.gateway.settings import GatewaySettings

Seen = tuple[set[str], set[str], str | None]

PRODUCED = frozenset({media.OPENAPI, media.JSON, media.ANY})

ACCESSIBLE = b"""
select
  coalesce((
    select pg_catalog.json_agg(c.relname) from pg_catalog.pg_class c
    where c.relnamespace = n.oid and c.relkind in ('v', 'r', 'm', 'f', 'p') and not c.relispartition
      and (pg_catalog.pg_has_role(c.relowner, 'USAGE')
        or pg_catalog.has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        or pg_catalog.has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
  ), '[]')::text as relations,
  coalesce((
    select pg_catalog.json_agg(p.proname) from pg_catalog.pg_proc p
    where p.pronamespace = n.oid and p.prokind = 'f' and pg_catalog.has_function_privilege(p.oid, 'execute')
  ), '[]')::text as routines,
  pg_catalog.obj_description(n.oid, 'pg_namespace') as comment
from pg_catalog.pg_namespace n where n.nspname = $1
"""


async def inspect_schema(
    pool: Pool,
    incoming: Incoming,
    identity: Identity,
    schema: str,
    knowledge: Knowledge,
    settings: GatewaySettings,
    clock: Clock,
) -> Response:
    """The OpenAPI document of `schema`."""
    configuration, cache = knowledge.configuration, knowledge.cache
    if cache is None:
        raise no_schema_cache()
    if configuration.openapi_mode == "disabled":
        raise openapi_disabled()
    accepted = parse_accept(incoming.headers.get("accept"))
    if not any(one.name in PRODUCED for one in accepted):
        raise no_such_media_type(one.mime for one in accepted)
    clock.lap("parse")
    relations, routines, comment = await _seen_by(identity, pool, incoming, schema, configuration, clock)
    everything = configuration.openapi_mode == "ignore-privileges"
    described = document(
        cache,
        [table for name, table in cache.tables.items() if _visible(name, schema, relations, everything=everything)],
        [
            routine if everything else as_seen_from(routine, (schema, *configuration.extra_search_path))
            for name, overloads in sorted(cache.routines.items())
            if _visible(name, schema, routines, everything=everything)
            for routine in overloads
        ],
        _server(settings),
        comment,
        with_security=settings.openapi_security_active,
    )
    return _response(described, incoming, schema, negotiated=_is_negotiated(incoming, configuration.schemas))


async def _seen_by(
    identity: Identity, pool: Pool, incoming: Incoming, schema: str, configuration: Configuration, clock: Clock
) -> Seen:
    """The names of the relations and functions that the role may use, and the schema's comment."""
    text, values = variables_of(incoming, identity, schema, configuration).statement(read_only=True)
    pre_request = configuration.pre_request
    steps = [Step(text, values), *([Step(call_of(pre_request))] if pre_request else [])]
    clock.lap("plan")
    async with pool.connection() as connection:
        try:
            results = await run(connection, [*steps, Step(ACCESSIBLE, [schema.encode()])])
        except StatementError as failed:
            raise to_api_error(failed.error, anonymous=identity.anonymous) from failed
    clock.lap("transaction")
    return _answers(results[-1])


def _answers(result: PGresult) -> Seen:
    if result.ntuples == 0:
        return set(), set(), None
    relations, routines, comment = (result.get_value(0, i) for i in range(3))
    return (
        set(json.loads(relations or b"[]")),
        set(json.loads(routines or b"[]")),
        comment.decode() if comment else None,
    )


def _visible(name: QualifiedName, schema: str, accessible: set[str], *, everything: bool) -> bool:
    return name.schema == schema and (everything or name.name in accessible)


def _server(settings: GatewaySettings) -> Server:
    proxy = settings.openapi_server_proxy_uri
    return server_of(proxy) if proxy else Server("http", settings.host, settings.port)


def _is_negotiated(incoming: Incoming, schemas: tuple[str, ...]) -> bool:
    return "accept-profile" in incoming.headers or len(schemas) > 1


def _response(described: dict[str, Any], incoming: Incoming, schema: str, *, negotiated: bool) -> Response:
    content_type = MediaType("plain", media.OPENAPI).content_type.encode()
    headers = [(b"content-type", content_type), VARY]
    if negotiated:
        headers.append((b"content-profile", schema.encode()))
    if incoming.method == "HEAD":
        return Response(200, tuple(headers))
    body = json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(200, (*headers, (b"content-length", str(len(body)).encode())), body)
