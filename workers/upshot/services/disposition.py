"""How a delivery of a job ended: completed, to be tried again, dead, or lost. (Outcomes are the customers'.)"""

from dataclasses import dataclass
from typing import Protocol

from upshot.domain.jobs import Job


@dataclass(frozen=True)
class Done:
    """Everything in the job has its result."""


@dataclass(frozen=True)
class Later:
    """Something is left that another delivery may finish. ``at_once``: nothing was wrong, we only had to stop."""

    code: str
    message: str
    retry_after: float | None = None
    at_once: bool = False


@dataclass(frozen=True)
class Dead:
    """No delivery will ever finish this."""

    code: str
    message: str


@dataclass(frozen=True)
class Lost:
    """The lease ran out under our hands: the job belongs to somebody else now."""


Disposition = Done | Later | Dead | Lost


class Stop(Protocol):
    """Whether the worker has been asked to stop."""

    def is_set(self) -> bool: ...


class Handler(Protocol):
    """Does one kind of job."""

    async def handle(self, job: Job, *, last: bool, stop: Stop) -> Disposition:
        """Do the job, or as much as there is time for. ``last``: there will be no further delivery."""
        ...
