"""List prices of model calls, from the offline snapshot inside package genai-prices. Nothing is fetched."""

from decimal import Decimal

import genai_prices

from upshot.domain.completion import Usage
from upshot.domain.jobs import Cost

_PROVIDER_IDS = {"openai": "openai", "anthropic": "anthropic", "gemini": "google"}
_OWN_MACHINE = Cost(usd=Decimal(0), prices="own machine")


class SnapshotPrices:
    """Cost by list price; discounts and committed use are not known here."""

    version = f"genai-prices {genai_prices.__version__}"

    def cost(self, provider: str, model: str, usage: Usage) -> Cost | None:
        """The price of one call, None when the model, or its usage, is not known."""
        if provider == "local":
            return _OWN_MACHINE
        if provider not in _PROVIDER_IDS or usage.input_tokens is None or usage.output_tokens is None:
            return None
        try:
            price = genai_prices.calc_price(_tokens(usage), model, provider_id=_PROVIDER_IDS[provider])
        except LookupError:
            return None
        return Cost(usd=price.total_price, prices=self.version)


def _tokens(usage: Usage) -> genai_prices.Usage:
    return genai_prices.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
    )
