"""Random sequences of verbs by several actors against a model of the product's promises."""

import os
import random
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from stateful.machine import Upshot

RUNS = int(os.environ.get("STATEFUL_RUNS", "6"))
STEPS = int(os.environ.get("STATEFUL_STEPS", "30"))
SEED = int(os.environ.get("STATEFUL_SEED", random.randrange(2**32)))


@pytest.mark.timeout(600 + RUNS * STEPS)
def test_whatever_is_pressed_the_database_is_what_the_model_says(stage: Any):
    """A failure prints its steps and its seed: STATEFUL_SEED=… runs it again, STATEFUL_RUNS and _STEPS go further."""
    sys.stdout.write(f"STATEFUL_SEED={SEED}\n")
    machine = seed(SEED)(type("Upshot", (Upshot,), {"database": stage}))
    long = RUNS > 6
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=RUNS, stateful_step_count=STEPS, deadline=None, database=None, print_blob=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if long else [Phase.generate],
        ),
    )  # fmt: skip
