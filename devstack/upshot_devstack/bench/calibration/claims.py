"""Claims and whether they hold: how often something happened, how often it should, and how sure the count itself is."""

import math
from dataclasses import dataclass
from typing import Any

TAIL = 0.00135  # beyond three standard errors, on one side
Hits = Any  # a yes or no for each world


@dataclass(frozen=True)
class Claim:
    """A question about many worlds, our hits, the naive engine's, and what is to be expected.

    rule: about (neither more nor less), at most, at least, or told (no promise, shown as it is).
    """

    data: str
    question: str
    expected: float | None
    rule: str
    hits: int
    worlds: int
    naive: int | None = None

    @property
    def seen(self) -> float:
        """Our share."""
        return self.hits / self.worlds

    @property
    def error(self) -> float:
        """Its Monte-Carlo standard error: under the expectation where there is a promise, else as seen."""
        share = self.seen if self.expected is None or self.rule == "told" else self.expected
        return math.sqrt(share * (1 - share) / self.worlds)

    @property
    def holds(self) -> bool:
        """No further from the promise than three standard errors would be."""
        return not self._out(self.hits)

    @property
    def naive_holds(self) -> bool:
        """The same of the naive engine."""
        return self.naive is None or not self._out(self.naive)

    def _out(self, hits: int) -> bool:
        if self.expected is None or self.rule == "told":
            return False
        too_many = at_least(hits, self.worlds, self.expected) < TAIL
        too_few = at_least(self.worlds - hits, self.worlds, 1 - self.expected) < TAIL
        return (too_many and self.rule != "at least") or (too_few and self.rule != "at most")

    @property
    def promise(self) -> str:
        """What is expected, in words."""
        if self.expected is None:
            return "-"
        word = {"at most": "≤ ", "at least": "≥ ", "told": "(", "about": ""}[self.rule]
        return f"{word}{percent(self.expected)}{')' if self.rule == 'told' else ''}"

    @property
    def cells(self) -> list[str]:
        """A row of the table."""
        naive = "" if self.naive is None else percent(self.naive / self.worlds)
        mark = "" if self.naive_holds else " ✗"
        verdict = "no promise" if self.rule == "told" else "ok" if self.holds else "OUT"
        ours = f"{percent(self.seen)} ± {percent(self.error)}"
        return [self.data, self.question, self.promise, ours, verdict, naive + mark]


def at_least(hits: int, worlds: int, share: float) -> float:
    """The chance of so many hits or more: exact, since few hits are not normal."""
    if share <= 0 or share >= 1:
        return float(hits == 0 or share >= 1)
    odds = (
        math.lgamma(worlds + 1) - math.lgamma(k + 1) - math.lgamma(worlds - k + 1)
        + k * math.log(share) + (worlds - k) * math.log1p(-share)
        for k in range(hits, worlds + 1)
    )  # fmt: skip
    return sum(math.exp(o) for o in odds if o > -700)  # noqa: PLR2004 - smaller than any double


HEAD = ["data", "question", "expected", "ours ± MC error", "", "naive"]


def percent(share: float) -> str:
    """A share in hundredths."""
    return f"{100 * share:.1f} %" if share == 0 or share >= 0.005 else f"{100 * share:.2f} %"  # noqa: PLR2004


def claim(data: str, question: str, promise: tuple[float | None, str], ours: Hits, naive: Hits | None = None) -> Claim:
    """A claim from what happened in each world."""
    return Claim(data, question, *promise, int(ours.sum()), len(ours), None if naive is None else int(naive.sum()))


def markdown(claims: list[Claim]) -> str:
    """The table for a page."""
    lines = [HEAD, ["---"] * len(HEAD), *(c.cells for c in claims)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
