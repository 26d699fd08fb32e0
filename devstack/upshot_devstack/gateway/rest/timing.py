"""How long the parts of a request took, for the Server-Timing header."""

import time

from upshot_devstack.gateway.rest.errors import Header

PARTS = ("jwt", "parse", "plan", "transaction", "response")


class Clock:
    """Laps since the last one, named by the part of the request that just ended."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, part: str) -> None:
        now = time.perf_counter()
        self._laps[part] = (now - self._last) * 1000
        self._last = now

    def fail(self) -> None:
        """Ends the part that was going on."""
        reached = max((PARTS.index(part) for part in self._laps), default=-1)
        if reached + 1 < len(PARTS):
            self.lap(PARTS[reached + 1])

    def header(self) -> Header:
        parts = (f"{part};dur={self._laps[part]:.1f}" for part in PARTS if part in self._laps)
        return b"server-timing", ", ".join(parts).encode()
