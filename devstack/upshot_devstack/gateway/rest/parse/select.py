"""The `select` parameter: fields, embedded resources, spreads, aggregates."""

from upshot_devstack.gateway.rest.parse.combinators import (
    Outcome,
    Parser,
    attempt,
    build,
    char,
    choice,
    end_of_input,
    fail,
    keep,
    literal,
    look_ahead,
    many,
    mapped,
    optional,
    sequence,
    succeed,
)
from upshot_devstack.gateway.rest.parse.names import alias, field, identifier, name, padded
from upshot_devstack.gateway.rest.parse.tree import Field, SelectField, SelectRelation

_cast = optional(keep(1, literal("::"), identifier))
_item_end = choice(
    attempt(look_ahead(literal(")"))),
    attempt(look_ahead(literal(","))),
    attempt(end_of_input),
)
_aggregate = choice(
    literal("sum"),
    literal("avg"),
    literal("count"),
    attempt(literal("max")),
    attempt(literal("min")),
)
_call = optional(attempt(keep(1, char("."), _aggregate, literal("()"))))

_star = attempt(build(lambda *_: SelectField(Field("*")), literal("*"), _item_end))
_count = attempt(
    build(
        lambda label, _, cast, __: SelectField(Field("*"), alias=label, aggregate="count", aggregate_cast=cast),
        optional(alias),
        literal("count()"),
        _cast,
        _item_end,
    )
)
_plain = build(
    lambda label, of, cast, aggregate, aggregate_cast, _: SelectField(of, label, cast, aggregate, aggregate_cast),
    optional(alias),
    field,
    _cast,
    _call,
    _cast,
    _item_end,
)
_field = padded(choice(_star, _count, _plain))

_embed_parameter = keep(
    1,
    char("!"),
    choice(
        attempt(mapped(literal("left"), lambda _: ("join", "left"))),
        attempt(mapped(literal("inner"), lambda _: ("join", "inner"))),
        attempt(mapped(name, lambda hint: ("hint", hint))),
    ),
)
_embed_parameters = sequence(optional(_embed_parameter), optional(_embed_parameter))
_opening = attempt(look_ahead(literal("(")))

Header = tuple[str | None, str, tuple[tuple[str, str] | None, ...], bool]


def _relation_name(text: str, at: int) -> Outcome:
    """A name that is not the aggregate `count`, which is written like an empty embedding."""
    outcome = name(text, at)
    return fail()(text, at) if outcome.ok and outcome.value == "count" else outcome


_relation_header = padded(
    build(
        lambda label, of, parameters, _: (label, of, parameters, False),
        optional(alias),
        _relation_name,
        _embed_parameters,
        _opening,
    )
)
_spread_header = padded(
    build(
        lambda _, of, parameters, __: (None, of, parameters, True),
        literal("..."),
        name,
        _embed_parameters,
        _opening,
    )
)


def _first(parameters: tuple[tuple[str, str] | None, ...], kind: str) -> str | None:
    return next((value for found in parameters if found for what, value in [found] if what == kind), None)


def _relation(header: Header, children: tuple[object, ...]) -> SelectRelation:
    label, of, parameters, spread = header
    join = _first(parameters, "join")
    return SelectRelation(
        name=of,
        alias=label,
        hint=_first(parameters, "hint"),
        join="inner" if join == "inner" else "left" if join == "left" else None,
        spread=spread,
        children=tuple(child for child in children if isinstance(child, SelectField | SelectRelation)),
    )


def forest(text: str, at: int) -> Outcome:
    """The items between two parentheses, or of the whole parameter; there may be none."""
    return _forest(text, at)


_nested = keep(1, char("("), forest, char(")"))
_item = choice(
    build(_relation, attempt(_spread_header), _nested),
    build(_relation, attempt(_relation_header), _nested),
    _field,
)
_items: Parser = build(
    lambda first, rest: (first, *rest),
    _item,
    many(keep(1, padded(char(",")), _item)),
)
_forest = choice(_items, succeed(()))
