"""Ways back: to the previous, to a version, to a moment; and scopes that are given back to the wider one."""

from datetime import timedelta

import psycopg
import pytest

from support.clinic import EPOCH, Clinic

PLACE = {"environment": "production", "capability": "BookAppointment"}
INTENT = {"intent": "ScheduleMeeting"}


def at(clinic: Clinic, hours: float) -> str:
    """Move the owner's clock to so many hours after the epoch."""
    moment = (EPOCH + timedelta(hours=hours)).isoformat()
    clinic.owner.connection.execute("select set_config('upshot.now', %s, false)", [moment])
    return moment


def roll_back(clinic: Clinic, expected, **more):
    return clinic.owner.rpc("rollback", **PLACE | more, expected_version=expected and expected["id"])


def withdraw(clinic: Clinic, expected, **more):
    return clinic.owner.rpc("withdraw", **PLACE | more, expected_version=expected and expected["id"])


def refusal(call, *args, **more) -> tuple[str, str]:
    with pytest.raises(psycopg.Error) as caught:
        call(*args, **more)
    return caught.value.sqlstate, caught.value.diag.message_detail.split('"')[3]


def live(clinic: Clinic, **scope) -> int:
    return clinic.decide("ann", **scope)["version"]["number"]


def test_a_version_that_was_published_twice_is_no_circle(clinic: Clinic):
    a, b = clinic.version("a"), clinic.version("b")
    clinic.publish(a)
    clinic.publish(b, expected=a["id"])
    clinic.publish(a, expected=b["id"])
    assert roll_back(clinic, a)["version"]["number"] == 2
    assert roll_back(clinic, b)["version"]["number"] == 1
    assert refusal(roll_back, clinic, a) == ("PT409", "nothing_to_roll_back")


def test_a_step_back_after_a_jump_starts_where_the_jump_landed(clinic: Clinic):
    versions = [clinic.version(str(n)) for n in range(4)]
    before = None
    for version in versions:
        clinic.publish(version, expected=before and before["id"])
        before = version
    roll_back(clinic, versions[3], to_version=versions[1]["id"])
    roll_back(clinic, versions[1])
    assert live(clinic) == 1
    roll_back(clinic, versions[0], to_version=versions[2]["id"])
    roll_back(clinic, versions[2])
    assert live(clinic) == 2


def test_rollback_to_a_moment_restores_what_was_live_then(clinic: Clinic):
    versions = [clinic.version(str(n)) for n in range(3)]
    at(clinic, 1)
    clinic.publish(versions[0])
    at(clinic, 2)
    clinic.publish(versions[1], expected=versions[0]["id"])
    at(clinic, 3)
    clinic.publish(versions[2], expected=versions[1]["id"])
    at(clinic, 4)

    answer = roll_back(clinic, versions[2], to_time=EPOCH + timedelta(hours=2.5))
    assert (answer["version"]["number"], answer["restores_number"]) == (2, 2)
    answer = roll_back(clinic, versions[1], to_time=EPOCH + timedelta(hours=1))
    assert (answer["version"]["number"], live(clinic)) == (1, 1)


def test_a_moment_that_cannot_be_restored_says_why(clinic: Clinic):
    version = clinic.version("one")
    at(clinic, 1)
    clinic.publish(version)
    at(clinic, 2)
    wanted = {0: ("PT422", "nothing_live_then"), 1.5: ("PT409", "already_live"), 3: ("PT400", "bad_argument")}
    for hours, expected in wanted.items():
        assert refusal(roll_back, clinic, version, to_time=EPOCH + timedelta(hours=hours)) == expected
    both = {"to_time": EPOCH + timedelta(hours=1), "to_version": version["id"]}
    assert refusal(roll_back, clinic, version, **both) == ("PT400", "bad_argument")


def test_rolling_back_the_first_publish_of_an_intent_gives_it_back_to_the_capability(clinic: Clinic):
    wide, narrow = clinic.version("wide"), clinic.version("narrow")
    clinic.publish(wide)
    clinic.publish(narrow, **INTENT)
    assert live(clinic, **INTENT) == 2

    answer = roll_back(clinic, narrow, **INTENT)

    assert (answer["kind"], answer["version"], answer["applies"]["number"]) == ("rollback", None, 1)
    assert answer["summary"].endswith("the wider scope applies again")
    assert live(clinic, **INTENT) == 1
    assert refusal(roll_back, clinic, None, **INTENT) == ("PT409", "nothing_to_roll_back")
    assert [r["intent"] for r in clinic.owner.rows("select intent from live_deployments")] == [None]


def test_withdraw_ends_an_override_and_rollback_brings_it_back(clinic: Clinic):
    wide, first, second = (clinic.version(text) for text in ("wide", "first", "second"))
    clinic.publish(wide)
    clinic.publish(first, **INTENT)
    clinic.publish(second, expected=first["id"], **INTENT)

    answer = withdraw(clinic, second, reason="not worth it", **INTENT)
    assert (answer["kind"], answer["version"], answer["applies"]["number"]) == ("withdraw", None, 1)
    assert live(clinic, **INTENT) == 1
    assert clinic.owner.one("select * from changes order by id desc limit 1")["kind"] == "deployment_withdrawn"

    assert roll_back(clinic, None, **INTENT)["version"]["number"] == 3
    assert roll_back(clinic, second, **INTENT)["version"]["number"] == 2
    assert roll_back(clinic, first, **INTENT)["version"] is None


def test_a_withdrawn_scope_is_published_as_if_it_were_new(clinic: Clinic):
    wide, narrow, next_one = (clinic.version(text) for text in ("wide", "narrow", "next"))
    clinic.publish(wide)
    clinic.publish(narrow, **INTENT)
    withdraw(clinic, narrow, **INTENT)
    assert refusal(clinic.publish, next_one, expected=narrow["id"], **INTENT) == ("PT409", "stale_version")
    assert clinic.publish(next_one, **INTENT)["number"] == 3
    assert roll_back(clinic, next_one, **INTENT)["version"] is None
    assert roll_back(clinic, None, **INTENT)["version"]["number"] == 2


def test_withdraw_says_what_it_will_not_do(clinic: Clinic):
    wide, narrow = clinic.version("wide"), clinic.version("narrow")
    clinic.publish(narrow, **INTENT)
    assert refusal(withdraw, clinic, narrow, **INTENT) == ("PT409", "nothing_wider")
    assert refusal(roll_back, clinic, narrow, **INTENT) == ("PT409", "nothing_wider")
    clinic.publish(wide)
    assert refusal(withdraw, clinic, wide) == ("PT409", "nothing_wider")
    assert refusal(withdraw, clinic, wide, **INTENT) == ("PT409", "stale_version")
    assert refusal(withdraw, clinic, None, action="Book") == ("PT409", "nothing_here")
    assert live(clinic, **INTENT) == 2


def test_an_action_and_intent_together_fall_back_to_the_action(clinic: Clinic):
    wide, action, both = (clinic.version(text) for text in ("wide", "action", "both"))
    clinic.publish(wide)
    clinic.publish(action, action="Book")
    clinic.publish(both, action="Book", **INTENT)
    assert withdraw(clinic, both, action="Book", **INTENT)["applies"]["number"] == 2
    assert live(clinic, action="Book", **INTENT) == 2


def test_a_scopes_time_never_runs_backwards(clinic: Clinic):
    first, second = clinic.version("one"), clinic.version("two")
    at(clinic, 2)
    clinic.publish(first)
    at(clinic, 1)
    clinic.publish(second, expected=first["id"])
    times = clinic.owner.rows("select created_at from deployments order by number")
    assert times[0] == times[1]
