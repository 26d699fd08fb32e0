"""The days of realtime.messages: without today's partition a broadcast is lost with no more than a warning."""

import asyncio
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from upshot_devstack.gateway.realtime.authorize import Pool

INTERVAL = 3600.0
RETRY = 5.0
LOCK_TIMEOUT = "2s"


class Janitor:
    """Makes the partitions of yesterday to three days ahead and drops those older than 72 hours, again and again."""

    def __init__(self, pool: Pool, log: Any) -> None:
        self._pool = pool
        self._log = log

    async def run(self) -> None:
        """Tend the partitions for ever; failures are logged and tried again soon."""
        while True:
            pause = INTERVAL if await self.tend() else RETRY
            await asyncio.sleep(pause)

    async def tend(self) -> bool:
        """Do it once; whether it worked."""
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute("select set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
                await connection.execute("select realtime.ensure_partitions()")
        except (psycopg.Error, PoolTimeout) as error:
            self._log.warning("partitions_failed", error=str(error).strip(), retry_in=RETRY)
            return False
        return True
