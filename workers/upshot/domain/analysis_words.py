"""An answer in words: one sentence an effect, and what to know before it is believed."""

import math
from collections.abc import Iterator

from upshot.domain.analysis import Answer, Effect, Intake, Question, Strata, Warning_

NOTHING = "–"
FEW = 30
SWITCHERS_ALARM = 0.01
HETEROGENEITY = 0.05
REASONS = {
    "no_subjects": "no row has a value",
    "too_few_subjects": "an arm has fewer than two units with a value",
    "no_value": "the denominators are all zero",
    "out_of_range": "the values are too large to compute with",
    "zero_variance": "all values of an arm pair are the same, so nothing says how sure the difference is",
    "sample_ratio_mismatch": "the arms did not get the units that were planned",
}


def plural(n: int, noun: str) -> str:
    """1 row, 2 rows, 1,234 rows."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def amount(value: float | None, effect: Effect, *, signed: bool = False) -> str:
    """A value of an effect's metric with the digits that its standard error leaves; a rate as a percentage."""
    if value is None:
        return NOTHING
    scale = 100 if effect.is_rate else 1
    error = (effect.numbers["std_error"] or abs(value) / 100 or 1) * scale
    digits = min(max(1 - math.floor(math.log10(error)), 0), 12)
    said = f"{value * scale:{'+' if signed else ''},.{digits}f}".replace("-", "−")
    return f"{said} %" if effect.is_rate and not signed else said


def percent(value: float) -> str:
    """+12 %."""
    return f"{value * 100:+.{0 if abs(value) >= 0.1 else 1}f} %".replace("-", "−")


def probability(p: float | None) -> str:
    """A p value: never a zero."""
    if p is None:
        return NOTHING
    return "< 1e-300" if p < 1e-300 else f"{p:.4f}" if p >= 0.0001 else f"{p:.1e}"


def chance(value: float | None) -> str:
    """A probability as a percentage: never a certainty."""
    if value is None:
        return NOTHING
    return "> 99.9 %" if value > 0.999 else "< 0.1 %" if value < 0.001 else f"{value * 100:.1f} %"


def share(value: float | None) -> str:
    """12 %."""
    return NOTHING if value is None else f"{value * 100:.0f} %"


def sentence(effect: Effect, control: str) -> str:
    """What an effect says, so that a person could repeat it in a meeting."""
    said = effect.numbers
    name = effect.metric.name + ("" if effect.segment is None else f" in {effect.segment or '(none)'}")
    points = " points" if effect.is_rate else ""
    difference = amount(said["difference"], effect, signed=True) + points
    if effect.reason_code:
        told = f" The difference is {difference}." if said["difference"] is not None else ""
        return f"{effect.variant} on {name}: no verdict, because {REASONS.get(effect.reason_code, effect.reason_code)}.{told}"
    if effect.verdict == "waiting":
        return f"{effect.variant} on {name}: no verdict yet, there are too few units. The difference so far is {difference}."
    low, high = (amount(said[end], effect, signed=True) for end in ("sequential_low", "sequential_high"))
    if effect.verdict == "undecided":
        between = f"The difference to {control} is between {low} and {high}{points}."
        return f"{effect.variant} on {name}: undecided. {between}{_reach(effect, points)}"
    lift = f", {percent(said['lift'])}" if said["lift"] is not None else ""
    return f"{effect.variant} is {effect.verdict} on {name}: {difference} ({low} to {high}){lift} against {control}."


def _reach(effect: Effect, points: str) -> str:
    reach = effect.numbers.get("detectable_difference")
    if reach is None:
        return ""
    seen = amount(reach, effect, signed=True).removeprefix("+")
    return f" With so many units a difference of {seen}{points} would be seen four times in five."


def warnings(question: Question, intake: Intake, answer: Answer) -> list[Warning_]:
    """What spoils the numbers first, then what was left out, then what is only good to know."""
    return [
        *_split(question, answer),
        *_switching(answer),
        *_alike(answer),
        *(warning for strata in answer.strata for warning in _mixes(question, strata)),
        *_left_out(question, intake),
        *_small(answer),
    ]


def _split(question: Question, answer: Answer) -> Iterator[Warning_]:
    total = sum(arm.units for arm in answer.arms)
    shares = ", ".join(f"{arm.variant} {arm.units / total * 100:.1f} %" for arm in answer.arms) if total else ""
    if answer.srm["status"] == "mismatch":
        plan = "what --weights says" if question.weights else "equal shares"
        p = "" if answer.srm["p_value"] is None else f" (p {_at_most(answer.srm['p_value'])})"
        cure = (
            "Find out why before you believe any number."
            if question.weights
            else (
                "If another split was planned, say it: --weights "
                + ",".join(f"{arm.variant}=…" for arm in answer.arms)
                + "."
            )
        )
        yield Warning_(
            "sample_ratio_mismatch", f"Don't read this yet: the arms have {shares}, and that is not {plan}{p}. {cure}"
        )


def _at_most(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"


def _switching(answer: Answer) -> Iterator[Warning_]:
    if answer.switchers:
        whole = answer.switchers + sum(arm.units for arm in answer.arms)
        share = answer.switchers / whole
        alarm = " That is more than one in a hundred: the assignment leaks." if share > SWITCHERS_ALARM else ""
        verb = "was" if answer.switchers == 1 else "were"
        yield Warning_(
            "switchers", f"{plural(answer.switchers, 'unit')} {verb} seen in more than one arm and left out.{alarm}"
        )


def _alike(answer: Answer) -> Iterator[Warning_]:
    """Arms that somebody wrote in two ways."""
    spelled: dict[str, list[str]] = {}
    for arm in answer.arms:
        spelled.setdefault(arm.variant.casefold(), []).append(arm.variant)
    for names in spelled.values():
        if len(names) > 1:
            yield Warning_(
                "similar_arms", f"{' and '.join(names)} are taken for different arms: write them alike if they are one."
            )


def _mixes(question: Question, strata: Strata) -> Iterator[Warning_]:
    about = f"{strata.variant} on {strata.metric.name}"
    if strata.simpson["warning"]:
        yield Warning_(
            "simpson",
            (
                f"{about}: the arms have different mixes of {question.segment}, and the overall difference misleads. "
                f"In one mix of segments it is {strata.simpson['poststratified_difference']:+.4g}, "
                f"not {strata.simpson['pooled_difference']:+.4g}."
            ),
        )
    p = strata.pooled["q_p_value"]
    if p is not None and p < HETEROGENEITY:
        yield Warning_(
            "segments_differ",
            f"{about}: the effect is not the same in all segments of {question.segment} (p = {p:.2g}). Read them one by one.",
        )


def _left_out(question: Question, intake: Intake) -> Iterator[Warning_]:
    if intake.duplicates:
        verb = "was" if question.drop_duplicates else "is"
        what = "left out" if question.drop_duplicates else "counted; --drop-duplicates leaves them out"
        yield Warning_(
            "duplicate_rows",
            f"{plural(intake.duplicates, 'row')} {verb if intake.duplicates == 1 else {'was': 'were', 'is': 'are'}[verb]} the same as an earlier one in every column ({what}).",
        )
    for count, code, words in (
        (intake.ragged, "ragged_rows", "has another number of cells than the header"),
        (intake.without_unit, "rows_without_unit", f"has no {question.unit}"),
        (intake.without_variant, "rows_without_variant", f"has no {question.variant}"),
    ):
        if count:
            yield Warning_(code, f"{plural(count, 'row')} left out: each {words}.")
    for counts, code, what in (
        (intake.not_numbers, "not_numbers", "is not a number"),
        (intake.not_finite, "not_finite", "is NaN or infinite"),
        (intake.empty, "empty_values", "is empty"),
    ):
        for column, count in sorted(counts.items()):
            yield Warning_(code, f"{column}: {plural(count, 'cell')} left out, because it {what}.")


def _small(answer: Answer) -> Iterator[Warning_]:
    for arm in answer.arms:
        if arm.units < FEW:
            yield Warning_(
                "few_units", f"{arm.variant} has only {plural(arm.units, 'unit')}: under {FEW} the intervals are rough."
            )
