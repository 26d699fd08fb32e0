"""The attribution's core as one query of another engine: the same text that Postgres runs, transpiled."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

DIALECTS = ("duckdb", "clickhouse", "spark", "postgres")
FOREVER_US = 7258118400000000
"""The year 2200, as `private.microseconds` writes infinity."""

# Without these ClickHouse fills outer joins and empty sums with zeros, and takes an alias for the column of its name.
CLICKHOUSE_SETTINGS = {"join_use_nulls": 1, "aggregate_functions_null_for_empty": 1, "prefer_column_name_to_alias": 1}

_FUNCTION = re.compile(
    r"create or replace function private\.(?P<name>core_\w+)\s*\((?P<arguments>[^)]*)\)\s*"
    r"returns table\s*\((?P<columns>.*?)\)\s*language sql.*?as \$\$(?P<body>.*?)\$\$;",
    re.DOTALL,
)
_CORE = Path(__file__).parents[1] / "sql" / "effect_core.sql"
_TAIL = Path(__file__).with_name("core_tail.sql")


@dataclass(frozen=True)
class Step:
    """One function of the core: it becomes a common table expression of its name."""

    name: str
    columns: tuple[str, ...]
    body: exp.Query


@dataclass(frozen=True)
class Question:
    """What the core is asked: an experiment, as of a moment, of whom."""

    experiment_id: str
    as_of_us: int = FOREVER_US
    mature_only: bool = False
    keeps_switchers: bool = False

    @property
    def arguments(self) -> Mapping[str, str | int]:
        return {
            "experiment_id": self.experiment_id,
            "as_of_us": self.as_of_us,
            "mature_only": int(self.mature_only),
            "keeps_switchers": int(self.keeps_switchers),
        }


def cells(question: Question, dialect: str) -> str:
    """The query for units, means and covariances of each comparison, phase and arm."""
    steps = list(_steps())
    return _with_steps(exp.select("*").from_(steps[-1].name), steps, question).sql(dialect=dialect, pretty=True)


def effects(question: Question, dialect: str) -> str:
    """The query for difference and standard error of each metric and variant, phases put together."""
    tail = _TAIL.read_text(encoding="utf-8").replace(":experiment_id", exp.convert(question.experiment_id).sql())
    query = sqlglot.parse_one(tail, read="postgres")
    if not isinstance(query, exp.Query):
        raise TypeError("core_tail.sql is not a query")
    return _with_steps(query, list(_steps()), question).sql(dialect=dialect, pretty=True)


def _with_steps(query: exp.Query, steps: list[Step], question: Question) -> exp.Query:
    own = query.ctes
    query.set("with_", None)
    for step in steps:
        query = query.with_(step.name, _bound(step, question))
    for cte in own:
        query = query.with_(cte.alias, cte.this)
    return query


def _steps() -> Iterator[Step]:
    for found in _FUNCTION.finditer(_CORE.read_text(encoding="utf-8")):
        body = sqlglot.parse_one(found["body"], read="postgres")
        if not isinstance(body, exp.Query):
            raise TypeError(f"private.{found['name']} is not one query")
        yield Step(found["name"], tuple(re.findall(r"(?:^|,)\s*(\w+)\s", found["columns"])), body)


def _bound(step: Step, question: Question) -> exp.Query:
    """The body with its arguments filled in, reading the steps before it by name, each output under its own name."""

    def swap(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.table == step.name and node.name in question.arguments:
            return exp.convert(question.arguments[node.name])
        if isinstance(node, exp.Table):
            called = node.this
            name = called.name.lower() if isinstance(called, exp.Anonymous) else node.name
            return exp.alias_(exp.to_table(name), node.alias or name, table=True)
        return node

    body = step.body.copy().transform(swap)
    if not isinstance(body, exp.Select):
        raise TypeError(f"private.{step.name} does not end in a select")
    named = zip(body.expressions, step.columns, strict=True)
    body.set("expressions", [exp.alias_(told.unalias(), column) for told, column in named])
    return body
