"""One model call with all its tries."""

import asyncio
from dataclasses import dataclass
from random import Random

from upshot.domain.completion import Completion, CompletionRequest
from upshot.domain.errors import ErrorCode, ProviderError
from upshot.domain.retry import CallPolicy
from upshot.ports.clock import Clock
from upshot.ports.provider import Provider


@dataclass(frozen=True)
class Answered:
    """A whole answer, and how many tries it took."""

    completion: Completion
    attempts: int


class GaveUpError(ProviderError):
    """No try brought an answer. The code is the last try's."""

    def __init__(self, last: ProviderError, attempts: int) -> None:
        super().__init__(last.code, str(last), retry_after=last.retry_after)
        self.attempts = attempts


class Caller:
    """Tries a call as long as its policy allows and trying can help."""

    def __init__(self, policy: CallPolicy, clock: Clock, random: Random) -> None:
        self._policy = policy
        self._clock = clock
        self._random = random

    async def call(self, provider: Provider, request: CompletionRequest) -> Answered:
        """The answer, or GaveUpError. An invalid bundle is not tried twice: InvalidBundleError comes through."""
        give_up_at = self._clock.monotonic() + self._policy.deadline
        attempt = 0
        while True:
            attempt += 1
            try:
                return Answered(await self._try(provider, request, give_up_at), attempt)
            except ProviderError as error:
                wait = self._wait(error, attempt, give_up_at)
                if wait is None:
                    raise GaveUpError(error, attempt) from error
            await self._clock.sleep(wait)

    async def _try(self, provider: Provider, request: CompletionRequest, give_up_at: float) -> Completion:
        limit = min(self._policy.attempt_timeout, give_up_at - self._clock.monotonic())
        try:
            async with asyncio.timeout(limit):
                return await provider.complete(request)
        except TimeoutError as error:
            raise ProviderError(ErrorCode.TIMEOUT, f"{provider.name} did not finish within {limit:.0f} s.") from error

    def _wait(self, error: ProviderError, attempt: int, give_up_at: float) -> float | None:
        if not error.transient:
            return None
        wait = self._policy.delay(attempt, error.retry_after, self._random)
        if wait is None or self._clock.monotonic() + wait >= give_up_at:
            return None
        return wait
