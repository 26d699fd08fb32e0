"""Migrations as the CLI applies them: one file, one transaction, as postgres, with the CLI's own history."""

import uuid

import psycopg
import pytest

from upshot_devstack.postgres import migrations, vault
from upshot_devstack.postgres.migrations import MigrationError


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def apply(blank_db, folder):
    """Write migrations by name and text, then apply the folder; the versions that were applied come back."""

    def run(**texts):
        for name, text in texts.items():
            (folder / f"{name.removeprefix('v')}.sql").write_text(text)
        return [migration.version for migration in migrations.apply(blank_db.url(), folder)]

    return run


def one(database, query):
    with psycopg.connect(database.url()) as connection:
        return connection.execute(query).fetchone()


def test_they_run_in_the_order_of_their_versions(apply, blank_db):
    applied = apply(v20260102_second="insert into t values (1)", v20260101_first="create table t (id int)")
    assert applied == ["20260101", "20260102"]
    assert one(blank_db, "select count(*) from t") == (1,)


def test_each_runs_once(apply):
    apply(v1_first="create table t (id int)")
    assert apply(v2_second="create table u ()") == ["2"]
    assert apply() == []


def test_history_is_what_the_cli_reads(apply, blank_db):
    apply(v20260101_first="create table t (id int);")
    query = "select version, name, array_to_string(statements, '') from supabase_migrations.schema_migrations"
    assert one(blank_db, query) == ("20260101", "first", "create table t (id int);")


def test_everything_belongs_to_postgres_who_is_no_superuser(apply, blank_db):
    apply(v1_first="create schema app; create table app.t (is_super text default current_setting('is_superuser'));"
          "insert into app.t default values")  # fmt: skip
    assert one(blank_db, "select is_super from app.t") == ("off",)
    assert one(blank_db, "select tableowner from pg_tables where schemaname = 'app'") == ("postgres",)


def test_a_failing_file_leaves_nothing_and_the_earlier_ones_stay(apply, blank_db):
    with pytest.raises(MigrationError):
        apply(
            v1_good="create table kept ()", v2_bad="create table gone (); select 1/0;", v3_never="create table never ()"
        )
    assert one(blank_db, "select to_regclass('kept') is not null, to_regclass('gone'), to_regclass('never')") == (
        True,
        None,
        None,
    )
    assert one(blank_db, "select array_agg(version) from supabase_migrations.schema_migrations") == (["1"],)


def test_the_error_names_file_line_code_and_advice(apply):
    with pytest.raises(MigrationError) as raised:
        apply(v7_broken="create table a (id int);\n\ncreate table b (id nonsense);\n")
    message = str(raised.value)
    assert message.startswith("7_broken.sql was not applied: ")
    assert 'type "nonsense" does not exist (SQLSTATE 42704)' in message
    assert "line 3: create table b (id nonsense);" in message


def test_settings_of_one_file_do_not_reach_the_next(apply, blank_db):
    apply(v1_sets="set search_path = ''; create schema app;", v2_plain="create table here ()")
    assert one(blank_db, "select schemaname from pg_tables where tablename = 'here'") == ("public",)


def test_text_with_percent_signs_is_left_alone(apply, blank_db):
    apply(v1_text="create table t as select '100%s %(x)s %%' as words")
    assert one(blank_db, "select words from t") == ("100%s %(x)s %%",)


def test_what_is_no_migration_is_passed_over(apply, folder):
    (folder / "notes.sql").write_text("select 1/0")
    (folder / "1_readme.txt").write_text("select 1/0")
    assert apply(v2_real="select 1") == ["2"]


@pytest.mark.parametrize("extension", ["vector", "pg_trgm", "btree_gist", "citext", "postgres_fdw"])
def test_extensions_of_the_allow_list_can_be_created(apply, blank_db, extension):
    apply(v1_ext=f"create extension if not exists {extension} with schema extensions")
    assert one(blank_db, f"select count(*) from pg_extension where extname = '{extension}'") == (1,)


@pytest.mark.parametrize("extension", ["pgcrypto", '"uuid-ossp"', "pg_stat_statements", "supabase_vault"])
def test_extensions_that_are_there_already_are_no_error(apply, extension):
    apply(v1_ext=f"create extension if not exists {extension}")


@pytest.mark.parametrize("extension", ["file_fdw", "pageinspect", "amcheck"])
def test_extensions_outside_the_allow_list_are_refused(apply, extension):
    with pytest.raises(MigrationError, match="42501"):
        apply(v1_ext=f"create extension {extension}")


def test_queues_belong_to_the_project(apply, blank_db):
    apply(
        v1_queue="create extension if not exists pgmq; select pgmq.create('jobs');",
        v2_grant="grant usage on schema pgmq to service_role; grant all on all tables in schema pgmq to service_role;",
    )
    with psycopg.connect(blank_db.url()) as connection:
        connection.execute("select pgmq.send('jobs', '{\"kind\": \"run\"}')")
        connection.execute("set local role service_role")
        assert connection.execute("select message from pgmq.read('jobs', 30, 1)").fetchone() == ({"kind": "run"},)
    assert one(blank_db, "select pg_get_userbyid(relowner) from pg_class where relname = 'q_jobs'") == ("postgres",)


def test_pgtap_is_there_for_tests(apply, blank_db):
    apply(v1_tap="create extension if not exists pgtap with schema extensions")
    with psycopg.connect(blank_db.url()) as connection:
        connection.execute("select plan(1)")
        assert connection.execute("select ok(true, 'works')").fetchone() == ("ok 1 - works",)


def test_the_identifiers_of_uuid_ossp(blank_db):
    """Version 3 and 5 of a name are fixed by the RFC's algorithm; Python's library is the oracle."""
    with psycopg.connect(blank_db.url()) as connection:
        row = connection.execute(
            "select uuid_generate_v3(uuid_ns_dns(), 'example.com')::text, uuid_generate_v5(uuid_ns_url(), 'ä')::text,"
            " uuid_generate_v1()::text, uuid_generate_v4()::text, uuid_nil()::text"
        ).fetchone()
    assert row[0] == str(uuid.uuid3(uuid.NAMESPACE_DNS, "example.com"))
    assert row[1] == str(uuid.uuid5(uuid.NAMESPACE_URL, "ä"))
    assert [uuid.UUID(text).version for text in row[2:4]] == [1, 4]
    assert row[4] == str(uuid.UUID(int=0))


def test_a_seed_runs_once(blank_db, tmp_path):
    seed = tmp_path / "seed.sql"
    seed.write_text("create table if not exists s (id int); insert into s values (1);")
    assert migrations.seed(blank_db.url(), [seed]) == [seed]
    assert migrations.seed(blank_db.url(), [seed]) == []
    assert one(blank_db, "select count(*) from s") == (1,)


def test_a_broken_seed_is_named_and_leaves_nothing(blank_db, tmp_path):
    seed = tmp_path / "seed.sql"
    seed.write_text("create table s (id int); insert into s values ('x');")
    with pytest.raises(MigrationError, match=r"seed\.sql was not applied"):
        migrations.seed(blank_db.url(), [seed])
    assert one(blank_db, "select to_regclass('s')") == (None,)


def test_secrets_of_the_configuration_are_kept_up_to_date(blank_db):
    vault.fill(blank_db.url(), {"provider": "first"})
    vault.fill(blank_db.url(), {"provider": "second"})
    assert one(blank_db, "select name, decrypted_secret from vault.decrypted_secrets") == ("provider", "second")


def test_a_file_that_changed_after_it_was_applied_is_named(apply, blank_db, folder):
    apply(v1_same="create table a ();", v2_edited="create table b ();")
    migrations.refuse_changed(blank_db.url(), folder)
    (folder / "2_edited.sql").write_text("create table b (id int);")
    with pytest.raises(MigrationError, match=r"2_edited\.sql has changed"):
        migrations.refuse_changed(blank_db.url(), folder)


def test_queues_belong_to_the_project_whoever_made_the_extension(blank_db):
    with psycopg.connect(blank_db.url("supabase_admin")) as admin:
        admin.execute("create extension pgmq")
    with psycopg.connect(blank_db.url()) as connection:
        connection.execute("select pgmq.create('jobs')")
        connection.execute("select pgmq.send('jobs', '{}')")
        owners = connection.execute(
            "select distinct pg_get_userbyid(proowner) from pg_proc where pronamespace = 'pgmq'::regnamespace"
            " union select distinct pg_get_userbyid(relowner) from pg_class where relnamespace = 'pgmq'::regnamespace"
            " union select pg_get_userbyid(extowner) from pg_extension where extname = 'pgmq'"
        ).fetchall()
    assert owners == [("postgres",)]
