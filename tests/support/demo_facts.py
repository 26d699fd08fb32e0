"""Rows of the three views as the database gives them."""

from typing import Any

ROUTED = {
    "metric_key": "routed_right",
    "metric_name": "Routed right",
    "metric_kind": "proportion",
    "metric_unit": "",
    "metric_direction": "increase",
    "metric_role": "primary",
}
SECONDS = {
    "metric_key": "answer_seconds",
    "metric_name": "Time to route",
    "metric_kind": "duration",
    "metric_unit": "s",
    "metric_direction": "decrease",
    "metric_role": "secondary",
}
HEALTH = {"subjects": 300, "srm_status": "ok", "srm_p_value": 0.712}


def effect(metric: dict[str, Any], variant: str, low: float, point: float, high: float, verdict: str) -> dict[str, Any]:
    control = 0.14 if metric is ROUTED else 0.4
    return {
        **metric,
        "variant_id": variant.lower(),
        "variant_key": variant.lower(),
        "variant_name": variant,
        "n_control": 101,
        "n_variant": 1099,
        "mean_control": control,
        "mean_variant": control + point,
        "difference": point,
        "sequential_low": low,
        "sequential_high": high,
        "mature_low": low,
        "mature_high": high,
        "mature_difference": point,
        "mature_n_control": 101,
        "mature_n_variant": 1099,
        "verdict": verdict,
        "grade": "A",
        "reason_code": None,
    }


def absent(metric: dict[str, Any], variant: str, reason: str, mean: float | None) -> dict[str, Any]:
    numbers = dict.fromkeys(("difference", "sequential_low", "sequential_high", "verdict"))
    known = effect(metric, variant, 0, 0, 0, "")
    means = {"mean_control": mean, "mean_variant": mean}
    return {**known, **numbers, **means, "reason_code": reason}


def arm(name: str, subjects: int, *, control: bool = False) -> dict[str, Any]:
    return {
        "variant_id": name.lower(),
        "variant_name": name,
        "is_control": control,
        "subjects": subjects,
        "share": subjects / 300,
        "expected_share": 1 / 3,
    }


BETTER = effect(ROUTED, "Examples", 0.277, 0.389, 0.501, "better")
SLOWER = effect(SECONDS, "Examples", 0.44, 0.522, 0.6, "worse")
UNDECIDED = effect(ROUTED, "Warm", -0.113, -0.012, 0.089, "undecided")
WORSE = effect(ROUTED, "Warm", -0.213, -0.112, -0.011, "worse")
