"""Analyses that need matrices or iteration over rows: what may be asked, and what comes of it.

Names of inputs and results are those of ``experiment_results``; an absent number is None, never 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from upshot.domain.errors import FormulaError
from upshot.domain.jobs import Payload

Value = float | str | bool | None
Columns = Mapping[str, Sequence[Value]]
"""A table by columns, all of one length. None: unknown."""

Column = Annotated[str, Field(min_length=1, max_length=100)]
FormulaText = Annotated[str, Field(min_length=3, max_length=2000)]
Result = Mapping[str, Any]


class Inputs(BaseModel):
    """What a method takes besides the rows. ``alpha``: the intervals hold 1 - alpha."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alpha: float = Field(default=0.05, gt=0, lt=1)

    @classmethod
    def read(cls, inputs: Mapping[str, Any]) -> Self:
        """FormulaError says which input is wrong."""
        try:
            return cls.model_validate(inputs)
        except ValidationError as error:
            problem = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, problem["loc"])) or "inputs"
            raise FormulaError(f"{where}: {problem['msg']}") from error


class Ols(Inputs):
    """Least squares. ``se``: which standard errors; ``cluster``: the column whose values are the clusters.

    Nonrobust and clustered errors are read against Student's t, the HC ones against the normal.
    """

    formula: FormulaText
    se: Literal["nonrobust", "HC0", "HC1", "HC2", "HC3", "cluster"] = "HC2"
    cluster: Column | None = None

    @model_validator(mode="after")
    def _names_clusters(self) -> Self:
        if (self.se == "cluster") != (self.cluster is not None):
            raise ValueError("clustered errors need the column of the clusters, and only they do")
        return self


class Anova(Inputs):
    """Sequential sums of squares (type I) of a model's terms."""

    formula: FormulaText


class Adjusted(Inputs):
    """Regression adjustment with interactions (Lin 2013), HC2: one treatment of 0 and 1, any covariates."""

    outcome: Column = "y"
    treatment: Column = "treated"
    covariates: tuple[Column, ...] = Field(default=("x",), min_length=1, max_length=50)


class Weighted(Inputs):
    """Inverse probability weighting (Hajek). ``propensity``: a formula whose response is the treatment, 0 or 1."""

    outcome: Column = "y"
    propensity: FormulaText
    link: Literal["logit", "probit"] = "logit"


class DoublyRobust(Weighted):
    """AIPW. ``outcome_formula``: the outcome's model in each arm; the propensity's right side when it is not given."""

    outcome_formula: FormulaText | None = None


class Standardised(Inputs):
    """Regression in each arm, averaged over everybody (g-computation)."""

    treatment: Column = "treated"
    formula: FormulaText


class NeweyWest(Inputs):
    """An interrupted series: least squares with errors that allow for ``maxlags`` neighbours (Bartlett, normal)."""

    formula: FormulaText
    maxlags: int = Field(ge=0, le=1000)


class InterruptedSeries(Inputs):
    """A line, the week's shape and a step. ``maxlags``: as far apart as days may move together (Bartlett)."""

    maxlags: int = Field(default=4, ge=0, le=60)


class Structural(Inputs):
    """Local level (and season of so many periods) fitted before ``intervention``, forecast after it.

    ``intervention``: the first value of ``order`` that belongs to the time after.
    """

    outcome: Column = "value"
    order: Column = "period"
    intervention: float | str
    season: int | None = Field(default=None, ge=2, le=400)


class Mediation(Inputs):
    """Two regressions: the mediator on the treatment, the outcome on both (Baron and Kenny 1986, Sobel 1982)."""

    mediator_model: FormulaText
    outcome_model: FormulaText
    treatment: Column = "T"


class GroupSequential(Inputs):
    """Bounds of a two-sided test at planned looks, by alpha spending (Lan and DeMets 1983).

    ``looks``: the shares of the final information, rising; ``statistics``: the z of the looks so far.
    """

    looks: tuple[float, ...] = Field(min_length=1, max_length=50)
    spending: Literal["obrien_fleming", "pocock"] = "obrien_fleming"
    statistics: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if list(self.looks) != sorted(set(self.looks)) or self.looks[0] <= 0 or self.looks[-1] > 1:
            raise ValueError("looks rise from above 0 to at most 1")
        if len(self.statistics) > len(self.looks):
            raise ValueError("there are more statistics than looks")
        return self


class BootstrapQuantile(Inputs):
    """The difference of a quantile between two arms, by resampling subjects: a check of the formula in SQL."""

    outcome: Column = "y"
    treatment: Column = "treated"
    cluster: Column | None = None
    quantile: float = Field(default=0.5, gt=0, lt=1)
    resamples: int = Field(default=2000, ge=100, le=20000)
    seed: int = Field(default=1, ge=0, lt=2**32)


Reads = Literal["units", "days", "nothing"]


@dataclass(frozen=True)
class Method:
    """One method: the version of its code, its inputs, what rows it reads, and the grade of evidence that it gives.

    A: it keeps to what was randomised. B: it rests on a model of what was not. C: before and after.
    """

    version: str
    inputs: type[Inputs]
    reads: Reads = "units"
    grade: Literal["A", "B", "C"] = "B"


METHODS: Mapping[str, Method] = {
    "ols": Method("1", Ols),
    "anova": Method("1", Anova),
    "regression_adjustment": Method("1", Adjusted, grade="A"),
    "ipw": Method("1", Weighted),
    "aipw": Method("1", DoublyRobust),
    "standardisation": Method("1", Standardised),
    "its_newey_west": Method("1", NeweyWest, "days", "C"),
    "interrupted_series": Method("1", InterruptedSeries, "days"),
    "structural_counterfactual": Method("1", Structural, "days", "C"),
    "mediation": Method("1", Mediation),
    "group_sequential": Method("1", GroupSequential, "nothing", "A"),
    "bootstrap_quantile": Method("1", BootstrapQuantile, grade="A"),
}


class AnalysisJob(Payload):
    """The payload of an ``analysis`` job: about an experiment, or about a change of the ledger."""

    request_id: UUID
    workspace_id: UUID
    experiment_id: UUID | None = None
    change_id: UUID | None = None
    metric_id: UUID | None = None
    variant_id: UUID | None = None
    method: str
    inputs: dict[str, Any] = Field(default_factory=dict)
    as_of: datetime

    @model_validator(mode="after")
    def _is_about_one(self) -> Self:
        if (self.experiment_id is None) == (self.change_id is None):
            raise ValueError("an analysis is about an experiment or about a change")
        return self


@dataclass(frozen=True)
class Finding:
    """What came of an analysis: numbers, or the code of why there are none."""

    method: str
    version: str
    inputs: Result
    result: Result | None = None
    reason: str | None = None
    grade: str | None = None
