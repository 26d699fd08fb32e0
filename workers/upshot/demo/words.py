"""The answer in words: numbers as a person says them, and sentences that say no more than the evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from upshot.demo.plan import METRICS

Row = Mapping[str, Any]

MINUS = "\N{MINUS SIGN}"
_REASONS = {
    "no_subjects": "nobody has been counted yet",
    "too_few_subjects": "too few customers have been counted",
    "no_value": "there is nothing to divide by yet",
    "out_of_range": "the values are too large to compute with",
    "zero_variance": "every customer had the same result",
    "kind_not_supported": "this kind of outcome is not compared yet",
    "not_computed_yet": "it is being computed",
    "too_large": "there are more values than are sorted",
    "sample_ratio_mismatch": "the arms did not get the customers that were planned",
}
_METRICS = {metric.key: metric for metric in METRICS}


def amount(effect: Row, value: float, *, signed: bool = False) -> str:
    """A mean or a difference in the metric's unit: points and percent for proportions, seconds for durations."""
    sign = "" if not signed else "+" if value > 0 else MINUS if value < 0 else ""
    size = abs(value) if signed else value
    if effect["metric_kind"] == "proportion":
        unit = " points" if signed else " %"
        return f"{sign}{size * 100:.1f}{unit}"
    unit = f" {effect['metric_unit']}" if effect["metric_unit"] else ""
    return f"{sign}{size:.2f}{unit}"


def interval(effect: Row) -> str:
    """Both ends of the difference's interval, without the unit: it stands beside."""
    return f"{_bare(effect, effect['sequential_low'])} to {_bare(effect, effect['sequential_high'])}"


def difference(effect: Row) -> str:
    """The difference with its interval."""
    return f"{amount(effect, effect['difference'], signed=True)} ({interval(effect)})"


def customers(effect: Row) -> int:
    """How many subjects the comparison rests on."""
    return int(effect["n_control"] or 0) + int(effect["n_variant"] or 0)


def standing(effect: Row) -> str | None:
    """The verdict; while it waits for windows to close, what the outcomes so far say at any look."""
    low, high = effect["sequential_low"], effect["sequential_high"]
    if effect["verdict"] != "waiting":
        return None if effect["verdict"] is None else str(effect["verdict"])
    if low is None or high is None:
        return None
    if low <= 0 <= high:
        return "undecided"
    return "better" if (low > 0) == (effect["metric_direction"] == "increase") else "worse"


def judged(effect: Row) -> Row:
    """The effect with the numbers that its verdict is of: those of the customers whose time for an outcome is over."""
    if effect["verdict"] not in {"better", "worse", "undecided"} or effect["mature_low"] is None:
        return effect
    kept = {"n_control": "mature_n_control", "n_variant": "mature_n_variant", "difference": "mature_difference"}
    kept |= {"sequential_low": "mature_low", "sequential_high": "mature_high"}
    return {**effect, **{name: effect[mature] for name, mature in kept.items()}}


def sentence(effect: Row) -> str:
    """What one variant did to one outcome."""
    said = _sentence(judged(effect))
    return f"So far: {said}" if effect["verdict"] == "waiting" and standing(effect) else said


def _sentence(effect: Row) -> str:
    name, metric = effect["variant_name"], _lower(effect)
    if standing(effect) is None:
        return f"{name}, {metric}: no answer yet, because {reason(effect)}."
    evidence = f"n = {customers(effect):,} customers, grade {effect['grade']}."
    if standing(effect) == "undecided":
        return f"{name}, {metric}: undecided. The difference is {_between(effect)}; {evidence}"
    return f"{name} {_does(effect)}: {difference(effect)}; {evidence}"


def reason(effect: Row) -> str:
    """Why an effect is absent."""
    if effect["verdict"] == "waiting":
        return _REASONS["too_few_subjects"]
    return _REASONS.get(effect["reason_code"], "it cannot be computed")


def headline(effects: Sequence[Row], health: Row) -> str:
    """The sentence that a person could repeat in a meeting."""
    if health["srm_status"] == "mismatch":
        return f"Don't read this yet: {fairness(health)}"
    primary = [effect for effect in effects if effect["metric_role"] == "primary" and standing(effect) is not None]
    best = max(primary, key=_gain, default=None)
    if best is None:
        return "No answer yet: no outcome has been recorded."
    return sentence(best)


def fairness(health: Row) -> str:
    """Whether each arm got the customers that its weight promised."""
    if health["srm_status"] == "not_enough_data":
        return "too few customers to tell whether the split is fair."
    chance = probability(health["srm_p_value"])
    if health["srm_status"] == "mismatch":
        return f"the arms did not get the customers that were planned ({chance})."
    return f"each arm got its share of customers ({chance})."


def probability(p: float) -> str:
    """A p-value, never as zero."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"  # noqa: PLR2004 - digits that matter


def loser(effects: Sequence[Row]) -> Row | None:
    """The arm to stop: the one that did least for the primary outcome, unless the evidence says that it is better."""
    primary = [effect for effect in effects if effect["metric_role"] == "primary" and standing(effect) != "better"]
    return min((effect for effect in primary if _compared(effect)), key=_gain, default=None)


def why(effect: Row) -> str:
    """The reason for stopping an arm, for the ledger."""
    effect = judged(effect)
    if standing(effect) == "worse":
        return f"It {_does(effect)}: {difference(effect)}."
    if standing(effect) == "undecided":
        return f"No gain shown in {_lower(effect)}: {difference(effect)}."
    means = f"{amount(effect, effect['mean_variant'])} against {amount(effect, effect['mean_control'])}"
    return f"No gain shown in {_lower(effect)}: {means}."


def _compared(effect: Row) -> bool:
    """Whether both arms have customers with a value."""
    return effect["mean_variant"] is not None and effect["mean_control"] is not None


def _gain(effect: Row) -> float:
    """What the variant's mean has over the control's, positive where that is good; what is unknown comes last."""
    if not _compared(effect):
        return float("-inf")
    size = float(effect["mean_variant"]) - float(effect["mean_control"])
    return size if effect["metric_direction"] == "increase" else -size


def _between(effect: Row) -> str:
    low, high = effect["sequential_low"], effect["sequential_high"]
    unit = "points" if effect["metric_kind"] == "proportion" else effect["metric_unit"]
    return f"between {_bare(effect, low)} and {_bare(effect, high)} {unit}".rstrip()


def _bare(effect: Row, value: float) -> str:
    scale, digits = (100, 1) if effect["metric_kind"] == "proportion" else (1, 2)
    return f"{value * scale:.{digits}f}".replace("-", MINUS)


def _does(effect: Row) -> str:
    """What a decided effect amounts to, also for an outcome that somebody has added to the experiment."""
    known = _METRICS.get(effect["metric_key"])
    if known is None:
        return f"does {standing(effect)} on {_lower(effect)}"
    return known.better if standing(effect) == "better" else known.worse


def _lower(effect: Row) -> str:
    name = str(effect["metric_name"])
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
