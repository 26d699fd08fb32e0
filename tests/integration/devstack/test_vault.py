"""The vault: hosted's names and rights, real encryption, the key outside the database."""

import os
import subprocess

import psycopg
import pytest


@pytest.fixture
def postgres(blank_db):
    with psycopg.connect(blank_db.url(), autocommit=True) as connection:
        yield connection


def keep(connection, secret="s3cret", name="api"):
    return connection.execute("select vault.create_secret(%s, %s, 'for tests')", (secret, name)).fetchone()[0]


def opened(connection, secret_id):
    row = connection.execute(
        "select name, description, decrypted_secret from vault.decrypted_secrets where id = %s", (secret_id,)
    ).fetchone()
    return tuple(row) if row else None


@pytest.mark.parametrize("secret", ["s3cret", "", "äöü 漢字 🔑", "x" * 10_000])
def test_round_trip(postgres, secret):
    assert opened(postgres, keep(postgres, secret)) == ("api", "for tests", secret)


def test_what_lies_in_the_table_is_not_the_secret(postgres):
    keep(postgres, "needle-in-the-table")
    (stored,) = postgres.execute("select secret from vault.secrets").fetchone()
    assert "needle" not in stored
    assert postgres.execute("select decode(%s, 'base64') like '%%needle%%'::bytea", (stored,)).fetchone() == (False,)


def test_equal_secrets_do_not_look_equal(postgres):
    keep(postgres, "same", "one")
    keep(postgres, "same", "two")
    assert postgres.execute("select count(distinct secret) from vault.secrets").fetchone() == (2,)


def test_updating_keeps_what_is_not_given(postgres):
    secret_id = keep(postgres)
    postgres.execute("select vault.update_secret(%s, new_secret => 'other')", (secret_id,))
    assert opened(postgres, secret_id) == ("api", "for tests", "other")
    postgres.execute("select vault.update_secret(%s, new_name => 'renamed')", (secret_id,))
    assert opened(postgres, secret_id) == ("renamed", "for tests", "other")


def test_a_name_is_unique(postgres):
    keep(postgres)
    with pytest.raises(psycopg.errors.UniqueViolation):
        keep(postgres)


def test_a_ciphertext_does_not_open_in_another_row(blank_db, postgres):
    keep(postgres, "one", "one")
    second = keep(postgres, "two", "two")
    with psycopg.connect(blank_db.url("supabase_admin"), autocommit=True) as admin:
        admin.execute(
            "update vault.secrets set secret = (select secret from vault.secrets where name = 'one') where id = %s",
            (second,),
        )
    with pytest.raises(psycopg.errors.ExternalRoutineInvocationException, match="Wrong key or corrupt data"):
        opened(postgres, second)


def test_a_copy_of_the_database_without_the_key_opens_nothing(cluster_home, blank_db, postgres):
    secret_id = keep(postgres)
    key = cluster_home / "postgres" / "vault.key"
    assert key.read_text() not in _dump(blank_db)
    assert opened(postgres, secret_id) is not None


def _dump(database):
    with psycopg.connect(database.url("supabase_admin")) as admin:
        rows = admin.execute("select prosrc from pg_proc union all select secret from vault.secrets").fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("statement", [
    "select vault._root_key()",
    "select vault._row_key('', 0, '', '')",
    "insert into vault.secrets (secret) values ('x')",
    "update vault.secrets set secret = 'x'",
    "select pg_read_file('postgresql.conf')",
])  # fmt: skip
def test_postgres_gets_no_nearer_to_the_key(postgres, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgres.execute(statement)


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_people_see_no_secret(postgres, role):
    postgres.execute(f"set role {role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgres.execute("select * from vault.decrypted_secrets")


def test_the_service_role_reads_and_deletes_but_does_not_write_the_table(postgres):
    secret_id = keep(postgres)
    postgres.execute("set role service_role")
    assert opened(postgres, secret_id) == ("api", "for tests", "s3cret")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgres.execute("insert into vault.secrets (secret) values ('x')")
    postgres.execute("delete from vault.secrets where id = %s", (secret_id,))
    assert opened(postgres, secret_id) is None


def test_it_is_the_extension_that_migrations_expect(postgres):
    postgres.execute("create extension if not exists supabase_vault with schema vault")
    assert postgres.execute("select extversion from pg_extension where extname = 'supabase_vault'").fetchone() == (
        "0.3.1",
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can read a file of the server's")
def test_the_key_file_is_the_servers_alone(cluster_home):
    listing = subprocess.run(
        ("stat", "-c", "%a", cluster_home / "postgres" / "vault.key"), capture_output=True, text=True, check=True
    )
    assert listing.stdout.strip() == "600"
