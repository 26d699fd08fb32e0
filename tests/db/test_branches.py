"""Branches and the log: lines of versions that begin, move, are renamed, and go without losing anything."""

import json
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic


def code(call: Any, *args: Any, **arguments: Any) -> str:
    with pytest.raises(psycopg.Error) as caught:
        call(*args, **arguments)
    return str(json.loads(str(caught.value.diag.message_detail))["code"])


def branch(clinic: Clinic, name: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = clinic.owner.rpc("create_branch", prompt_id=clinic.prompt_id, name=name, **more)
    return made


def log(clinic: Clinic, **more: Any) -> list[dict[str, Any]]:
    names = "".join(f", {name} => %s" for name in more)
    return clinic.owner.rows(f"select * from version_log(%s{names})", clinic.prompt_id, *more.values())


def test_a_branch_begins_at_main_at_another_branch_or_at_a_version(clinic: Clinic):
    first, second = clinic.version("one"), clinic.version("two")
    assert branch(clinic, "a")["head_version_id"] == second["id"]
    assert branch(clinic, "b", from_version=first["id"])["head_version_id"] == first["id"]
    third = clinic.version("three", branch="b")
    assert branch(clinic, "c", from_branch="b")["head_version_id"] == third["id"]


def test_the_same_branch_again_is_the_same_branch(clinic: Clinic):
    first = clinic.version("one")
    made = branch(clinic, "a")
    assert branch(clinic, "a")["id"] == made["id"]
    clinic.version("two")
    assert code(branch, clinic, "a") == "branch_exists"
    assert branch(clinic, "a", from_version=first["id"])["id"] == made["id"]


def test_a_branch_begins_nowhere_else(clinic: Clinic):
    clinic.version("one")
    other = clinic.put("prompts", key="other", name="Other", capability_id=clinic.capability_id)["id"]
    foreign = clinic.version("foreign", prompt_id=other)
    assert code(branch, clinic, "a", from_version=foreign["id"]) == "unknown_version"
    assert code(branch, clinic, "a", from_branch="nowhere") == "unknown_branch"
    assert code(branch, clinic, "a", from_branch="main", from_version=foreign["id"]) == "bad_argument"
    for name in ("", "-x", "with space", "x" * 101, None):
        assert code(branch, clinic, name) == "bad_argument"


def test_a_branch_is_renamed_but_main_is_not(clinic: Clinic):
    clinic.version("one")
    made, rename = branch(clinic, "a"), {"prompt_id": clinic.prompt_id}
    assert clinic.owner.rpc("rename_branch", **rename, branch="a", new_name="b")["id"] == made["id"]
    assert code(clinic.owner.rpc, "rename_branch", **rename, branch="a", new_name="c") == "unknown_branch"
    assert code(clinic.owner.rpc, "rename_branch", **rename, branch="b", new_name="main") == "branch_exists"
    assert code(clinic.owner.rpc, "rename_branch", **rename, branch="main", new_name="c") == "main_stays"
    assert code(clinic.owner.rows, "update branches set name = 'c' where name = 'main'") == "main_stays"


def test_only_what_another_line_keeps_is_deleted_without_asking_twice(clinic: Clinic):
    clinic.version("one")
    branch(clinic, "a")
    own = clinic.version("own", branch="a")
    call = {"prompt_id": clinic.prompt_id, "branch": "a", "expected_head": own["id"]}
    assert code(clinic.owner.rpc, "delete_branch", **call) == "branch_unmerged"
    clinic.owner.rpc("tag_version", version_id=own["id"], name="keep")
    assert clinic.owner.rpc("delete_branch", **call)["deleted_at"] is not None
    assert code(clinic.version, "x", branch="a") == "unknown_branch"
    again = branch(clinic, "a", from_version=own["id"])
    assert clinic.version("on", branch="a")["parent_version_id"] == own["id"]
    assert code(clinic.owner.rpc, "delete_branch", **call) == "stale_head"
    head = {"expected_head": log(clinic, branch="a")[0]["version_id"], "even_unmerged": True}
    assert clinic.owner.rpc("delete_branch", **call | head)["id"] == again["id"]


def test_main_stays(clinic: Clinic):
    head = clinic.version("one")["id"]
    call = {"prompt_id": clinic.prompt_id, "branch": "main", "expected_head": head, "even_unmerged": True}
    assert code(clinic.owner.rpc, "delete_branch", **call) == "main_stays"


def test_nobody_touches_a_deleted_branch(clinic: Clinic):
    branch(clinic, "a")
    clinic.owner.rpc("delete_branch", prompt_id=clinic.prompt_id, branch="a", expected_head=None)
    assert clinic.owner.rows("update branches set name = 'b' where name = 'a' returning id") == []


def test_the_log_follows_both_parents_newest_first_and_says_what_changed(clinic: Clinic):
    first = clinic.version("one")
    branch(clinic, "a")
    clinic.version("one", branch="a", model="m2", params={"temperature": 1, "top/p": 2}, message="tuned")
    clinic.version("two", tools=[{"name": "look"}])
    clinic.owner.rpc("merge_branch", prompt_id=clinic.prompt_id, source="a", message="bring it in")
    found = log(clinic)
    assert [row["number"] for row in found] == [4, 3, 2, 1]
    assert [row["branch_name"] for row in found] == ["main", "main", "a", "main"]
    assert [row["message"] for row in found] == ["bring it in", "two", "tuned", "one"]
    assert found[2]["changed"] == ["/model", "/params/temperature", "/params/top~1p"]
    assert found[1]["changed"] == ["/tools/look", "/messages"]
    assert (found[3]["changed"], found[3]["version_id"]) == (None, first["id"])
    assert {str(row["author"]) for row in found} == {clinic.owner.user_id}
    assert [row["number"] for row in log(clinic, branch="a")] == [2, 1]


def test_the_log_comes_in_pages(clinic: Clinic):
    for number in range(5):
        clinic.version(str(number))
    clinic.owner.rpc("tag_version", version_id=log(clinic)[0]["version_id"], name="newest")
    page = log(clinic, page_size=2)
    assert ([row["number"] for row in page], page[0]["tags"]) == ([5, 4], ["newest"])
    assert [row["number"] for row in log(clinic, page_size=2, before_number=4)] == [3, 2]
    assert log(clinic, before_number=1) == []
    assert code(log, clinic, page_size=0) == "bad_argument"
    assert code(log, clinic, branch="nowhere") == "unknown_branch"
