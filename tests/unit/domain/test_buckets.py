"""The hash gives every unit the bucket that the database gives it."""

import json

import pytest

from upshot.domain.buckets import bucket


@pytest.fixture(scope="module")
def vectors(pytestconfig):
    path = pytestconfig.rootpath / "frontend_contract" / "fixtures" / "assignment_vectors.json"
    return json.loads(path.read_text())["vectors"]


def test_the_shared_vectors_hold(vectors):
    assert [v for v in vectors if bucket(v["salt"], v["purpose"], v["unit_id"]) != v["bucket"]] == []
    assert {v["purpose"] for v in vectors} == {"traffic", "variant", "layer", "holdout"}


def test_a_letter_with_its_accent_and_the_two_apart_are_different_units():
    assert bucket("salt", "variant", "\u00e9") != bucket("salt", "variant", "e\u0301")
