"""Rows of analyses and their results, through the database's worker functions."""

from collections.abc import Mapping
from typing import Any

from upshot.adapters.supabase_rpc import SupabaseRpc
from upshot.domain.errors import NotComputableError
from upshot.domain.methods import AnalysisJob, Columns, Finding, Value

PAGE = 5000
MOST_UNITS = 1_000_000
_OWN = ("unit_id", "variant", "treated", "y", "d", "x", "w", "entered_at", "intent")


class SupabaseAnalyses:
    """Port Analyses."""

    def __init__(self, rpc: SupabaseRpc, page: int = PAGE) -> None:
        self._rpc = rpc
        self._page = page

    async def units(self, asked: AnalysisJob) -> tuple[str, Columns]:
        columns: dict[str, list[Value]] = {name: [] for name in _OWN}
        arguments = {
            "experiment_id": str(asked.experiment_id),
            "metric_id": str(asked.metric_id),
            "page_size": self._page,
        }
        if asked.variant_id:
            arguments["variant_id"] = str(asked.variant_id)
        after, kind = "", ""
        while True:
            page = await self._rpc.call("analysis_units_v1", arguments | {"after_unit": after})
            kind = str(page["kind"])
            for row in page["rows"]:
                _add(columns, row)
            if len(page["rows"]) < self._page:
                return kind, columns
            after = str(page["rows"][-1]["unit_id"])
            if len(columns["unit_id"]) >= MOST_UNITS:
                raise NotComputableError("too_many_rows", f"More than {MOST_UNITS} units do not fit a worker.")

    async def days(self, asked: AnalysisJob) -> tuple[str | None, Columns]:
        about = asked.model_dump(mode="json", include={"experiment_id", "change_id"}, exclude_none=True)
        arguments = about | {"metric_id": str(asked.metric_id)}
        found = await self._rpc.call("analysis_days_v1", arguments)
        rows = found["rows"] if found else []
        began = found["started_on"] if found else None
        return began, {name: [row[name] for row in rows] for name in ("day", "n", "total")}

    async def store(self, asked: AnalysisJob, finding: Finding) -> Any:
        names = {"workspace_id", "experiment_id", "change_id", "metric_id", "variant_id", "as_of"}
        about = asked.model_dump(mode="json", include=names)
        found = {
            "method": finding.method,
            "method_version": finding.version,
            "inputs": dict(finding.inputs),
            "result": finding.result,
            "reason_code": finding.reason,
            "grade": finding.grade,
        }
        return await self._rpc.call("store_result_v1", about | found)


def _add(columns: dict[str, list[Value]], row: Mapping[str, Any]) -> None:
    """Append a row; a segment is a column of its own, unless its name is taken."""
    place = len(columns["unit_id"])
    for name in _OWN:
        columns[name].append(row[name])
    for name, value in row["segments"].items():
        if name not in _OWN:
            column = columns.setdefault(name, [])
            column.extend([None] * (place - len(column)))
            column.append(value or None)
    for column in columns.values():
        column.extend([None] * (place + 1 - len(column)))
