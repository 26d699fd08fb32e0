"""The answer on a terminal: the sentence first, then intervals on one axis, then the arms."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from upshot.demo import words

Row = Mapping[str, Any]
AXIS_CELLS = 17
_COLOURS = {"better": "green", "worse": "red", "undecided": "yellow"}


def answer(effects: Sequence[Row], arms: Sequence[Row], health: Row) -> RenderableType:
    """The whole answer from the rows of experiment_effects, experiment_arms and experiment_health."""
    lead = words.headline(effects, health)
    others = [line for effect in effects if (line := words.sentence(effect)) != lead]
    metrics = dict.fromkeys(effect["metric_key"] for effect in effects)
    tables = [effects_table([e for e in effects if e["metric_key"] == metric]) for metric in metrics]
    return Group(
        _block(Text(lead, style="bold"), above=1, below=1),
        *(_block(Text(line)) for line in others),
        *(_block(table, above=1) for table in tables),
        _block(arms_table(arms, effects), above=1, below=1),
        _block(Text(f"Was the split fair? {_capital(words.fairness(health))}")),
    )


def effects_table(effects: Sequence[Row]) -> Table:
    """What each change did to one outcome: its interval drawn against no difference, its numbers, its verdict."""
    table = _table(f"{effects[0]['metric_name']}: difference from the control")
    table.add_column("Change")
    table.add_column(f"{'no difference':^{AXIS_CELLS}}", no_wrap=True)
    table.add_column("95 % interval, at any look", justify="right")
    table.add_column("Verdict")
    ends = [
        abs(e[end]) for e in effects if e["sequential_low"] is not None for end in ("sequential_low", "sequential_high")
    ]
    for effect in effects:
        table.add_row(Text(effect["variant_name"]), *_cells(effect, max(ends, default=0.0)))
    return table


def arms_table(arms: Sequence[Row], effects: Sequence[Row]) -> Table:
    """One line an arm: customers got and planned, and the mean of each outcome."""
    metrics = {effect["metric_key"]: effect["metric_name"] for effect in effects}
    table = _table("Arms")
    table.add_column("Arm")
    for name in ("Customers", "Share (planned)", *metrics.values()):
        table.add_column(name, justify="right")
    for arm in sorted(arms, key=lambda arm: not arm["is_control"]):
        name = f"{arm['variant_name']}{' (control)' if arm['is_control'] else ''}"
        share = f"{_percent(arm['share'])} ({_percent(arm['expected_share'])})"
        table.add_row(Text(name), f"{arm['subjects']:,}", share, *(_mean(arm, key, effects) for key in metrics))
    return table


def axis(low: float, point: float, high: float, reach: float, cells: int = AXIS_CELLS) -> str:
    """An interval as text on an axis from -reach to reach, zero in the middle."""
    drawn = [" "] * cells
    middle = cells // 2

    def cell(value: float) -> int:
        return middle if reach == 0 else max(0, min(cells - 1, round(middle + value / reach * middle)))

    drawn[middle] = "│"
    for position in range(cell(low), cell(high) + 1):
        drawn[position] = "┼" if position == middle else "─"
    drawn[cell(low)], drawn[cell(high)] = "├", "┤"
    drawn[cell(point)] = "●"
    return "".join(drawn)


def _block(content: RenderableType, *, above: int = 0, below: int = 0) -> Padding:
    return Padding(content, (above, 2, below, 2), expand=False)


def _table(title: str) -> Table:
    return Table(
        box=None, padding=(0, 2, 0, 0), title=title, title_justify="left", title_style="bold", header_style="dim"
    )


def _cells(effect: Row, reach: float) -> list[RenderableType]:
    said = words.standing(effect)
    if said is None:
        return [Text(""), Text("none"), Text(words.reason(effect), style="dim")]
    drawn = axis(effect["sequential_low"], effect["difference"], effect["sequential_high"], reach)
    colour, so_far = _COLOURS[said], f"so far {said}" if effect["verdict"] == "waiting" else said
    return [Text(drawn, style=colour), Text(words.difference(effect)), Text(so_far, style=colour)]


def _mean(arm: Row, metric: str, effects: Sequence[Row]) -> str:
    for effect in effects:
        if effect["metric_key"] != metric:
            continue
        side = "control" if arm["is_control"] else "variant" if effect["variant_id"] == arm["variant_id"] else None
        if side and (mean := effect[f"mean_{side}"]) is not None:
            return words.amount(effect, mean)
    return "none"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share * 100:.1f} %"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
