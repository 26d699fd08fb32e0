import asyncio


class PollOnly:
    """Port Wake without hints, for places that Realtime does not reach."""

    hints = 0

    async def wait(self, seen: int, timeout: float) -> None:  # noqa: ARG002, ASYNC109 - the port's shape
        """Return after ``timeout`` seconds."""
        await asyncio.sleep(timeout)
