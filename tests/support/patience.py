"""Waiting for things: a bound costs nothing when they happen, and a machine may do much else."""

import time
from collections.abc import Callable
from typing import Any

import httpx

PATIENCE = 100.0
"""Seconds that anything may take. pytest ends a test after ten minutes."""


def eventually(condition: Callable[[], Any], what: str) -> Any:
    """Ask until the answer is true."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if answer := condition():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen within {PATIENCE:g} s")


def streaming(gateway: Any) -> Any:
    """A gateway, once what is committed reaches its sockets.

    Its place in the log is given when older transactions are over, those of other tests in the cluster too; a channel
    that is joined before may miss what is sent.
    """

    def follows() -> bool:
        report = httpx.get(f"{gateway.url}/health", timeout=PATIENCE).json()
        return bool(report["services"]["realtime"]["messages"] == "streaming")

    eventually(follows, "the streaming of messages")
    return gateway
