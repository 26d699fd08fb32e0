"""Priors as people write them."""

import math
import re
from collections.abc import Mapping
from typing import Any

from upshot_cases.case import OutOfReachError

_NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"
_NORMAL = re.compile(rf"^\s*(?:normal|N)\s*\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*(\^\s*2|\*\*\s*2|²)?\s*\)", re.IGNORECASE)
_BETA = re.compile(rf"^\s*beta\s*\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)", re.IGNORECASE)
_FLAT = ("", "flat", "none", "improper", "uniform", "uninformative")


def normal(said: Any) -> tuple[float, float | None]:
    """Mean and standard deviation; two bare numbers are mean and variance, as in N(0, 0.01) or N(0, 0.1^2)."""
    if not said or str(said).strip().lower() in _FLAT or (isinstance(said, Mapping) and said.get("proper") is False):
        return 0.0, None
    if isinstance(said, Mapping):
        mean = float(_first(said, "mean", "mu", "m") or 0.0)
        sd, variance = _first(said, "sd", "std", "sigma", "std_dev", "stddev"), _first(said, "variance", "var")
        if sd is None and variance is None:
            raise OutOfReachError(f"the prior {said} has no spread")
        return mean, float(sd) if sd is not None else math.sqrt(float(variance))
    if isinstance(said, str):
        found = _NORMAL.match(said)
        if not found:
            raise OutOfReachError(f"the prior {said!r} cannot be read")
        return float(found[1]), float(found[2]) if found[3] else math.sqrt(float(found[2]))
    mean, variance = said[:2]
    return float(mean), math.sqrt(float(variance))


def is_relative(inputs: Mapping[str, Any]) -> bool:
    """Whether the prior is of the lift, whatever the effect is."""
    said = inputs.get("prior")
    kinds = [inputs.get("prior_type"), *(said.get(n) for n in ("type", "scale", "of") if isinstance(said, Mapping))]
    return any(str(kind).lower().startswith("rel") for kind in kinds)


def beta(said: Any, inputs: Mapping[str, Any]) -> tuple[float, float]:
    """Beta(1, 1) unless something else is said."""
    a, b = 1.0, 1.0
    if isinstance(said, Mapping):
        a, b = float(_first(said, "a", "alpha") or 1), float(_first(said, "b", "beta") or 1)
    elif isinstance(said, str) and said.strip().lower() not in _FLAT:
        found = _BETA.match(said)
        if not found:
            raise OutOfReachError(f"the prior {said!r} cannot be read")
        a, b = float(found[1]), float(found[2])
    elif isinstance(said, (list, tuple)):
        a, b = (float(v) for v in said)
    return float(inputs.get("prior_a", a)), float(inputs.get("prior_b", b))


def _first(said: Mapping[str, Any], *names: str) -> Any:
    return next((said[name] for name in names if said.get(name) is not None), None)
