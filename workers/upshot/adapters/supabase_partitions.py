"""Partitions behind the database's worker function."""

from upshot.adapters.supabase_rpc import SupabaseRpc


class SupabasePartitions:
    """Port Partitions."""

    def __init__(self, rpc: SupabaseRpc) -> None:
        self._rpc = rpc

    async def keep(self) -> list[str]:
        row = await self._rpc.call("keep_partitions_v1", {})
        return list(row["made"])
