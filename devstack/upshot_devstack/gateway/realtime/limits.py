"""The bounds that keep one client from taking the service down. Defaults follow a hosted project's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds, rates per second."""

    channels_per_socket: int = 100
    joins_per_second: float = 500
    events_per_second: float = 1000
    posts_per_second: float = 2500
    presence_calls: int = 5
    presence_window: float = 30
    payload_bytes: int = 3_000_000
    change_bytes: int = 1024 * 1024
    inbox_messages: int = 64
    outbox_frames: int = 8192
    outbox_bytes: int = 8 * 1024 * 1024
    idle_timeout: float = 60
    token_check_interval: float = 300
    close_timeout: float = 1
    tail_ready_timeout: float = 5
    join_patience: float = 2
    policy_timeout: float = 5
    replay_messages: int = 25
    pool_size: int = 4
    pool_timeout: float = 5


class RateLimit:
    """A bucket that holds one second's worth of events, at least one, and refills steadily."""

    def __init__(self, per_second: float) -> None:
        self._rate = per_second
        self.burst = max(1.0, per_second)
        self._left = self.burst
        self._at: float | None = None

    def allows(self, now: float, events: int = 1) -> bool:
        """Take `events` from the bucket if they are there. `now` is a monotonic time in seconds."""
        if self._at is not None:
            self._left = min(self.burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < events:
            return False
        self._left -= events
        return True


class CallWindow:
    """At most so many calls in a window that starts with its first call."""

    def __init__(self, calls: int, window: float) -> None:
        self._calls = calls
        self._window = window
        self._used = 0
        self._until = float("-inf")

    def allows(self, now: float) -> bool:
        """Count a call. `now` is a monotonic time in seconds."""
        if now > self._until:
            self._used, self._until = 0, now + self._window
        self._used += 1
        return self._used <= self._calls
