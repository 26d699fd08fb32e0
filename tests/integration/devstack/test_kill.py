"""Postgres is killed in the middle of ingest and compaction: nothing that was answered is lost, nothing is double."""

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from upshot_devstack.bench.kill import survive


@pytest.fixture
def home() -> Iterator[Path]:
    """Where the account that runs Postgres may pass through."""
    with TemporaryDirectory(prefix="upshot-kill-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_what_was_answered_survives_a_sigkill(home: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config):
    monkeypatch.chdir(pytestconfig.rootpath)
    seed, said = random.randrange(10_000), list[str]()
    wrong = survive(home, 3, seed, said.append)
    assert len(said) == 3
    assert not any(wrong.values()), f"seed {seed}: {wrong}"
