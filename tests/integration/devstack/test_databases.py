"""The databases that tests get."""

import psycopg


def test_each_test_has_a_database_of_its_own(blank_db):
    with psycopg.connect(blank_db.url()) as connection:
        connection.execute("create table mine (id int)")
        assert connection.execute("select current_database()").fetchone() == (blank_db.name,)


def test_nothing_of_another_test_is_left(blank_db):
    with psycopg.connect(blank_db.url()) as connection:
        assert connection.execute("select to_regclass('public.mine')").fetchone() == (None,)


def test_migrations_are_recorded_as_the_cli_records_them(db, project):
    with psycopg.connect(db.url()) as connection:
        applied = connection.execute("select version from supabase_migrations.schema_migrations order by 1").fetchall()
    assert [row[0] for row in applied] == [path.name.split("_")[0] for path in sorted(project.migrations.glob("*.sql"))]
