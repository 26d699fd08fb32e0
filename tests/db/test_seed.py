"""The seed shows a living workspace, the same each time, and keeps away from a database that somebody uses."""

from typing import Any

import psycopg
import pytest

from support.effort import computed
from support.world import World


@pytest.fixture
def seed(db: Any, pytestconfig: pytest.Config):
    """Run the seed as the CLI and the devstack do: as postgres, in one session."""
    text = (pytestconfig.rootpath / "supabase" / "seed.sql").read_text()

    def run() -> float:
        with psycopg.connect(db.url("postgres"), autocommit=True) as connection:
            before = computed(connection)
            connection.execute(text.encode())
            return computed(connection) - before

    return run


def counts(world: World) -> dict[str, int]:
    """Rows of each public table."""
    postgres = world.postgres()
    tables = postgres.rows(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    )
    return {t["relname"]: postgres.rows(f"select count(*) as n from public.{t['relname']}")[0]["n"] for t in tables}


def test_the_seed_is_quick_and_runs_once(world: World, seed):
    assert seed() < 20  # seconds; on a quiet machine three
    first = counts(world)
    seed()
    assert counts(world) == first


def test_a_database_with_users_gets_nothing(world: World, seed):
    world.user("somebody")
    seed()
    assert counts(world)["workspaces"] == 0


def test_it_shows_a_real_effect_and_a_rollback(world: World, seed):
    seed()
    world.catch_up()
    postgres = world.postgres()
    effects = {
        (row["experiment_key"], row["metric_key"]): row for row in postgres.rows("select * from experiment_effects")
    }
    assert effects["two-times", "booked"]["verdict"] == "better"
    assert effects["warmer-tone", "booked"]["p_value"] < 0.05  # found at one look; the sequence is not sure yet
    kinds = {row["kind"] for row in postgres.rows("select kind from changes")}
    assert {"deployment_published", "deployment_rolled_back", "experiment_activated", "experiment_archived"} <= kinds
    assert postgres.rows("select from audit_events where actor_kind = 'user'") != []
    assert postgres.rows("select from private.hints") == []


def test_what_it_announces_is_in_the_list(world: World, seed):
    seed()
    sent = Announced(world)
    assert sent.found <= sent.listed
    # What the seed has no reason to do: rename, remove, run.
    assert {topic for topic, _ in sent.found} >= {"workspace", "experiment", "prompt", "user"}


class Announced:
    """Topic and kind of every message that was sent, and of every line of the list."""

    def __init__(self, world: World) -> None:
        admin = world.connect("supabase_admin")
        messages = admin.execute("select topic, payload from realtime.messages where event = 'changed'").fetchall()
        lines = admin.execute("select topic, table_name from private.hint_topics").fetchall()
        self.found = {(m["topic"].split(":")[0], e["kind"]) for m in messages for e in m["payload"]["changed"]}
        self.listed = {(line["topic"], line["table_name"]) for line in lines}
