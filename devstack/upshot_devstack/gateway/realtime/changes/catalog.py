"""What the catalog says of a changed table, asked anew for each change so that DDL is seen at once."""

from dataclasses import dataclass
from typing import Any

import psycopg

from upshot_devstack.gateway.realtime.replication.pgoutput import Relation

PUBLICATION = "supabase_realtime"
DESCRIBE = """
select c.relrowsecurity,
       array(select format_type(t.oid, t.modifier) from unnest(%(types)s::oid[], %(modifiers)s::int[])
             with ordinality as t(oid, modifier, position) order by position),
       array(select coalesce(y.typname, 'text') from unnest(%(types)s::oid[]) with ordinality as t(oid, position)
             left join pg_type as y on y.oid = t.oid order by position),
       array(select a.attname::text from pg_index as i join pg_attribute as a
             on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = c.oid and i.indisprimary)
from pg_class as c where c.oid = %(oid)s
"""
PUBLISHED = """
select exists (
  select from pg_publication_tables
  where pubname = %(publication)s
    and (%(schema)s::text = '*' or schemaname = %(schema)s) and (%(table)s::text = '*' or tablename = %(table)s)
)
"""


@dataclass(frozen=True)
class Table:
    """A table now. `types` are SQL type names to cast by, `type_names` what clients are told; both by column name."""

    relation: Relation
    has_rls: bool
    types: dict[str, str]
    type_names: dict[str, str]
    primary_key: tuple[str, ...]


async def described(connection: psycopg.AsyncConnection[Any], relation: Relation) -> Table | None:
    """The table as it is now; None when it was dropped."""
    values = {
        "oid": relation.oid,
        "types": [column.type_oid for column in relation.columns],
        "modifiers": [column.type_modifier for column in relation.columns],
    }
    row = await (await connection.execute(DESCRIBE, values)).fetchone()
    if row is None:
        return None
    names = [column.name for column in relation.columns]
    types, type_names = dict(zip(names, row[1], strict=True)), dict(zip(names, row[2], strict=True))
    return Table(relation, row[0], types, type_names, tuple(name for name in row[3] if name in types))


async def is_published(connection: psycopg.AsyncConnection[Any], schema: str, table: str) -> bool:
    """Whether the project has put such a table into the publication; `*` stands for any."""
    values = {"publication": PUBLICATION, "schema": schema, "table": table}
    row = await (await connection.execute(PUBLISHED, values)).fetchone()
    return bool(row and row[0])
