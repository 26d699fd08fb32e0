"""A case's files as tables, whatever people keep tables in."""

import gzip
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

_PACKED = (".gz", ".bz2", ".xz", ".zip", ".zst")
_LINES = (".jsonl", ".ndjson")
_SEPARATORS = ",;\t|"
TABLES = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", *_PACKED)


def found(folder: Path, name: str) -> list[Path]:
    """The files that a name means: itself, itself packed, or all that fit a pattern."""
    if any(sign in name for sign in "*?["):
        return sorted(folder.glob(name))
    direct = [folder / name, *(folder / f"{name}{packed}" for packed in _PACKED)]
    return [path for path in direct if path.is_file()][:1]


def read(path: Path) -> Any:
    """The rows, numbers read as numbers."""
    return _READERS[_kind(path)](path, {})


def texts(path: Path) -> Any:
    """The rows as texts, nothing guessed; what is absent is empty."""
    kind = _kind(path)
    if kind == "csv":
        return _csv(path, {"dtype": str, "keep_default_na": False})
    return _READERS[kind](path, {}).map(_text)


_UNITS = ((1e17, "ns"), (1e14, "us"), (1e11, "ms"), (0.0, "s"))


def instants(cells: Any) -> Any:
    """Moments in UTC: as ISO 8601, without a zone meaning UTC, or counted from 1970. What is none is absent."""
    counted = pd.to_numeric(cells, errors="coerce")
    if len(counted) and counted.notna().all():
        unit = next(unit for least, unit in _UNITS if float(counted.abs().max()) >= least)
        return pd.to_datetime((counted * _NANOSECONDS[unit]).round(), unit="ns", utc=True).dt.floor("us")
    return pd.to_datetime(cells, utc=True, format="ISO8601", errors="coerce").dt.floor("us")


_NANOSECONDS = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}


def _text(value: Any) -> str:
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _kind(path: Path) -> str:
    suffixes = [s for s in path.suffixes if s.lower() not in _PACKED]
    last = suffixes[-1].lower() if suffixes else ".csv"
    return {".json": "json", ".parquet": "parquet", ".pq": "parquet"}.get(last, "lines" if last in _LINES else "csv")


def _csv(path: Path, more: Mapping[str, Any]) -> Any:
    separator = _separator(path)
    options: dict[str, Any] = {"decimal": ","} if separator == ";" else {}
    return pd.read_csv(path, sep=separator, encoding="utf-8-sig", **(options | dict(more)))


def _separator(path: Path) -> str:
    """The sign that most often parts the names in the first line."""
    if path.suffix not in ("", ".gz") and path.suffix in _PACKED:
        return ","
    with _open(path) as file:
        first = re.sub(r'"[^"]*"', "", file.readline())
    return max(_SEPARATORS, key=first.count)


def _open(path: Path) -> Any:
    opened = gzip.open if path.suffix == ".gz" else open
    return opened(path, "rt", encoding="utf-8-sig")


def _json(path: Path, _: Mapping[str, Any]) -> Any:
    with _open(path) as file:
        return pd.DataFrame(json.load(file))


def _lines(path: Path, _: Mapping[str, Any]) -> Any:
    with _open(path) as file:
        return pd.DataFrame([json.loads(line) for line in file if line.strip()])


def _parquet(path: Path, _: Mapping[str, Any]) -> Any:
    with duckdb.connect() as connection:
        return connection.read_parquet(str(path)).df()


_READERS: Mapping[str, Callable[[Path, Mapping[str, Any]], Any]] = {
    "csv": _csv,
    "json": _json,
    "lines": _lines,
    "parquet": _parquet,
}
