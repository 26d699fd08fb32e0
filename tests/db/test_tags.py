"""Tags: names that point at versions, move by compare-and-swap, and leave a trace."""

import json
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic


def code(call: Any, *args: Any, **arguments: Any) -> str:
    with pytest.raises(psycopg.Error) as caught:
        call(*args, **arguments)
    return str(json.loads(str(caught.value.diag.message_detail))["code"])


def tag(clinic: Clinic, version: dict[str, Any], name: str = "stable", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = clinic.owner.rpc("tag_version", version_id=version["id"], name=name, **more)
    return made


def test_a_tag_moves_only_from_where_the_caller_believes_it_to_be(clinic: Clinic):
    first, second, third = (clinic.version(text) for text in ("one", "two", "three"))
    tag(clinic, first)
    assert tag(clinic, first)["version_id"] == first["id"]
    assert code(tag, clinic, second) == "stale_tag"
    assert tag(clinic, second, expected_version=first["id"], reason="better")["version_id"] == second["id"]
    assert code(tag, clinic, third, expected_version=first["id"]) == "stale_tag"
    assert code(tag, clinic, third, name="new", expected_version=first["id"]) == "stale_tag"


def test_every_move_of_a_tag_is_remembered(clinic: Clinic):
    first, second = clinic.version("one"), clinic.version("two")
    tag(clinic, first)
    tag(clinic, second, expected_version=first["id"], reason="better")
    gone = clinic.owner.rpc("untag", prompt_id=clinic.prompt_id, name="stable", expected_version=second["id"])
    assert gone["version_id"] == second["id"]
    assert clinic.owner.rows("select * from tags") == []
    moves = clinic.owner.rows("select * from tag_moves order by id")
    assert [(m["from_version_id"], m["to_version_id"], m["reason"]) for m in moves] == [
        (None, first["id"], ""),
        (first["id"], second["id"], "better"),
        (second["id"], None, ""),
    ]
    assert {str(m["created_by"]) for m in moves} == {clinic.owner.user_id}


def test_a_tag_is_taken_away_only_where_it_is(clinic: Clinic):
    first, second = clinic.version("one"), clinic.version("two")
    call = {"prompt_id": clinic.prompt_id, "name": "stable"}
    assert code(clinic.owner.rpc, "untag", **call, expected_version=first["id"]) == "unknown_tag"
    tag(clinic, second)
    assert code(clinic.owner.rpc, "untag", **call, expected_version=first["id"]) == "stale_tag"


def test_a_name_is_unique_in_the_prompt_and_free_in_another(clinic: Clinic):
    tag(clinic, clinic.version("one"))
    other = clinic.put("prompts", key="other", name="Other", capability_id=clinic.capability_id)["id"]
    tag(clinic, clinic.version("foreign", prompt_id=other))
    assert len(clinic.owner.rows("select * from tags where name = 'stable'")) == 2
    assert code(tag, clinic, clinic.version("two"), name="not a name") == "bad_argument"
