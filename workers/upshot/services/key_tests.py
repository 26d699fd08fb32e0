"""Trying a provider's key, so that a wrong one shows before a run needs it."""

import asyncio

import structlog

from upshot.domain.errors import ErrorCode, InvalidBundleError, ProviderError
from upshot.domain.jobs import Job, KeyTest
from upshot.ports.store import Store
from upshot.services.disposition import Disposition, Done, Stop
from upshot.services.provider_pool import ProviderPool

log = structlog.get_logger(__name__)

SECONDS = 20.0


class KeyTests:
    """Handler of ``test_provider_key`` jobs. Any answer settles the job: whoever asked can ask again."""

    def __init__(self, store: Store, pool: ProviderPool) -> None:
        self._store = store
        self._pool = pool

    async def handle(self, job: Job, *, last: bool, stop: Stop) -> Disposition:  # noqa: ARG002 - the port's shape
        """Make one call that only a holder of the key may make, and record what came of it."""
        test = KeyTest.parse(job.payload)
        code = await self._verdict(test)
        await self._store.record_key_test(test, code)
        log.info("provider_key_tested", job_id=job.id, provider=test.provider, error_code=code)
        return Done()

    async def _verdict(self, test: KeyTest) -> str | None:
        """None when the key works, else the code of what went wrong."""
        try:
            async with (
                asyncio.timeout(SECONDS),
                self._pool.use(test.workspace_id, test.provider, fresh=True) as provider,
            ):
                await provider.verify()
        except (ProviderError, InvalidBundleError) as error:
            return error.code
        except TimeoutError:
            return ErrorCode.TIMEOUT
        return None
