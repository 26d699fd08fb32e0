"""Formulas come from whoever asks: they are read by a grammar, and never run."""

import math

import pytest

from upshot.domain.arithmetic import Arithmetic
from upshot.domain.errors import FormulaError
from upshot.domain.formula import Formula, label


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("y ~ 1", "Intercept"),
        ("y ~ n*p*k", "Intercept n p k n:p n:k p:k n:p:k"),
        ("y ~ (a+b+c)**2 - a:b", "Intercept a b c a:c b:c"),
        ("y ~ a/b - 1", "a a:b"),
        ("y ~ 0 + a", "a"),
        ("y ~ a*b:c", "Intercept a b:c a:b:c"),
        ("y ~ T + I(age**2) + C(plan) + log(x)", "Intercept T I(age**2) C(plan) log(x)"),
    ],
)
def test_terms_are_those_of_the_usual_notation(text, terms):
    assert " ".join(label(term) for term in Formula.parse(text).terms) == terms


def test_the_same_interaction_written_twice_is_one_term():
    assert len(Formula.parse("y ~ a:b + b:a").terms) == 2


def test_a_formula_names_its_columns():
    assert Formula.parse("y ~ T*C(plan) + I(a + b/2)").columns == {"y", "T", "plan", "a", "b"}


@pytest.mark.parametrize(
    "text",
    [
        "y", "~ a", "y ~ a b", "y ~ a +", "y ~ C(a", "y ~ a)", "y ~ 2*a", "y ~ a**9", "y ~ open('x')",
        "y ~ I(a.__class__)", "y ~ I((lambda: 1)())", "y ~ I(9**9**9)", "y ~ I('a'*9)", "y ~ I(a if b else c)", "y.z ~ a",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(FormulaError):
        Formula.parse(text)


def test_arithmetic_is_done_on_what_is_given():
    functions = {"log": math.log, "exp": math.exp, "sqrt": math.sqrt, "abs": abs}
    assert Arithmetic("-x**2 / 4 + sqrt(y)").evaluate({"x": 2.0, "y": 9.0}, functions) == 2.0
    assert Arithmetic("year >= 1899").evaluate({"year": 1899.0}, {}) is True
    for impossible in ("x / 0", "(((9**9)**9)**9)**9", "missing + 1"):
        with pytest.raises(FormulaError):
            Arithmetic(impossible).evaluate({"x": 1.0}, {})
