"""An analysis that is asked for by a verb is done by a worker and kept as a row: once, or absent with its reason."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import psycopg
import pytest
import statsmodels.formula.api as smf

from support.weeks import Story
from upshot.domain.methods import METHODS

ALLOWANCE = timedelta(seconds=1)


def spenders(office):
    """An experiment of forty people who spent before and after they met it, and its rows as people would fold them."""
    clinic = office.clinic
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.counts(clinic.metric("spend", "mean", when_absent="zero"), "primary")
    experiment.move("activate")
    chance = np.random.default_rng(4)
    rows, outcomes = [], []
    for n in range(40):
        arm = clinic.decide(f"s{n:02d}")["variant"]["key"]
        x, noise = (round(float(v), 2) for v in (chance.gamma(2, 5), chance.normal(0, 1)))
        rows.append(
            {"x": x, "y": round(x + noise + 2 * (arm == "b"), 2) if n % 6 else 0.0, "treated": float(arm == "b")}
        )
        now = datetime.now(UTC)
        outcomes.append(
            clinic.outcome("spend", x, subject=f"s{n:02d}", occurred_at=(now - timedelta(days=1)).isoformat())
        )
        if n % 6:
            outcomes.append(clinic.outcome("spend", rows[-1]["y"], subject=f"s{n:02d}", occurred_at=now.isoformat()))
    assert clinic.owner.rpc("record_outcomes", outcomes=outcomes)["errors"] == []
    clinic.world.catch_up()
    return experiment, pd.DataFrame(rows)


def test_from_the_verb_through_the_queue_to_the_row(office):
    experiment, people = spenders(office)
    owner = office.clinic.owner
    asked = {
        "regression_adjustment": {},
        "ols": {"formula": "y ~ treated*missing"},
        "group_sequential": {"looks": [0.5, 1]},
        "its_newey_west": {"formula": "value ~ post", "maxlags": 1},
        "structural_counterfactual": {},
    }
    requests = {
        m: owner.rpc("request_analysis", experiment_id=experiment.id, method=m, inputs=i) for m, i in asked.items()
    }
    # Delivered twice, a request is still one row.
    office.system.rows("select pgmq.send('jobs', message) from pgmq.q_jobs where message ->> 'kind' = 'analysis'")
    office.work()
    assert owner.one("select count(*) as n from experiment_results")["n"] == len(asked)
    kept = {row["method"]: row for row in owner.rows("select * from experiment_results")}
    assert set(kept) == set(asked)

    adjusted = kept["regression_adjustment"]
    people["x"] -= people["x"].mean()
    model = smf.ols("y ~ treated*x", people).fit(cov_type="HC2")
    found = adjusted["result"]
    assert [found["difference"], found["std_error"]] == pytest.approx(
        [model.params["treated"], model.bse["treated"]], rel=1e-9
    )
    assert (found["n_rows"], adjusted["grade"], adjusted["reason_code"]) == (40, "A", None)
    assert str(adjusted["metric_id"]) == requests["regression_adjustment"]["metric_id"]
    assert adjusted["as_of"] == datetime.fromisoformat(requests["regression_adjustment"]["as_of"])
    # What cannot be computed is a row as well, with its reason.
    assert (kept["ols"]["reason_code"], "missing" in kept["ols"]["result"]["message"]) == ("bad_inputs", True)
    assert [round(look["bound"], 4) for look in kept["group_sequential"]["result"]["looks"]] == [2.9626, 1.9686]
    assert (kept["structural_counterfactual"]["result"], kept["structural_counterfactual"]["reason_code"]) == (
        None,
        "too_few_rows",
    )
    assert kept["its_newey_west"]["reason_code"] == "too_few_rows"
    assert owner.rows("select * from job_failures") == []


def test_what_may_be_asked(office):
    clinic = office.clinic
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    listed = {(r["method"], r["reads"]) for r in office.system.rows("select * from private.analysis_methods")}
    assert listed == {(name, method.reads) for name, method in METHODS.items()}
    nobody = "00000000-0000-0000-0000-000000000000"
    for wrong, code in (
        ({"method": "prophecy"}, "bad_argument"),
        ({"method": "ols", "metric_id": nobody}, "unknown_metric"),
        ({"method": "ols", "variant_id": nobody}, "unknown_variant"),
    ):
        with pytest.raises(psycopg.Error) as caught:
            clinic.owner.rpc("request_analysis", experiment_id=experiment.id, **wrong)
        assert code in str(caught.value.diag.message_detail)


def test_a_change_that_reached_everybody_gets_its_series_without_being_asked(office):
    clinic = office.clinic
    story = Story(clinic)
    story.at(0)
    clinic.publish(story.first)
    story.at(30.5)
    clinic.publish(clinic.version("second"), expected=story.first["id"])
    for n in range(1, 52):
        # Bookings were on the rise anyway: before and after would take that for the change's doing.
        story.day(n, {"ScheduleMeeting": 0.2 + 0.006 * n + (0.2 if n >= 31 else 0)}, each=40)
    story.settle(52)
    plain = story.effects("deployment_published")[-1]
    assert (plain["grade"], plain["method"]) == ("C", "before_after")
    assert plain["ci_low"] > 0.25
    clinic.world.catch_up()
    assert office.queued() == 1
    office.work()

    clinic.world.admin.rows("select set_config('upshot.now', '', false)")
    clinic.world.catch_up()
    found = story.effects("deployment_published")[-1]
    assert (found["grade"], found["method"], found["reason_code"]) == ("B", "interrupted_series", None)
    assert found["ci_low"] < 0.2 < found["ci_high"] < 0.35
    assert (found["days_before"], found["days_after"], found["n_after"]) == (28, 21, 840)
    assert "weekdays of the 28 days before" in found["assumption"]
    assert office.queued() == 0

    # Late outcomes that move it are a reason to ask again; meanwhile before and after stand.
    late = [
        clinic.outcome("booked", 1, subject=f"s{n}", occurred_at=story.moment(n).isoformat()) for n in range(1800, 2040)
    ]
    assert clinic.owner.rpc("record_outcomes", outcomes=late)["errors"] == []
    clinic.world.catch_up()
    assert (story.effects("deployment_published")[-1]["grade"], office.queued()) == ("C", 1)
