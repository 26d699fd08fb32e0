from collections.abc import Iterator
from typing import Any

import pytest

from support.rls import Theatre, open_theatre
from support.world import World, world_of


@pytest.fixture(scope="session")
def standing_theatre(cluster_templates: Any, _project_template: str) -> Iterator[Theatre]:
    """One theatre for all tests that undo what they do."""
    database = cluster_templates.clone(_project_template)
    with world_of(database) as world:
        yield open_theatre(world)
    cluster_templates.drop(database)


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """Everybody who may connect to a fresh database."""
    with world_of(db) as world:
        yield world


@pytest.fixture
def theatre(request: pytest.FixtureRequest) -> Iterator[Theatre]:
    """Two workspaces, one row of everything, and the cast: the standing one for a law, else one of its own."""
    if "law" in request.fixturenames:
        yield request.getfixturevalue("standing_theatre")
        return
    with world_of(request.getfixturevalue("db")) as world:
        yield open_theatre(world)
