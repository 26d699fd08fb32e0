"""What people write into cells is read as they meant it, or not at all."""

import pytest

from upshot.domain.cells import AmbiguousError, NotANumberError, decimal_of, number_of


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("12.5 %", ".", 0.125), ("12,5%", ",", 0.125), ("$1,234.50", ".", 1234.5), ("-$5", ".", -5), ("1.234,56 €", ",", 1234.56),
        ("1 234 567,5", ",", 1234567.5), ("1'234.5", ".", 1234.5), ("12\u202f345,5", ",", 12345.5), ("\u22122.5", ".", -2.5),
        (".5", ".", 0.5), ("2E+1", ".", 20), ("Y", ".", 1), ("no", ".", 0), ("-", ".", None), ("1,234", ".", 1234), ("1,234", ",", 1.234),
    ],
)  # fmt: skip
def test_amounts_are_read_as_they_are_typed(cell, decimal, number):
    assert number_of(cell, decimal) == pytest.approx(number)


@pytest.mark.parametrize(
    "cell", ["good", "01.03.2026", "1,23", "12,34,567", "1_000", "5 apples", "1.2.3", "--5", "%", "$"]
)
def test_what_is_no_number_is_none(cell):
    with pytest.raises(NotANumberError):
        number_of(cell)


def test_a_comma_that_may_mean_either_is_asked_about():
    assert [decimal_of(cells) for cells in (["1,5", "20"], ["1,234.5"], ["1.234,5"], ["1.5", "1,234"], ["0,125"], [])] == [
        ",", ".", ",", ".", ",", ".",
    ]  # fmt: skip
    with pytest.raises(AmbiguousError):
        decimal_of(["1,234", "950", "2,345"])
