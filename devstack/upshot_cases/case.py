"""A directory of cases as it is on disk: what is asked, of which files, and under which names the answers go."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from upshot_cases import files, kinds

_LEVELS = ("confidence", "confidence_level", "conf_level", "level", "ci_level")
_TINY_LEVEL = 0.5


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
        if own is not None:
            return kinds.share(own)
        said = next((kinds.share(self.inputs[name]) for name in _LEVELS if name in self.inputs), None)
        if said is None:
            return self.case.alpha
        return 1 - said if said > _TINY_LEVEL else said

    @property
    def alternative(self) -> str:
        """Which side a test looks at: both, ``greater``, or ``less``."""
        said = str(self.inputs.get("alternative", self.inputs.get("tail", ""))).lower()
        above, below = ("greater", "larger", "upper", "right"), ("less", "smaller", "lower", "left")
        return "greater" if said.startswith(above) else "less" if said.startswith(below) else "two-sided"

    @property
    def window(self) -> dt.timedelta | None:
        """How long after the first exposure an outcome counts, where the analysis is of raw events."""
        return kinds.duration(self.inputs, "window")

    def frame(self, file: str | None = None) -> Any:
        """The rows, to be changed freely: of one file, or of all, put under each other or side by side."""
        if not self.files:
            raise OutOfReachError("no file is named")
        if file is not None or len(self.files) == 1:
            return self.case.frame(file or self.files[0]).copy()
        return together([self.case.frame(name) for name in self.files])

    def meaning(self, column: str) -> str:
        """What the case says of a column."""
        for file in self.files:
            columns = (self.case.files.get(file) or {}).get("columns", {})
            if isinstance(columns, Mapping) and column in columns:
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
        return cls(folder, json.loads((folder / "expected.json").read_text(encoding="utf-8-sig")))

    @property
    def name(self) -> str:
        return self.folder.resolve().name

    @property
    def alpha(self) -> float:
        return kinds.share(self.document.get("alpha") or 0.05)

    @property
    def files(self) -> Mapping[str, Any]:
        found = self.document.get("data", {})
        if isinstance(found, dict) and "file" in found:
            return {str(found["file"]): found}
        if isinstance(found, list):
            return {str(one["file"] if isinstance(one, dict) else one): one for one in found}
        return found if isinstance(found, dict) else {}

    @cached_property
    def analyses(self) -> Sequence[Analysis]:
        return [self._analysis(place, entry) for place, entry in enumerate(self.document["analyses"], start=1)]

    def _analysis(self, place: int, entry: Mapping[str, Any]) -> Analysis:
        data = entry.get("data") or []
        names_of = tuple([data] if isinstance(data, str) else data or self._usual())
        inputs = {k: v for k, v in (entry.get("inputs") or {}).items() if v not in ("", None, [])}
        return Analysis(
            self, str(entry.get("id", place)), str(entry.get("method")), names_of, inputs, names(entry.get("expected"))
        )

    def _usual(self) -> list[str]:
        """The file of an analysis that names none: the first of the case, or the only one in its folder."""
        present = [path.name for path in sorted(self.folder.iterdir()) if path.suffix in files.TABLES]
        return list(self.files)[:1] or [name for name in present if name.startswith("data.")] or present[:1]

    def frame(self, file: str) -> Any:
        if file not in self._frames:
            parts = [files.read(path, self._named) for path in self._paths(file)]
            self._frames[file] = pd.concat(parts, ignore_index=True)
        return self._frames[file]

    @cached_property
    def _named(self) -> frozenset[str]:
        """What the inputs name: an arm or a segment that is called NA is there."""
        said = kinds.flat([entry.get("inputs") for entry in self.document["analyses"]])
        return frozenset(one for one in said if isinstance(one, str))

    def text(self, file: str) -> Any:
        """A file's rows as texts, nothing guessed."""
        return pd.concat([files.texts(path) for path in self._paths(file)], ignore_index=True)

    def _paths(self, file: str) -> list[Path]:
        paths = files.found(self.folder, file)
        if not paths:
            raise OutOfReachError(f"the file {file} is not there")
        return paths


def together(frames: Sequence[Any]) -> Any:
    """Parts of one table under each other; tables that share a column side by side, by it."""
    whole = frames[0]
    for frame in frames[1:]:
        shared = [c for c in whole.columns if c in frame.columns]
        if set(whole.columns) == set(frame.columns):
            whole = pd.concat([whole, frame], ignore_index=True)
        elif shared and not frame.duplicated(shared).any():
            whole = whole.merge(frame, on=shared, how="left")
    return whole.copy()


def names(expected: Any) -> Any:
    """The shape of what is expected, without its numbers."""
    if isinstance(expected, dict):
        return {name: names(value) for name, value in expected.items()}
    if isinstance(expected, list):
        return [names(value) for value in expected]
    return None


def cases(folder: Path) -> tuple[list[Case], dict[str, str]]:
    """The cases below a folder, by name, and why some cannot be read; a folder that is itself a case is one."""
    single = (folder / "expected.json").is_file()
    paths = [folder] if single else [path.parent for path in sorted(folder.glob("*/expected.json"))]
    found, broken = [], {}
    for path in paths:
        try:
            case = Case.read(path)
            _ = case.analyses
            found.append(case)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            broken[path.name] = f"expected.json cannot be read: {type(error).__name__}: {error}"
    return found, broken
