"""The compactors behind the database's worker functions."""

from upshot.adapters.supabase_rpc import SupabaseRpc
from upshot.domain.ticks import Tick


class SupabaseCompactor:
    """Port Compactor; ``verb`` is compact, compact_days for the daily tier, or compact_slices for slices and quantiles."""

    def __init__(self, rpc: SupabaseRpc, verb: str = "compact") -> None:
        self._rpc = rpc
        self._verb = verb

    async def tick(self) -> Tick:
        row = await self._rpc.call(self._verb, {})
        return Tick(
            row["state"], row.get("behind", 0), row.get("lag_seconds"), row.get("held_seconds"), row.get("failed", 0)
        )
