"""The any-time interval is set for a size that was planned before there were data, and stays so."""

import json
import math

import psycopg
import pytest

from support.clinic import Clinic, Experiment, expose, observe


def started(clinic: Clinic, **values) -> Experiment:
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, judged=False)
    experiment.counts(clinic.metric("booked", when_absent="zero"), role="primary")
    if values:
        experiment.edit(**values)
    experiment.move("activate")
    return experiment


@pytest.mark.parametrize(
    ("values", "size"),
    [
        ({}, 5000),
        ({"planned_units": 400}, 400),
        # Nothing was seen before: a share varies most at one half.
        ({"minimum_effect": 0.1}, 787),
        ({"planned_units": 400, "minimum_effect": 0.1}, 400),
    ],
)
def test_the_size_is_fixed_at_the_start(clinic: Clinic, values, size):
    assert started(clinic, **values).row["sequence_units"] == size


def test_a_running_experiment_keeps_its_plan_and_a_fork_may_have_another(clinic: Clinic):
    experiment = started(clinic, planned_units=400)
    with pytest.raises(psycopg.Error) as caught:
        experiment.edit(planned_units=100)
    assert json.loads(str(caught.value.diag.message_detail))["what"] == "planned size"
    experiment.edit(planned_units=400, minimum_effect=0.01)
    for verb in ("pause", "resume"):
        experiment.move(verb)
    assert experiment.row["sequence_units"] == 400
    fork = Experiment(
        clinic, clinic.owner.rpc("fork_experiment", experiment_id=experiment.id, key="again")["experiment_id"]
    )
    assert (fork.row["planned_units"], fork.row["sequence_units"]) == (400, None)
    fork.edit(planned_units=1000)
    fork.move("activate")
    assert fork.row["sequence_units"] == 1000


def test_the_interval_follows_the_plan_and_speaks_from_twenty_an_arm_on(clinic: Clinic):
    experiment = started(clinic, planned_units=100)
    arms = expose(experiment, [f"s{n}" for n in range(30)])
    observe(experiment, "booked", {s: [1] for them in arms.values() for s in them[::3]})
    early = experiment.effect("booked", "b")
    assert early["p_value"] is not None
    assert (early["sequential_p_value"], early["sequential_low"], early["verdict"]) == (None, None, "waiting")

    more = expose(experiment, [f"t{n}" for n in range(60)])
    observe(experiment, "booked", {s: [1] for them in more.values() for s in them[::3]})
    effect = experiment.effect("booked", "b")
    n, rate = effect["n_control"] + effect["n_variant"], (-2 * math.log(0.05) + math.log(1 - 2 * math.log(0.05))) / 100
    g = n * rate + 1
    half = math.sqrt(2 * g / (n * rate) * math.log(math.sqrt(g) / 0.05))
    found = (effect["sequential_high"] - effect["sequential_low"]) / 2 / effect["std_error"]
    # Arms that differ a little in size: Student's error is the larger by a hair.
    assert found == pytest.approx(half, rel=0.01)
