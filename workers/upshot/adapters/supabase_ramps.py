"""Ramps behind the database's worker function."""

from upshot.adapters.supabase_rpc import SupabaseRpc
from upshot.domain.ramps import RampMove


class SupabaseRamps:
    """Port Ramps."""

    def __init__(self, rpc: SupabaseRpc) -> None:
        self._rpc = rpc

    async def tick(self, pause_seconds: int) -> RampMove | None:
        row = await self._rpc.call("tick_ramps_v1", {"pause_seconds": pause_seconds})
        return RampMove(row["ramp_id"], row["state"], row["step"], row["end_code"]) if row else None
