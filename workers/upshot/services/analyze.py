"""From a table of rows to an answer: read, count what is left out, compare, correct, judge, warn."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from upshot.domain import analysis_words as words
from upshot.domain.analysis import Answer, Effect, Intake, Metric, Question, Strata
from upshot.domain.cells import (
    AmbiguousError,
    NotANumberError,
    NotFiniteError,
    decimal_of,
    number_of,
    text_of,
)  # fmt: skip
from upshot.domain.errors import TableError
from upshot.ports.statistics import Reading, Statistics

Row = list[str | None]
CONTROLS = ("control", "baseline", "a", "0", "off", "old")
SAMPLE = 1000
LARGEST = 1e70
SEPARATOR = "\x1f"


class Reader:
    """Turns rows into readings, and counts what cannot be one."""

    def __init__(self, question: Question, columns: list[str], intake: Intake, delimiter: str = ",") -> None:
        question.require(columns)
        self._delimiter = delimiter
        self._question, self._intake = question, intake
        at = {name: place for place, name in enumerate(columns)}
        self._units = [at[name] for name in question.units]
        self._variant, self._segment, self._cluster = (
            at[name] if name else None for name in (question.variant, question.segment, question.cluster)
        )
        self._cells = [
            (place, metric.denominator is not None, [(at[name], name) if name else None for name in _slots(metric)])
            for place, metric in enumerate(question.metrics, start=1)
        ]
        self._width = len(columns)
        self._seen: set[int] = set()
        self._decimal = question.decimal or "."

    def readings(self, rows: Iterable[Row]) -> Iterator[Reading]:
        """All readings of all rows."""
        ahead = iter(rows)
        first = list(islice(ahead, SAMPLE))
        if self._question.decimal is None:
            self._decimal = self._decimal_of(first)
        for row in chain(first, ahead):
            self._intake.rows += 1
            yield from self._of_row(row)

    def _decimal_of(self, rows: list[Row]) -> str:
        numbers = [cell[0] for _, _, cells in self._cells for cell in cells if cell]
        try:
            return decimal_of(row[at] for row in rows for at in numbers if at < len(row))
        except AmbiguousError as error:
            if self._delimiter == ";":  # which is what people take where the comma is in their numbers
                return ","
            raise TableError(
                f"Is {error} more than a thousand, or a number between? Say --decimal . or --decimal , and ask again."
            ) from error

    def _of_row(self, row: Row) -> Sequence[Reading]:
        intake = self._intake
        if len(row) != self._width:
            intake.ragged += 1
        elif not self._is_repeat(row):
            unit = self._unit_of(row)
            variant = _text(row, self._variant)
            if unit is None:
                intake.without_unit += 1
            elif variant is None:
                intake.without_variant += 1
            else:
                intake.variants[variant] = intake.variants.get(variant, 0) + 1
                return self._values(row, unit, variant)
        return ()

    def _unit_of(self, row: Row) -> str | None:
        if not self._units:
            return str(self._intake.rows)
        parts = [text_of(row[place]) for place in self._units]
        return None if None in parts else SEPARATOR.join(map(str, parts))

    def _values(self, row: Row, unit: str, variant: str) -> list[Reading]:
        at = self._intake.rows
        segment, cluster = _text(row, self._segment), _text(row, self._cluster)
        found: list[Reading] = []
        for place, is_ratio, cells in self._cells:
            y, d, x, w = [self._number(row[cell[0]], cell[1]) if cell else None for cell in cells]
            if is_ratio and (y is None or d is None):
                y = d = None
            found.append((place, at, unit, variant, segment, cluster, y, d, x, w))
        return found

    def _is_repeat(self, row: Row) -> bool:
        mark = hash(tuple(row))
        if mark in self._seen:
            self._intake.duplicates += 1
            return self._question.drop_duplicates
        self._seen.add(mark)
        return False

    def _number(self, cell: str | None, column: str) -> float | None:
        try:
            value = number_of(cell, self._decimal)
        except NotANumberError as error:
            _count(self._intake.not_numbers, column)
            self._intake.odd_cells.setdefault(column, str(error))
            return None
        except NotFiniteError:
            _count(self._intake.not_finite, column)
            return None
        if value is None:
            _count(self._intake.empty, column)
        elif abs(value) > LARGEST:
            raise TableError(f"{column} holds {cell}: beyond 1e70 nothing can be computed.")
        else:
            _count(self._intake.numbers, column)
        return value


def _slots(metric: Metric) -> tuple[str | None, ...]:
    """The columns of y, d, x and w."""
    return (metric.numerator, metric.denominator, *(metric.before or (None, None)))


def _text(row: Row, place: int | None) -> str | None:
    return None if place is None else text_of(row[place])


def _count(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def analyze(
    question: Question, columns: list[str], rows: Iterable[Row], numbers: Statistics, delimiter: str = ","
) -> tuple[Answer, Intake]:
    """The answer to a question about rows, of a file whose cells the delimiter parted.

    Raises TableError when the question does not fit them.
    """
    intake = Intake()
    numbers.load(Reader(question, columns, intake, delimiter).readings(rows))
    _require_numbers(question, intake)
    control = _control(question, intake)
    _require_weights(question, intake)
    kinds = [question.quantile is not None and metric.kind == "mean" for metric in question.metrics]
    asked = [
        _as_quantile(metric) if is_quantile else metric
        for metric, is_quantile in zip(question.metrics, kinds, strict=True)
    ]
    for place, metric in enumerate(asked, start=1):
        numbers.fold(place, question.fold, metric.kind, has_segments=question.segment is not None)
    arms = numbers.arms()
    weights = [question.weights.get(arm.variant, 0.0) if question.weights else 1.0 for arm in arms]
    srm = numbers.srm([float(arm.units) for arm in arms], weights)
    effects = [
        e for place, metric in enumerate(asked, start=1) for e in _effects(question, numbers, control, place, metric)
    ]
    _correct(numbers, effects, asked[0])
    segments, strata = _segments(question, numbers, control, asked)
    for effect in (*effects, *segments):
        _judge(numbers, effect, question.alpha, mismatch=srm["status"] == "mismatch")
    answer = Answer(control, arms, srm, numbers.switchers(), effects, segments, strata)
    answer.warnings = words.warnings(question, intake, answer)
    return answer, intake


def _as_quantile(metric: Metric) -> Metric:
    return Metric(metric.name, "quantile", metric.numerator, None, None, metric.higher_is_better)


def _control(question: Question, intake: Intake) -> str:
    """The arm that the others are compared with; raises TableError when nobody can tell which it is."""
    arms = sorted(intake.variants)
    if not intake.rows:
        raise TableError("The file has no rows below the names of its columns.")
    if len(arms) < 2:  # noqa: PLR2004 - two make a comparison
        raise TableError(
            f"The column {question.variant} has {len(arms)} arm(s): {', '.join(arms) or 'none'}. A comparison needs two."
        )
    if len(arms) > 20:  # noqa: PLR2004 - nobody runs more
        raise TableError(
            f"The column {question.variant} has {len(arms)} different values: is it the column of the arms?"
        )
    if question.control:
        if question.control not in arms:
            raise TableError(f"There is no arm {question.control}. The arms are: {', '.join(arms)}.")
        return question.control
    found = [arm for name in CONTROLS for arm in arms if arm.lower() == name]
    if not found:
        raise TableError(f"Which arm is the control? Say --control with one of: {', '.join(arms)}.")
    return found[0]


def _require_numbers(question: Question, intake: Intake) -> None:
    """A column without any number was not meant: TableError shows what it holds."""
    for column in dict.fromkeys(c for metric in question.metrics for c in metric.columns):
        if column in intake.odd_cells and not intake.numbers.get(column):
            raise TableError(
                f"No cell of {column} is a number: one says {intake.odd_cells[column]!r}. "
                "A metric is an amount, a share such as 12 %, or yes and no."
            )


def _require_weights(question: Question, intake: Intake) -> None:
    strangers = sorted(set(question.weights) - set(intake.variants))
    if strangers and not set(question.weights) & set(intake.variants):
        raise TableError(f"--weights names no arm of the file. The arms are: {', '.join(sorted(intake.variants))}.")


def _effects(question: Question, numbers: Statistics, control: str, place: int, metric: Metric) -> list[Effect]:
    is_rate = metric.kind == "mean" and numbers.is_rate(place)
    found = numbers.effects(
        place, metric, control, by_segment=False, clustered=question.cluster is not None,
        quantile=question.quantile, alpha=question.alpha, planned=question.planned,
    )  # fmt: skip
    return [_with_reach(question, numbers, Effect(metric, variant, None, said, is_rate)) for variant, _, said in found]


def _with_reach(question: Question, numbers: Statistics, effect: Effect) -> Effect:
    said = effect.numbers
    n0, n1 = said["n_control"], said["n_variant"]
    if said["std_error"] and n0 > 1 and n1 > 1:
        variance = said["std_error"] ** 2 / (1 / n0 + 1 / n1)
        said["detectable_difference"] = numbers.detectable(variance, n0, n1, question.alpha)
    return effect


def _correct(numbers: Statistics, effects: list[Effect], primary: Metric) -> None:
    """Holm over the arms of the first metric, Benjamini and Hochberg over all the others: as the platform does."""
    for method, family in (
        ("holm", [e for e in effects if e.metric == primary]),
        ("benjamini_hochberg", [e for e in effects if e.metric != primary]),
    ):
        _correct_family(numbers, family, method)


def _correct_family(numbers: Statistics, family: list[Effect], method: str) -> None:
    if family:
        found = numbers.corrected(method, [e.numbers["sequential_p_value"] for e in family])
        for effect, p in zip(family, found, strict=True):
            effect.adjusted_p_value, effect.correction = p, method


def _segments(
    question: Question, numbers: Statistics, control: str, asked: list[Metric]
) -> tuple[list[Effect], list[Strata]]:
    effects: list[Effect] = []
    strata: list[Strata] = []
    if question.segment:
        for place, metric in enumerate(asked, start=1):
            found = numbers.effects(
                place,
                metric,
                control,
                by_segment=True,
                clustered=False,
                quantile=question.quantile,
                alpha=question.alpha,
                planned=question.planned,
            )
            is_rate = metric.kind == "mean" and numbers.is_rate(place)
            own = [Effect(metric, variant, segment, said, is_rate) for variant, segment, said in found]
            _correct_family(numbers, own, "benjamini_hochberg")
            effects += own
            pooled = numbers.strata(place, metric.kind, control, question.quantile, question.alpha)
            strata += [Strata(metric, *said) for said in pooled]
    return effects, strata


def _judge(numbers: Statistics, effect: Effect, alpha: float, *, mismatch: bool) -> None:
    effect.reason_code = effect.numbers["reason_code"] or ("sample_ratio_mismatch" if mismatch else None)
    effect.verdict = numbers.verdict(
        effect.numbers["difference"], effect.adjusted_p_value, effect.reason_code, alpha,
        higher_is_better=effect.metric.higher_is_better,
    )  # fmt: skip
