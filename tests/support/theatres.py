"""Theatres for many tests: one is furnished for all of a process, each test gets a copy of it."""

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from support.rls import Theatre, open_theatre
from support.world import World, world_of

Theatres = Callable[[], AbstractContextManager[Theatre]]


def again(theatre: Theatre, world: World) -> Theatre:
    """The same theatre in a copy of its database: everybody connects anew."""
    return copy.deepcopy(theatre, {id(theatre.world): world, World: world})


@pytest.fixture(scope="session")
def theatres(cluster_templates: Any, _project_template: str) -> Iterator[Theatres]:
    """`with theatres() as theatre` has one of everything, twice, in a database of its own."""
    filled = cluster_templates.clone(_project_template)
    with world_of(filled) as world:
        theatre = open_theatre(world)

    @contextmanager
    def another() -> Iterator[Theatre]:
        database = cluster_templates.clone(filled.name)
        with world_of(database) as world:
            yield again(theatre, world)
        cluster_templates.drop(database)

    yield another
    cluster_templates.drop(filled)
