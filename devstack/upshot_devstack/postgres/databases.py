"""Databases of a server as a superuser makes and unmakes them."""

import psycopg
from psycopg import sql

EMPTY = "template0"


def names(connection: psycopg.Connection, prefix: str) -> list[str]:
    """The databases whose name starts so, oldest first."""
    rows = connection.execute(
        "select datname from pg_database where starts_with(datname, %s) order by oid", (prefix,)
    ).fetchall()
    return [row[0] for row in rows]


def create(connection: psycopg.Connection, name: str, template: str = EMPTY) -> None:
    """Copy a template. Copying files is the quickest where the server does not wait for the disk."""
    statement = "create database {} template {} strategy file_copy"
    connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))


def copy_settings(connection: psycopg.Connection, source: str, target: str) -> None:
    """Give a database what `alter role … in database … set` gave another: a copy does not inherit it."""
    rows = connection.execute(
        """select r.rolname, split_part(item, '=', 1), substr(item, strpos(item, '=') + 1)
        from pg_db_role_setting s
        join pg_database d on d.oid = s.setdatabase
        join pg_roles r on r.oid = s.setrole
        cross join unnest(s.setconfig) item
        where d.datname = %s""",
        (source,),
    ).fetchall()
    for role, name, value in rows:
        statement = sql.SQL("alter role {} in database {} set {} to {}")
        connection.execute(
            statement.format(
                sql.Identifier(role), sql.Identifier(target), sql.Identifier(*name.split(".")), sql.Literal(value)
            )
        )


def rename(connection: psycopg.Connection, name: str, final: str) -> None:
    """Give a database another name."""
    connection.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(final)))


def drop(connection: psycopg.Connection, name: str) -> None:
    """End a database's sessions and delete it.

    A replication slot holds a database back even from force, so its readers end first, then the slots go.
    """
    connection.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()",
        (name,),
    )
    connection.execute(
        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = %s and not active",
        (name,),
    )
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
