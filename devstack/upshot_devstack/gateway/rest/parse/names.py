"""Identifiers, quoted values and fields with JSON paths: the words that every parameter is made of."""

from upshot_devstack.gateway.rest.parse.combinators import (
    Parser,
    attempt,
    build,
    char,
    choice,
    end_of_input,
    keep,
    label,
    literal,
    look_ahead,
    many,
    mapped,
    none_of,
    not_followed_by,
    one,
    optional,
    run_of,
    separated,
    sequence,
    succeed,
)
from upshot_devstack.gateway.rest.parse.tree import Field, JsonStep

ASCII_DIGITS = frozenset("0123456789")

letter = label(one(str.isalpha), "letter")
digit = label(one(ASCII_DIGITS.__contains__), "digit")
any_character = one(lambda _: True)

spaces = run_of("[ \t]", one(" \t".__contains__))


def padded(parser: Parser) -> Parser:
    """`parser` with blanks allowed around it."""
    return keep(1, spaces, parser, spaces)


_identifier_character = choice(letter, digit, one("_ $".__contains__))
identifier = mapped(run_of(r"[^\W_]|[_ $]", _identifier_character, at_least=1), str.strip)

quoted = keep(
    1,
    char('"'),
    mapped(many(choice(none_of('\\"'), keep(1, char("\\"), any_character))), "".join),
    char('"'),
)

_dash = attempt(sequence(char("-"), not_followed_by(char(">"))))


def dashed(part: Parser) -> Parser:
    """Parts joined by dashes, where a dash that starts an arrow is none."""
    return mapped(separated(part, _dash), "-".join)


name = label(choice(quoted, dashed(identifier)), "field name (* or [a..z0..9_$])")
delimiter = label(char("."), "delimiter (.)")

_key_part = mapped(run_of(r"[^(\-:.,>)]", none_of("(-:.,>)"), at_least=1), str.strip)
_key = label(choice(quoted, dashed(_key_part)), "any non reserved character different from: .,>()")
_index_end = choice(
    attempt(look_ahead(literal("->"))),
    attempt(look_ahead(literal("::"))),
    attempt(look_ahead(literal("."))),
    attempt(look_ahead(literal(","))),
    attempt(end_of_input),
)
_index = build(
    lambda sign, digits, _: (f"{sign}{digits}", True),
    optional(char("-"), "+"),
    run_of("[0-9]", digit, at_least=1),
    _index_end,
)
_operand = choice(attempt(_index), attempt(mapped(_key, lambda key: (key, False))))
_arrow = choice(attempt(literal("->>")), attempt(literal("->")))
json_path = mapped(
    many(build(lambda arrow, operand: JsonStep(arrow, *operand), _arrow, _operand)),
    tuple,
)

field = padded(build(Field, name, choice(json_path, succeed(()))))
alias = attempt(keep(0, name, char(":"), not_followed_by(char(":"))))
columns = mapped(separated(name, padded(char(","))), tuple)
tree_path = build(
    lambda names, path: (tuple(names[:-1]), Field(names[-1], path)),
    separated(name, delimiter),
    choice(json_path, succeed(())),
)
