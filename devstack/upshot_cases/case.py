"""A directory of cases as it is on disk: what is asked, of which files, and under which names the answers go."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd


class OutOfReachError(Exception):
    """An analysis cannot be done; the message says why, for people."""


@dataclass(frozen=True)
class Analysis:
    """One analysis. ``asked``: the names under which numbers are expected, never the numbers."""

    case: "Case"
    id: str
    method: str
    files: tuple[str, ...]
    inputs: Mapping[str, Any]
    asked: Any

    @property
    def alpha(self) -> float:
        # Smoothing methods call their own weight alpha.
        own = self.inputs.get("alpha") if self.method not in ("ewma", "exp_smoothing") else None
        return float(own if own is not None else self.case.alpha)

    def frame(self, file: str | None = None) -> Any:
        """A file's rows, to be changed freely."""
        return self.case.frame(file or self.files[0]).copy()

    def meaning(self, column: str) -> str:
        """What the case says of a column."""
        for file in self.files:
            columns = self.case.files.get(file, {}).get("columns", {})
            if column in columns:
                return str(columns[column])
        return ""


@dataclass(frozen=True)
class Case:
    """One directory with an expected.json."""

    folder: Path
    document: Mapping[str, Any] = field(repr=False)
    _frames: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, folder: Path) -> "Case":
        return cls(folder, json.loads((folder / "expected.json").read_text()))

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def alpha(self) -> float:
        return float(self.document.get("alpha", 0.05))

    @property
    def files(self) -> Mapping[str, Any]:
        found = self.document.get("data", {})
        return found if isinstance(found, dict) else {}

    @cached_property
    def analyses(self) -> Sequence[Analysis]:
        return [self._analysis(entry) for entry in self.document["analyses"]]

    def _analysis(self, entry: Mapping[str, Any]) -> Analysis:
        data = entry.get("data", [])
        files = tuple([data] if isinstance(data, str) else data or list(self.files)[:1])
        return Analysis(
            self, str(entry["id"]), str(entry["method"]), files, entry.get("inputs") or {}, names(entry["expected"])
        )

    def frame(self, file: str) -> Any:
        if file not in self._frames:
            path = self.folder / file
            if not path.is_file():
                raise OutOfReachError(f"the file {file} is not there")
            self._frames[file] = pd.read_csv(path)
        return self._frames[file]

    def text(self, file: str) -> Any:
        """A file's rows as texts, nothing guessed."""
        return pd.read_csv(self.folder / file, dtype=str, keep_default_na=False)


def names(expected: Any) -> Any:
    """The shape of what is expected, without its numbers."""
    if isinstance(expected, dict):
        return {name: names(value) for name, value in expected.items()}
    if isinstance(expected, list):
        return [names(value) for value in expected]
    return None


def cases(folder: Path) -> list[Case]:
    """The cases below a folder, by name; a folder that is itself a case is one."""
    if (folder / "expected.json").is_file():
        return [Case.read(folder)]
    return [Case.read(path.parent) for path in sorted(folder.glob("*/expected.json"))]
