from collections.abc import Iterator

import pytest

from support.rls import Theatre
from support.theatres import Theatres


@pytest.fixture(scope="session")
def theatre(theatres: Theatres) -> Iterator[Theatre]:
    """One theatre for all tests here: each undoes what it does."""
    with theatres() as theatre:
        yield theatre
