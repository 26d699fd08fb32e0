"""One rule, two renderers: the database's and the workers', on the same vectors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from support.clinic import Clinic
from support.world import Actor, World, world_of
from upshot.domain.bundle import Variable
from upshot.domain.completion import Message
from upshot.domain.errors import TemplateError
from upshot.domain.template import render

FIXTURE = Path(__file__).parents[2] / "frontend_contract" / "fixtures" / "rendering.json"
VECTORS = json.loads(FIXTURE.read_text())["vectors"]
Answer = list[dict[str, Any]] | tuple[str, str]


@pytest.fixture(scope="module")
def postgres(cluster_templates: Any, _project_template: str) -> Iterator[Actor]:
    """One database for all vectors: nothing is written."""
    database = cluster_templates.clone(_project_template)
    with world_of(database) as world:
        yield World.postgres(world)
    cluster_templates.drop(database)


def by_sql(postgres: Actor, messages: Any, variables: Any, values: Any) -> Answer:
    try:
        row = postgres.one(
            "select private.render_messages(%s, %s, %s) as made", Jsonb(messages), Jsonb(variables), Jsonb(values)
        )
    except psycopg.Error as error:
        return json.loads(str(error.diag.message_detail))["code"], str(error.diag.message_primary)
    made: list[dict[str, Any]] = row["made"]
    return made


def by_worker(messages: Any, variables: Any, values: Any) -> Answer:
    declared = {name: Variable.model_validate(spec) for name, spec in variables.items()}
    try:
        made = render([Message.model_validate(message) for message in messages], declared, values)
    except TemplateError as error:
        return str(error.code), str(error)
    return [message.model_dump() for message in made]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_both_renderers_do_what_the_vector_says(postgres: Actor, vector: dict[str, Any]):
    given_ = vector["messages"], vector["variables"], vector["values"]
    expected = vector["rendered"] if "rendered" in vector else (vector["error"], vector["message"])
    assert by_worker(*given_) == expected
    assert by_sql(postgres, *given_) == expected


CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
PIECES = st.sampled_from(["{{a}}", "{{ b }}", "\\", "{", "}", "{{", "}}", "\n", " ", "a", "é"]) | st.text(
    CHARACTERS, max_size=3
)
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(CHARACTERS, max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS, max_size=3), inner, max_size=3),
    max_leaves=6,
)
SPECS = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "number", "integer", "boolean", "array", "object"])},
    optional={"required": st.booleans(), "default": VALUES, "enum": st.lists(VALUES, max_size=2)},
)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(PIECES, max_size=6).map("".join),
    st.dictionaries(st.sampled_from("abc"), SPECS, max_size=3),
    st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=3),
)
def test_both_renderers_agree_on_anything(postgres: Actor, text: str, variables: Any, values: Any):
    messages = [{"role": "user", "content": text}]
    # As workers get them: through the database, which writes numbers in its own way.
    stored = postgres.one("select %s::jsonb as a, %s::jsonb as b", Jsonb(variables), Jsonb(values))
    assert by_worker(messages, stored["a"], stored["b"]) == by_sql(postgres, messages, variables, values)


def test_a_version_is_rendered_with_the_rest_of_its_bundle(clinic: Clinic):
    made = clinic.version("Hi {{name}}", variables={"name": {}}, params={"seed": 1})
    answer = clinic.owner.rpc("render_version", version_id=made["id"], variables={"name": "{{name}}"})
    assert answer["messages"] == [{"role": "system", "content": "Hi {{name}}"}]
    assert (answer["provider"], answer["model"], answer["params"]) == ("local", "smol", {"seed": 1})
    assert answer["content_hash"] == made["content_hash"]


@pytest.mark.parametrize("variables", [Jsonb([]), Jsonb("x"), None])
def test_variables_come_as_an_object(clinic: Clinic, variables):
    made = clinic.version("x")
    with pytest.raises(psycopg.Error) as caught:
        clinic.owner.rpc("render_version", version_id=made["id"], variables=variables)
    assert "bad_argument" in str(caught.value.diag.message_detail)


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"a": {"minimum": 1}}, "variables.a.minimum"),
        ({"a": {"type": "date"}}, "variables.a.type"),
        ({"a": {"type": ["string"]}}, "variables.a.type"),
        ({"a": {"required": "no"}}, "variables.a.required"),
        ({"a": {"enum": "x"}}, "variables.a.enum"),
        ({"a": {"type": "integer", "default": "x"}}, "variables.a.default"),
        ({"a": {"enum": ["x"], "default": "y"}}, "variables.a.default"),
        ({"a b": {}}, "variables.a b"),
        ({"": {}}, "variables."),
    ],
)
def test_a_variable_that_no_renderer_could_keep_is_refused_at_the_commit(clinic: Clinic, variables, field):
    with pytest.raises(psycopg.Error) as caught:
        clinic.version("x", variables=variables)
    detail = json.loads(str(caught.value.diag.message_detail))
    assert (detail["code"], detail["field"]) == ("bad_bundle", field)


@pytest.mark.parametrize("text", ["{{a}}", "{{", "x {{ a.b }}"])
def test_a_placeholder_that_stands_for_nothing_is_refused_at_the_commit(clinic: Clinic, text):
    with pytest.raises(psycopg.Error) as caught:
        clinic.version(text)
    assert json.loads(str(caught.value.diag.message_detail))["code"] == "invalid_template"
    assert clinic.version("\\" + text.lstrip("x "))["number"] == 1
