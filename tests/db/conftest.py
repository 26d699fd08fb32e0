from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.clinic import Clinic, Experiment, open_clinic
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


@pytest.fixture
def experiment(clinic: Clinic) -> Experiment:
    """Two arms in equal parts, active since now."""
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.move("activate")
    return experiment


@pytest.fixture(scope="module")
def ask(cluster_templates: Any, project: Any) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Rows of a query. One database serves a whole module: for functions of their arguments alone."""
    database = cluster_templates.clone(cluster_templates.project(project))
    with world_of(database) as world:
        yield world.postgres().rows
    cluster_templates.drop(database)
