"""commit_version: immutable bundles on branches."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.clinic import Clinic


def refusal(call, **arguments) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as caught:
        call(**arguments)
    return caught.value


def test_a_commit_moves_the_head_and_remembers_its_parent(clinic: Clinic):
    first = clinic.version("one")
    second = clinic.version("two", expected_head=first["id"])
    assert (first["number"], first["parent_version_id"]) == (1, None)
    assert (second["number"], second["parent_version_id"]) == (2, first["id"])
    head = clinic.owner.one("select head_version_id from branches where prompt_id = %s", clinic.prompt_id)
    assert head["head_version_id"] == second["id"]
    assert str(second["created_by"]) == clinic.owner.user_id


def test_equal_bundles_have_equal_hashes_and_others_have_not(clinic: Clinic):
    first = clinic.version("one", params={"temperature": 0, "top_p": 1})
    clinic.version("two")
    again = clinic.version("one", params={"top_p": 1, "temperature": 0}, message="back")
    assert again["content_hash"] == first["content_hash"]
    assert len(first["content_hash"]) == 64
    others = [
        clinic.version("one", **change) for change in ({"model": "m2"}, {"provider": "p2"}, {"tools": [{"a": 1}]})
    ]
    assert len({v["content_hash"] for v in [first, *others]}) == 4


def test_an_unchanged_bundle_is_refused(clinic: Clinic):
    clinic.version("one")
    error = refusal(clinic.version, text="one", message="another message")
    assert error.sqlstate == "PT409"
    assert "nothing_changed" in error.diag.message_detail


def test_a_moved_head_is_a_conflict(clinic: Clinic):
    first = clinic.version("one")
    clinic.version("two")
    error = refusal(clinic.version, text="three", expected_head=first["id"])
    assert "stale_head" in error.diag.message_detail


def test_branches_have_heads_of_their_own(clinic: Clinic):
    base = clinic.version("one")
    clinic.put("branches", prompt_id=clinic.prompt_id, name="shorter", head_version_id=base["id"])
    branched = clinic.version("short", branch="shorter")
    assert (branched["number"], branched["parent_version_id"]) == (2, base["id"])
    assert clinic.version("two")["parent_version_id"] == base["id"]
    assert "unknown_branch" in refusal(clinic.version, text="x", branch="nowhere").diag.message_detail


def test_concurrent_commits_number_without_gaps(clinic: Clinic):
    callers = [clinic.world.server() for _ in range(4)]
    start = threading.Barrier(len(callers))

    def commit(n):
        start.wait()
        return callers[n].rpc(
            "commit_version", prompt_id=clinic.prompt_id, provider="local", model="m",
            messages=[{"role": "user", "content": str(n)}],
        )["number"]  # fmt: skip

    with ThreadPoolExecutor(len(callers)) as pool:
        assert sorted(pool.map(commit, range(len(callers)))) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"messages": Jsonb([])}, "messages"),
        ({"messages": Jsonb({"role": "user"})}, "messages"),
        ({"messages": [{"role": "user"}]}, "messages"),
        ({"messages": [{"role": 1, "content": "x"}]}, "messages"),
        ({"messages": Jsonb(["x"])}, "messages"),
        ({"messages": None}, "messages"),
        ({"variables": Jsonb([])}, "variables"),
        ({"variables": {"name": "string"}}, "variables"),
        ({"provider": ""}, "provider"),
        ({"model": None}, "model"),
        ({"params": Jsonb([])}, "params"),
        ({"tools": {"a": 1}}, "tools"),
        ({"tools": Jsonb(["x"])}, "tools"),
        ({"tools": Jsonb([[{}]])}, "tools"),
        ({"response_format": Jsonb("json")}, "response_format"),
    ],
)
def test_a_bad_bundle_names_its_field(clinic: Clinic, change, field):
    error = refusal(clinic.version, text="x", **change)
    assert error.sqlstate == "PT422"
    assert f'"field": "{field}"' in error.diag.message_detail


def test_nobody_rewrites_a_version(clinic: Clinic):
    clinic.version("one")
    for who in (clinic.owner, clinic.world.server()):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            who.connection.execute("update prompt_versions set message = 'x'")
