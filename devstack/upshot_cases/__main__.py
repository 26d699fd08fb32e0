"""scripts/cases: run a directory of cases, write what check.py reads, say what is out of reach."""

import argparse
import json
import logging
import math
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import structlog
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from upshot.adapters.analysis.methods import StatsmodelsMethods
from upshot.domain.errors import UpshotError
from upshot_cases import designs, families, functions, ledger, means, models, observational, series, tables
from upshot_cases.case import Analysis, Case, OutOfReachError, cases
from upshot_cases.database import database, statistics
from upshot_cases.engine import Engine, chosen, known
from upshot_cases.road import Road

ANSWERERS = (designs, families, ledger, means, models, observational, series, tables)
"""Imported for what they register."""
UNSUPPORTED = "_unsupported"


def main() -> int:
    """0 when every analysis has an answer, 3 when some are out of reach, 2 when there is nothing to do."""
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console = Console(stderr=True, highlight=False)
    (found, broken), (groups, odd) = cases(options.folder), functions.groups(options.folder)
    broken |= odd
    if not found and not groups and not broken:
        console.print(f"[red]✗[/] There are no cases in {options.folder}: neither */expected.json nor formulas.json.")
        return 2
    started = time.monotonic()
    with console.status("Preparing") as status, database(status.update) as url, statistics(url) as sql:
        status.stop()
        engine = Engine(sql, StatsmodelsMethods(), Road(url))
        results = run(engine, found, groups, broken, console)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=1, allow_nan=False) + "\n")
    return _farewell(results, options.out, time.monotonic() - started, console)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/cases", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of cases, or one case")
    parser.add_argument("--out", type=Path, default=Path("results.json"), metavar="FILE", help="default: results.json")
    return parser.parse_args()


def run(
    engine: Engine, found: list[Case], groups: Mapping[str, Any], broken: Mapping[str, str], console: Console
) -> dict[str, Any]:
    """Every answer by case and analysis, and what has none."""
    results: dict[str, Any] = {}
    missing = [{"case": name, "analysis": "*", "reason": reason} for name, reason in broken.items()]
    with _bar(console) as bar:
        whole = bar.add_task("cases", total=sum(len(case.analyses) for case in found) + len(groups))
        for case in found:
            bar.update(whole, description=case.name)
            results[case.name] = {}
            for analysis in case.analyses:
                _keep(results[case.name], missing, case.name, analysis.id, lambda a=analysis: answer(engine, a))
                bar.advance(whole)
        if groups:
            results["formulas"] = {}
        for name, rows in groups.items():
            bar.update(whole, description=f"formulas: {name}")
            _keep(results["formulas"], missing, "formulas", name, lambda n=name, r=rows: functions.answer(engine, n, r))
            bar.advance(whole)
    results[UNSUPPORTED] = missing
    for one in missing:
        console.print(f"[yellow]![/] {escape(one['case'])}.{escape(one['analysis'])}: {escape(one['reason'])}")
    return results


def answer(engine: Engine, analysis: Analysis) -> Any:
    """The numbers of one analysis; OutOfReachError says why there are none."""
    work = known(analysis.method)
    if work is None:
        raise OutOfReachError(f"the method {analysis.method} is not known")
    return chosen(work(engine, analysis), analysis)


def _keep(into: dict[str, Any], missing: list[dict[str, str]], case: str, name: str, work: Any) -> None:
    """Keep an answer, or say why there is none. One analysis's failure is its own."""
    try:
        into[name] = plain(work())
    except (OutOfReachError, UpshotError) as error:
        missing.append({"case": case, "analysis": name, "reason": str(error)})
    except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
        said = error.diag.message_primary if isinstance(error, psycopg.Error) else str(error).strip().partition("\n")[0]
        missing.append({"case": case, "analysis": name, "reason": f"failed: {type(error).__name__}: {said or error}"})


def plain(value: Any) -> Any:
    """JSON, in which a number that is none is null."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(value) if isinstance(value, int) else number


@contextmanager
def _bar(console: Console) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield bar


def _farewell(results: Mapping[str, Any], out: Path, seconds: float, console: Console) -> int:
    missing = results[UNSUPPORTED]
    done = sum(len(answers) for name, answers in results.items() if name != UNSUPPORTED)
    mark, rest = ("[yellow]![/]", f", {len(missing)} out of reach") if missing else ("[green]✓[/]", "")
    console.print(f"{mark} {done} analyses answered{rest} in {seconds:.0f} s. Written: {out}")
    return 3 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
