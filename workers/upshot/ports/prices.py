from typing import Protocol

from upshot.domain.completion import Usage
from upshot.domain.jobs import Cost


class Prices(Protocol):
    """What calls cost."""

    def cost(self, provider: str, model: str, usage: Usage) -> Cost | None:
        """The price of one call, None when the model, or its usage, is not known."""
        ...
