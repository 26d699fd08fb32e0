"""docs/reference/statistics-functions.md lists the library as the catalog has it."""

import os
import re
from collections.abc import Iterable, Sequence

from db.test_stats_absurd import PARTS

MARKED = re.compile(r"(<!-- written by [^\n]+ -->\n).*?(<!-- end -->)", re.DOTALL)
FUNCTIONS = """
select p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid),
  coalesce(obj_description(p.oid, 'pg_proc'), ''), pg_get_functiondef(p.oid)
from pg_proc p where p.pronamespace = 'stats'::regnamespace and p.prokind = 'f' order by 1, 2
"""
TYPES = """
select t.typname, string_agg(a.attname, ', ' order by a.attnum), coalesce(obj_description(t.oid, 'pg_type'), '')
from pg_type t join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0
where t.typnamespace = 'stats'::regnamespace and t.typtype = 'c' group by t.oid, t.typname order by 1
"""


def short(text: str) -> str:
    """A type's name as people say it, in a cell of a table."""
    for long, brief in (
        ("double precision", "double"),
        ("timestamp with time zone", "timestamptz"),
        ("stats.", ""),
        ('"interval"', "interval"),
    ):
        text = text.replace(long, brief)
    return text.replace("|", "\\|").replace("\n", " ")


def called(source: str) -> set[str]:
    """The functions of the library that a body names."""
    return set(re.findall(r"stats\.(\w+)\(", source.split("AS ", 1)[-1]))


def reasons_of(name: str, sources: dict[str, str], known: Sequence[str], seen: set[str]) -> set[str]:
    """The reason codes that a function gives, by itself or by those that it asks."""
    if name in seen or name not in sources:
        return set()
    seen.add(name)
    own = {code for code in known if f"'{code}'" in sources[name]}
    return own.union(*(reasons_of(other, sources, known, seen) for other in called(sources[name])))


def functions(rows: Iterable[Sequence[str]], answers: dict[str, str], known: Sequence[str]) -> list[str]:
    """A row for each function."""
    listed = [tuple(row) for row in rows]
    sources = {name: source for name, *_, source in listed}
    lines = []
    for name, arguments, result, comment, _ in listed:
        gives = short(result)
        codes: set[str] = set()
        if "reason_code" in answers.get(result.removeprefix("stats."), result):
            codes = reasons_of(name, sources, known, set())
        told = short(comment) + (f" **Reasons:** {', '.join(f'`{code}`' for code in sorted(codes))}." if codes else "")
        lines.append(f"| `{name}`({short(arguments)}){' *part*' if name in PARTS else ''} | {gives} | {told} |")
    return lines


def test_the_page_is_the_catalog(db, query, pytestconfig):
    folder = pytestconfig.rootpath / "docs" / "reference"
    said = (folder / "statistics.md").read_text().split("## What cannot be computed")[1].split("\n## ")[0]
    known = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", said, re.MULTILINE)))
    types = query(db, TYPES)
    meant = [
        "\n## Answers\n\n| type | fields | what it is |\n|---|---|---|",
        *(f"| `{name}` | {fields} | {short(comment)} |" for name, fields, comment in types),
        "\n## Functions\n\n| function | answers | what it is |\n|---|---|---|",
        *functions(query(db, FUNCTIONS), {name: fields for name, fields, _ in types}, known),
    ]
    page = folder / "statistics-functions.md"
    text = MARKED.sub(lambda found: found[1] + "\n".join(meant) + "\n\n" + found[2], page.read_text())
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(text)
    assert page.read_text() == text, "The page is not what the catalog says: run scripts/gen_contract."
