"""Labelled requests from a CSV file: what customers wrote, and where each message should have gone."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from upshot.demo.errors import DatasetError

DEFAULT = Path(__file__).parent / "data" / "booking_requests.csv"
MAX_TEXT = 1000
MAX_LABEL = 60
MAX_LABELS = 100
EXAMPLES_PER_LABEL = 20
MIN_EXAMPLES = 3
_SHAPE = "The file needs a first line with the columns text and intent; split (train or test) is optional."


@dataclass(frozen=True)
class Labelled:
    """One message and its right label. ``row`` counts the data rows of the file from 1."""

    row: int
    text: str
    label: str


@dataclass(frozen=True)
class Dataset:
    """Examples to learn from and requests to be routed, disjoint.

    ``requests`` are in an order that does not depend on the labels, so that any beginning of it is a fair sample.
    """

    name: str
    examples: tuple[Labelled, ...]
    requests: tuple[Labelled, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, in the order of first appearance."""
        return tuple(
            dict.fromkeys(item.label for item in sorted((*self.examples, *self.requests), key=lambda i: i.row))
        )


def read(path: Path) -> Dataset:
    """Read a file with the columns text, intent and, optionally, split; DatasetError says what is wrong and where.

    Rows with split = train are the examples, those with test the requests. Without the column a part of each label's
    rows, chosen by the texts alone, is held out as examples.
    """
    rows = list(_rows(path, _decoded(path)))
    labels = Counter(item.label for item, _ in rows)
    _check_labels(path, labels)
    train = [item for item, split in rows if split == "train"]
    test = [item for item, split in rows if split == "test"]
    if not (train or test):
        train, test = _held_out([item for item, _ in rows])
    return _dataset(path, train, test)


def key_of(label: str) -> str:
    """The label as a key: letters, digits and ``_.:-`` only."""
    return re.sub(r"[^A-Za-z0-9_.:-]+", "_", label).strip("_.:-")


def _dataset(path: Path, train: Sequence[Labelled], test: Sequence[Labelled]) -> Dataset:
    known = {(item.text, item.label) for item in train}
    requests = tuple(sorted((i for i in test if (i.text, i.label) not in known), key=_order))
    examples = tuple(_first_of_each_label(train))
    if len(examples) < MIN_EXAMPLES or not requests:
        raise DatasetError(
            f"{path.name} has {len(examples)} examples (split = train) and {len(requests)} other requests (split = test); "
            f"at least {MIN_EXAMPLES} and 1 are needed."
        )
    return Dataset(key_of(path.stem).replace("_", "-").lower() or "requests", examples, requests)


def _decoded(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DatasetError(f"There is no file {path}.") from None
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path.name} is not UTF-8 (byte {error.start}). Save it as CSV in UTF-8.") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error


def _rows(path: Path, content: str) -> Iterator[tuple[Labelled, str]]:
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=_delimiter(content), strict=True)
    try:
        columns = _columns(path, reader.fieldnames)
        for number, record in enumerate(reader, start=1):
            where = f"{path.name}, line {reader.line_num}"
            yield _labelled(where, number, record, columns), _split(where, record.get(columns.get("split", "")))
    except csv.Error as error:
        raise DatasetError(f"{path.name}, line {reader.line_num}: {error}. Check the quotes of that line.") from error


def _delimiter(content: str) -> str:
    header = content.partition("\n")[0]
    return max(",;\t", key=header.count)


def _columns(path: Path, names: Sequence[str] | None) -> dict[str, str]:
    """Our names of the columns to the file's: spaces and capitals do not matter."""
    columns = {name.strip().lower(): name for name in names or [] if name}
    if missing := [name for name in ("text", "intent") if name not in columns]:
        found = ", ".join(columns) or "none"
        raise DatasetError(f"{path.name} has no column {' and no column '.join(missing)}; found: {found}. {_SHAPE}")
    return columns


def _labelled(where: str, number: int, record: dict[str, str | None], columns: dict[str, str]) -> Labelled:
    text = (record[columns["text"]] or "").strip()
    label = (record[columns["intent"]] or "").strip()
    if not text or not label:
        raise DatasetError(f"{where}: {'text' if not text else 'intent'} is empty. Fill it in or delete the line.")
    if len(text) > MAX_TEXT:
        raise DatasetError(
            f"{where}: the text has {len(text)} characters; the local model is given at most {MAX_TEXT}."
        )
    if len(label) > MAX_LABEL or not key_of(label):
        raise DatasetError(
            f"{where}: the intent {label[:MAX_LABEL]!r} must have letters or digits and at most {MAX_LABEL} characters."
        )
    return Labelled(number, text, label)


def _split(where: str, value: str | None) -> str:
    word = (value or "").strip().lower()
    if word not in {"", "train", "test"}:
        raise DatasetError(f"{where}: split is {word!r}; it must be train or test.")
    return word


def _check_labels(path: Path, labels: Counter[str]) -> None:
    if not labels:
        raise DatasetError(f"{path.name} has no rows. {_SHAPE}")
    if not 2 <= len(labels) <= MAX_LABELS:  # noqa: PLR2004 - one label leaves nothing to route
        raise DatasetError(f"{path.name} has {len(labels)} different intents; 2 to {MAX_LABELS} can be routed here.")
    keys = Counter(key_of(label).lower() for label in labels)
    if same := [label for label in labels if keys[key_of(label).lower()] > 1]:
        raise DatasetError(f"{path.name}: these intents differ by signs only, write them alike: {', '.join(same)}.")


def _held_out(items: Iterable[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """A third of each label's rows, at most ten, as examples; the rest are requests."""
    by_label: dict[str, list[Labelled]] = {}
    for item in items:
        by_label.setdefault(item.label, []).append(item)
    train: list[Labelled] = []
    test: list[Labelled] = []
    for group in by_label.values():
        group.sort(key=_order)
        cut = min(10, len(group) // 3)
        train += group[:cut]
        test += group[cut:]
    return train, test


def _first_of_each_label(items: Iterable[Labelled]) -> Iterator[Labelled]:
    taken: Counter[str] = Counter()
    for item in {(i.text, i.label): i for i in items}.values():
        taken[item.label] += 1
        if taken[item.label] <= EXAMPLES_PER_LABEL:
            yield item


def _order(item: Labelled) -> bytes:
    return hashlib.sha256(item.text.encode()).digest()
