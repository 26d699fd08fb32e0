"""Finding the labelled phrases that mean nearly the same as a request."""

import heapq
import operator
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A labelled phrase and its unit-length embedding."""

    text: str
    label: str
    embedding: Sequence[float]


class ExampleIndex:
    """Exact search by cosine over a few hundred phrases."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = list(examples)

    def nearest(self, embedding: Sequence[float], quantity: int) -> list[tuple[str, str]]:
        """At most ``quantity`` pairs (text, label), the nearest last: a model heeds most what it read last."""

        def closeness(example: Example) -> float:
            return float(sum(map(operator.mul, example.embedding, embedding)))

        best = heapq.nlargest(quantity, self._examples, key=closeness)
        return [(example.text, example.label) for example in reversed(best)]
