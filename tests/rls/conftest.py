from collections.abc import Iterator
from typing import Any

import pytest

from support.rls import Theatre
from support.theatres import Theatres
from support.world import World, world_of


@pytest.fixture(scope="session")
def standing_theatre(theatres: Theatres) -> Iterator[Theatre]:
    """One theatre for all tests that undo what they do."""
    with theatres() as theatre:
        yield theatre


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """Everybody who may connect to a fresh database."""
    with world_of(db) as world:
        yield world


@pytest.fixture
def theatre(request: pytest.FixtureRequest, theatres: Theatres) -> Iterator[Theatre]:
    """Two workspaces, one row of everything, and the cast: the standing one for a law, else one of its own."""
    if "law" in request.fixturenames:
        yield request.getfixturevalue("standing_theatre")
        return
    with theatres() as theatre:
        yield theatre
