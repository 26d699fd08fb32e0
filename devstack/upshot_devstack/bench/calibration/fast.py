"""The fast tier: thousands of worlds, drawn in Python, judged by the product's SQL from their exact sums."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import psycopg

from upshot_devstack.bench.calibration.claims import Claim, claim
from upshot_devstack.bench.calibration.sums import LOOKS, Drawn, Floats, Ints
from upshot_devstack.bench.calibration.through_sql import Answers, ask, ask_families, ask_split
from upshot_devstack.bench.calibration.worlds import KINDS, Kind, Rng, few, late, normal, shares, skewed

CHUNK = 250
ALPHA = 0.05
ONCE = 0.001
METRICS, REAL = 20, 5
Promise = tuple[float | None, str]
MOST: Promise = (ALPHA, "at most")


@dataclass
class Studied:
    """Worlds of a kind with what the product and the naive engine said."""

    answers: Answers
    alarms: np.ndarray
    covers: np.ndarray
    truth: float
    lift: float | None


def study(
    connection: psycopg.Connection,
    kind: Kind,
    rng: Rng,
    worlds: int,
    *,
    changed: bool,
    looks: bool,
    planned: float = 5000,
) -> Studied:
    """Draw and ask, in pieces that fit into memory."""
    pieces: list[tuple[Drawn, Answers]] = []
    for first in range(0, worlds, CHUNK):
        drawn = kind.draw(rng, min(CHUNK, worlds - first), changed)
        pieces.append((drawn, ask(connection, drawn, 0 if looks else LOOKS - 1, planned)))
    told = [a for _, a in pieces]
    answers = Answers(
        {name: np.concatenate([a.last[name] for a in told]) for name in told[0].last},
        *(np.concatenate([getattr(a, f) for a in told]) for f in ("low", "high", "wide_low", "wide_high")),
    )
    one = pieces[0][0]
    alarms = np.concatenate([d.naive.alarms for d, _ in pieces])
    covers = np.concatenate([d.naive.covers(d.truth) for d, _ in pieces])
    return Studied(answers, alarms, covers, one.truth, one.lift)


def same(kind: Kind, said: Studied) -> Iterator[Claim]:
    """Nothing was changed: every alarm is false."""
    last = said.answers.last
    fixed: Promise = (ALPHA, "about" if kind.exact else "at most")
    yield claim(kind.name, "A/A: p < 0.05, one look", fixed, last["p_value"] < ALPHA, said.alarms[:, -1])
    out = (said.answers.low > 0) | (said.answers.high < 0)
    yield claim(kind.name, "A/A: alarm at any of 20 looks", MOST, out.any(axis=1), said.alarms.any(axis=1))
    if kind.name == "normal":
        sure = np.abs(last["chance_to_win"] - 0.5) > (1 - ALPHA) / 2
        yield claim(kind.name, "A/A: chance to win beyond 97.5 %, either way", fixed, sure)


def changed(kind: Kind, said: Studied) -> Iterator[Claim]:
    """Something was changed: is it found, and do the intervals hold it?"""
    last, truth = said.answers.last, said.truth
    covered: Promise = (1 - ALPHA, "about" if kind.exact else "told")
    inside = (last["ci_low"] <= truth) & (truth <= last["ci_high"])
    yield claim(kind.name, "A/B: 95 % interval holds the truth", covered, inside, said.covers)
    if said.lift is not None:
        held = (last["lift_low"] <= said.lift) & (said.lift <= last["lift_high"])
        yield claim(kind.name, "A/B: interval of the lift holds it", covered, held)
    yield claim(kind.name, "A/B: found, one look", (None, "told"), last["p_value"] < ALPHA, said.alarms[:, -1])
    yield claim(kind.name, "A/B: found, any-time, last look", (None, "told"), last["sequential_low"] > 0)


def kinds(connection: psycopg.Connection, rng: Rng, worlds: int, chosen: tuple[Kind, ...] = KINDS) -> Iterator[Claim]:
    """Every kind of data, with and without a change."""
    for kind in chosen:
        yield from same(kind, study(connection, kind, rng, worlds, changed=False, looks=True))
        yield from changed(kind, study(connection, kind, rng, worlds, changed=True, looks=False))


def small(connection: psycopg.Connection, rng: Rng, worlds: int) -> Iterator[Claim]:
    """Few subjects: the interval set for the planned size, beside one that is set for 5,000."""
    for units in (100, 250, 500):
        for name, draw in (
            ("normal", partial(normal, effect=2.8016 * math.sqrt(2 / units))),
            ("4 in 10", partial(few, size=2.8)),
        ):
            kind = Kind(f"{name}, planned {2 * units}", partial(draw, units=units), "")
            yield peeked(kind, study(connection, kind, rng, worlds, changed=False, looks=True, planned=2 * units))
            state = rng.bit_generator.state
            for planned, words in ((2 * units, "set for the plan"), (5000, "set for 5,000")):
                # The same worlds for both.
                rng.bit_generator.state = state
                said = study(connection, kind, rng, worlds, changed=True, looks=True, planned=planned)
                if planned != 5000:  # noqa: PLR2004 - the default of confidence_sequence
                    fixed = said.answers.last["p_value"] < ALPHA
                    yield claim(kind.name, "A/B: found, one look at the end", (None, "told"), fixed)
                found = (said.answers.low > 0).any(axis=1)
                yield claim(kind.name, f"A/B: found at any of 20 looks, {words}", (None, "told"), found)
    for both, words in (((900, 100), "9 : 1"), ((380, 20), "19 : 1")):
        rare = Kind(f"1 in 10, {words}, planned {sum(both)}", partial(shares, rates=(0.1, 0.1), units=both), "")
        yield peeked(rare, study(connection, rare, rng, worlds, changed=False, looks=True, planned=sum(both)))


def peeked(kind: Kind, said: Studied) -> Claim:
    """Nothing was changed, and somebody looked all the time."""
    out = ((said.answers.low > 0) | (said.answers.high < 0)).any(axis=1)
    return claim(kind.name, "A/A: alarm at any of 20 looks", MOST, out, said.alarms.any(axis=1))


def uneven(connection: psycopg.Connection, rng: Rng, worlds: int) -> Iterator[Claim]:
    """Where theory ends: few of a skewed kind against many."""
    kind = Kind("lognormal, 30 : 270", partial(skewed, units=(270, 30)), "")
    said = study(connection, kind, rng, worlds, changed=False, looks=True)
    told = list(same(kind, said))
    for c in told:
        yield Claim(c.data, c.question, c.expected, "told", c.hits, c.worlds, c.naive)
    even = Kind("lognormal, 30 : 30", partial(skewed, units=(30, 30)), "", exact=False)
    yield from same(even, study(connection, even, rng, worlds, changed=False, looks=True))


def slower(connection: psycopg.Connection, rng: Rng, worlds: int) -> Iterator[Claim]:
    """The same rate, only later: what the live table says, and what those say whose window is over."""
    for mature in (False, True):
        kind = Kind("same rate, only later", partial(late, slower=True, mature=mature), "")
        said = study(connection, kind, rng, worlds, changed=False, looks=True)
        out = ((said.answers.low > 0) | (said.answers.high < 0)).any(axis=1)
        question = f"A/A: {'a verdict (windows closed)' if mature else 'alarm, live'} at any of 20 looks"
        yield claim(kind.name, question, MOST if mature else (None, "told"), out, said.alarms.any(axis=1))


def guardrails(connection: psycopg.Connection, rng: Rng, worlds: int) -> Iterator[Claim]:
    """Worse by exactly the margin: it must not pass more often than in one of twenty."""
    said = study(connection, Kind("normal", normal, ""), rng, worlds, changed=True, looks=True)
    last = said.answers.last
    yield claim("worse by the margin", "guardrail passes, one look", (ALPHA, "about"), last["passes"] > 0)
    yield claim("worse by the margin", "guardrail fails, one look", (ALPHA, "about"), last["fails"] > 0)
    always = (said.answers.wide_high < said.truth).any(axis=1)
    yield claim("worse by the margin", "guardrail passes at any of 20 looks", MOST, always)


def split(connection: psycopg.Connection, rng: Rng, worlds: int) -> Iterator[Claim]:
    """The arms' counts, as promised and not."""
    for name, share in (("split 50 : 50", 0.5), ("split 47 : 53", 0.53)):
        counts: Ints = np.cumsum(rng.binomial(200, share, (worlds, LOOKS)), axis=1)
        both = np.stack([200 * np.arange(1, LOOKS + 1) - counts, counts], axis=2)
        fixed, always = ask_split(connection, both)
        promised = share == 0.5  # noqa: PLR2004
        for alpha in (ALPHA, ONCE):
            about: Promise = (alpha, "about") if promised else (None, "told")
            most: Promise = (alpha, "at most") if promised else (None, "told")
            yield claim(name, f"SRM p < {alpha}, one look", about, fixed[:, -1] < alpha)
            peeked = (fixed < alpha).any(axis=1)
            yield claim(name, f"SRM p < {alpha} at any of 20 looks", most, (always < alpha).any(axis=1), peeked)


def families(connection: psycopg.Connection, rng: Rng, worlds: int, units: int = 500) -> Iterator[Claim]:
    """Twenty metrics at once."""
    for name, real in ((f"{METRICS} metrics, none moved", 0), (f"{METRICS} metrics, {REAL} moved", REAL)):
        effect = np.zeros((worlds, METRICS, 2))
        effect[:, :real, 1] = 0.2
        means: Floats = effect + rng.normal(0, 1 / math.sqrt(units), effect.shape)
        variances: Floats = rng.chisquare(units - 1, effect.shape) / (units - 1) / units
        p, holm, bh = ask_families(connection, means, variances, units)
        false = [(q[:, real:] < ALPHA).any(axis=1) for q in (p, holm, bh)]
        rule: Promise = (ALPHA, "at most")
        yield claim(name, "a false win, Holm", rule, false[1], false[0])
        if real:
            yield discoveries(name, bh, p, real)
        else:
            yield claim(name, "a false win, Benjamini and Hochberg", rule, false[2], false[0])


def discoveries(name: str, bh: Floats, p: Floats, real: int) -> Claim:
    """The share of wins that are false, as hits among so many worlds."""
    shares = [((q[:, real:] < ALPHA).sum(axis=1) / np.maximum((q < ALPHA).sum(axis=1), 1)).mean() for q in (bh, p)]
    ours, naive = (round(s * len(p)) for s in shares)
    return Claim(name, "share of wins that are false, BH", ALPHA, "at most", ours, len(p), naive)
