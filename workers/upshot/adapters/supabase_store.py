"""What runs read and write, through the database's worker functions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from upshot.adapters.supabase_rpc import SupabaseRpc
from upshot.domain.errors import StoreError
from upshot.domain.jobs import KeyTest, RunChunk, RunItem, RunResult, RunWork

ERROR_LIMIT = 1000


class SupabaseStore:
    """Port Store."""

    def __init__(self, rpc: SupabaseRpc) -> None:
        self._rpc = rpc

    async def run_work(self, chunk: RunChunk) -> list[RunWork]:
        arguments = {"run_id": str(chunk.run_id), "items": [_item(item) for item in chunk.items]}
        return [_work(row) for row in await self._rpc.call("run_work_v1", arguments)]

    async def record_results(self, run_id: UUID, results: Sequence[RunResult]) -> int:
        arguments = {"run_id": str(run_id), "results": [_result(result) for result in results]}
        answer = await self._rpc.call("record_run_results_v1", arguments)
        return int(answer["accepted"])

    async def record_key_test(self, test: KeyTest, error_code: str | None) -> None:
        arguments = test.model_dump(mode="json") | {"error_code": error_code}
        await self._rpc.call("record_provider_key_test_v1", arguments)

    async def provider_key(self, workspace_id: UUID, provider: str) -> str | None:
        arguments = {"workspace_id": str(workspace_id), "provider": provider}
        try:
            return str(await self._rpc.call("provider_key_v1", arguments))
        except StoreError as error:
            if error.reason == "unknown_provider_key":
                return None
            raise


def _item(item: RunItem) -> dict[str, Any]:
    return item.model_dump(mode="json")


def _work(row: Mapping[str, Any]) -> RunWork:
    return RunWork(item=RunItem.model_validate(row), bundle=row["bundle"], variables=row["variables"])


def _result(result: RunResult) -> dict[str, Any]:
    return _item(result.item) | {
        "status": result.status,
        "output": _storable(result.output),
        "finish_reason": result.finish_reason,
        "latency_ms": result.latency_ms,
        "input_tokens": result.input_tokens,
        "output_tokens": result.output_tokens,
        "cost_usd": None if result.cost is None else float(result.cost.usd),
        "error_code": result.error_code,
        "error_message": result.error_message and _storable(result.error_message)[:ERROR_LIMIT],
        "attempts": result.attempts,
    }


def _storable(text: str | None) -> Any:
    """Postgres has no NUL in text; a model may well write one."""
    return text if text is None else text.replace("\0", "\ufffd")
