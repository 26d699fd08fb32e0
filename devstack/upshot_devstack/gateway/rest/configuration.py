"""The service's configuration: the gateway's settings, overridden by those kept in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from upshot_devstack.gateway.rest.compile import CompileOptions
from upshot_devstack.gateway.rest.schema_cache import queries
from upshot_devstack.gateway.rest.variables import RoleSettings, call_of
from upshot_devstack.gateway.settings import GatewaySettings

TRUE_WORDS = frozenset({"true", "t", "on", "yes", "1"})
ISOLATION = "default_transaction_isolation"
OpenApiMode = Literal["follow-privileges", "ignore-privileges", "disabled"]
OPENAPI_MODES: dict[str, OpenApiMode] = {
    "follow-privileges": "follow-privileges",
    "ignore-privileges": "ignore-privileges",
    "disabled": "disabled",
}

STORED_NAMES = (
    "client_error_verbosity",
    "db_aggregates_enabled",
    "db_anon_role",
    "db_extra_search_path",
    "db_hoisted_tx_settings",
    "db_max_rows",
    "db_plan_enabled",
    "db_pre_request",
    "db_root_spec",
    "db_schemas",
    "db_tx_end",
    "jwt_role_claim_key",
    "openapi_mode",
    "server_timing_enabled",
    "url_use_legacy_target_names",
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one request sees from beginning to end."""

    schemas: tuple[str, ...]
    extra_search_path: tuple[str, ...]
    anonymous_role: str | None
    role_claim: str
    pre_request: str | None
    root_function: str | None
    tx_end: Literal["commit", "rollback"]
    tx_override: bool
    max_rows: int | None
    aggregates: bool
    plans: bool
    openapi_mode: OpenApiMode
    server_timing: bool
    hoisted: tuple[str, ...]
    legacy_names: bool
    minimal_errors: bool
    app_settings: tuple[tuple[str, str], ...]
    roles: RoleSettings

    @property
    def compile_options(self) -> CompileOptions:
        return CompileOptions(
            self.max_rows, self.aggregates, self.plans, self.tx_end, self.legacy_names, self.minimal_errors
        )


def configuration_of(
    settings: GatewaySettings, stored: Mapping[str, str] | None = None, roles: RoleSettings | None = None
) -> Configuration:
    """`stored` holds values by PostgREST's names, as `alter role authenticator set pgrst.<name>` keeps them."""
    given = Stored(stored or {})
    tx_end = given.text("db_tx_end", settings.db_tx_end) or "commit"
    most = given.text("db_max_rows", None)
    return Configuration(
        schemas=given.names("db_schemas", settings.db_schemas) or settings.db_schemas,
        extra_search_path=given.names("db_extra_search_path", settings.db_extra_search_path),
        anonymous_role=given.text("db_anon_role", settings.db_anon_role),
        role_claim=given.text("jwt_role_claim_key", settings.jwt_role_claim_key) or ".role",
        pre_request=given.text("db_pre_request", settings.db_pre_request),
        root_function=given.text("db_root_spec", settings.db_root_spec),
        tx_end="rollback" if tx_end.startswith("rollback") else "commit",
        tx_override=tx_end.endswith("allow-override"),
        max_rows=int(most) if most and most.isdigit() else settings.db_max_rows,
        aggregates=given.flag("db_aggregates_enabled", default=settings.db_aggregates_enabled),
        plans=given.flag("db_plan_enabled", default=settings.db_plan_enabled),
        openapi_mode=OPENAPI_MODES.get(given.text("openapi_mode", None) or "", settings.openapi_mode),
        server_timing=given.flag("server_timing_enabled", default=settings.server_timing_enabled),
        hoisted=given.names("db_hoisted_tx_settings", settings.db_hoisted_tx_settings),
        legacy_names=given.flag("url_use_legacy_target_names", default=settings.url_use_legacy_target_names),
        minimal_errors=given.text("client_error_verbosity", settings.client_error_verbosity) == "minimal",
        app_settings=tuple(settings.app_settings.items()),
        roles=roles or RoleSettings(),
    )


class Stored:
    """Text values with defaults."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str | None) -> str | None:
        return self._values.get(name) or default

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._values.get(name)
        return default if value is None else value.lower() in TRUE_WORDS

    def names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._values.get(name)
        return default if value is None else tuple(item.strip() for item in value.split(",") if item.strip())


async def read_configuration(connection: AsyncConnection[Any], settings: GatewaySettings) -> Configuration:
    """The configuration as it is now in the database of `connection`."""
    stored = await _stored(connection, settings.db_pre_config) if settings.db_config else {}
    roles = role_settings(await _rows(connection, queries.ROLE_SETTINGS))
    return configuration_of(settings, stored, roles)


async def _stored(connection: AsyncConnection[Any], pre_config: str | None) -> dict[str, str]:
    """The values kept for the role, and over them those that the function `pre_config` sets in its transaction."""
    rows = await _rows(connection, queries.DATABASE_SETTINGS)
    if pre_config is not None:
        async with connection.transaction():
            await connection.execute(call_of(pre_config))
            rows += await _rows(connection, queries.SESSION_SETTINGS, {"names": list(STORED_NAMES)})
    return {row["name"]: row["value"] for row in rows}


async def _rows(
    connection: AsyncConnection[Any], query: str, values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query.encode(), values or {})
        return await cursor.fetchall()


def role_settings(rows: list[dict[str, Any]]) -> RoleSettings:
    """Rows of (role, name, value); later ones win."""
    values: dict[str, dict[str, str]] = {}
    for row in rows:
        values.setdefault(row["role"], {})[row["name"]] = row["value"]
    isolation = {role: own.pop(ISOLATION) for role, own in values.items() if ISOLATION in own}
    return RoleSettings({role: tuple(own.items()) for role, own in values.items()}, isolation)
