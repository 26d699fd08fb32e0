"""A segment that has a value for each subject does not make a sum for each: the first are kept, the others are (other)."""

from typing import Any

from support.clinic import EPOCH, Clinic, Experiment

MOST = 200
SUBJECTS = MOST + 60
SEEN = """
select count(distinct segment)::int as values, sum(units)::int as units, sum(units) filter (where segment = '(other)')::int as other
from private.unit_cells where experiment_id = %s and dimension = 'attribute:plan' and entry_day = 'infinity'
"""


def expose(experiment: Experiment, subjects: range) -> None:
    rows = [
        {
            "experiment_id": experiment.id, "variant": "ab"[n % 2], "subject": f"s{n}", "attributes": {"plan": f"p{n}"},
            "source": "flags", "source_event_id": f"x{n}", "exposed_at": EPOCH.isoformat(),
        }
        for n in subjects
    ]  # fmt: skip
    assert experiment.clinic.owner.rpc("record_exposures", exposures=rows)["errors"] == []


def told(experiment: Experiment) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    world = experiment.clinic.world
    world.catch_up()
    return world.admin.one(SEEN, experiment.id), world.admin.rows("select * from private.verify(%s)", experiment.id)


def test_values_beyond_the_first_are_one_segment_and_stay_it(clinic: Clinic):
    experiment = clinic.experiment({"a": None, "b": None}, judged=False, assigned_by="external", segments=["plan"])
    clinic.metric("score", "count", when_absent="zero")
    experiment.edit(metrics=[{"metric": "score", "role": "primary"}])
    experiment.move("activate")
    expose(experiment, range(50))
    assert told(experiment) == ({"values": 50, "units": 50, "other": None}, [])
    expose(experiment, range(50, SUBJECTS))
    all_of_them = {"values": MOST + 1, "units": SUBJECTS, "other": SUBJECTS - MOST}
    assert told(experiment) == (all_of_them, [])
    clinic.world.admin.rows("select private.rebuild(%s) is null", experiment.id)
    assert told(experiment) == (all_of_them, [])
    shown = clinic.owner.rows(
        "select distinct segment from segment_effects where experiment_id = %s and segment = '(other)'", experiment.id
    )
    assert [row["segment"] for row in shown] == ["(other)"]
