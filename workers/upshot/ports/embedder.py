from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """Texts to vectors. Vectors of two embedders never mix: ``id`` names the space, ``dimensions`` its size."""

    id: str
    dimensions: int

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit-length vector a text, in order."""
        ...
