from collections.abc import Mapping
from typing import Any, Protocol

from upshot.domain.methods import Columns, Result


class Methods(Protocol):
    """Statistics that SQL does not do: matrices, iteration, resampling. The same inputs give the same numbers."""

    def run(self, method: str, columns: Columns, inputs: Mapping[str, Any]) -> Result:
        """One analysis. FormulaError: the inputs cannot be read; NotComputableError: no answer for these data."""
        ...
