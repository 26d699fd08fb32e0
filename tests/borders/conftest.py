from collections.abc import Iterator
from typing import Any

import pytest

from support.rls import Theatre, open_theatre
from support.world import world_of


@pytest.fixture(scope="session")
def theatre(cluster_templates: Any, _project_template: str) -> Iterator[Theatre]:
    """One theatre for all tests here: each undoes what it does."""
    database = cluster_templates.clone(_project_template)
    with world_of(database) as world:
        yield open_theatre(world)
    cluster_templates.drop(database)
