"""The page of attacks names tests: each must be there."""

import re

import pytest

PROOF = re.compile(r"`([a-z_/]+\.py)(?:::(test_\w+))?`")


@pytest.fixture
def page(pytestconfig: pytest.Config) -> str:
    return (pytestconfig.rootpath / "docs" / "security" / "attacks.md").read_text()


def test_every_proof_is_a_test(page: str, pytestconfig: pytest.Config):
    tests = pytestconfig.rootpath / "tests"
    proofs = PROOF.findall(page)
    missing = [
        f"{path}::{name}"
        for path, name in proofs
        if not (tests / path).exists() or (name and f"def {name}(" not in (tests / path).read_text())
    ]
    assert missing == []
    assert len(proofs) > 50


def test_every_attack_has_its_own_id_and_a_proof(page: str):
    rows = re.findall(r"^\| ([A-Z]\d+) \|(.*)\|$", page, re.MULTILINE)
    assert len(rows) == len({name for name, _ in rows}) > 40
    assert [name for name, cells in rows if not PROOF.search(cells.rsplit("|", 1)[-1])] == []
