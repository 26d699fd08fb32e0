from decimal import Decimal

from upshot.adapters.prices import SnapshotPrices
from upshot.domain.completion import Usage

USAGE = Usage(input_tokens=1_000_000, output_tokens=0)


def test_a_known_model_has_a_price_with_its_list():
    cost = SnapshotPrices().cost("openai", "gpt-5-mini", USAGE)
    assert cost.usd == Decimal("0.25")
    assert cost.prices.startswith("genai-prices ")


def test_cached_tokens_are_cheaper_and_counted_once():
    cached = Usage(input_tokens=1_000_000, output_tokens=0, cache_read_tokens=1_000_000)
    assert 0 < SnapshotPrices().cost("anthropic", "claude-haiku-4-5", cached).usd < Decimal(1)


def test_an_unknown_model_has_no_price_rather_than_none_to_pay():
    assert SnapshotPrices().cost("openai", "my-own-model", USAGE) is None


def test_unknown_usage_has_no_price():
    assert SnapshotPrices().cost("openai", "gpt-5-mini", Usage()) is None


def test_the_own_machine_sends_no_bill():
    assert SnapshotPrices().cost("local", "smollm2-135m-instruct", Usage()).usd == 0
