"""The job queue behind the database's worker functions (pgmq)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from upshot.adapters.supabase_rpc import SupabaseRpc
from upshot.domain.jobs import Job

MESSAGE_LIMIT = 500


class SupabaseQueue:
    """Port Queue."""

    def __init__(self, rpc: SupabaseRpc, worker: str) -> None:
        self._rpc = rpc
        self._worker = worker

    async def claim(self, quantity: int, lease_seconds: int) -> list[Job]:
        arguments = {"worker": self._worker, "quantity": quantity, "lease_seconds": lease_seconds}
        return [_job(row) for row in await self._rpc.call("claim_jobs_v1", arguments)]

    async def extend(self, job_id: int, lease_seconds: int) -> bool:
        return bool(await self._rpc.call("extend_job_v1", {"job_id": job_id, "lease_seconds": lease_seconds}))

    async def complete(self, job_id: int) -> None:
        await self._rpc.call("complete_job_v1", {"job_id": job_id})

    async def fail(self, job_id: int, code: str, message: str, retry_in_seconds: int | None) -> None:
        arguments = {
            "job_id": job_id,
            "error_code": code,
            "error_message": message[:MESSAGE_LIMIT],
            "retry_in_seconds": retry_in_seconds,
        }
        await self._rpc.call("fail_job_v1", arguments)


def _job(row: Mapping[str, Any]) -> Job:
    # A payload that is not an object is poison; whoever handles its kind says so.
    payload = row["payload"] if isinstance(row["payload"], dict) else {}
    enqueued_at = datetime.fromisoformat(row["enqueued_at"])
    return Job(row["job_id"], str(row["kind"]), payload, row["attempt"], enqueued_at)
