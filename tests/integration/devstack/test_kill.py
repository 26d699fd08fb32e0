"""Postgres is killed in the middle of ingest and compaction: nothing that was answered is lost, nothing is double."""

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
    said = list[str]()
    wrong = survive(home, 2, 7, said.append)  # `scripts/bench kill` does it a hundred times, with any seed
    assert len(said) == 2
    assert not any(wrong.values()), wrong
