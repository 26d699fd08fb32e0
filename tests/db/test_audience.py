"""Audiences in SQL: the shared vectors, the errors with the node that is wrong, and the node that keeps a call out."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic
from support.world import World

VECTORS = json.loads(
    (Path(__file__).parents[2] / "frontend_contract" / "fixtures" / "audience_vectors.json").read_text()
)


@pytest.fixture
def judge(world: World):
    """Ask the database about JSON."""
    postgres = world.postgres()

    def ask(function: str, *values: Any) -> Any:
        marks = ", ".join(["%s::text::jsonb"] * len(values))
        texts = [None if value is None else json.dumps(value) for value in values]
        return postgres.connection.execute(f"select private.{function}({marks}) as v", texts).fetchone()["v"]  # type: ignore[index]

    return ask


def test_the_shared_vectors_hold(judge):
    wrong = [
        (vector["name"], case)
        for vector in VECTORS["vectors"]
        for case in vector["cases"]
        if judge("audience_matches", vector["audience"], case["attributes"]) is not case["matches"]
    ]
    assert wrong == []


def test_every_vector_is_a_valid_audience_and_every_invalid_one_is_named(judge):
    assert [v["name"] for v in VECTORS["vectors"] if v["audience"] and judge("audience_problem", v["audience"])] == []
    for vector in VECTORS["invalid"]:
        problem = judge("audience_problem", vector["audience"])
        assert problem is not None, vector
        assert problem["path"] == vector["path"], (vector, problem)


def test_the_node_that_keeps_a_call_out_is_named(judge):
    audience = {"all": [{"attribute": "a", "exists": True}, {"any": [{"attribute": "b", "eq": 1}, {"not": {"attribute": "c", "eq": 2}}]}]}  # fmt: skip
    assert judge("audience_miss", audience, {}) == "/all/0"
    assert judge("audience_miss", audience, {"a": 1, "c": 2}) == "/all/1"
    assert judge("audience_miss", audience, {"a": 1}) is None
    assert judge("audience_miss", None, {}) is None


def test_a_wrong_audience_is_refused_when_it_is_written(clinic: Clinic):
    arms = {"a": clinic.version("a"), "b": clinic.version("b")}
    with pytest.raises(psycopg.Error) as caught:
        clinic.experiment(arms, audience={"all": [{"attribute": "plan", "is": "pro"}]})
    assert caught.value.sqlstate == "PT422"
    assert "at /all/0: an attribute needs exactly one of eq" in (caught.value.diag.message_primary or "")
    with pytest.raises(psycopg.Error, match="smaller than 32 kB"):
        clinic.experiment(arms, audience={"any": [{"attribute": "plan", "in": ["x" * 500] * 100}]})
    draft = clinic.experiment(arms)
    with pytest.raises(psycopg.Error, match="audience must be a rule"):
        draft.edit(audience=5)
    with pytest.raises(psycopg.Error, match="a rule is all, any, not"):
        draft.edit(audience={"plan": "pro"})


def test_a_thousand_values_and_all_the_depth_are_answered(judge):
    wide = {"any": [{"attribute": "n", "in": [*range(500)]}] * 5}
    assert judge("audience_matches", wide, {"n": 499}) is True
    assert judge("audience_matches", wide, {"n": 500}) is False
    deep: dict[str, Any] = {"attribute": "n", "eq": 1}
    for _ in range(7):
        deep = {"not": deep}
    assert [judge("audience_matches", deep, {"n": n}) for n in (1, 2)] == [False, True]
