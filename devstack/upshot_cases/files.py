"""A case's files as tables, whatever people keep tables in."""

import bz2
import gzip
import json
import lzma
import re
from collections.abc import Callable, Collection, Mapping
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


def read(path: Path, words: Collection[str] = ()) -> Any:
    """The rows, numbers read as numbers. ``words`` are no gaps, even if they look so: an arm may be called NA."""
    if _kind(path) != "csv":
        return _READERS[_kind(path)](path, {})
    raw = texts(path)
    # 007 and 7 are two names, where they are not amounts.
    codes = {c: str for c in raw.columns if raw[c].str.match(r"0\d+$").any()}
    return _csv(path, {"dtype": codes, "keep_default_na": False, "na_values": [g for g in _GAPS if g not in words]})


def texts(path: Path) -> Any:
    """The rows as texts, nothing guessed; what is absent is empty."""
    kind = _kind(path)
    if kind == "csv":
        return _csv(path, {"dtype": str, "keep_default_na": False})
    return _READERS[kind](path, {}).map(_text)


_GAPS = ("", "NA", "N/A", "#N/A", "<NA>", "n/a", "NaN", "nan", "-nan", "NULL", "null", "None")
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
    first, encoding = _first(path), _encoding(path)
    separator = max(_SEPARATORS, key=re.sub(r'"[^"]*"', "", first).count)
    options: dict[str, Any] = {"decimal": ","} if separator == ";" else {}
    spaced = f"{separator} " in first
    frame = pd.read_csv(path, sep=separator, encoding=encoding, skipinitialspace=spaced, **(options | dict(more)))
    return frame.rename(columns=lambda name: str(name).strip())


_OPENERS: Mapping[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


def _first(path: Path) -> str:
    """The line that names the columns; of an archive that is not looked into, nothing."""
    if path.suffix in _PACKED and path.suffix not in _OPENERS:
        return ""
    with _open(path) as file:
        return str(file.readline())


def _encoding(path: Path) -> str:
    """UTF-8 where it can be, UTF-16 where the file says so, else what Western machines wrote before."""
    if path.suffix in _PACKED and path.suffix not in _OPENERS:
        return "utf-8-sig"
    with _OPENERS.get(path.suffix, open)(path, "rb") as file:
        content = file.read()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _open(path: Path) -> Any:
    return _OPENERS.get(path.suffix, open)(path, "rt", encoding=_encoding(path))


def _json(path: Path, _: Mapping[str, Any]) -> Any:
    with _open(path) as file:
        found = json.load(file)
    lists = [value for value in found.values() if isinstance(value, list)] if isinstance(found, dict) else []
    wrapped = len(lists) == 1 and all(isinstance(row, dict) for row in lists[0])
    return pd.DataFrame(lists[0] if wrapped else found)


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
