"""What SQL sees of auth: who is asking, and the tables that a project refers to."""

import json
import uuid

import psycopg
import pytest

USER = "6c2a2a3b-9f0c-4b7e-8f8e-3d9f5a0b1c2d"
CLAIMS = {"sub": USER, "role": "authenticated", "email": "ada@example.com", "app_metadata": {"plan": "pro"}}


@pytest.fixture
def postgres(blank_db):
    with psycopg.connect(blank_db.url(), autocommit=True) as connection:
        yield connection


def value(connection, expression):
    return connection.execute(f"select {expression}").fetchone()[0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("auth.uid()", uuid.UUID(USER)),
        ("auth.role()", "authenticated"),
        ("auth.email()", "ada@example.com"),
        ("auth.jwt() -> 'app_metadata' ->> 'plan'", "pro"),
    ],
)
def test_the_claims_of_the_request(postgres, expression, expected):
    postgres.execute("select set_config('request.jwt.claims', %s, false)", (json.dumps(CLAIMS),))
    assert value(postgres, expression) == expected


def test_the_single_claim_wins_as_it_does_for_realtime(postgres):
    postgres.execute("select set_config('request.jwt.claim.sub', %s, false)", (USER,))
    assert value(postgres, "auth.uid()") == uuid.UUID(USER)


@pytest.mark.parametrize("expression", ["auth.uid()", "auth.role()", "auth.email()", "auth.jwt()"])
@pytest.mark.parametrize("claims", [None, ""])
def test_nobody_is_asking(postgres, expression, claims):
    if claims is not None:
        postgres.execute("select set_config('request.jwt.claims', %s, false)", (claims,))
    assert value(postgres, expression) is None


def test_a_project_hangs_its_rows_on_users(postgres):
    postgres.execute("create table profiles (id uuid primary key references auth.users (id) on delete cascade)")
    postgres.execute("insert into auth.users (id, email) values (%s, 'ada@example.com')", (USER,))
    postgres.execute("insert into profiles values (%s)", (USER,))
    postgres.execute("delete from auth.users")
    assert value(postgres, "count(*) from profiles") == 0


def test_a_trigger_on_users_may_fill_a_projects_table(postgres, blank_db):
    postgres.execute("create table profiles (id uuid primary key)")
    postgres.execute(
        "create function public.note_user() returns trigger language plpgsql security definer set search_path = ''"
        " as 'begin insert into public.profiles values (new.id); return new; end'"
    )
    postgres.execute(
        "create trigger note_user after insert on auth.users for each row execute function public.note_user()"
    )
    with psycopg.connect(blank_db.url("supabase_auth_admin")) as auth:
        auth.execute("insert into auth.users (id) values (%s)", (USER,))
    assert value(postgres, "count(*) from profiles") == 1


def test_confirmation_is_the_earlier_of_email_and_phone(postgres):
    postgres.execute(
        "insert into auth.users (id, email_confirmed_at, phone_confirmed_at) values (%s, '2026-02-01', '2026-01-01')",
        (USER,),
    )
    assert value(postgres, "confirmed_at = '2026-01-01' from auth.users") is True


def test_one_address_one_account_unless_single_sign_on_says_otherwise(postgres):
    postgres.execute("insert into auth.users (id, email) values (gen_random_uuid(), 'ada@example.com')")
    postgres.execute(
        "insert into auth.users (id, email, is_sso_user) values (gen_random_uuid(), 'ada@example.com', true)"
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        postgres.execute("insert into auth.users (id, email) values (gen_random_uuid(), 'ada@example.com')")


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
@pytest.mark.parametrize("table", ["users", "sessions", "refresh_tokens", "identities"])
def test_the_api_roles_see_no_account(postgres, role, table):
    postgres.execute(f"set role {role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgres.execute(f"select * from auth.{table}")


def test_every_table_belongs_to_the_auth_service(postgres):
    owners = postgres.execute("select distinct tableowner from pg_tables where schemaname = 'auth'").fetchall()
    assert owners == [("supabase_auth_admin",)]
