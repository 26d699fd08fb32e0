"""Bounds for planned looks: how far z must be from 0 at each, so that all together err with probability alpha."""

from typing import Any

import numpy as np
from scipy import optimize, stats

from upshot.adapters.analysis.frame import Numbers
from upshot.domain.methods import GroupSequential

NODES = 200


def spent(share: float, alpha: float, spending: str) -> float:
    """The two-sided error that may be spent until this share of the information (Lan and DeMets 1983)."""
    if spending == "pocock":
        return float(alpha * np.log1p((np.e - 1) * share))
    # The same on either side: half of alpha each.
    return float(4 * stats.norm.sf(stats.norm.isf(alpha / 4) / np.sqrt(share)))


def bounds(looks: tuple[float, ...], alpha: float, spending: str) -> list[float]:
    """|z| at each look, by the recursion of Armitage, McPherson and Rowe (1969) with Gauss-Legendre nodes."""
    found: list[float] = []
    before, places, density = 0.0, np.zeros(1), np.ones(1)
    for share in looks:
        due = spent(share, alpha, spending) - (spent(before, alpha, spending) if before else 0.0)
        step = np.sqrt(share - before)
        edge = _edge(places, density, step, due)
        found.append(edge / float(np.sqrt(share)))
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        inside = nodes * edge
        density = (stats.norm.pdf((inside[:, None] - places) / step) / step) @ density * weights * edge
        before, places = share, inside
    return found


def _edge(places: Numbers, density: Numbers, step: float, due: float) -> float:
    """How far the sum may wander: beyond it lies exactly what is due at this look."""

    def excess(edge: float) -> float:
        beyond = stats.norm.sf((edge - places) / step) + stats.norm.cdf((-edge - places) / step)
        return float(np.log(max((density * beyond).sum(), 1e-300)) - np.log(due))

    return float(optimize.brentq(excess, 1e-6, 40.0 * max(step, 1.0), xtol=1e-12))


def group_sequential(asked: GroupSequential) -> dict[str, Any]:
    """The bounds; and for looks that were taken, whether z has crossed one, and when first."""
    edges = bounds(asked.looks, asked.alpha, asked.spending)
    looks = [
        {
            "share": share, "bound": edge, "nominal_p_value": float(2 * stats.norm.sf(edge)),
            "alpha_spent": spent(share, asked.alpha, asked.spending),
            "statistic": z, "crossed": None if z is None else abs(z) >= edge,
        }
        for share, edge, z in zip(asked.looks, edges, [*asked.statistics, *[None] * len(edges)], strict=False)
    ]  # fmt: skip
    crossed = next((n for n, look in enumerate(looks, start=1) if look["crossed"]), None)
    return {"looks": looks, "crossed_at_look": crossed, "spending": asked.spending}
