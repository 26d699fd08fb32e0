"""Which provider object answers for which workspace. Keys live here for a minute at most, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from upshot.domain import capabilities
from upshot.domain.errors import ErrorCode, ProviderError
from upshot.ports.clock import Clock
from upshot.ports.provider import Provider
from upshot.ports.store import Store

KEYLESS = frozenset({"local"})
KEY_SECONDS = 60.0
IDLE_SECONDS = 600.0

Open = Callable[[str, str], Provider]
"""Makes a provider by (name, key); the key is empty for providers that need none."""


@dataclass
class _Entry:
    provider: Provider
    key: str = field(repr=False)
    fresh_until: float
    users: int = 0


class ProviderPool:
    """Opens providers on first use, asks for keys again after a minute, and closes what is no longer used."""

    def __init__(self, store: Store, open_provider: Open, clock: Clock) -> None:
        self._store = store
        self._open = open_provider
        self._clock = clock
        self._entries: dict[tuple[UUID | None, str], _Entry] = {}
        self._retired: list[_Entry] = []
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def use(self, workspace_id: UUID, name: str, *, fresh: bool = False) -> AsyncIterator[Provider]:
        """The provider, kept open while the block runs. A refused key is forgotten, so that a new one is seen at once.

        ``fresh``: with the key as the database has it now.
        """
        capabilities.of(name)
        slot = (None if name in KEYLESS else workspace_id, name)
        async with self._lock:
            entry = await self._entry(slot, fresh=fresh)
            entry.users += 1
        try:
            yield entry.provider
        except ProviderError as error:
            if error.code == ErrorCode.AUTHENTICATION_FAILED:
                entry.fresh_until = self._clock.monotonic()
            raise
        finally:
            entry.users -= 1
            await self._close_unused()

    async def aclose(self) -> None:
        """Close every provider."""
        entries = [*self._entries.values(), *self._retired]
        self._entries.clear()
        self._retired.clear()
        for entry in entries:
            await entry.provider.aclose()

    async def _entry(self, slot: tuple[UUID | None, str], *, fresh: bool) -> _Entry:
        entry = self._entries.get(slot)
        if entry and not fresh and entry.fresh_until > self._clock.monotonic():
            return entry
        key = await self._key(*slot)
        if entry is None or entry.key != key:
            if entry is not None:
                self._retired.append(entry)
            entry = self._entries[slot] = _Entry(self._open(slot[1], key), key, 0.0)
        entry.fresh_until = self._clock.monotonic() + KEY_SECONDS
        return entry

    async def _key(self, workspace_id: UUID | None, name: str) -> str:
        if workspace_id is None:
            return ""
        key = await self._store.provider_key(workspace_id, name)
        if not key:
            raise ProviderError(ErrorCode.KEY_MISSING, f"The workspace has no key for {name}; an admin can add one.")
        return key

    async def _close_unused(self) -> None:
        idle_since = self._clock.monotonic() - IDLE_SECONDS
        for slot, entry in list(self._entries.items()):
            if entry.fresh_until < idle_since:
                self._retired.append(self._entries.pop(slot))
        unused = [entry for entry in self._retired if entry.users == 0]
        self._retired = [entry for entry in self._retired if entry.users > 0]
        for entry in unused:
            await entry.provider.aclose()
