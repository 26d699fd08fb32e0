"""Small parser combinators whose errors say what stood there and what was expected.

Clients of this protocol compare those texts, so the rules are those of the Parsec family: a parser that consumed
input commits to its branch, `attempt` takes the commitment back, errors at the same place are merged, and errors
further on win over earlier ones.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

UNEXPECTED_INPUT, UNEXPECTED, EXPECTED, MESSAGE = range(4)

Note = tuple[int, str]


class Failure(NamedTuple):
    """Where parsing stopped and the notes collected there."""

    position: int
    notes: tuple[Note, ...] = ()


class Outcome(NamedTuple):
    """What a parser says: whether it ate input, whether it succeeded, its value, where it stands, and its notes."""

    consumed: bool
    ok: bool
    value: Any
    position: int
    failure: Failure


Parser = Callable[[str, int], Outcome]


def merge(first: Failure, second: Failure) -> Failure:
    """The more telling of two failures; both when they happened at one place."""
    if not second.notes and first.notes:
        return first
    if not first.notes and second.notes:
        return second
    if first.position == second.position:
        return Failure(first.position, first.notes + second.notes)
    return first if first.position > second.position else second


def succeed(value: Any) -> Parser:
    return lambda _, at: Outcome(consumed=False, ok=True, value=value, position=at, failure=Failure(at))


def fail(message: str = "") -> Parser:
    notes: tuple[Note, ...] = ((MESSAGE, message),) if message else ()
    return lambda _, at: Outcome(consumed=False, ok=False, value=None, position=at, failure=Failure(at, notes))


def one(accept: Callable[[str], bool]) -> Parser:
    """One character that `accept` likes."""

    def run(text: str, at: int) -> Outcome:
        if at < len(text) and accept(text[at]):
            return Outcome(consumed=True, ok=True, value=text[at], position=at + 1, failure=Failure(at + 1))
        found = shown(text[at]) if at < len(text) else ""
        return Outcome(False, False, None, at, Failure(at, ((UNEXPECTED_INPUT, found),)))

    return run


def char(wanted: str) -> Parser:
    return label(one(lambda c: c == wanted), shown(wanted))


def none_of(excluded: str) -> Parser:
    return one(lambda c: c not in excluded)


def literal(wanted: str) -> Parser:
    """The exact text; a half-matched one counts as consumed."""
    expected = (EXPECTED, shown(wanted))

    def run(text: str, at: int) -> Outcome:
        if text.startswith(wanted, at):
            end = at + len(wanted)
            return Outcome(consumed=True, ok=True, value=wanted, position=end, failure=Failure(end))
        matched = next((i for i, c in enumerate(wanted) if text[at + i : at + i + 1] != c), len(wanted))
        found = text[at + matched : at + matched + 1]
        failure = Failure(at, ((UNEXPECTED_INPUT, shown(found) if found else ""), expected))
        return Outcome(consumed=matched > 0, ok=False, value=None, position=at, failure=failure)

    return run


def sequence(*parsers: Parser) -> Parser:
    """All in order; the value is the tuple of theirs."""

    def run(text: str, at: int) -> Outcome:
        consumed, values, failure = False, [], Failure(at)
        for parser in parsers:
            outcome = parser(text, at)
            consumed = consumed or outcome.consumed
            failure = outcome.failure if outcome.consumed else merge(failure, outcome.failure)
            if not outcome.ok:
                return Outcome(consumed, ok=False, value=None, position=at, failure=failure)
            values.append(outcome.value)
            at = outcome.position
        return Outcome(consumed, ok=True, value=tuple(values), position=at, failure=failure)

    return run


def mapped(parser: Parser, function: Callable[[Any], Any]) -> Parser:
    def run(text: str, at: int) -> Outcome:
        outcome = parser(text, at)
        return outcome._replace(value=function(outcome.value)) if outcome.ok else outcome

    return run


def build(function: Callable[..., Any], *parsers: Parser) -> Parser:
    """A sequence whose values are the function's arguments."""
    return mapped(sequence(*parsers), lambda values: function(*values))


def keep(index: int, *parsers: Parser) -> Parser:
    """A sequence of which one value matters."""
    return mapped(sequence(*parsers), lambda values: values[index])


def choice(*parsers: Parser) -> Parser:
    """The first that succeeds or that consumed input."""

    def run(text: str, at: int) -> Outcome:
        failure = Failure(at)
        for parser in parsers:
            outcome = parser(text, at)
            if outcome.consumed:
                return outcome
            failure = merge(failure, outcome.failure)
            if outcome.ok:
                return outcome._replace(failure=failure)
        return Outcome(consumed=False, ok=False, value=None, position=at, failure=failure)

    return run


def attempt(parser: Parser) -> Parser:
    """As `parser`, but a failure leaves the input untouched."""

    def run(text: str, at: int) -> Outcome:
        outcome = parser(text, at)
        return outcome if outcome.ok else outcome._replace(consumed=False, position=at)

    return run


def look_ahead(parser: Parser) -> Parser:
    def run(text: str, at: int) -> Outcome:
        outcome = parser(text, at)
        if not outcome.ok:
            return outcome
        return Outcome(consumed=False, ok=True, value=outcome.value, position=at, failure=Failure(at))

    return run


def label(parser: Parser, name: str) -> Parser:
    """`parser`, described by `name` where it fails without having consumed input."""

    def run(text: str, at: int) -> Outcome:
        outcome = parser(text, at)
        if outcome.consumed or (outcome.ok and not outcome.failure.notes):
            return outcome
        others = tuple(note for note in outcome.failure.notes if note[0] != EXPECTED)
        return outcome._replace(failure=Failure(outcome.failure.position, ((EXPECTED, name), *others)))

    return run


def many(parser: Parser) -> Parser:
    """As often as it goes, none at all included."""

    def run(text: str, at: int) -> Outcome:
        values: list[Any] = []
        while True:
            outcome = parser(text, at)
            if not outcome.ok:
                ok, value = (False, None) if outcome.consumed else (True, values)
                return Outcome(bool(values) or outcome.consumed, ok, value, at, outcome.failure)
            values.append(outcome.value)
            at = outcome.position

    return run


def many1(parser: Parser) -> Parser:
    return build(lambda first, rest: [first, *rest], parser, many(parser))


def run_of(pattern: str, single: Parser, *, at_least: int = 0) -> Parser:
    """The longest run of a character class, as text: `many(single)` at the speed of a regular expression."""
    matcher = re.compile(f"(?:{pattern})*", re.DOTALL)

    def run(text: str, at: int) -> Outcome:
        match = matcher.match(text, at)
        end = match.end() if match else at
        failure = single(text, end).failure
        ok = end - at >= at_least
        return Outcome(consumed=end > at, ok=ok, value=text[at:end], position=end if ok else at, failure=failure)

    return run


def separated(item: Parser, separator: Parser) -> Parser:
    """One item or more with separators between them."""
    return build(lambda first, rest: [first, *rest], item, many(keep(1, separator, item)))


def optional(parser: Parser, default: Any = None) -> Parser:
    return choice(parser, succeed(default))


def not_followed_by(parser: Parser) -> Parser:
    """Succeeds, consuming nothing, where `parser` does not."""

    def run(text: str, at: int) -> Outcome:
        outcome = parser(text, at)
        if not outcome.ok:
            return Outcome(consumed=False, ok=True, value=None, position=at, failure=Failure(at))
        notes = ((UNEXPECTED, shown_character(outcome.value)),)
        return Outcome(consumed=False, ok=False, value=None, position=at, failure=Failure(outcome.position, notes))

    return run


def _end_of_input(text: str, at: int) -> Outcome:
    notes: tuple[Note, ...] = () if at >= len(text) else ((UNEXPECTED, shown_character(text[at])),)
    return Outcome(consumed=False, ok=not notes, value=None, position=at, failure=Failure(at, notes))


end_of_input = label(_end_of_input, "end of input")


def described(failure: Failure) -> str:
    """'unexpected "x" expecting letter or digit', on one line."""
    notes = sorted(failure.notes, key=lambda note: note[0])
    texts = {kind: [text for note_kind, text in notes if note_kind == kind] for kind in range(4)}
    lines = [
        _unexpected_input(texts),
        _listed("unexpected", texts[UNEXPECTED]),
        _listed("expecting", texts[EXPECTED]),
        _listed("", texts[MESSAGE]),
    ]
    return " ".join(dict.fromkeys(line for line in lines if line)) or "unknown parse error"


def _unexpected_input(texts: dict[int, list[str]]) -> str:
    if texts[UNEXPECTED] or not texts[UNEXPECTED_INPUT]:
        return ""
    return f"unexpected {texts[UNEXPECTED_INPUT][0] or 'end of input'}"


def _listed(prefix: str, texts: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(text for text in texts if text))
    if not distinct:
        return ""
    listed = distinct[0] if len(distinct) == 1 else f"{', '.join(distinct[:-1])} or {distinct[-1]}"
    return f"{prefix} {listed}".strip()


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Both counted from one; a tab reaches to the next multiple of eight."""
    before = text[:position]
    column = 1
    for character in before.rpartition("\n")[2]:
        column = column + 8 - (column - 1) % 8 if character == "\t" else column + 1
    return before.count("\n") + 1, column


ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
FIRST_PRINTABLE, LAST_PRINTABLE = " ", "~"


def _escaped(text: str, quote: str) -> str:
    return "".join(
        ESCAPES.get(c) or (f"\\{c}" if c == quote else c if FIRST_PRINTABLE <= c <= LAST_PRINTABLE else f"\\{ord(c)}")
        for c in text
    )


def shown(text: str) -> str:
    """As a string literal, in double quotes."""
    return f'"{_escaped(text, chr(34))}"'


def shown_character(character: str) -> str:
    """As a quoted character literal: 'x'."""
    return f"'{_escaped(character, chr(39))}'"
