"""Laws of diff and merge, for bundles that nobody would write by hand."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from support.diffs import apply
from support.world import Actor, World, world_of

Bundle = dict[str, Any]

LINES = st.sampled_from(
    ["", "a", "b", "c", "same words here", "same words there", "a\r", "ünï 客户", "{{a}}", "🙂 e\u0301"]
)
TEXTS = st.lists(LINES, min_size=1, max_size=8).map("\n".join) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30
)
MESSAGES = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant"]), "content": TEXTS},
    optional={"name": st.sampled_from(["x", "y"]), "a/b~": st.integers(0, 2)},
)
SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["x", "y"])
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "c/d", "~e", ""]), SCALARS, max_size=3)
TOOLS = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from(["look", "book", "c/d"]), "v": st.integers(0, 2)}), max_size=3
)
BUNDLES = st.fixed_dictionaries(
    {
        "messages": st.lists(MESSAGES, max_size=4),
        "variables": OBJECTS,
        "params": OBJECTS,
        "tools": TOOLS,
        "provider": st.sampled_from(["p", "q"]),
        "model": st.sampled_from(["m", "n", "o"]),
        "response_format": st.none() | st.fixed_dictionaries({"type": st.sampled_from(["text", "json_object"])}),
    }
)
LAW = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def postgres(cluster_templates: Any, _project_template: str) -> Iterator[Actor]:
    """One database for all examples: nothing is written."""
    database = cluster_templates.clone(_project_template)
    with world_of(database) as world:
        yield World.postgres(world)
    cluster_templates.drop(database)


def diff(postgres: Actor, before: Bundle, after: Bundle) -> Any:
    query = "select private.diff_bundles(%s, %s) as answer"
    return postgres.one(query, Jsonb(before), Jsonb(after))["answer"]


def merge(
    postgres: Actor, base: Bundle, ours: Bundle, theirs: Bundle, resolutions: Any = None
) -> tuple[Any, list[Any]]:
    row = postgres.one(
        "select (m).value, (m).conflicts from private.merge_bundles(%s, %s, %s, %s) m",
        Jsonb(base), Jsonb(ours), Jsonb(theirs), Jsonb(resolutions or {}),
    )  # fmt: skip
    return row["value"], row["conflicts"]


def distinct_tools(bundle: Bundle) -> Bundle:
    return bundle | {"tools": list({tool["name"]: tool for tool in bundle["tools"]}.values())}


@LAW
@given(BUNDLES, BUNDLES)
def test_a_diff_applied_to_the_one_gives_the_other(postgres: Actor, before: Bundle, after: Bundle):
    assert apply(diff(postgres, before, after), before) == after


@LAW
@given(BUNDLES)
def test_a_bundle_does_not_differ_from_itself(postgres: Actor, bundle: Bundle):
    answer = diff(postgres, bundle, bundle)
    assert answer["fields"] == []
    assert {entry["op"] for entry in answer["messages"]} <= {"equal"}


@LAW
@given(TEXTS, TEXTS)
def test_words_put_together_are_the_lines(postgres: Actor, before: str, after: str):
    sides = [{"messages": [{"role": "user", "content": text}], "variables": {}, "params": {}, "tools": []} for text in (before, after)]  # fmt: skip
    [entry] = diff(postgres, *sides)["messages"]
    for hunk in entry.get("lines", []):
        for line in hunk["lines"] if hunk["op"] == "changed" else []:
            for side, lost in (("from", "added"), ("to", "removed")):
                assert "".join(w["text"] for w in line["words"] if w["op"] != lost) == line[side]


@LAW
@given(BUNDLES, BUNDLES)
def test_a_merge_with_oneself_or_with_the_base_changes_nothing(postgres: Actor, base: Bundle, ours: Bundle):
    assert merge(postgres, base, ours, ours) == (ours, [])
    assert merge(postgres, base, ours, base) == (ours, [])
    assert merge(postgres, base, base, ours) == (ours, [])


@LAW
@given(BUNDLES, BUNDLES, BUNDLES)
def test_it_does_not_matter_which_side_is_ours(postgres: Actor, base: Bundle, ours: Bundle, theirs: Bundle):
    made, conflicts = merge(postgres, base, ours, theirs)
    mirrored, opposite = merge(postgres, base, theirs, ours)
    sides = [(c["path"], c.get("base"), c.get("ours"), c.get("theirs")) for c in conflicts]
    assert sides == [(c["path"], c.get("base"), c.get("theirs"), c.get("ours")) for c in opposite]
    if not conflicts:
        assert made == mirrored


@LAW
@given(BUNDLES, BUNDLES, BUNDLES)
def test_conflicts_settled_for_one_side_lose_nothing_of_it(postgres: Actor, base: Bundle, ours: Bundle, theirs: Bundle):
    base, ours, theirs = map(distinct_tools, (base, ours, theirs))
    _, conflicts = merge(postgres, base, ours, theirs)
    made, settled = merge(postgres, base, ours, theirs, {c["path"]: {"take": "ours"} for c in conflicts})
    assert all(c["is_resolved"] for c in settled)
    kept = "\n".join(str(m["content"]) for m in made["messages"]).split("\n")
    before = "\n".join(str(m["content"]) for m in base["messages"]).split("\n")
    for message in ours["messages"]:
        for line in message["content"].split("\n"):
            assert line in kept or line in before
    assert {k: v for k, v in ours["params"].items() if base["params"].get(k, "-") != v}.items() <= made[
        "params"
    ].items()
