from collections.abc import Iterator
from typing import Any

import pytest

pytest.register_assert_rewrite("support.rls")

from support.rls import Theatre, open_theatre  # noqa: E402 - asserts are rewritten only before the import
from support.world import world_of  # noqa: E402 - same


@pytest.fixture
def theatre(db: Any) -> Iterator[Theatre]:
    """Two workspaces, one row of everything, and the cast."""
    with world_of(db) as world:
        yield open_theatre(world)
