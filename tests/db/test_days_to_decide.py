"""experiment_health.decision: how long an experiment still has to run."""

import math

from scipy import stats

from support.clinic import Clinic, expose, observe


def test_it_decides_at_the_end_of_a_week(clinic: Clinic):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.counts(clinic.metric("booked", when_absent="zero"), role="primary")
    experiment.move("activate")
    arms = expose(experiment, [f"s{i}" for i in range(60)])
    observe(experiment, "booked", {s: [1] for them in arms.values() for s in them[::3]})
    error = experiment.effect("booked", "b")["std_error"]

    def decision():
        return clinic.owner.one("select decision from experiment_health where experiment_id = %s", experiment.id)[
            "decision"
        ]

    assert (decision()["reason_code"], decision()["days_to_decide"]) == ("no_minimum_effect", None)
    clinic.world.postgres().connection.execute(
        "update experiments set minimum_effect = 0.1 where id = %s", [experiment.id]
    )
    told = decision()
    assert (told["reason_code"], told["units_seen"], told["units_per_day"]) == (None, 60, 60)
    variance = error**2 / sum(1 / len(them) for them in arms.values())
    half, sd = told["units_at_one_look"] / 2, math.sqrt(variance)
    df, shift = 2 * half - 2, 0.1 / (sd * math.sqrt(2 / half))
    assert abs(stats.nct.sf(stats.t.ppf(0.975, df), df, shift) - 0.8) < 0.005
    assert told["days_to_decide"] == 7 * math.ceil(told["units_needed"] / 60 / 7) - 1
