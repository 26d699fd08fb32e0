"""merge_branch: what one side changed is taken, what both changed differently comes back as a conflict."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic
from support.world import Actor

TEXT = "Greet the caller.\nAsk for a date.\nConfirm it.\nSay goodbye."


def code(call: Any, *args: Any, **arguments: Any) -> str:
    with pytest.raises(psycopg.Error) as caught:
        call(*args, **arguments)
    return str(json.loads(str(caught.value.diag.message_detail))["code"])


def fork(clinic: Clinic, name: str = "side") -> None:
    clinic.owner.rpc("create_branch", prompt_id=clinic.prompt_id, name=name)


def merge(clinic: Clinic, source: str = "side", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = clinic.owner.rpc("merge_branch", prompt_id=clinic.prompt_id, source=source, **more)
    return answer


def head(clinic: Clinic, branch: str = "main") -> dict[str, Any]:
    return clinic.owner.one(
        "select v.* from branches b join prompt_versions v on v.id = b.head_version_id"
        " where b.prompt_id = %s and b.name = %s and b.deleted_at is null",
        clinic.prompt_id, branch,
    )  # fmt: skip


def test_both_sides_changes_meet_in_a_version_with_two_parents(clinic: Clinic):
    clinic.version(TEXT)
    fork(clinic)
    theirs = clinic.version(TEXT.replace("Greet", "Warmly greet"), branch="side", params={"temperature": 1})
    ours = clinic.version(TEXT.replace("goodbye", "thank you"), tools=[{"name": "look"}])
    answer = merge(clinic)
    made = head(clinic)
    assert (answer["status"], answer["version"]["id"], answer["conflicts"]) == ("merged", str(made["id"]), [])
    assert (made["parent_version_id"], made["merged_version_id"]) == (ours["id"], theirs["id"])
    both = TEXT.replace("Greet", "Warmly greet").replace("goodbye", "thank you")
    assert made["messages"] == [{"role": "system", "content": both}]
    assert (made["params"], made["tools"], made["message"]) == (
        {"temperature": 1},
        [{"name": "look"}],
        "Merge side into main",
    )
    assert code(merge, clinic) == "already_merged"


def test_a_target_with_nothing_of_its_own_moves_forward(clinic: Clinic):
    clinic.version("one")
    fork(clinic)
    ahead = clinic.version("two", branch="side")
    assert merge(clinic)["status"] == "fast_forward"
    assert head(clinic)["id"] == ahead["id"]
    assert code(merge, clinic) == "already_merged"


def test_a_conflict_comes_back_and_nothing_is_written(clinic: Clinic):
    clinic.version(TEXT, params={"temperature": 0})
    fork(clinic)
    clinic.version(TEXT.replace("a date", "a day"), branch="side", params={"temperature": 1}, model="theirs")
    ours = clinic.version(TEXT.replace("a date", "a time"), params={})
    answer = merge(clinic)
    assert (answer["status"], answer["version"]) == ("conflicts", None)
    assert answer["conflicts"] == [
        {"path": "/params/temperature", "base": 0, "theirs": 1},
        {
            "path": "/messages/0/content/1",
            "base": ["Ask for a date."],
            "ours": ["Ask for a time."],
            "theirs": ["Ask for a day."],
        },
    ]
    assert head(clinic)["id"] == ours["id"]


def test_resolutions_for_the_same_heads_commit_the_merge(clinic: Clinic):
    clinic.version(TEXT, params={"temperature": 0})
    fork(clinic)
    theirs = clinic.version(TEXT.replace("a date", "a day"), branch="side", params={"temperature": 1})
    ours = clinic.version(TEXT.replace("a date", "a time"), params={})
    heads = {"expected_head": ours["id"], "expected_source_head": theirs["id"]}
    some = {"/params/temperature": {"take": "theirs"}}
    assert [c["path"] for c in merge(clinic, **heads, resolutions=some)["conflicts"]] == ["/messages/0/content/1"]
    whole = some | {"/messages/0/content/1": {"value": ["Ask for a day", "and a time."]}}
    assert code(merge, clinic, resolutions=whole) == "bad_argument"
    assert code(merge, clinic, **heads, resolutions=whole | {"/model": {"take": "ours"}}) == "bad_resolution"
    for wrong in (
        "ours",
        {"take": "mine"},
        {},
        {"take": "ours", "remove": True},
        {"value": "no lines"},
        {"value": [1]},
    ):
        assert code(merge, clinic, **heads, resolutions=whole | {"/messages/0/content/1": wrong}) == "bad_resolution"
    assert merge(clinic, **heads, resolutions=whole)["status"] == "merged"
    made = head(clinic)
    assert made["messages"][0]["content"] == TEXT.replace("Ask for a date.", "Ask for a day\nand a time.")
    assert made["params"] == {"temperature": 1}
    assert code(merge, clinic, **heads, resolutions=whole) == "stale_head"


@pytest.mark.parametrize(("resolution", "left"), [({"remove": True}, {}), ({"take": "base"}, {"seed": 1})])
def test_a_field_can_go_or_stay_as_it_was(clinic: Clinic, resolution, left):
    clinic.version("one", params={"seed": 1})
    fork(clinic)
    theirs = clinic.version("one", branch="side", params={"seed": 2})
    ours = clinic.version("one", params={"seed": 3})
    heads = {"expected_head": ours["id"], "expected_source_head": theirs["id"]}
    merge(clinic, **heads, resolutions={"/params/seed": resolution})
    assert head(clinic)["params"] == left


def test_a_message_added_here_and_one_changed_there_both_arrive(clinic: Clinic):
    talk = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "{{q}}"}]
    clinic.version("", messages=talk, variables={"q": {}})
    fork(clinic)
    example = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    clinic.version("", messages=[talk[0], *example, talk[1]], variables={"q": {}}, branch="side")
    kinder = {"role": "system", "content": "Be very kind."}
    clinic.version("", messages=[kinder, talk[1]], variables={"q": {}})
    assert merge(clinic)["conflicts"] == []
    assert head(clinic)["messages"] == [kinder, *example, talk[1]]


def test_a_message_taken_away_here_and_changed_there_is_a_conflict(clinic: Clinic):
    talk = [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]
    clinic.version("", messages=talk)
    fork(clinic)
    clinic.version("", messages=talk[:1], branch="side")
    changed = {"role": "user", "content": "b2"}
    clinic.version("", messages=[talk[0], changed])
    assert merge(clinic)["conflicts"] == [{"path": "/messages/1:2", "base": [talk[1]], "ours": [changed], "theirs": []}]


def test_a_merge_whose_placeholders_are_not_declared_is_refused(clinic: Clinic):
    clinic.version("one\ntwo", variables={"q": {}})
    fork(clinic)
    clinic.version("one {{q}}\ntwo", variables={"q": {}}, branch="side")
    clinic.version("one\ntwo", params={"seed": 1})
    assert code(merge, clinic) == "invalid_template"


def test_where_histories_cross_the_newest_common_version_is_the_base(clinic: Clinic):
    clinic.version(TEXT)
    fork(clinic)
    clinic.version(TEXT.replace("Greet", "Hail"), branch="side")
    left = clinic.version(TEXT.replace("goodbye", "farewell"))
    right = head(clinic, "side")
    clinic.owner.rpc("create_branch", prompt_id=clinic.prompt_id, name="old", from_version=left["id"])
    merge(clinic)  # main: left + right
    merge(clinic, source="old", target="side")  # side: right + left
    clinic.version(head(clinic)["messages"][0]["content"] + "\nMain.")
    clinic.version(head(clinic, "side")["messages"][0]["content"].replace("Confirm", "Check"), branch="side")
    answer = merge(clinic)
    assert answer["base"]["number"] == max(left["number"], right["number"])
    assert answer["status"] == "merged"
    assert head(clinic)["messages"][0]["content"].split("\n") == [
        "Hail the caller.", "Ask for a date.", "Check it.", "Say farewell.", "Main.",
    ]  # fmt: skip


def test_histories_without_a_common_version_conflict_in_what_differs(clinic: Clinic):
    fork(clinic)
    clinic.version("ours")
    clinic.version("theirs", branch="side")
    answer = merge(clinic)
    assert (answer["base"], [c["path"] for c in answer["conflicts"]]) == (None, ["/messages/0:0"])


def test_what_cannot_be_merged_says_why(clinic: Clinic):
    clinic.version("one")
    assert code(merge, clinic) == "unknown_branch"
    assert code(merge, clinic, source="main") == "already_merged"
    other = clinic.put("prompts", key="empty", name="Empty", capability_id=clinic.capability_id)["id"]
    clinic.owner.rpc("create_branch", prompt_id=other, name="side")
    assert code(clinic.owner.rpc, "merge_branch", prompt_id=other, source="side") == "branch_empty"
    assert code(merge, clinic, source="main", expected_source_head=str(other)) == "stale_head"


def test_both_moved_the_tools_differently(clinic: Clinic):
    a, b, c = ({"name": name} for name in "abc")
    clinic.version("one", tools=[a, b, c])
    fork(clinic)
    theirs = clinic.version("one", tools=[b, a, c], branch="side")
    ours = clinic.version("one", tools=[a, c, b])
    [conflict] = merge(clinic)["conflicts"]
    assert conflict == {"path": "/tools", "base": [*"abc"], "ours": [*"acb"], "theirs": [*"bac"]}
    heads = {"expected_head": ours["id"], "expected_source_head": theirs["id"]}
    merge(clinic, **heads, resolutions={"/tools": {"value": ["c"]}})
    assert head(clinic)["tools"] == [c, a, b]


def test_of_two_merges_at_once_one_merges_and_the_other_hears_so(clinic: Clinic):
    clinic.version(TEXT)
    fork(clinic)
    clinic.version(TEXT.replace("Greet", "Hail"), branch="side")
    clinic.version(TEXT.replace("goodbye", "farewell"))
    rivals = [clinic.world.server() for _ in range(3)]
    start = threading.Barrier(len(rivals))

    def attempt(rival: Actor) -> str:
        start.wait()
        try:
            return str(rival.rpc("merge_branch", prompt_id=clinic.prompt_id, source="side")["status"])
        except psycopg.Error as error:
            return str(json.loads(str(error.diag.message_detail))["code"])

    with ThreadPoolExecutor(len(rivals)) as pool:
        assert sorted(pool.map(attempt, rivals)) == ["already_merged", "already_merged", "merged"]
    assert head(clinic)["number"] == 4
