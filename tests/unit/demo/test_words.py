"""The answer in words, from fixed effects."""

from support.demo_facts import BETTER, HEALTH, ROUTED, SECONDS, SLOWER, UNDECIDED, WORSE, absent, effect
from upshot.demo import words


def typeset(text: str) -> str:
    return text.replace("-", words.MINUS)


def test_an_effect_is_said_with_its_interval_its_n_and_its_grade():
    assert words.sentence(BETTER) == (
        "Examples sends more requests to the right place: +38.9 points (27.7 to 50.1); n = 1,200 customers, grade A."
    )
    assert words.sentence(SLOWER) == "Examples is slower: +0.52 s (0.44 to 0.60); n = 1,200 customers, grade A."


def test_less_time_is_faster():
    faster = effect(SECONDS, "Short", -0.31, -0.2, -0.09, "better")
    assert words.sentence(faster).startswith(typeset("Short is faster: -0.20 s (-0.31 to -0.09);"))


def test_undecided_is_a_result():
    assert words.sentence(UNDECIDED) == (
        typeset(
            "Warm, routed right: undecided. The difference is between -11.3 and 8.9 points; n = 1,200 customers, grade A."
        )
    )


def test_an_outcome_that_somebody_added_has_a_sentence_too():
    added = {**WORSE, "metric_key": "csat", "metric_name": "CSAT"}
    assert words.sentence(added).startswith(typeset("Warm does worse on CSAT: -11.2 points"))


def test_an_absent_effect_says_why_and_gives_no_number():
    missing = absent(ROUTED, "Warm", "too_few_subjects", None)
    assert words.sentence(missing) == "Warm, routed right: no answer yet, because too few customers have been counted."


def test_the_headline_is_the_best_primary_effect():
    assert words.headline([UNDECIDED, SLOWER, BETTER], HEALTH) == words.sentence(BETTER)


def test_a_ratio_mismatch_stands_before_any_effect():
    broken = {**HEALTH, "srm_status": "mismatch", "srm_p_value": 0.00002}
    assert words.headline([BETTER], broken) == (
        "Don't read this yet: the arms did not get the customers that were planned (p < 0.001)."
    )


def test_without_an_effect_the_headline_says_so():
    assert words.headline([absent(ROUTED, "Warm", "no_subjects", None)], HEALTH).startswith("No answer yet")


def test_the_loser_is_never_an_arm_that_is_better():
    assert words.loser([BETTER, SLOWER]) is None
    assert words.loser([BETTER, WORSE, SLOWER]) is WORSE
    assert words.loser([BETTER, UNDECIDED]) is UNDECIDED


def test_among_undecided_arms_the_one_that_did_least_loses():
    rising = effect(ROUTED, "Rising", -0.02, 0.05, 0.12, "undecided")
    level = absent(ROUTED, "Level", "zero_variance", 0.0)
    assert words.loser([rising, UNDECIDED]) is UNDECIDED
    assert words.loser([rising, level]) is level


def test_an_arm_of_which_nothing_is_known_is_not_stopped():
    assert words.loser([absent(ROUTED, "Warm", "too_few_subjects", None)]) is None


def test_an_arm_that_stands_alone_is_no_loser():
    assert words.loser([absent(ROUTED, "Warm", "too_few_subjects", None) | {"mean_variant": 0.4}]) is None
    assert words.loser([UNDECIDED | {"mean_control": None}, WORSE]) is WORSE


def test_the_reason_for_a_rollback_never_says_more_than_the_evidence():
    assert words.why(WORSE) == typeset("It sends fewer requests to the right place: -11.2 points (-21.3 to -1.1).")
    assert words.why(UNDECIDED) == typeset("No gain shown in routed right: -1.2 points (-11.3 to 8.9).")
    assert words.why(absent(ROUTED, "Level", "zero_variance", 0.0)) == (
        "No gain shown in routed right: 0.0 % against 0.0 %."
    )


def test_a_decided_sentence_has_the_numbers_that_were_judged():
    diluted = {**BETTER, "difference": 0.01, "sequential_low": -0.02, "sequential_high": 0.04, "n_variant": 2000}
    assert words.sentence(diluted) == words.sentence(BETTER)
    waiting = {**BETTER, "verdict": "waiting", "mature_low": None, "mature_n_variant": 3}
    assert words.sentence(waiting) == f"So far: {words.sentence(BETTER)}"
