"""The compactor behind the database's worker function."""

from upshot.adapters.supabase_rpc import SupabaseRpc
from upshot.domain.ticks import Tick


class SupabaseCompactor:
    """Port Compactor."""

    def __init__(self, rpc: SupabaseRpc) -> None:
        self._rpc = rpc

    async def tick(self) -> Tick:
        row = await self._rpc.call("compact", {})
        return Tick(row["state"], row.get("behind", 0), row.get("lag_seconds"), row.get("held_seconds"))
