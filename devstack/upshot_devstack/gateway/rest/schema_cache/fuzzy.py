"""'Perhaps you meant …': the closest of some names.

Candidates are compared by the pieces of two or three characters that they share, and the best of them by edit
distance, as the FuzzySet family of libraries does it, so that hints agree with what clients know.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable

GRAM_SIZES = (3, 2)
DEFAULT_MINIMUM = 0.33
CANDIDATES = 50
NOT_A_WORD = re.compile(r"[^\w, ]|_")


def closest(names: Iterable[str], wanted: str, minimum: float = DEFAULT_MINIMUM) -> tuple[float, str] | None:
    """The best match and its score from 0 to 1, or None when nothing reaches `minimum`."""
    known = {name.lower(): name for name in names}
    word = wanted.lower()
    if word in known:
        return 1.0, known[word]
    for size in GRAM_SIZES:
        found = _best(known, word, size, minimum)
        if found:
            return found
    return None


def _best(known: dict[str, str], word: str, size: int, minimum: float) -> tuple[float, str] | None:
    grams = _grams(word, size)
    length = _length(grams)
    scored = []
    for name in known:
        other = _grams(name, size)
        shared = sum(count * other[gram] for gram, count in grams.items())
        if shared:
            scored.append((shared / (length * _length(other)), name))
    ranked = sorted(scored, reverse=True)[:CANDIDATES]
    compared = [(_similarity(name, word), name) for _, name in ranked]
    best = max((pair for pair in compared if pair[0] >= minimum), default=None, key=lambda pair: pair[0])
    return (best[0], known[best[1]]) if best else None


def _grams(word: str, size: int) -> Counter[str]:
    padded = f"-{NOT_A_WORD.sub('', word)}-".ljust(size, "-")
    return Counter(padded[i : i + size] for i in range(len(padded) - size + 1))


def _length(grams: Counter[str]) -> float:
    return math.sqrt(sum(count * count for count in grams.values()))


def _similarity(first: str, second: str) -> float:
    return 1 - _distance(first, second) / max(len(first), len(second), 1)


def _distance(first: str, second: str) -> int:
    """Levenshtein's: insertions, deletions and substitutions."""
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(second, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]
