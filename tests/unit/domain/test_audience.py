"""Audiences mean here what they mean in the database."""

import json

import pytest

from upshot.domain.audience import matches


@pytest.fixture(scope="module")
def vectors(pytestconfig):
    path = pytestconfig.rootpath / "frontend_contract" / "fixtures" / "audience_vectors.json"
    return json.loads(path.read_text())["vectors"]


def test_the_shared_vectors_hold(vectors):
    wrong = [
        (vector["name"], case)
        for vector in vectors
        for case in vector["cases"]
        if matches(vector["audience"], case["attributes"]) is not case["matches"]
    ]
    assert wrong == []
