"""How long the parts of a request took, for the Server-Timing header."""

import time

from upshot_devstack.gateway.rest.errors import Header

PARTS = ("jwt", "parse", "plan", "transaction", "response")


class Clock:
    """Laps since the last one; a part that did not happen took no time."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, part: str) -> None:
        now = time.perf_counter()
        self._laps[part] = (now - self._last) * 1000
        self._last = now

    def header(self) -> Header:
        parts = (f"{part};dur={self._laps.get(part, 0.0):.1f}" for part in PARTS)
        return b"server-timing", ", ".join(parts).encode()
