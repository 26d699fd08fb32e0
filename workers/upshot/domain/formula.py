"""Model formulas in the usual notation (Wilkinson and Rogers 1973): ``y ~ T * (x + C(plan)) + I(age**2)``.

They come from whoever asks for an analysis, so they are parsed by this small grammar and never evaluated as code:

    formula  = name "~" sum
    sum      = product (("+" | "-") product)*
    product  = crossing (("*" | "/") crossing)*      a*b = a + b + a:b       a/b = a + a:b
    crossing = power (":" power)*
    power    = atom ("**" number)?                   (a+b)**2 = a + b + a:b
    atom     = "(" sum ")" | "0" | "1" | name | "C(" name ")" | "I(" arithmetic ")" | function "(" arithmetic ")"
"""

import re
from dataclasses import dataclass
from typing import Self

from upshot.domain.arithmetic import FUNCTIONS, Arithmetic
from upshot.domain.errors import FormulaError

_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_]\w*)|(?P<number>\d+)|(?P<sign>\*\*|[-+*/:()]))")
LARGEST_POWER = 4
MOST_TERMS = 200


@dataclass(frozen=True)
class Factor:
    """One column of a term, or arithmetic over columns; ``is_category``: its values are names, not amounts."""

    label: str
    arithmetic: Arithmetic
    is_category: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Factor) and self.label == other.label

    def __hash__(self) -> int:
        return hash(self.label)


Term = tuple[Factor, ...]
INTERCEPT: Term = ()


def label(term: Term) -> str:
    """The term as it is written: ``T:x``."""
    return ":".join(factor.label for factor in term) or "Intercept"


@dataclass(frozen=True)
class Formula:
    """A response and the terms that explain it, the intercept among them unless it was taken out."""

    response: str
    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """FormulaError says what cannot be read."""
        response, wave, right = text.partition("~")
        if not wave or not re.fullmatch(r"[A-Za-z_]\w*", response.strip()):
            raise FormulaError(f"A formula is a column, a tilde, and terms: {text[:80]}")
        terms = _Reader(right).all()
        if len(terms) > MOST_TERMS:
            raise FormulaError(f"A formula may have {MOST_TERMS} terms.")
        # Mains before interactions, in the order of writing.
        return cls(response.strip(), tuple(sorted(terms, key=len)))

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it needs."""
        return frozenset({self.response}).union(*(f.arithmetic.names for term in self.terms for f in term))


class _Reader:
    """Reads the right side. A list of terms has each once, in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def all(self) -> list[Term]:
        terms = self._sum([INTERCEPT])
        if self._peek():
            raise FormulaError(f"Cannot read the formula from here: {self._text[self._at :][:40]}")
        return terms

    def _sum(self, terms: list[Term]) -> list[Term]:
        adding = bool(self._take("+")) or not self._take("-")
        while True:
            for term in self._product():
                target, add = (INTERCEPT, not adding) if term == _NOTHING else (term, adding)
                terms = _once([*terms, target]) if add else [t for t in terms if frozenset(t) != frozenset(target)]
            if self._peek() not in ("+", "-"):
                return terms
            adding = bool(self._take("+")) or not self._take("-")

    def _product(self) -> list[Term]:
        left = self._crossing()
        while sign := self._take("*") or self._take("/"):
            right = self._crossing()
            left = _once([*left, *(right if sign == "*" else []), *_crossed(left, right)])
        return left

    def _crossing(self) -> list[Term]:
        left = self._power()
        while self._take(":"):
            left = _crossed(left, self._power())
        return left

    def _power(self) -> list[Term]:
        base = self._atom()
        if not self._take("**"):
            return base
        power = self._next("number")
        if not 1 <= int(power) <= LARGEST_POWER:
            raise FormulaError(f"A sum of terms may be raised to {LARGEST_POWER}; a column's square is I(x**2).")
        result = base
        for _ in range(int(power) - 1):
            result = _once([*result, *_crossed(result, base)])
        return result

    def _atom(self) -> list[Term]:
        if self._take("("):
            inner = self._sum([])
            self._expect(")")
            return inner
        if self._match("number"):
            number = self._next("number")
            if number not in ("0", "1"):
                raise FormulaError(f"Only 0 and 1 stand alone in a formula, not {number}.")
            return [INTERCEPT if number == "1" else _NOTHING]
        name = self._next("name")
        return [(self._call(name) if self._peek() == "(" else Factor(name, Arithmetic(name)),)]

    def _call(self, name: str) -> Factor:
        inside = self._inside()
        if name == "C":
            return Factor(f"C({inside.strip()})", Arithmetic(inside), is_category=True)
        if name == "I":
            return Factor(f"I({inside.strip()})", Arithmetic(inside))
        if name in FUNCTIONS:
            return Factor(f"{name}({inside.strip()})", Arithmetic(f"{name}({inside})"))
        raise FormulaError(f"Formulas know C, I, {', '.join(FUNCTIONS)}; not {name}.")

    def _inside(self) -> str:
        """The text between this bracket and the one that closes it."""
        self._expect("(")
        depth, start = 1, self._at
        while depth:
            if self._at >= len(self._text):
                raise FormulaError("A bracket of the formula is not closed.")
            depth += {"(": 1, ")": -1}.get(self._text[self._at], 0)
            self._at += 1
        return self._text[start : self._at - 1]

    def _match(self, kind: str) -> str:
        found = _TOKEN.match(self._text, self._at)
        return (found[kind] or "") if found else ""

    def _peek(self) -> str:
        found = _TOKEN.match(self._text, self._at)
        return found[0].strip() if found else self._text[self._at :].strip()

    def _take(self, sign: str) -> str:
        if self._match("sign") != sign:
            return ""
        return self._next("sign")

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise FormulaError(f"Expected {sign} at: {self._text[self._at :][:40]}")

    def _next(self, kind: str) -> str:
        found = _TOKEN.match(self._text, self._at)
        if not found or found[kind] is None:
            raise FormulaError(f"Expected a {kind} at: {self._text[self._at :][:40]}")
        self._at = found.end()
        return found[kind]


_NOTHING: Term = (Factor("0", Arithmetic("0")),)


def _once(terms: list[Term]) -> list[Term]:
    """Each term once: a:b and b:a are the same."""
    return list({frozenset(term): term for term in reversed(terms)}.values())[::-1]


def _crossed(left: list[Term], right: list[Term]) -> list[Term]:
    """Every term with every other, each factor once."""
    return _once([tuple(dict.fromkeys((*a, *b))) for a in left for b in right])
