from collections.abc import Iterator
from typing import Any

import pytest

from support.rls import Theatre, open_theatre
from support.world import world_of


@pytest.fixture
def theatre(db: Any) -> Iterator[Theatre]:
    """Two workspaces, one row of everything, and the cast."""
    with world_of(db) as world:
        yield open_theatre(world)
