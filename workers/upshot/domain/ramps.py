"""Staged rollouts, as far as a worker sees them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RampMove:
    """What became of a ramp: its state, its step, and why it ended, if it did so without being published."""

    ramp_id: str
    state: str
    step: int
    end_code: str | None
