from typing import Protocol

from upshot.domain.jobs import Job


class Queue(Protocol):
    """The job queue. A claimed job is ours until its lease ends; then it is delivered to somebody again."""

    async def claim(self, quantity: int, lease_seconds: int) -> list[Job]:
        """At most ``quantity`` jobs, at once: an empty list when there are none."""
        ...

    async def extend(self, job_id: int, lease_seconds: int) -> bool:
        """Keep a job for ``lease_seconds`` from now; False when it is no longer in the queue."""
        ...

    async def complete(self, job_id: int) -> None:
        """The job is done. Completing one twice does nothing."""
        ...

    async def fail(self, job_id: int, code: str, message: str, retry_in_seconds: int | None) -> None:
        """Give the job back for a later delivery; None puts it into the dead letters."""
        ...


class Wake(Protocol):
    """Hints that there may be work. Hints may be lost or false: the queue's rows are the truth."""

    hints: int
    """How many hints there were so far."""

    async def wait(self, seen: int, timeout: float) -> None:  # noqa: ASYNC109 - a hint that does not come is no error
        """Return when there were more than ``seen`` hints, or after ``timeout`` seconds."""
        ...
