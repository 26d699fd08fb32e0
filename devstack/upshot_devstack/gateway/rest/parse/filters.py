"""Filters (`column=operator.value`) and logic trees (`or=(…)`)."""

import re
from collections.abc import Sequence
from typing import Literal

from upshot_devstack.gateway.rest.parse.combinators import (
    Outcome,
    Parser,
    attempt,
    build,
    char,
    choice,
    keep,
    label,
    literal,
    mapped,
    none_of,
    not_followed_by,
    optional,
    run_of,
    separated,
    sequence,
    succeed,
)
from upshot_devstack.gateway.rest.parse.names import any_character, delimiter, field, identifier, name, padded, quoted
from upshot_devstack.gateway.rest.parse.tree import Filter, LogicNode, Operation, Path

SIMPLE_OPERATORS = ("neq", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj")
QUANTIFIED_OPERATORS = ("eq", "gte", "gt", "lte", "lt", "like", "ilike", "match", "imatch")
TEXT_SEARCH_OPERATORS = ("fts", "plfts", "phfts", "wfts")
TRUTH_VALUES = ("null", "not_null", "true", "false", "unknown")

QUANTIFIERS: dict[str | None, Literal["any", "all"]] = {"any": "any", "all": "all"}

PLAIN_OPERATION = re.compile(
    r"(not\.)?(?:"
    rf"({'|'.join(SIMPLE_OPERATORS)}|isdistinct)|({'|'.join(QUANTIFIED_OPERATORS)})(?:\((any|all)\))?"
    r")\."
)
"""An operation whose value is all the rest of the parameter."""


def _any_of(words: Sequence[str]) -> Parser:
    return choice(*(attempt(literal(word)) for word in words))


def _any_case(word: str) -> Parser:
    parts = sequence(*(choice(char(c), char(c.upper())) for c in word))
    return attempt(mapped(parts, lambda _: word))


_simple_operator = label(_any_of(SIMPLE_OPERATORS), "unknown single value operator")
_quantified_operator = label(_any_of(QUANTIFIED_OPERATORS), "unknown single value operator")
_quantifier = optional(
    attempt(keep(1, char("("), choice(attempt(literal("any")), literal("all")), char(")"))),
)
_truth_value = label(
    choice(*(_any_case(word) for word in TRUTH_VALUES)), "isVal: (null, not_null, true, false, unknown)"
)
_language = optional(attempt(keep(1, char("("), identifier, char(")"))))

_bare_element = run_of("[^,)]", none_of(",)"))
_ends_there = not_followed_by(none_of(",)"))
_element = choice(attempt(keep(0, quoted, _ends_there)), _bare_element)
_list = keep(1, padded(char("(")), mapped(separated(_element, char(",")), tuple), padded(char(")")))

_whole_rest = run_of(".", any_character)
_array = mapped(
    sequence(literal("{"), run_of("[^{}]", none_of("{}")), literal("}")),
    "".join,
)
_value_in_tree = choice(attempt(keep(0, quoted, _ends_there)), attempt(_array), _bare_element)


def _operation(value: Parser) -> Parser:
    in_list = build(
        lambda _, values: Operation("in", values=values), attempt(sequence(literal("in"), delimiter)), _list
    )
    is_value = build(lambda _, truth: Operation("is", truth), attempt(sequence(literal("is"), delimiter)), _truth_value)
    is_distinct = build(
        lambda _, text: Operation("isdistinct", text), attempt(sequence(literal("isdistinct"), delimiter)), value
    )
    search = build(
        lambda operator, language, _, text: Operation(operator, text, language=language),
        _any_of(TEXT_SEARCH_OPERATORS),
        _language,
        delimiter,
        value,
    )
    simple = build(lambda operator, _, text: Operation(operator, text), _simple_operator, delimiter, value)
    quantified = build(
        lambda operator, quantifier, _, text: Operation(operator, text, quantifier=quantifier),
        _quantified_operator,
        _quantifier,
        delimiter,
        value,
    )
    positive = label(
        choice(in_list, is_value, is_distinct, attempt(search), attempt(simple), attempt(quantified)),
        "operator (eq, gt, ...)",
    )
    negation = choice(attempt(mapped(sequence(literal("not"), delimiter), lambda _: True)), succeed(False))
    return build(_with_negation, negation, positive)


def _with_negation(negated: bool, operation: Operation) -> Operation:
    if not negated:
        return operation
    return Operation(operation.name, operation.value, operation.values, True, operation.quantifier, operation.language)


operation = _operation(_whole_rest)
_tree_filter = build(
    lambda of, _, found: Filter(of, found),
    field,
    delimiter,
    _operation(_value_in_tree),
)
_tree_negation = label(
    choice(attempt(mapped(sequence(literal("not"), delimiter), lambda _: True)), succeed(False)),
    "negation operator (not)",
)
_tree_operator = label(choice(attempt(literal("and")), literal("or")), "logic operator (and, or)")


def logic_tree(text: str, at: int) -> Outcome:
    """`and(…)`, `or(…)`, `not.and(…)`, or one filter."""
    return _logic_tree(text, at)


_branches = keep(1, padded(char("(")), mapped(separated(logic_tree, padded(char(","))), tuple), padded(char(")")))
_logic_tree = choice(
    attempt(_tree_filter),
    build(LogicNode, _tree_negation, _tree_operator, _branches),
)


def _split_logic_path(names: list[str]) -> tuple[Path, str]:
    operator = f"not.{names[-1]}" if "not" in names else names[-1]
    return tuple(part for part in names[:-1] if part != "not"), operator


logic_path = mapped(separated(name, delimiter), _split_logic_path)


def plain_operation(value: str, slot: int | None) -> Operation | None:
    """The operation when it is of the everyday kind; None when it takes the grammar to tell."""
    match = PLAIN_OPERATION.match(value)
    if match is None:
        return None
    negated, simple, quantified, quantifier = match.groups()
    return Operation(
        simple or quantified,
        value[match.end() :],
        negated=negated is not None,
        quantifier=QUANTIFIERS.get(quantifier),
        slot=slot,
    )
