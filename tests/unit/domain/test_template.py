"""Filling variables: one rule, clear errors, nothing executed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upshot.domain.bundle import Variable
from upshot.domain.completion import Message
from upshot.domain.errors import ErrorCode, TemplateError
from upshot.domain.template import placeholders, render


def fill(text, declared=None, **values):
    declared = {name: Variable() for name in values} if declared is None else declared
    [message] = render([Message(role="user", content=text)], declared, values)
    return message.content


def refusal(text, declared, **values) -> TemplateError:
    with pytest.raises(TemplateError) as refused:
        fill(text, declared, **values)
    return refused.value


def test_a_placeholder_becomes_the_value():
    assert fill("Hello {{name}}, {{ name }}!", name="Ada") == "Hello Ada, Ada!"


def test_a_value_is_not_looked_at_again():
    assert fill("{{a}}", a="{{b}}", b="secret") == "{{b}}"


def test_backslash_braces_are_plain_braces():
    assert fill(r"write \{{name}} for {{name}}", name="Ada") == "write {{name}} for Ada"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("integer", 3, "3"),
        ("integer", 3.0, "3"),
        ("number", 0.5, "0.5"),
        ("boolean", True, "true"),
        ("array", ["a", 1], '["a", 1]'),
        ("object", {"é": None}, '{"é": null}'),
    ],
)
def test_other_values_become_json(kind, value, text):
    assert fill("{{v}}", {"v": Variable(type=kind)}, v=value) == text


def test_json_in_a_prompt_needs_no_escaping():
    assert fill('{"a": {"b": {{v}}}}', v="1") == '{"a": {"b": 1}}'


def test_missing_values_are_named_together():
    refused = refusal("{{a}}{{b}}", {"a": Variable(), "b": Variable(), "c": Variable(required=False)})
    assert refused.code == ErrorCode.MISSING_VARIABLE
    assert str(refused) == "No value for a, b."


def test_extra_values_are_refused_and_the_known_ones_listed():
    refused = refusal("{{a}}", {"a": Variable()}, a="1", aa="2")
    assert refused.code == ErrorCode.UNEXPECTED_VARIABLE
    assert str(refused) == "Not declared by this version: aa. It declares a."


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", 1),
        ("string", None),
        ("number", "1"),
        ("number", True),
        ("number", float("nan")),
        ("integer", 1.5),
        ("boolean", 0),
        ("array", {}),
        ("object", []),
    ],
)
def test_a_value_of_another_type_is_refused(kind, value):
    refused = refusal("{{v}}", {"v": Variable(type=kind)}, v=value)
    assert refused.code == ErrorCode.WRONG_VARIABLE_TYPE
    assert f"declares it as {kind}" in str(refused)


def test_a_value_outside_its_enum_is_refused():
    assert "none of" in str(refusal("{{v}}", {"v": Variable(enum=("a", "b"))}, v="c"))


def test_a_missing_optional_is_its_default_or_nothing():
    declared = {"a": Variable(required=False), "b": Variable(required=False, default="x"), "c": Variable(default="y")}
    assert fill("[{{a}}{{b}}{{c}}]", declared) == "[xy]"


def test_an_undeclared_placeholder_is_refused_with_its_place():
    refused = refusal("Hi {{nmae}}", {"name": Variable()}, name="Ada")
    assert refused.code == ErrorCode.INVALID_TEMPLATE
    assert str(refused) == "Message 1 uses {{nmae}}, which this version does not declare."


@pytest.mark.parametrize("text", ["{{", "{{ }}", "{{a.b}}", "{{1a}}", "{{a|upper}}", "{{a", "{{ {{a}}"])
def test_open_braces_that_are_no_placeholder_are_refused(text):
    refused = refusal(text, {"a": Variable()}, a="x")
    assert refused.code == ErrorCode.INVALID_TEMPLATE
    assert "at character 1" in str(refused)


def test_placeholders_lists_names_but_not_escaped_ones():
    assert placeholders(r"{{a}} {{ b }} \{{c}} {{d") == {"a", "b"}


@given(st.text())
def test_text_without_open_braces_stays_as_it_is(text):
    if "{{" not in text:
        assert fill(text) == text


@given(st.text(), st.text(), st.text())
def test_any_string_value_arrives_whole(before, value, after):
    before, after = before.replace("{", "").replace("\\", ""), after.replace("{", "")
    assert fill(before + "{{v}}" + after, v=value) == before + value + after


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(), st.lists, max_leaves=8))
def test_any_array_arrives_as_json(value):
    assert json.loads(fill("{{v}}", {"v": Variable(type="array")}, v=[value])) == [value]
