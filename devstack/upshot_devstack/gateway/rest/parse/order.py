"""The `order` parameter."""

from upshot_devstack.gateway.rest.parse.combinators import (
    Parser,
    attempt,
    build,
    char,
    choice,
    end_of_input,
    keep,
    literal,
    look_ahead,
    mapped,
    optional,
    separated,
    succeed,
)
from upshot_devstack.gateway.rest.parse.names import delimiter, field, name, padded
from upshot_devstack.gateway.rest.parse.tree import OrderTerm


def _after_dot(word: str, value: str) -> Parser:
    return attempt(mapped(keep(1, delimiter, literal(word)), lambda _: value))


_direction = choice(_after_dot("asc", "asc"), _after_dot("desc", "desc"))
_nulls = choice(_after_dot("nullsfirst", "first"), _after_dot("nullslast", "last"))
_end = choice(attempt(look_ahead(char(","))), attempt(end_of_input))
_tail = choice(
    keep(0, optional(_nulls), _end),
    build(lambda *_: None, succeed(None), _end),
)

_related = build(
    lambda relation, of, direction, nulls: OrderTerm(of, direction, nulls, relation),
    name,
    keep(1, char("("), field, char(")")),
    optional(_direction),
    _tail,
)
_own = build(OrderTerm, field, optional(_direction), _tail)

terms = mapped(separated(padded(choice(attempt(_related), _own)), char(",")), tuple)
