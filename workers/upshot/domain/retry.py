"""When to try again: policies are data, and one function each says how long to wait."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class CallPolicy:
    """Tries of one model call. All times in seconds.

    ``retry_after_cap``: a provider that asks for more is not waited for here; the queue waits instead.
    ``deadline``: all tries and waits together; ``attempt_timeout``: one try.
    """

    attempts: int = 5
    base: float = 0.5
    factor: float = 2.0
    cap: float = 20.0
    retry_after_cap: float = 60.0
    attempt_timeout: float = 120.0
    deadline: float = 240.0

    def delay(self, attempt: int, retry_after: float | None, random: Random) -> float | None:
        """Seconds to wait after failed try number ``attempt`` (from 1); None: give up.

        Never less than the provider asked for, and spread out so that many workers do not come back at once.
        """
        if attempt >= self.attempts or (retry_after or 0) > self.retry_after_cap:
            return None
        backoff = min(self.cap, self.base * self.factor ** (attempt - 1)) * random.uniform(0.5, 1.0)
        return max(backoff, (retry_after or 0) * random.uniform(1.0, 1.1))


@dataclass(frozen=True)
class JobPolicy:
    """Deliveries of one job. Beyond ``attempts`` what is left fails for good."""

    attempts: int = 6
    base: float = 10.0
    factor: float = 3.0
    cap: float = 600.0

    def delay(self, attempt: int, retry_after: float | None = None) -> int | None:
        """Whole seconds until the next delivery after number ``attempt`` (from 1); None: no further delivery."""
        if attempt >= self.attempts:
            return None
        backoff = min(self.cap, self.base * self.factor ** (attempt - 1))
        return round(max(backoff, retry_after or 0))
