"""Layers keep experiments apart; the holdout keeps subjects out of all of them."""

import psycopg
import pytest

from support.clinic import Clinic, Experiment


def arms(clinic: Clinic) -> dict:
    return {"a": clinic.version("a"), "b": clinic.version("b")}


def slotted(clinic: Clinic, key: str, slots: tuple[int, int], **values) -> Experiment:
    layer = clinic.owner.rows("select id from layers where key = 'tone'")
    layer_id = layer[0]["id"] if layer else clinic.put("layers", key="tone", name="Tone")["id"]
    return clinic.experiment(arms(clinic), key=key, layer_id=layer_id, layer_from=slots[0], layer_to=slots[1], **values)


def refused(code: str):
    return pytest.raises(psycopg.Error, check=lambda error: f'"code": "{code}"' in (error.diag.message_detail or ""))


def test_live_experiments_of_a_layer_cannot_hold_the_same_slots(clinic: Clinic):
    slotted(clinic, "first", (0, 5000)).move("activate")
    second = slotted(clinic, "second", (4999, 10000))
    with refused("layer_slot_taken"):
        second.move("activate")
    second.edit(layer={"key": "tone", "from": 5000, "to": 10000})
    assert second.move("activate")["state"] == "active"


def test_slots_are_taken_in_each_environment_by_itself(clinic: Clinic):
    slotted(clinic, "live", (0, 10000)).move("activate")
    rehearsal = slotted(clinic, "rehearsal", (0, 10000), environment_id=clinic.environments["staging"])
    assert rehearsal.move("activate")["state"] == "active"


def test_a_paused_experiment_keeps_its_slots_and_an_archived_one_gives_them_back(clinic: Clinic):
    first, second = slotted(clinic, "first", (0, 5000)), slotted(clinic, "second", (0, 5000))
    first.move("activate")
    first.move("pause")
    with refused("layer_slot_taken"):
        second.move("activate")
    first.move("archive")
    assert second.move("activate")["state"] == "active"


def test_slots_of_a_started_experiment_are_for_those_who_keep_the_layers(clinic: Clinic):
    experiment = slotted(clinic, "first", (0, 5000))
    experiment.move("activate")
    writer = clinic.world.member(clinic.owner, clinic.workspace_id, "prompt_engineer")
    wider = {"key": "tone", "from": 0, "to": 6000}
    with refused("permission_denied"):
        experiment.edit(by=writer, layer=wider)
    assert experiment.edit(layer=wider)["document"]["layer"] == wider
    with refused("experiment_started"):
        experiment.edit(layer=None)


@pytest.mark.parametrize("slots", [(None, 10), (0, None), (5, 5), (-1, 10), (0, 10001)])
def test_a_slot_is_a_range_of_the_ten_thousand(clinic: Clinic, slots):
    with pytest.raises(psycopg.errors.CheckViolation):
        slotted(clinic, "odd", slots)


def test_the_holdout_changes_by_compare_and_swap_and_keeps_its_history(clinic: Clinic):
    call = {"environment": "production"}
    first = clinic.owner.rpc("set_holdout", **call, share=500, reason="a year's effect")
    assert (first["number"], first["share"]) == (1, 500)
    assert clinic.owner.rpc("set_holdout", **call, share=500, expected_number=1)["number"] == 1
    with refused("stale_holdout"):
        clinic.owner.rpc("set_holdout", **call, share=700)
    assert clinic.owner.rpc("set_holdout", **call, share=700, expected_number=1)["number"] == 2
    rows = clinic.owner.rows("select share, salt from holdouts order by number")
    assert [row["share"] for row in rows] == [500, 700]
    assert rows[0]["salt"] == rows[1]["salt"]
    said = clinic.owner.rows("select summary from changes where kind = 'holdout_changed' order by id")
    assert said[-1]["summary"] == "Changed the holdout of production from 5 % to 7 %"


@pytest.mark.parametrize(
    ("call", "code"), [({"share": 10001}, "bad_argument"), ({"environment": "moon"}, "unknown_environment")]
)
def test_a_wrong_holdout_is_refused(clinic: Clinic, call, code):
    with refused(code):
        clinic.owner.rpc("set_holdout", **{"environment": "production", "share": 1} | call)
