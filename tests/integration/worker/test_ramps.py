"""Ramps move by themselves while workers run, each step once, whatever dies."""

PLACE = {"environment": "production", "capability": "BookAppointment"}


def start(office, **more):
    clinic = office.clinic
    live, new = clinic.version("live"), clinic.version("new")
    clinic.publish(live)
    return clinic.owner.rpc(
        "start_ramp", **PLACE, version_id=new["id"], expected_version=live["id"], **{"hold": "00:00"} | more
    )


def state(office, ramp):
    return office.clinic.owner.one("select state from ramps where id = %s", ramp["id"])["state"]


def test_two_workers_take_a_ramp_to_its_end_each_step_once(office):
    ramp = start(office, steps=[1, 2, 5, 10, 20, 50, 100])
    workers = [office.worker(ramp_seconds=1, realtime="false") for _ in range(2)]
    office.eventually(lambda: state(office, ramp) == "completed", "the ramp's end")

    kinds = office.clinic.owner.rows("select kind from changes where kind like 'ramp%%' order by id")
    assert [row["kind"] for row in kinds] == ["ramp_started", *["ramp_advanced"] * 5, "ramp_completed"]
    assert office.clinic.decide("ann")["version"]["number"] == 2
    assert any(worker.says("ramp_moved") for worker in workers)
    assert {worker.terminate() for worker in workers} == {0}


def test_working_once_moves_what_is_due(office):
    ramp = start(office, steps=[50, 100])
    office.clinic.metric("booked")
    waiting = office.clinic.owner.rpc(
        "start_ramp",
        **PLACE,
        action="Book",
        version_id=ramp["version_id"],
        guardrails=[{"metric": "booked"}],
        hold="00:00",
    )
    told = office.command("worker", "--once")
    assert told.returncode == 0, told.stderr
    assert (state(office, ramp), state(office, waiting)) == ("completed", "stopped")
