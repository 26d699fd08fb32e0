"""Port Methods: which function does which method."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

from upshot.adapters.analysis import bootstrap, counterfactual, group_sequential, interruption, regression, weighting
from upshot.adapters.analysis.frame import Frame
from upshot.domain.errors import FormulaError
from upshot.domain.methods import METHODS, Columns, Result

_BY_NAME: Mapping[str, Callable[[Frame, Any], Result]] = {
    "ols": regression.ols,
    "anova": regression.anova,
    "regression_adjustment": regression.regression_adjustment,
    "ipw": weighting.ipw,
    "aipw": weighting.aipw,
    "standardisation": weighting.standardisation,
    "its_newey_west": regression.its_newey_west,
    "interrupted_series": interruption.interrupted_series,
    "structural_counterfactual": counterfactual.structural_counterfactual,
    "mediation": regression.mediation,
    "group_sequential": lambda _, asked: group_sequential.group_sequential(asked),
    "bootstrap_quantile": bootstrap.bootstrap_quantile,
}


class StatsmodelsMethods:
    """Port Methods."""

    def run(self, method: str, columns: Columns, inputs: Mapping[str, Any]) -> Result:
        if method not in METHODS:
            raise FormulaError(f"There is no method {method}. There are: {', '.join(METHODS)}.")
        asked = METHODS[method].inputs.read(inputs)
        with warnings.catch_warnings():  # what matters of them is a reason code or a diagnostic of the result
            warnings.simplefilter("ignore")
            return _BY_NAME[method](Frame(columns), asked)
