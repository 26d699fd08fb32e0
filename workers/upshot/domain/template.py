r"""Filling ``{{variables}}`` into messages. One rule, and nothing is ever executed.

``{{ name }}`` stands for the value of the declared variable ``name`` (letters, digits and underscores, not beginning with
a digit; spaces around it do not matter). A string is put in as it is, anything else as JSON in one form. ``\{{`` is a
plain ``{{``. Everything else is text, and a value is never looked at again: placeholders inside values stay as they are.

The database renders by the same rule; frontend_contract/fixtures/rendering.json holds the two together.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from upshot.domain.completion import Message
from upshot.domain.errors import ErrorCode, TemplateError

_TOKEN = re.compile(r"\\\{\{|\{\{[ \t\n\v\f\r]*(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t\n\v\f\r]*\}\}|\{\{")


class Declared(Protocol):
    """What rendering needs to know of a variable."""

    @property
    def type(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def default(self) -> Any: ...
    @property
    def enum(self) -> tuple[Any, ...] | None: ...


def render(
    messages: Iterable[Message], declared: Mapping[str, Declared], values: Mapping[str, Any]
) -> tuple[Message, ...]:
    """The messages with every placeholder filled; TemplateError names what does not fit."""
    texts = _texts(declared, values)
    return tuple(
        Message(role=message.role, content=_fill(message.content, f"Message {number}", texts))
        for number, message in enumerate(messages, start=1)
    )


def placeholders(text: str) -> set[str]:
    """The names that a text asks for."""
    return {name for match in _TOKEN.finditer(text) if (name := match["name"])}


def _texts(declared: Mapping[str, Declared], values: Mapping[str, Any]) -> dict[str, str]:
    known = ", ".join(sorted(declared)) or "none"
    if extra := sorted(name for name in values if name not in declared):
        raise TemplateError(
            f"Not declared by this version: {', '.join(extra)}. It declares {known}.",
            code=ErrorCode.UNEXPECTED_VARIABLE,
        )
    if missing := sorted(name for name, spec in declared.items() if _is_missing(spec, name, values)):
        raise TemplateError(f"No value for {', '.join(missing)}.", code=ErrorCode.MISSING_VARIABLE)
    return {name: _text(name, spec, values.get(name, spec.default)) for name, spec in sorted(declared.items())}


def _is_missing(spec: Declared, name: str, values: Mapping[str, Any]) -> bool:
    return spec.required and spec.default is None and name not in values


def _text(name: str, spec: Declared, value: Any) -> str:
    if value is None and not spec.required:
        return ""
    if not _FITS[spec.type](value):
        raise TemplateError(
            f"{name} is {_kind(value)}, but this version declares it as {spec.type}.",
            code=ErrorCode.WRONG_VARIABLE_TYPE,
        )
    if spec.enum is not None and json_text(value) not in map(json_text, spec.enum):
        raise TemplateError(f"{name} is none of {json_text(list(spec.enum))}.", code=ErrorCode.WRONG_VARIABLE_TYPE)
    return value if isinstance(value, str) else json_text(value)


def json_text(value: Any) -> str:
    """JSON in one form: keys in the order of their code points, numbers as plain digits."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quoted(key)}: {json_text(item)}' for key, item in sorted(value.items()))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(json_text, value))}]"
    if isinstance(value, float):
        return _digits(value)
    return _quoted(value)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _digits(value: float) -> str:
    # Adding zero takes the sign off a negative zero.
    text = format(Decimal(repr(value + 0.0)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fill(text: str, where: str, texts: Mapping[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        if match[0] == r"\{{":
            return "{{"
        name = match["name"]
        if name is None:
            raise _invalid(
                f"{where} has {{{{ without a name and }}}} at character {match.start() + 1}; write \\{{{{ for the braces"
            )
        if name not in texts:
            raise _invalid(f"{where} uses {{{{{name}}}}}, which this version does not declare")
        return texts[name]

    return _TOKEN.sub(put, text)


def _invalid(problem: str) -> TemplateError:
    return TemplateError(f"{problem}.", code=ErrorCode.INVALID_TEMPLATE)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_integer(value: Any) -> bool:
    return _is_number(value) and value == int(value)


_FITS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": _is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _kind(value: Any) -> str:
    names = {type(None): "null", bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return names.get(type(value), "a number")
