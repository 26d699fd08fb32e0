"""The stack as a whole: it starts, starts again, keeps data, resets, and does not mind a second copy."""

import shutil

import httpx
import psycopg
import pytest

from upshot_devstack import paths
from upshot_devstack.gateway_process import GatewayProcessError
from upshot_devstack.postgres import debian
from upshot_devstack.postgres.cluster import ClusterError
from upshot_devstack.postgres.migrations import MigrationError
from upshot_devstack.stack import Devstack, NotRunningError

STATUS_NAMES = {
    "API_URL",
    "REST_URL",
    "DB_URL",
    "PUBLISHABLE_KEY",
    "SECRET_KEY",
    "JWT_SECRET",
    "ANON_KEY",
    "SERVICE_ROLE_KEY",
}


def rows(url, query):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def test_it_says_what_supabase_status_says(stack_config):
    with Devstack(stack_config()) as stack:
        env = stack.env()
        assert env.keys() >= STATUS_NAMES
        assert httpx.get(f"{env['API_URL']}/health", timeout=60).json()["status"] == "ok"
        assert rows(env["DB_URL"], "select current_user, current_database()") == [("postgres", "postgres")]


def test_starting_twice_changes_nothing(stack_config):
    with Devstack(stack_config()) as stack:
        before = stack.status()
        assert stack.start() == before
        assert before.running


def test_data_and_keys_survive_a_restart(stack_config, project_dir):
    config = stack_config(project_dir=project_dir)
    with Devstack(config) as stack:
        with psycopg.connect(stack.env()["DB_URL"]) as connection:
            connection.execute("insert into notes values (2)")
            connection.execute("select vault.create_secret('kept', 'name')")
        signing_key = stack.gateway_settings(stack.status().server, 1).jwt_signing_key
    with Devstack(config) as stack:
        url = stack.env()["DB_URL"]
        assert rows(url, "select id from notes order by id") == [(1,), (2,)]
        assert rows(url, "select decrypted_secret from vault.decrypted_secrets") == [("kept",)]
        assert stack.gateway_settings(stack.status().server, 1).jwt_signing_key == signing_key


def test_reset_brings_back_migrations_and_seed_and_nothing_else(stack_config, project_dir):
    with Devstack(stack_config(project_dir=project_dir)) as stack:
        before = stack.env()
        with psycopg.connect(before["DB_URL"]) as connection:
            connection.execute("insert into notes values (2)")
            connection.execute("create table scratch ()")
            connection.execute("insert into auth.users (id) values (gen_random_uuid())")
        stack.reset()
        assert stack.env() == before
        assert rows(before["DB_URL"], "select id from notes") == [(1,)]
        assert rows(before["DB_URL"], "select to_regclass('public.scratch')") == [(None,)]
        assert rows(before["DB_URL"], "select count(*) from auth.users") == [(0,)]


def test_a_new_migration_is_applied_at_the_next_start(stack_config, project_dir):
    with Devstack(stack_config(project_dir=project_dir)) as stack:
        (project_dir / "supabase" / "migrations" / "20260102000000_tags.sql").write_text("create table tags ();")
        stack.start()
        assert rows(stack.env()["DB_URL"], "select to_regclass('public.tags') is not null") == [(True,)]
        assert not stack.migrate()


def test_a_database_of_other_migrations_is_refused_until_it_is_built_anew(stack_config, project_dir):
    with Devstack(stack_config(project_dir=project_dir)) as stack:
        (file,) = (project_dir / "supabase" / "migrations").glob("*.sql")
        file.write_text(file.read_text() + "create table later ();")
        with pytest.raises(MigrationError, match=r"(?s)has changed.*scripts/dev reset"):
            stack.start()
        assert rows(stack.env()["DB_URL"], "select to_regclass('public.notes') is not null") == [(True,)]
        stack.reset()
        assert rows(stack.env()["DB_URL"], "select to_regclass('public.later') is not null") == [(True,)]


def test_a_second_copy_runs_beside_the_first(stack_config, state_dir):
    with Devstack(stack_config()) as one, Devstack(stack_config(state_dir=state_dir / "two")) as two:
        first, second = one.env(), two.env()
        assert first["API_URL"] != second["API_URL"]
        with psycopg.connect(first["DB_URL"]) as connection:
            connection.execute("create table only_here ()")
        assert rows(second["DB_URL"], "select to_regclass('public.only_here')") == [(None,)]


def test_stopping_leaves_nothing_running(stack_config):
    stack = Devstack(stack_config())
    status = stack.start()
    stack.stop()
    assert stack.status().server is None
    assert stack.status().api_port is None
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{status.api_port}/health", timeout=5)
    stack.stop()


def test_a_stopped_stack_has_no_addresses(stack_config):
    with pytest.raises(NotRunningError, match="start it first"):
        Devstack(stack_config()).env()


def test_a_taken_port_is_named(stack_config, cluster, state_dir):
    with (
        pytest.raises(ClusterError, match=f"Port {cluster.port} is taken"),
        Devstack(stack_config(db_port=cluster.port)),
    ):
        pass
    two = stack_config(state_dir=state_dir / "two", api_port=cluster.port)
    with pytest.raises(GatewayProcessError, match=f"Port {cluster.port} is taken"), Devstack(two):
        pass
    assert Devstack(two).status().server is None


def test_wrong_gateway_settings_are_explained(stack_config):
    wrong = stack_config(gateway={"services": (), "jwt_expiry": -1})
    with pytest.raises(GatewayProcessError, match="GATEWAY_JWT_EXPIRY"), Devstack(wrong):
        pass


def test_people_are_told_what_is_missing_and_why(stack_config, state_dir, monkeypatch):
    """Without apt there is no plpgsql_check: the stack starts all the same, and says so."""
    shutil.copytree(paths.cache_root() / "overlays", state_dir / "cache" / "overlays")
    for kept in (state_dir / "cache" / "overlays").glob("plpgsql_check-*"):
        shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
    monkeypatch.setattr(debian, "OS_RELEASE", state_dir / "no-such-file")
    said = []
    with Devstack(stack_config(cache_dir=state_dir / "cache"), said.append) as stack:
        assert stack.status().running
    assert [words for words in said if "without plpgsql_check" in words and "not Debian" in words]
