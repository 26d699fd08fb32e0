"""The compactor: whatever comes in whatever order, what it keeps is what a recomputation from the raw rows says."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.clinic import EPOCH, Experiment, expose
from support.world import World


def differing(world: World, experiment: Experiment) -> list[dict[str, Any]]:
    return world.admin.rows("select * from private.verify(%s)", experiment.id)


def history(experiment: Experiment, seed: int, subjects: int = 12) -> list[Callable[[], object]]:
    """Things that may happen to an experiment, each on its own: exposures, calls, outcomes by every kind of key."""
    clinic, draw, version = experiment.clinic, random.Random(seed), experiment.clinic.version("x")
    rows: list[tuple[str, dict[str, Any]]] = []
    for n in range(subjects * 3):
        subject, talk, ticket = f"s{n % subjects}", f"c{n % 7}", {"type": "ticket", "value": f"T{n % 5}"}
        at = (EPOCH + timedelta(hours=draw.randint(-30, 60))).isoformat()
        call = clinic.inference(version, subject, conversation=talk, started_at=at, keys=[ticket])
        rows.append(("inferences", call))
        places = ({"inference_id": call["id"]}, {"conversation": talk}, {"key": ticket}, {"subject": subject})
        for where in draw.sample(places, 2):
            for metric in ("score", "top"):
                value = draw.choice([draw.gauss(0, 3), 0.1, 1e9, -7])
                rows.append(("outcomes", clinic.outcome(metric, value, occurred_at=at, **where)))
    draw.shuffle(rows)

    def record(chunk: list[tuple[str, dict[str, Any]]]) -> Callable[[], object]:
        def say() -> None:
            for what in ("outcomes", "inferences"):
                said = [row for kind, row in chunk if kind == what]
                if said:
                    assert clinic.owner.rpc(f"record_{what}", **{what: Jsonb(said)})["errors"] == []

        return say

    acts: list[Callable[[], object]] = [record(rows[i : i + 9]) for i in range(0, len(rows), 9)]
    for n in range(subjects):
        at = EPOCH + timedelta(hours=draw.randint(-10, 10))
        acts.append(lambda n=n, at=at: expose(experiment, [f"s{n}"], at=at))
    draw.shuffle(acts)
    return acts


@pytest.mark.parametrize("seed", [1, 2])
def test_any_interleaving_with_ticks_is_equal_to_a_recomputation(experiment: Experiment, seed):
    clinic, draw = experiment.clinic, random.Random(seed)
    experiment.counts(clinic.metric("score", "mean", when_absent="zero", attribution_window="1 day"))
    experiment.counts(clinic.metric("top", "mean", per_subject="max", attribution_window="2 days"))
    for act in history(experiment, seed):
        act()
        if draw.random() < 0.4:
            clinic.world.catch_up()
            assert differing(clinic.world, experiment) == []
    clinic.world.catch_up()
    assert differing(clinic.world, experiment) == []
    used = clinic.owner.one("select sum(outcomes_used) as n from private.effect_moments where dimension = 'all'")["n"]
    assert used > 50


def test_no_row_is_lost_or_counted_twice_while_writers_delay_their_commits(experiment: Experiment):
    """Transactions that write first and commit last are not passed over; nobody waits for the compactor."""
    clinic = experiment.clinic
    experiment.counts(clinic.metric("score", "count", when_absent="zero"))
    expose(experiment, ["s0", "s1", "s2"])
    writers = [clinic.world.connect("postgres") for _ in range(3)]
    for writer in writers:
        writer.autocommit = False
    insert = (
        "insert into outcomes (workspace_id, environment_id, metric_id, value, subject, occurred_at, source, source_event_id)"
        " select m.workspace_id, %s, m.id, 1, %s, %s, 'x', gen_random_uuid()::text from outcome_metrics m where key = 'score'"
    )
    for turn in range(12):
        for n, writer in enumerate(writers):
            writer.execute(insert, [clinic.environments["production"], f"s{n}", EPOCH + timedelta(hours=1)])
            if (turn + n) % 3 == 0:
                # Older writers still run: this row is committed, and yet beyond what may be counted.
                writer.commit()
            clinic.world.step("compact")
        if turn % 4 == 3:
            for writer in reversed(writers):
                writer.commit()
    for writer in writers:
        writer.commit()
    clinic.world.catch_up()
    moments = "select sum(outcomes_used)::int as n, sum(y)::int as y from private.effect_moments where dimension = 'all' and entry_day = 'infinity'"
    assert clinic.world.admin.one(moments) == {"n": 36, "y": 36}
    assert differing(clinic.world, experiment) == []


def test_a_second_compactor_is_told_that_one_is_at_it_and_a_dead_one_leaves_nothing(experiment: Experiment):
    clinic = experiment.clinic
    expose(experiment, ["s0", "s1"])
    rival = clinic.world.connect("postgres")
    rival.autocommit = False
    clinic.world.settle()
    assert rival.execute("select private.compact() as said").fetchone()["said"]["state"] == "moved"
    assert clinic.world.step("compact") == {"state": "busy"}
    pid = rival.info.backend_pid
    clinic.world.connect("supabase_admin").execute("select pg_terminate_backend(%s)", [pid])
    with pytest.raises(psycopg.OperationalError):
        rival.execute("select 1")
    rival.close()
    clinic.world.catch_up()
    assert differing(clinic.world, experiment) == []
    assert (
        clinic.world.admin.one("select sum(units)::int as n from private.unit_cells where dimension = 'all'")["n"] == 4
    )


def test_rules_that_change_are_counted_anew_and_other_edits_are_not(experiment: Experiment):
    clinic = experiment.clinic
    metric = clinic.metric("score", "count", when_absent="zero", attribution_window="2 days")
    experiment.counts(metric)
    expose(experiment, ["s0", "s1"])
    row = clinic.outcome("score", 1, subject="s0", occurred_at=(EPOCH + timedelta(hours=30)).isoformat())
    clinic.owner.rpc("record_outcomes", outcomes=[row])
    clinic.world.catch_up()
    used = "select coalesce(sum(outcomes_used), 0)::int as n from private.effect_moments where dimension = 'all' and entry_day = 'infinity'"
    hashed = "select xmin::text from private.counted_experiments"
    assert clinic.world.admin.one(used)["n"] == 1
    before = clinic.world.admin.one(hashed)
    experiment.edit(name="Another name")
    clinic.world.catch_up()
    assert clinic.world.admin.one(hashed) == before
    clinic.owner.rows("update outcome_metrics set attribution_window = '1 day' where key = 'score' returning 1")
    clinic.world.catch_up()
    assert (clinic.world.admin.one(used)["n"], differing(clinic.world, experiment)) == (0, [])


def test_counting_goes_on_after_a_restore_into_another_cluster(experiment: Experiment):
    """Rows of the other cluster carry transaction ids that this one has yet to give out: they are not met again."""
    clinic = experiment.clinic
    experiment.counts(clinic.metric("score", "count", when_absent="zero"))
    expose(experiment, ["s0", "s1"])
    admin = clinic.world.admin
    row = clinic.outcome("score", 1, subject="s0", occurred_at=(EPOCH + timedelta(hours=1)).isoformat())
    clinic.owner.rpc("record_outcomes", outcomes=[row])
    clinic.world.catch_up()
    with admin.connection.transaction():
        for table in ("outcomes", "assignments"):
            admin.connection.execute(f"alter table {table} disable trigger _000_append_only")
            admin.connection.execute(f"update {table} set tx = tx + 1000 where true")
            admin.connection.execute(f"alter table {table} enable trigger _000_append_only")
        admin.connection.execute(
            "update private.watermark set system_identifier = 'elsewhere', lo = lo + 1000 where one"
        )
    clinic.owner.rpc("record_outcomes", outcomes=[row | {"source_event_id": "new"}])
    clinic.world.catch_up()
    clinic.owner.rpc("record_outcomes", outcomes=[row | {"source_event_id": "newer"}])
    clinic.world.catch_up()
    assert admin.one("select max(tx) < (select lo from private.watermark) as old from outcomes")["old"]
    used = "select sum(outcomes_used)::int as n from private.effect_moments where dimension = 'all' and entry_day = 'infinity'"
    assert (admin.one(used)["n"], differing(clinic.world, experiment)) == (3, [])


def test_what_is_taken_away_leaves_the_numbers_and_what_changes_a_closed_cohort_is_noted(experiment: Experiment):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("score", "count", when_absent="zero"))
    expose(experiment, ["s0", "s1"])
    at = (EPOCH + timedelta(hours=1)).isoformat()
    ticket = {"type": "ticket", "value": "T1"}
    call = clinic.inference(clinic.version("x"), "s0", started_at=at, keys=[ticket])
    clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("score", 2, key=ticket, occurred_at=at)])
    clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("score", 3, subject="s1", occurred_at=at)])
    clinic.world.catch_up()
    clinic.owner.rpc("record_inferences", inferences=[call])
    clinic.world.catch_up()
    total = "select coalesce(sum(y), 0)::int as y from private.effect_moments where dimension = 'all' and entry_day = 'infinity'"
    admin = clinic.world.admin
    assert (admin.one(total)["y"], differing(clinic.world, experiment)) == (5, [])
    with admin.connection.transaction():
        admin.connection.execute("alter table outcomes disable trigger _000_append_only")
        admin.connection.execute("delete from outcomes where key_value = 'T1'")
        admin.connection.execute("alter table outcomes enable trigger _000_append_only")
        admin.connection.execute("select private.mark_unit(%s, 'subject', 's0')", [clinic.workspace_id])
    clinic.world.catch_up()
    assert (admin.one(total)["y"], differing(clinic.world, experiment)) == (3, [])
    noted = clinic.owner.rows("select units_before, units_after, sum_before, sum_after from restatements")
    assert {(r["units_before"], r["units_after"], int(r["sum_before"]), int(r["sum_after"])) for r in noted} <= {
        (1, 0, 2, 0), (1, 2, 3, 5), (1, 1, 3, 3), (2, 1, 5, 3), (1, 1, 2, 0),
    }  # fmt: skip
    assert noted
