from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from upshot.domain.jobs import KeyTest, RunChunk, RunResult, RunWork


class Store(Protocol):
    """What runs need of the database. Every call may raise StoreError."""

    async def run_work(self, chunk: RunChunk) -> list[RunWork]:
        """The items of the chunk that have no result yet, with what is needed to run them."""
        ...

    async def record_results(self, run_id: UUID, results: Sequence[RunResult]) -> int:
        """Store results, each item once and the first one wins; answers how many were new."""
        ...

    async def record_key_test(self, test: KeyTest, error_code: str | None) -> None:
        """Say what came of trying a provider's key; of one that has been replaced since, nothing is kept."""
        ...

    async def provider_key(self, workspace_id: UUID, provider: str) -> str | None:
        """The workspace's secret for a provider, None when it has none."""
        ...
