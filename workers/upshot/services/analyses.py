"""Analyses: rows in, one result out, by whatever method was asked for."""

import asyncio
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import structlog

from upshot.domain.errors import ConfigurationError, FormulaError, InvalidJobError, NotComputableError
from upshot.domain.jobs import Job
from upshot.domain.methods import METHODS, AnalysisJob, Columns, Finding, Method, Value
from upshot.ports.analyses import Analyses
from upshot.ports.methods import Methods
from upshot.services.disposition import Disposition, Done, Stop

log = structlog.get_logger(__name__)

_OF_MEANS = frozenset({"regression_adjustment", "ipw", "aipw", "standardisation", "bootstrap_quantile"})
BAD_INPUTS = "bad_inputs"


class AnalysisJobs:
    """Handler of ``analysis`` jobs. The same request ends in one row, however often it is delivered."""

    def __init__(self, store: Analyses, methods: Callable[[], Methods]) -> None:
        """``methods`` is called when the first analysis comes: what is behind it takes seconds to import."""
        self._store = store
        self._methods = methods

    async def handle(self, job: Job, *, last: bool, stop: Stop) -> Disposition:  # noqa: ARG002 - the port's shape
        """Fetch the rows, compute beside the event loop, store."""
        asked = AnalysisJob.parse(job.payload)
        method = METHODS.get(asked.method)
        if method is None:
            raise InvalidJobError(f"There is no method {asked.method}.")
        try:
            finding = await self._finding(asked, method)
        except ConfigurationError as error:
            if asked.change_id is None:
                raise
            # Nobody asked by hand: the ledger keeps to what SQL says of the change.
            log.warning("analysis_skipped", job_id=job.id, method=asked.method, reason=str(error))
            return Done()
        await self._store.store(asked, finding)
        log.info("analysis_stored", job_id=job.id, method=asked.method, reason=finding.reason)
        return Done()

    async def _finding(self, asked: AnalysisJob, method: Method) -> Finding:
        made = partial(Finding, asked.method, method.version, asked.inputs, grade=method.grade)
        try:
            inputs = dict(asked.inputs)
            columns = await self._columns(asked, method, inputs)
            result = await asyncio.to_thread(self._run, asked.method, columns, inputs)
        except FormulaError as error:
            return made({"message": str(error)}, BAD_INPUTS)
        except NotComputableError as error:
            return made(None, error.reason)
        return made(dict(result) | {"rows_sha256": fingerprint(columns)})

    def _run(self, method: str, columns: Columns, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._methods().run(method, columns, inputs)

    async def _columns(self, asked: AnalysisJob, method: Method, inputs: dict[str, Any]) -> Columns:
        """The rows that the method reads; inputs that say which rows are taken out of the others."""
        if method.reads == "nothing":
            return {}
        if method.reads == "days":
            began, days = await self._store.days(asked)
            return series(days, inputs, began, keeps=asked.method == "structural_counterfactual")
        kind, units = await self._store.units(asked)
        if kind == "ratio" and asked.method in _OF_MEANS:
            raise NotComputableError("ratio_metric", "The method compares means; a ratio has two columns, y and d.")
        return units


def series(days: Columns, inputs: dict[str, Any], began: str | None, *, keeps: bool) -> Columns:
    """Every day from the first to the last: t counts from 0, post is 1 from the intervention on, since counts from it.

    ``value`` is the mean of the day's outcomes, None where there were none.
    """
    start = str(inputs.get("intervention") or began or "")
    if not _is_day(start):
        raise FormulaError("intervention: the first day of the time after, as in 2026-03-02.")
    if keeps:
        inputs |= {"intervention": start, "order": "day"}
    else:
        inputs.pop("intervention", None)
    if not days["day"]:
        raise NotComputableError("no_rows", "The metric has no outcomes.")
    known = {str(day): (n, total) for day, n, total in zip(days["day"], days["n"], days["total"], strict=True)}
    first, last = (dt.date.fromisoformat(pick(known)) for pick in (min, max))
    dates = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    after = [(date - dt.date.fromisoformat(start)).days for date in dates]
    counts = [known.get(str(date), (0, 0)) for date in dates]
    return {
        "day": [str(date) for date in dates],
        "t": [float(n) for n in range(len(dates))],
        "post": [float(days >= 0) for days in after],
        "since": [float(max(days, 0)) for days in after],
        "weekday": [f"{date:%a}" for date in dates],
        "n": [_number(n) for n, _ in counts],
        "total": [_number(total) for _, total in counts],
        "value": [_number(total) / _number(n) if n else None for n, total in counts],
    }


def _number(value: Value) -> float:
    return float(value or 0)


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def fingerprint(columns: Columns) -> str:
    """SHA-256 of the rows that were read: two results of the same rows can be told from two of different ones."""
    return hashlib.sha256(json.dumps(columns, sort_keys=True, default=str).encode()).hexdigest()
