"""What answers analyses: the statistics functions in SQL, the worker's methods, and the public ingest road."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upshot.ports.methods import Methods
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.database import Composite, Statistics
from upshot_cases.road import Road

Answer = Any


@dataclass(frozen=True)
class Engine:
    """The three roads to a number."""

    sql: Statistics
    methods: Methods
    road: Road

    def work(self, method: str, frame: Any, **inputs: Any) -> Mapping[str, Any]:
        """A method of the worker over a frame's columns."""
        columns = {name: [_cell(value) for value in frame[name]] for name in frame.columns}
        return self.methods.run(method, columns, {k: v for k, v in inputs.items() if v is not None})

    def mean(self, values: Any) -> Composite:
        """What an arm says: its mean."""
        return self.sql.made("readout", "mean_readout", self.sql.moments(values))

    def contrast(self, sides: Sequence[Composite], alpha: float) -> dict[str, Any]:
        """Treatment less control by the format's names."""
        return common(self.sql.row("contrast", *sides, alpha))


Method = Callable[[Engine, Analysis], Answer]
METHODS: dict[str, Method] = {}


def method(*names: str) -> Callable[[Method], Method]:
    """Say which of the format's methods a function answers."""

    def register(function: Method) -> Method:
        METHODS.update(dict.fromkeys(names, function))
        return function

    return register


_FORMAT = {
    "difference": "estimate", "lift": "estimate", "std_error": "se", "degrees_of_freedom": "df", "n_variant": "n_treatment",
    "mean_variant": "mean_treatment", "wald_low": "wald_ci_low", "wald_high": "wald_ci_high",
    "newcombe_low": "newcombe_ci_low", "newcombe_high": "newcombe_ci_high", "corrected_statistic": "cmh_cc_statistic",
}  # fmt: skip


def common(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ours by the format's names; a statistic is what a difference is in standard errors."""
    made = {_FORMAT.get(name, name): value for name, value in row.items()}
    if "statistic" not in made and made.get("se") and made.get("estimate") is not None:
        made["statistic"] = made["estimate"] / made["se"]
    return made


def chosen(answer: Mapping[str, Any], analysis: Analysis) -> dict[str, Any]:
    """What is asked of an answer, and what else there is; a name that nobody knows is out of reach."""
    missing = [name for name in analysis.asked if name not in answer] if isinstance(analysis.asked, dict) else []
    if missing:
        raise OutOfReachError(f"no number is known under the name {', '.join(missing)}")
    return dict(answer)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def is_share(values: Any) -> bool:
    """Whether every value is 0 or 1."""
    return bool(len(values)) and all(value in (0.0, 1.0) for value in values)
