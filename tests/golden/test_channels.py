"""frontend_contract/channels.md names what the triggers announce, and the triggers are those that the list asks for."""

import os
import re

MARKED = re.compile(r"(<!-- written by [^\n]+ -->\n).*?(<!-- end -->)", re.DOTALL)
TOPICS = "select topic, table_name, occasion from private.hint_topics order by topic, table_name"

WANTED = """
select distinct h.table_name || ' ' || e.event from private.hint_topics h cross join unnest(h.events) as e (event)
"""
FOUND = """
select c.relname || ' ' || replace(t.tgname, '_900_hint_', '') from pg_trigger t join pg_class c on c.oid = t.tgrelid
where t.tgfoid = 'private.tg_hint()'::regprocedure
"""
COLUMNS = """
select h.table_name, h.topic_column from private.hint_topics h
where h.events <> '{}' and not exists (
  select from information_schema.columns c
  where c.table_schema = 'public' and c.table_name = h.table_name and c.column_name = h.topic_column)
"""


def table_of(rows) -> str:
    lines, topic = [], ""
    for name, kind, occasion in rows:
        lines.append(f"| {'' if name == topic else f'`{name}:<{name}_id>`'} | `{kind}` | {occasion} |")
        topic = name
    return "| topic | kind | when |\n|---|---|---|\n" + "\n".join(lines) + "\n"


def test_the_page_is_the_list(db, query, pytestconfig):
    page = pytestconfig.rootpath / "frontend_contract" / "channels.md"
    said = page.read_text()
    meant = MARKED.sub(lambda found: found[1] + "\n" + table_of(query(db, TOPICS)) + "\n" + found[2], said)
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(meant)
    assert page.read_text() == meant, "channels.md is not what private.hint_topics says: run scripts/gen_contract."


def test_the_triggers_are_those_of_the_list(db, query):
    assert set(query(db, WANTED)) == set(query(db, FOUND))
    assert query(db, COLUMNS) == []
