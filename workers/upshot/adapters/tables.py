"""Tables that people bring: CSV with any usual delimiter, gzipped or not, and Parquet. All cells come as texts, row by row."""

import csv
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from upshot.domain.errors import TableError

OTHERS = (".xlsx", ".xls", ".ods", ".numbers", ".json", ".jsonl", ".zip")
DELIMITERS = ",;\t|"
BATCH = 10_000
Row = list[str | None]


@dataclass(frozen=True)
class Table:
    """An open table: its columns, and its rows once."""

    columns: list[str]
    rows: Iterator[Row]
    delimiter: str = ","


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
    if path.suffix.lower() in OTHERS:
        raise TableError(f"{path.name} is neither CSV nor Parquet: save it as CSV UTF-8, and try again.")
    packed = path.suffix.lower() == ".gz"
    try:
        with (gzip.open if packed else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield _csv(_lines(file, path), path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise TableError(f"{path.name} cannot be unpacked: it is no whole gzip file.") from error
    except UnicodeDecodeError as error:
        raise TableError(f"{path.name} is not UTF-8 text: save it as CSV UTF-8, and try again.") from error
    except csv.Error as error:
        raise TableError(f"{path.name} cannot be read as CSV: {error}. Is a quotation mark left open?") from error


def sha256_of(path: Path) -> str:
    """The hash that tells a file from others."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(file: Iterable[str], path: Path) -> Iterator[str]:
    """The lines without the first one that tells Excel the delimiter; a table has no NUL."""
    for place, line in enumerate(file):
        if "\0" in line:
            raise TableError(f"{path.name} is no text: save it as CSV UTF-8, and try again.")
        if place or not re.fullmatch(r"sep=.\s*", line):
            yield line


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
    return Table(columns, _cells(csv.reader(file, delimiter=delimiter, strict=True)), delimiter)


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
