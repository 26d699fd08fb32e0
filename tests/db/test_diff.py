"""diff_versions: by field, by message, by line, by word."""

import json
import random
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic
from support.diffs import apply
from support.effort import computed


def diff(clinic: Clinic, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = clinic.owner.rpc("diff_versions", from_version=before["id"], to_version=after["id"])
    return answer


def test_fields_are_named_by_their_paths(clinic: Clinic):
    look, book = {"name": "look", "v": 1}, {"type": "function", "function": {"name": "book"}}
    before = clinic.version("x", params={"temperature": 0, "seed": 1}, tools=[look], variables={"a": {}})
    after = clinic.version(
        "x", model="big", params={"seed": 1, "a/b": 2}, tools=[look | {"v": 2}, book], response_format={"type": "text"}
    )
    answer = diff(clinic, before, after)
    assert [(f["path"], f["op"]) for f in answer["fields"]] == [
        ("/model", "changed"), ("/params/a~1b", "added"), ("/params/temperature", "removed"),
        ("/response_format", "added"), ("/tools/book", "added"), ("/tools/look", "changed"), ("/variables/a", "removed"),
    ]  # fmt: skip
    assert answer["fields"][0] == {"path": "/model", "op": "changed", "from": "smol", "to": "big"}
    assert answer["fields"][2] == {"path": "/params/temperature", "op": "removed", "from": 0}
    assert answer["messages"] == [{"op": "equal", "from": 0, "to": 0}]
    assert (answer["from"]["number"], answer["to"]["number"], answer["is_equal"]) == (1, 2, False)


def test_a_changed_line_shows_its_words(clinic: Clinic):
    before, after = (
        clinic.version("Hello.\nAsk for a date.\n\nBye."),
        clinic.version("Hello.\nAsk for the day.\n\nBye.\nP.S."),
    )
    [entry] = diff(clinic, before, after)["messages"]
    assert [(h["op"], h.get("from"), h.get("to"), h.get("count")) for h in entry["lines"]] == [
        ("equal", 1, 1, 1), ("changed", 2, 2, None), ("equal", 3, 3, 2), ("added", None, 5, None),
    ]  # fmt: skip
    assert entry["lines"][3]["lines"] == ["P.S."]
    [line] = entry["lines"][1]["lines"]
    assert [(w["op"], w["text"]) for w in line["words"]] == [
        ("equal", "Ask for "), ("removed", "a"), ("added", "the"), ("equal", " "),
        ("removed", "date"), ("added", "day"), ("equal", "."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("line\r\nnext", "line\nnext", "\r", ""),
        ("今日は天気", "今日も天気", "は", "も"),
        ("e\u0301te\u0301", "été", "e\u0301te\u0301", "été"),
        ("snake_case 1", "snake_case 2", "1", "2"),
        ("say 👩‍👩‍👧 now", "say 👩‍👧 now", "👩‍👩‍👧", "👩‍👧"),
    ],
)
def test_signs_of_every_script_are_compared_as_people_read_them(clinic: Clinic, before, after, removed, added):
    [entry] = diff(clinic, clinic.version(before), clinic.version(after))["messages"]
    words = entry["lines"][0]["lines"][0]["words"]
    assert "".join(w["text"] for w in words if w["op"] == "removed") == removed
    assert "".join(w["text"] for w in words if w["op"] == "added") == added


def test_messages_come_and_go_and_change_their_roles(clinic: Clinic):
    system, user = {"role": "system", "content": "s"}, {"role": "user", "content": "u"}
    before = clinic.version("", messages=[system, user])
    after = clinic.version("", messages=[system | {"name": "n"}, {"role": "assistant", "content": "a"}])
    entries = diff(clinic, before, after)["messages"]
    assert [e["op"] for e in entries] == ["changed", "removed", "added"]
    assert entries[0]["fields"] == [{"path": "/name", "op": "added", "to": "n"}]
    assert "lines" not in entries[0]


def test_versions_of_two_prompts_of_a_workspace_are_compared_and_of_two_workspaces_are_not(clinic: Clinic):
    other = clinic.put("prompts", key="other", name="Other", capability_id=clinic.capability_id)["id"]
    before, after = clinic.version("one"), clinic.version("one", prompt_id=other)
    assert diff(clinic, before, after)["is_equal"] is True
    elsewhere = clinic.owner.rpc("create_workspace", name="Elsewhere", slug="elsewhere")["workspace_id"]
    place = {"workspace_id": elsewhere}
    capability = clinic.owner.insert("capabilities", key="C", name="C", **place)["id"]
    prompt = clinic.owner.insert("prompts", key="p", name="P", capability_id=capability, **place)["id"]
    with pytest.raises(psycopg.Error) as caught:
        diff(clinic, before, clinic.version("one", prompt_id=prompt))
    assert json.loads(str(caught.value.diag.message_detail))["code"] == "unknown_version"


def test_content_beyond_measure_is_compared_as_a_whole_and_says_so(clinic: Clinic):
    before, after = clinic.version("\n" * 5_001), clinic.version("\n" * 5_002)
    [entry] = diff(clinic, before, after)["messages"]
    assert entry["content"]["reason"] == "too_large"
    parts = [{"role": "user", "content": [{"type": "text", "text": "x"}]}]
    [*_, last] = diff(clinic, after, clinic.version("", messages=parts))["messages"]
    assert last["op"] == "added"
    other = clinic.version("", messages=[{"role": "user", "content": "x"}])
    [entry] = diff(clinic, other, clinic.version("", messages=parts))["messages"]
    assert entry["content"]["reason"] == "no_text"


@pytest.mark.parametrize("kind", ["edited", "all new words", "shuffled", "three different lines"])
def test_two_thousand_lines_are_compared_in_a_moment(clinic: Clinic, kind):
    rng = random.Random(7)
    lines = [f"line {n} says {rng.random()}" if n % 3 else "" for n in range(2000)]
    after = list(lines)
    if kind == "edited":
        after = [f"other {line}" if rng.random() < 0.05 else line for line in lines]
    elif kind == "all new words":
        after = [f"{line} more" for line in lines]
    elif kind == "shuffled":
        rng.shuffle(after)
    else:
        lines, after = ([rng.choice("abc") for _ in range(2000)] for _ in range(2))
    sides = clinic.version("\n".join(lines)), clinic.version("\n".join(after))
    before = computed(clinic.owner.connection)
    answer = diff(clinic, *sides)
    assert computed(clinic.owner.connection) - before < 5  # seconds; a machine of its own needs less than one
    assert apply(answer, sides[0])["messages"] == sides[1]["messages"]
