"""The service keeps the days of realtime.messages."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

DAYS = """
select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'realtime.messages'::regclass order by 1
"""


def day(offset: int) -> str:
    return f"messages_{datetime.now(UTC) + timedelta(days=offset):%Y_%m_%d}"


@pytest.fixture
def admin(rooms_db):
    with psycopg.connect(rooms_db.url("supabase_admin"), autocommit=True) as connection:
        yield connection


async def test_missing_days_are_made_at_start_and_old_ones_dropped(admin, rooms_db, gateway_factory):
    for (name,) in admin.execute(DAYS).fetchall():
        admin.execute(psycopg.sql.SQL("drop table realtime.{}").format(psycopg.sql.Identifier(name)))
    for offset in (-9, -5, -2):
        start = datetime.now(UTC).date() + timedelta(days=offset)
        admin.execute(
            psycopg.sql.SQL(
                "create table realtime.{} partition of realtime.messages for values from ({}) to ({})"
            ).format(psycopg.sql.Identifier(day(offset)), str(start), str(start + timedelta(days=1)))
        )
    gateway_factory(rooms_db, services=("realtime",))
    found = [name for (name,) in admin.execute(DAYS).fetchall()]
    assert found == sorted(day(offset) for offset in (-2, -1, 0, 1, 2, 3))


def test_tending_waits_for_nobody_who_writes(admin, rooms_db):
    admin.execute("set lock_timeout = '100ms'")
    with psycopg.connect(rooms_db.url("postgres")) as writer:
        writer.execute("select realtime.send('{}', 'e', 't', true)")
        admin.execute("select realtime.ensure_partitions()")
