"""Changes of the schema reach the REST layer, and what it cannot see does not."""

import psycopg
import pytest


@pytest.fixture
def heard(blank_db):
    """Run statements as postgres; what was said on the channel comes back."""
    with (
        psycopg.connect(blank_db.url("authenticator"), autocommit=True) as ear,
        psycopg.connect(blank_db.url(), autocommit=True) as mouth,
    ):
        ear.execute("listen pgrst")

        def run(statement):
            mouth.execute(statement)
            mouth.execute("notify pgrst, 'end'")
            notes = [note.payload for note in ear.notifies(timeout=60, stop_after=1)]
            while notes[-1] != "end":
                notes += [note.payload for note in ear.notifies(timeout=60, stop_after=1)]
            return notes[:-1]

        yield run


@pytest.mark.parametrize(
    "statement",
    [
        "create table t (id int)",
        "create view v as select 1 as x",
        "create function f() returns int language sql as 'select 1'",
        "create schema app",
        "comment on schema public is 'hello'",
        "create type mood as enum ('ok')",
        "create table s as select 1 as x",
    ],
)
def test_what_the_api_shows_is_announced(heard, statement):
    assert heard(statement) == ["reload schema"]


def test_so_is_what_goes_away(heard):
    heard("create table t (id int, x int)")
    assert heard("alter table t drop column x") == ["reload schema"]
    assert heard("drop table t") == ["reload schema"]


def test_one_transaction_is_one_announcement(heard):
    assert heard("begin; create table a (); create table b (); drop table a; commit") == ["reload schema"]


@pytest.mark.parametrize(
    "statement",
    [
        "create temporary table t (id int)",
        "begin; create temporary table t (id int) on commit drop; commit",
        "create policy p on realtime.messages for select to authenticated using (true)",
        "grant select on auth.users to postgres",
        "select 1",
    ],
)
def test_what_the_api_does_not_show_is_not(heard, statement):
    assert heard(statement) == []
