import math

import pytest

from upshot.adapters.embedder import LocalEmbedder


@pytest.fixture(scope="module")
def embedder():
    return LocalEmbedder()


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


async def test_near_meanings_lie_near(embedder):
    move, shift, opening = await embedder.embed(
        ["Please move my appointment", "I need to reschedule my booking", "When do you open on Sunday?"]
    )
    assert len(move) == embedder.dimensions
    assert math.isclose(cosine(move, move), 1, abs_tol=1e-3)
    assert cosine(move, shift) > cosine(move, opening) + 0.1


async def test_no_texts_no_vectors(embedder):
    assert await embedder.embed([]) == []


async def test_empty_texts_are_refused(embedder):
    with pytest.raises(ValueError, match=r"texts \[1\] are empty"):
        await embedder.embed(["a", " "])
