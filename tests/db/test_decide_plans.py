"""decide walks its index in the order in which it asks, and finds a unit's arms by one descent."""

import pytest

from support.clinic import Clinic
from support.world import Actor

CALL = "select public.decide('production', 'BookAppointment', 'ann', workspace_id => %s)"


@pytest.fixture
def plans(clinic: Clinic) -> dict[str, str]:
    """The plan of each statement that one decide runs, by the first table that it names."""
    clinic.publish(clinic.version("live"))
    arms = {"a": clinic.version("a"), "b": clinic.version("b")}
    for n in range(3):
        clinic.experiment(arms, key=f"e{n}").move("activate")
    watcher = Actor(clinic.world.connect("supabase_admin"))
    many = "select public.decide('production', 'BookAppointment', 's' || n, workspace_id => %s) from generate_series(1, 300) n"
    watcher.rows(many, clinic.workspace_id)
    watcher.connection.execute("analyze public.assignments")
    heard: list[str] = []
    watcher.connection.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
    watcher.connection.execute("load 'auto_explain'")
    for name, value in (("log_min_duration", "0"), ("log_nested_statements", "on")):
        watcher.connection.execute(f"set auto_explain.{name} = {value}")
    watcher.connection.execute("set client_min_messages = log")
    # Three rules are read faster without an index: what is asked is whether the plan for many can be had.
    watcher.connection.execute("set enable_seqscan = off")
    watcher.connection.execute("set enable_bitmapscan = off")
    watcher.rows(CALL, clinic.workspace_id)
    heard.clear()
    watcher.rows(CALL, clinic.workspace_id)
    return {name: said for said in heard for name in ("live_rules r", "prompt_versions v") if f"from private.{name}" in said or f"from public.{name}" in said}  # fmt: skip


def test_the_rules_are_read_in_the_order_of_their_index(plans: dict[str, str]):
    plan = plans["live_rules r"]
    assert "Index Scan using live_rules_place" in plan
    # Within a stream nothing is sorted; the outer limit takes the first of the few streams.
    assert "Sort" not in plan.rsplit("Limit  (", 1)[1]


def test_all_arms_of_a_unit_are_one_descent(plans: dict[str, str]):
    plan = plans["live_rules r"]
    assert "using assignments_sticky on assignments" in plan
    line = next(line for line in plan.splitlines() if "Index Cond" in line and "unit_id" in line)
    assert "workspace_id" in line


def test_a_version_is_found_by_its_key(plans: dict[str, str]):
    assert "using prompt_versions_pkey" in plans["prompt_versions v"]
