"""Tables that people bring: CSV with any usual delimiter, and Parquet. All cells come as texts, row by row."""

import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from upshot.domain.errors import TableError

DELIMITERS = ",;\t|"
BATCH = 10_000
Row = list[str | None]


@dataclass(frozen=True)
class Table:
    """An open table: its columns, and its rows once."""

    columns: list[str]
    rows: Iterator[Row]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The table in a file, by its ending: .parquet, else CSV.

    Raises TableError, which says what to do.
    """
    if not path.is_file():
        raise TableError(f"There is no file {path}.")
    if path.suffix.lower() in (".parquet", ".pq"):
        with _parquet(path) as table:
            yield table
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield _csv(file, path)
    except UnicodeDecodeError as error:
        raise TableError(f"{path.name} is not UTF-8 text: save it as CSV UTF-8, and try again.") from error
    except csv.Error as error:
        raise TableError(f"{path.name} cannot be read as CSV: {error}.") from error


def sha256_of(path: Path) -> str:
    """The hash that tells a file from others."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _csv(file: Iterator[str], path: Path) -> Table:
    first = next(file, "")
    if not first.strip():
        raise TableError(f"{path.name} is empty: its first line must name the columns.")
    delimiter = max(DELIMITERS, key=first.count)
    columns = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    if len(set(columns)) < len(columns) or not all(columns):
        raise TableError(
            f"{path.name}: each column needs a name of its own. Its first line says: {', '.join(columns)}."
        )
    return Table(columns, _cells(csv.reader(file, delimiter=delimiter)))


def _cells(reader: Iterator[list[str]]) -> Iterator[Row]:
    for row in reader:
        if row:
            yield [cell or None for cell in row]


@contextmanager
def _parquet(path: Path) -> Iterator[Table]:
    try:
        import duckdb  # noqa: PLC0415 - an extra, and needed for Parquet alone
    except ImportError as error:
        raise TableError("Parquet needs one more package: pip install 'upshot-platform[files]'.") from error
    try:
        with duckdb.connect() as connection:
            found = connection.execute("select cast(columns(*) as varchar) from read_parquet(?)", [str(path)])
            yield Table([str(column[0]) for column in found.description or []], _fetched(found))
    except duckdb.Error as error:
        raise TableError(f"{path.name} cannot be read as Parquet: {error}") from error


def _fetched(found: "duckdb.DuckDBPyConnection") -> Iterator[Row]:  # type: ignore[name-defined]  # noqa: F821
    while batch := found.fetchmany(BATCH):
        for row in batch:
            yield list(row)
