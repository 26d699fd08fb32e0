"""The core, asked of exported Parquet files."""

from pathlib import Path
from typing import Any

import duckdb

from upshot.adapters.parquet_export import CORE


def ask(folder: Path, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names and rows of a query over the files of the core in `folder`. Raises duckdb.Error when one is missing."""
    with duckdb.connect() as engine:
        for name in CORE:
            engine.read_parquet(str(folder / f"{name}.parquet")).create_view(name)
        answer = engine.execute(query)
        return [column[0] for column in answer.description or []], answer.fetchall()
