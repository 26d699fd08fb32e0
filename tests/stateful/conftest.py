from collections.abc import Iterator
from typing import Any

import pytest

from support.clinic import Clinic, open_clinic
from support.world import World, world_of


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """Everybody who may connect to a fresh database with the product in it."""
    with world_of(db) as world:
        yield world


@pytest.fixture
def clinic(world: World) -> Clinic:
    """A furnished workspace."""
    return open_clinic(world)


@pytest.fixture(scope="session")
def stage(cluster_templates: Any, _project_template: str) -> Iterator[Any]:
    """One database for all runs of a state machine: each run has workspaces of its own."""
    database = cluster_templates.clone(_project_template)
    yield database
    cluster_templates.drop(database)
