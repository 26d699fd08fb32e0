"""Keeps the schema cache and the configuration current: loads them, listens for news, loads them again."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from psycopg import AsyncConnection, Error, Notify, OperationalError, sql

from upshot_devstack.gateway.rest.configuration import Configuration, configuration_of, read_configuration
from upshot_devstack.gateway.rest.schema_cache.load import load_schema_cache
from upshot_devstack.gateway.rest.schema_cache.model import SchemaCache
from upshot_devstack.gateway.rest.shape import ShapeCache
from upshot_devstack.gateway.settings import GatewaySettings

FIRST_RETRY, LONGEST_RETRY = 0.5, 16.0
CONNECT_TIMEOUT = 5
STALE_AFTER = 1.0
SETTLE_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What one request works with; replaced as a whole."""

    configuration: Configuration
    cache: SchemaCache | None = None
    shapes: ShapeCache = field(default_factory=ShapeCache)


class Keeper:
    """Owns the listening connection and the current knowledge."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._log = structlog.get_logger("gateway.rest")
        self._changed = asyncio.Event()
        self._loaded_at = 0.0
        self._loading = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self.knowledge = Knowledge(configuration_of(settings))
        self.retry_after = FIRST_RETRY

    async def start(self) -> None:
        """Load once, then keep current in the background; without a database, keep trying."""
        try:
            await self.reload()
        except (OSError, Error) as error:
            self._log.warning("schema_cache_load_failed", error=str(error))
            self._changed.set()
        self._tasks = [asyncio.create_task(self._reload_on_change())]
        if self._settings.db_channel_enabled:
            self._tasks.append(asyncio.create_task(self._listen()))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def reload(self) -> None:
        """Read configuration and catalogue anew."""
        async with self._loading:
            self._changed.clear()
            started = time.monotonic()
            async with self._connected() as connection:
                configuration = await read_configuration(connection, self._settings)
                path = configuration.extra_search_path
                cache = await load_schema_cache(connection, configuration.schemas, path, configuration.hoisted)
            self.knowledge = Knowledge(configuration, cache)
            self._loaded_at = time.monotonic()
            self.retry_after = FIRST_RETRY
            elapsed = round((self._loaded_at - started) * 1000, 1)
            self._log.info(
                "schema_cache_loaded", relations=len(cache.tables), functions=len(cache.routines), milliseconds=elapsed
            )

    async def settle(self) -> bool:
        """After a name was not found: whether the knowledge is newer now.

        A change of the schema and its notification may still be on their way, so this looks again, at most once a
        second.
        """
        before = self.knowledge
        if (
            time.monotonic() - self._loaded_at < STALE_AFTER
            and not self._changed.is_set()
            and not self._loading.locked()
        ):
            return False
        try:
            async with asyncio.timeout(SETTLE_TIMEOUT):
                async with self._loading:
                    pass
                if self.knowledge is before:
                    await self.reload()
        except (TimeoutError, OSError, Error) as error:
            self._log.warning("schema_cache_load_failed", error=str(error))
        return self.knowledge is not before

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection[Any]]:
        connection = await AsyncConnection.connect(
            self._settings.db_uri,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT,
            application_name="upshot-gateway rest schema cache",
        )
        try:
            yield connection
        finally:
            await connection.close()

    async def _reload_on_change(self) -> None:
        while True:
            await self._changed.wait()
            try:
                await self.reload()
            except (OSError, Error) as error:
                self._changed.set()
                self._log.warning("schema_cache_load_failed", error=str(error), retry_in=self.retry_after)
                await asyncio.sleep(self.retry_after)
                self.retry_after = min(self.retry_after * 2, LONGEST_RETRY)

    async def _listen(self) -> None:
        pause = FIRST_RETRY
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._settings.db_uri,
                    autocommit=True,
                    connect_timeout=CONNECT_TIMEOUT,
                    application_name="upshot-gateway rest listener",
                    keepalives_idle=30,
                ) as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._settings.db_channel)))
                    if pause != FIRST_RETRY:
                        self._changed.set()  # whatever was notified while nobody listened
                    pause = FIRST_RETRY
                    async for notification in connection.notifies():
                        self._heard(notification)
            except (OSError, OperationalError) as error:
                self._log.warning("listener_lost", error=str(error), retry_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_RETRY)

    def _heard(self, notification: Notify) -> None:
        if notification.payload in {"", "reload schema", "reload config"}:
            self._changed.set()
