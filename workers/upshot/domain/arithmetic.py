"""Arithmetic over columns, as people write it in formulas. Parsed and walked here, never run as Python."""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from upshot.domain.errors import FormulaError

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
FUNCTIONS = ("log", "exp", "sqrt", "abs")
LONGEST = 500
LARGEST_POWER = 10


class Arithmetic:
    """One expression, such as ``age**2`` or ``year >= 1899``.

    Works on whatever the columns are, as long as it has the operators: numbers, or whole arrays of them.
    """

    def __init__(self, text: str) -> None:
        """FormulaError when it is not arithmetic."""
        if len(text) > LONGEST:
            raise FormulaError(f"An expression may have {LONGEST} characters: {text[:40]}…")
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise FormulaError(f"Not an expression: {text}") from error
        self.text = text.strip()
        self.names = frozenset(_names(self._tree))

    def evaluate(self, columns: Mapping[str, Any], functions: Mapping[str, Callable[[Any], Any]]) -> Any:
        """The value, given the columns; FormulaError for a column that is not there."""
        try:
            return _value(self._tree, columns, functions)
        except (ArithmeticError, TypeError) as error:
            raise FormulaError(f"{self.text} cannot be computed from these columns.") from error


def _names(node: ast.expr) -> set[str]:
    """The columns in it; FormulaError for anything but arithmetic."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.Constant(value=bool() | int() | float()):
            return set()
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as power)) if (
            abs(power) <= LARGEST_POWER
        ):
            return _names(left)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            return _names(left) | _names(right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _names(operand)
        case ast.Compare(left=left, ops=[one], comparators=[right]) if type(one) in _COMPARE:
            return _names(left) | _names(right)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return _names(argument)
    raise FormulaError(f"Only + - * / **, comparisons and {', '.join(FUNCTIONS)} stand in an expression.")


def _value(node: ast.expr, columns: Mapping[str, Any], functions: Mapping[str, Callable[[Any], Any]]) -> Any:
    match node:
        case ast.Name(id=name):
            if name not in columns:
                raise FormulaError(f"There is no column {name}.")
            return columns[name]
        case ast.Constant(value=bool() | int() | float() as value):
            return float(value)  # a whole number raised again and again would have no end
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_value(left, columns, functions), _value(right, columns, functions))
        case ast.UnaryOp(op=op, operand=operand):
            value = _value(operand, columns, functions)
            return -value if isinstance(op, ast.USub) else value
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _COMPARE[type(op)](_value(left, columns, functions), _value(right, columns, functions))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return functions[name](_value(argument, columns, functions))
    raise AssertionError("the names were read before")
