"""``upshot analyze data.csv``: which arm is better, by how much, how surely."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from upshot.domain.analysis import Answer, Effect, Intake, Metric, Question
from upshot.domain.analysis_words import NOTHING, amount, chance, percent, plural, probability, sentence, share
from upshot.domain.errors import TableError, UpshotError

File = Annotated[Path, typer.Argument(help="A CSV or Parquet file with one row a unit, or one row an event.")]
MetricNames = Annotated[
    list[str],
    typer.Option(
        "--metric", help="Column to compare, or numerator/denominator. May be repeated; the first is the primary one."
    ),
]
FOLDS = ("mean", "sum", "max")
LABEL, COLUMN = 30, 28


def analyze(
    file: File,
    variant: Annotated[str, typer.Option(help="Column of the arm.")],
    metric: MetricNames,
    unit: Annotated[
        str | None,
        typer.Option(help="Column of who was assigned, or several: account,user. Left out: each row is its own unit."),
    ] = None,
    covariate: Annotated[
        list[str] | None,
        typer.Option(
            help="Column of the same from before the experiment, for the metrics in order; before_numerator/before_denominator for a ratio."
        ),
    ] = None,
    segment: Annotated[str | None, typer.Option(help="Column to show the effect within.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Column of what the rows come in bundles of.")] = None,
    control: Annotated[str | None, typer.Option(help="The arm that the others are compared with.")] = None,
    weights: Annotated[str | None, typer.Option(help="Planned shares: control=1,treatment=1. Left out: equal.")] = None,
    alpha: Annotated[float, typer.Option(min=0.0001, max=0.5, help="One minus the confidence level.")] = 0.05,
    quantile: Annotated[
        float | None, typer.Option(min=0.001, max=0.999, help="Compare this quantile instead of the mean.")
    ] = None,
    planned: Annotated[
        int,
        typer.Option(
            min=40,
            max=1_000_000_000_000,
            help="How many units are planned, over all arms: the always-valid interval is narrowest about there.",
        ),
    ] = 5000,
    fold: Annotated[str, typer.Option(help="Several rows of a unit are made one by mean, sum or max.")] = "mean",
    decimal: Annotated[str | None, typer.Option(help="Decimal sign, . or , ; left out: seen from the numbers.")] = None,
    database: Annotated[
        str | None, typer.Option(help="Compute in this Postgres instead of an embedded one. Nothing stays there.")
    ] = None,
    lower_is_better: Annotated[bool, typer.Option("--lower-is-better", help="Less of the metric is better.")] = False,
    drop_duplicates: Annotated[
        bool, typer.Option("--drop-duplicates", help="Leave out rows that repeat another in every column.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer for machines.")] = False,
) -> None:
    """Compare the arms of an experiment from a file of rows, as the platform would."""
    try:
        question = Question(
            variant, _metrics(metric, covariate or [], higher_is_better=not lower_is_better), unit, segment, cluster,
            control, _weights(weights), alpha, quantile, _one_of(fold, FOLDS, "--fold"),
            _one_of(decimal, (".", ","), "--decimal") if decimal else None, drop_duplicates, planned,
        )  # fmt: skip
        answer, intake = _ask(file, question, database)
    except UpshotError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps(_document(file, question, answer, intake), indent=2, allow_nan=False))
    else:
        _tell(file, question, answer, intake)


def _ask(file: Path, question: Question, database: str | None) -> tuple[Answer, Intake]:
    try:
        from upshot.adapters.statistics_sql import statistics  # noqa: PLC0415 - the driver is an extra
    except ImportError as error:
        raise TableError("This command needs two more packages: pip install 'upshot-platform[files]'.") from error
    from upshot.adapters.tables import open_table  # noqa: PLC0415
    from upshot.services.analyze import analyze as answer_of  # noqa: PLC0415

    with open_table(file) as table:
        question.require(table.columns)
        stderr = Console(stderr=True)
        with stderr.status("Starting Postgres and reading the file"), statistics(database, stderr.print) as numbers:
            return answer_of(question, table.columns, table.rows, numbers, table.delimiter)


def _metrics(names: list[str], covariates: list[str], *, higher_is_better: bool) -> tuple[Metric, ...]:
    if len(set(names)) < len(names):
        raise TableError("Each --metric can be named once.")
    if len(covariates) not in (0, 1, len(names)):
        raise TableError("Give --covariate once, or once for each --metric in the same order.")
    pasts = (covariates * len(names) if len(covariates) == 1 else covariates) or [""] * len(names)
    return tuple(
        _metric(name, past, higher_is_better=higher_is_better) for name, past in zip(names, pasts, strict=True)
    )


def _metric(name: str, past: str, *, higher_is_better: bool) -> Metric:
    numerator, _, denominator = name.partition("/")
    x, _, w = past.partition("/")
    if past and bool(w) != bool(denominator):
        raise TableError(
            f"The covariate of {name} must be {'before_numerator/before_denominator' if denominator else 'one column'}."
        )
    return Metric(
        name,
        "ratio" if denominator else "mean",
        numerator,
        denominator or None,
        (x, w or None) if x else None,
        higher_is_better,
    )


def _weights(said: str | None) -> dict[str, float]:
    pairs = [part.rpartition("=") for part in said.split(",")] if said else []
    try:
        found = {name.strip(): float(weight) for name, _, weight in pairs}
    except ValueError:
        found = {"": 0.0}
    if any(not name or not weight >= 0 for name, weight in found.items()):
        raise TableError("Write --weights as control=1,treatment=1.")
    return found


def _one_of(said: str, choices: tuple[str, ...], option: str) -> str:
    if said not in choices:
        raise TableError(f"{option} is one of: {' '.join(choices)}.")
    return said


def _tell(file: Path, question: Question, answer: Answer, intake: Intake) -> None:
    console = Console(highlight=False, markup=False)
    _say(console, answer)
    for some in _parted(answer.effects, max(1, (console.width - LABEL) // COLUMN)):
        console.print()
        console.print(_columns(question, some))
    if answer.segments:
        console.print()
        console.print(_by_segment(question, answer.segments))
    arms = ", ".join(f"{arm.variant} {arm.units:,}" for arm in answer.arms)
    console.print(
        f"\n{plural(intake.rows, 'row')} of {file.name}, compared by {question.unit or 'row'}: {arms}.\n"
        "The always-valid interval may be looked at any day, and the verdict follows it; the one-look interval is for a "
        "date that was fixed beforehand."
    )


def _say(console: Console, answer: Answer) -> None:
    """Plain words: what spoils everything, what the effects are, what else to know. Wrapped to the window."""
    for warning in answer.warnings[:1]:
        if warning.code == "sample_ratio_mismatch":
            console.print(Text(f"{warning.message}\n", style="bold red"))
    for effect in answer.effects:
        style = {"better": "bold green", "worse": "bold red"}.get(effect.verdict or "", "")
        console.print(Text(sentence(effect, answer.control), style=style))
    rest = [w for w in answer.warnings if w.code != "sample_ratio_mismatch"]
    if rest:
        console.print(Text("\nKnow this", style="bold"))
        for warning in rest:
            console.print(Padding(Text(warning.message), (0, 0, 0, 2)))


def _parted(effects: list[Effect], size: int) -> list[list[Effect]]:
    return [effects[at : at + size] for at in range(0, len(effects), size)]


def _columns(question: Question, effects: list[Effect]) -> Table:
    """One column an effect, so that it fits a narrow window."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for effect in effects:
        table.add_column(f"{effect.metric.name}: {effect.variant}", justify="right")
    past = any(effect.numbers["variance_reduction"] is not None for effect in effects)
    lines = [_numbers(effect, question.alpha, past=past) for effect in effects]
    for label in lines[0]:
        table.add_row(label, *(line[label] for line in lines))
    return table


def _numbers(effect: Effect, alpha: float, *, past: bool) -> dict[str, str]:
    """Label to number; ``past``: whether some effect beside it is adjusted."""
    said, level = effect.numbers, f"{(1 - alpha) * 100:.4g} %"
    points = " points" if effect.is_rate and said["difference"] is not None else ""
    return {
        "units (control, arm)": f"{said['n_control']:,.0f}, {said['n_variant']:,.0f}",
        "control": amount(said["mean_control"], effect), "arm": amount(said["mean_variant"], effect),
        "difference" + (", adjusted for the past" if past else ""): amount(said["difference"], effect, signed=True) + points,
        f"always-valid {level}": _interval(effect, "sequential_low", "sequential_high"),
        f"one-look {level}": _interval(effect, "ci_low", "ci_high"),
        "always-valid p": probability(said["sequential_p_value"]), "one-look p": probability(said["p_value"]),
        "lift": NOTHING if said["lift"] is None else percent(said["lift"]),
        "chance to win": chance(said["chance_to_win"]),
        **({"noise explained by the past": share(said["variance_reduction"])} if past else {}),
        "method": said["method"],
    }  # fmt: skip


def _interval(effect: Effect, low: str, high: str) -> str:
    if effect.numbers[low] is None:
        return NOTHING
    return f"{amount(effect.numbers[low], effect, signed=True)} to {amount(effect.numbers[high], effect, signed=True)}"


def _by_segment(question: Question, effects: list[Effect]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in (question.segment or "", "arm on metric"):
        table.add_column(heading)
    for heading in ("units", "difference", f"always-valid {(1 - question.alpha) * 100:.4g} %", "verdict"):
        table.add_column(heading, justify="right", no_wrap=True)
    for effect in effects:
        said = effect.numbers
        table.add_row(
            effect.segment or "(none)", f"{effect.variant} on {effect.metric.name}",
            f"{said['n_control']:,.0f}, {said['n_variant']:,.0f}", amount(said["difference"], effect, signed=True),
            _interval(effect, "sequential_low", "sequential_high"), effect.verdict or NOTHING,
        )  # fmt: skip
    return table


def _document(file: Path, question: Question, answer: Answer, intake: Intake) -> dict[str, Any]:
    return {
        "version": 1, "file": file.name, "control": answer.control, "confidence_level": 1 - question.alpha,
        "intake": dataclasses.asdict(intake), "switchers": answer.switchers,
        "arms": [dataclasses.asdict(arm) for arm in answer.arms], "sample_ratio": answer.srm,
        "effects": [_said(effect, answer.control, role="secondary" if place else "primary") for place, effect in _placed(answer, question)],
        "segments": [_said(effect, answer.control, role="segment") for effect in answer.segments],
        "strata": [
            {"metric": s.metric.name, "variant": s.variant, "pooled": s.pooled, "simpson": s.simpson} for s in answer.strata
        ],
        "warnings": [dataclasses.asdict(warning) for warning in answer.warnings],
    }  # fmt: skip


def _placed(answer: Answer, question: Question) -> list[tuple[int, Effect]]:
    order = {metric.name: place for place, metric in enumerate(question.metrics)}
    return [(order[effect.metric.name], effect) for effect in answer.effects]


def _said(effect: Effect, control: str, *, role: str) -> dict[str, Any]:
    segment = {} if effect.segment is None else {"segment": effect.segment}
    return {
        "metric": effect.metric.name, "kind": effect.metric.kind, "role": role, "variant": effect.variant, **segment,
        "sentence": sentence(effect, control), "verdict": effect.verdict, **effect.numbers,
        "reason_code": effect.reason_code, "adjusted_p_value": effect.adjusted_p_value, "correction": effect.correction,
    }  # fmt: skip
