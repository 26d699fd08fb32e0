"""What SQL sees of realtime: sending, policies by topic, and a day for each message to lie in."""

import datetime as dt
import json

import psycopg
import pytest


@pytest.fixture
def postgres(blank_db):
    with psycopg.connect(blank_db.url(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def admin(blank_db):
    with psycopg.connect(blank_db.url("supabase_admin"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def notices(postgres):
    heard = []
    postgres.add_notice_handler(
        lambda diagnosis: heard.append((diagnosis.severity_nonlocalized, diagnosis.message_primary))
    )
    return heard


def messages(connection):
    return connection.execute("select topic, event, extension, private, payload from realtime.messages").fetchall()


def test_a_message_carries_its_id(admin, postgres):
    postgres.execute("select realtime.send('{\"kind\": \"results\"}', 'changed', 'experiment:1')")
    ((topic, event, extension, private, payload),) = messages(admin)
    assert (topic, event, extension, private) == ("experiment:1", "changed", "broadcast", True)
    assert payload["kind"] == "results"
    assert admin.execute("select id::text from realtime.messages").fetchone() == (payload["id"],)


def test_an_id_of_the_senders_is_kept(admin, postgres):
    postgres.execute("select realtime.send('{\"id\": \"mine\"}', 'e', 't', false)")
    assert messages(admin) == [("t", "e", "broadcast", False, {"id": "mine"})]


def test_bytes_are_sent_as_they_are(admin, postgres):
    postgres.execute("select realtime.send_binary('\\x00ff', 'e', 't')")
    assert admin.execute("select binary_payload, payload from realtime.messages").fetchone() == (b"\x00\xff", None)


@pytest.mark.parametrize("call", ["realtime.send('3', 'e', 't')", "realtime.send('{}', 'e', null)"])
def test_a_message_that_cannot_be_sent_does_not_fail_the_transaction(postgres, admin, notices, call):
    with postgres.transaction():
        postgres.execute("create table kept ()")
        postgres.execute(f"select {call}")
    assert messages(admin) == []
    assert [severity for severity, _ in notices] == ["WARNING"]
    assert postgres.execute("select to_regclass('kept') is not null").fetchone() == (True,)


def test_row_changes_are_broadcast_by_a_trigger(postgres, admin):
    postgres.execute("create table notes (id int primary key, body text)")
    postgres.execute(
        "create function public.tell() returns trigger language plpgsql security definer set search_path = '' as $$ begin"
        " perform realtime.broadcast_changes('notes', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);"
        " return null; end $$"
    )
    postgres.execute("create trigger tell after insert or update on notes for each row execute function tell()")
    postgres.execute("insert into notes values (1, 'a')")
    postgres.execute("update notes set body = 'b'")
    sent = [payload for *_, payload in messages(admin)]
    assert [(p["operation"], p["record"]["body"], (p["old_record"] or {}).get("body")) for p in sent] == [
        ("INSERT", "a", None),
        ("UPDATE", "b", "a"),
    ]
    assert {(p["schema"], p["table"]) for p in sent} == {("public", "notes")}


@pytest.mark.parametrize(
    ("operation", "level", "complaint"), [("INSERT", "STATEMENT", "row"), ("TRUNCATE", "ROW", "TRUNCATE")]
)
def test_broadcasting_what_is_no_row_change_fails_loudly(postgres, operation, level, complaint):
    postgres.execute("create table n (id int)")
    with pytest.raises(psycopg.errors.RaiseException, match=complaint):
        postgres.execute(
            "select realtime.broadcast_changes('t', 'e', %s, 'n', 'public', null::public.n, null::public.n, %s)",
            (operation, level),
        )


def test_a_policy_decides_by_topic_and_caller(postgres, admin):
    postgres.execute(
        "create policy mine on realtime.messages for select to authenticated"
        " using ((select realtime.topic()) = 'user:' || (select auth.uid()))"
    )
    admin.execute("insert into realtime.messages (topic, extension) values ('user:probe', 'broadcast')")
    user = "6c2a2a3b-9f0c-4b7e-8f8e-3d9f5a0b1c2d"
    seen = {}
    for topic in (f"user:{user}", "user:somebody-else"):
        with postgres.transaction(force_rollback=True):
            postgres.execute("select set_config('request.jwt.claims', %s, true)", (json.dumps({"sub": user}),))
            postgres.execute("select set_config('realtime.topic', %s, true)", (topic,))
            postgres.execute("set local role authenticated")
            seen[topic] = postgres.execute("select count(*) from realtime.messages").fetchone()[0]
    assert list(seen.values()) == [1, 0]


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_without_a_policy_nobody_reads_or_writes(postgres, admin, role):
    admin.execute("insert into realtime.messages (topic, extension) values ('t', 'broadcast')")
    postgres.execute(f"set role {role}")
    assert messages(postgres) == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        postgres.execute("insert into realtime.messages (topic, extension) values ('t', 'broadcast')")


def days(connection):
    rows = connection.execute(
        "select relname from pg_inherits join pg_class on oid = inhrelid"
        " where inhparent = 'realtime.messages'::regclass order by 1"
    ).fetchall()
    return [dt.datetime.strptime(row[0], "messages_%Y_%m_%d").astimezone(dt.UTC).date() for row in rows]


def test_there_is_a_day_for_yesterday_to_three_days_ahead(admin):
    (today,) = admin.execute("select (now() at time zone 'utc')::date").fetchone()
    admin.execute("select realtime.ensure_partitions()")
    assert days(admin) == [today + dt.timedelta(days=offset) for offset in range(-1, 4)]


def test_days_past_the_retention_are_dropped(admin):
    (today,) = admin.execute("select (now() at time zone 'utc')::date").fetchone()
    old = today - dt.timedelta(days=9)
    admin.execute(
        f"create table realtime.messages_{old:%Y_%m_%d} partition of realtime.messages"
        f" for values from ('{old}') to ('{old + dt.timedelta(days=1)}')"
    )
    admin.execute("select realtime.ensure_partitions()")
    assert old not in days(admin)
    assert today in days(admin)


def test_the_project_publishes_its_own_tables(postgres):
    postgres.execute("create table notes (id int primary key)")
    postgres.execute("alter publication supabase_realtime add table notes")
    published = postgres.execute("select tablename from pg_publication_tables where pubname = 'supabase_realtime'")
    assert published.fetchall() == [("notes",)]


def test_broadcasts_leave_by_the_log_under_the_parents_name(admin):
    admin.execute("select pg_create_logical_replication_slot('probe', 'pgoutput', true)")
    admin.execute("select realtime.send('{}', 'e', 'topic-in-the-log')")
    frames = admin.execute(
        "select data from pg_logical_slot_get_binary_changes('probe', null, null, 'proto_version', '1',"
        " 'publication_names', 'supabase_realtime_messages_publication')"
    ).fetchall()
    relations = {bytes(data[1:5]): bytes(data[5:]) for (data,) in frames if bytes(data[:1]) == b"R"}
    inserts = [bytes(data) for (data,) in frames if bytes(data[:1]) == b"I"]
    assert [relations[insert[1:5]].startswith(b"realtime\0messages\0") for insert in inserts] == [True]
    assert b"topic-in-the-log" in inserts[0]
