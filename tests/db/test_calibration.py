"""The calibration bench's machinery on few worlds: simulated experiments through the product's SQL, and claims that can fail."""

from collections.abc import Iterator

import numpy as np
import psycopg
import pytest

from upshot_devstack.bench.calibration import fast, road
from upshot_devstack.bench.calibration.claims import Claim, markdown
from upshot_devstack.bench.calibration.worlds import KINDS
from upshot_devstack.postgres.cluster import SUPERUSER
from upshot_devstack.postgres.templates import Database


@pytest.fixture
def admin(db: Database) -> Iterator[psycopg.Connection]:
    """A connection as the bench has it."""
    with psycopg.connect(db.url(SUPERUSER), autocommit=True) as connection:
        yield connection


def shares(claims: list[Claim]) -> dict[str, float]:
    return {c.question: c.seen for c in claims}


def test_false_alarms_and_coverage_are_near_what_they_should_be(admin: psycopg.Connection):
    rng = np.random.default_rng(7)
    chosen = tuple(k for k in KINDS if k.name in {"normal, at a level of 1e9", "10 calls a subject, ICC 0.5"})
    level, calls = (list(fast.kinds(admin, rng, 40, (kind,))) for kind in chosen)
    for seen in (shares(level), shares(calls)):
        assert seen["A/A: p < 0.05, one look"] <= 0.25
        assert seen["A/A: alarm at any of 20 looks"] <= 0.25
        assert seen["A/B: 95 % interval holds the truth"] >= 0.75
        assert seen["A/B: found, one look"] >= 0.4
    # Calls are not customers; sums of squares lose what they should measure.
    assert not calls[1].naive_holds
    assert not level[2].naive_holds
    assert "| 10 calls a subject, ICC 0.5 |" in markdown(calls)


def test_the_public_road_counts_what_it_was_sent(admin: psycopg.Connection, db: Database):
    claims = list(road.live(admin, db.url(), np.random.default_rng(7), 2, 20))
    assert [c.hits for c in claims if c.question == "a mean differs from what was sent"] == [0]
    assert {c.data for c in claims} == {"public road", "public road, booked", "public road, spend"}


def test_a_claim_that_does_not_hold_says_so():
    assert Claim("a", "b", 0.05, "about", 50, 1000).holds
    assert not Claim("a", "b", 0.05, "about", 75, 1000).holds
    assert not Claim("a", "b", 0.05, "about", 25, 1000).holds
    assert Claim("a", "b", 0.05, "at most", 0, 1000).holds
    assert Claim("a", "b", 0.05, "told", 900, 1000).holds
    assert Claim("a", "b", 0.001, "about", 3, 500).holds
