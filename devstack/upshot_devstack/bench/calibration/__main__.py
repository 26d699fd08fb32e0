"""Simulate, judge, print; what is out of three Monte-Carlo errors fails."""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.calibration import fast, road
from upshot_devstack.bench.calibration.claims import HEAD, Claim, markdown
from upshot_devstack.bench.calibration.worlds import KINDS
from upshot_devstack.bench.product import install
from upshot_devstack.bench.scratch import scratch_stack

SUPERUSER = "supabase_admin"


def parts(connection: psycopg.Connection, url: str, seed: int, worlds: int, number: int) -> Iterator[Claim]:
    """One share of the work: a kind of data each, then the rest."""
    rng = np.random.default_rng([seed, number])
    if number < len(KINDS):
        yield from fast.kinds(connection, rng, worlds, KINDS[number : number + 1])
        return
    rest = (fast.small, fast.uneven, fast.slower, fast.guardrails, fast.split, fast.families)
    if number < len(KINDS) + len(rest):
        part = rest[number - len(KINDS)]
        yield from part(connection, rng, worlds * 5 if part is fast.split else worlds)
        return
    yield from road.live(connection, url, rng, max(20, worlds // 10))


PARTS = len(KINDS) + 7


def calibrate(url: str, seed: int, worlds: int) -> list[Claim]:
    """All claims, two at a time; the result does not depend on which comes first."""
    admin = url.replace("//postgres:", f"//{SUPERUSER}:", 1)

    def work(number: int) -> list[Claim]:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("set work_mem = '256MB'")
            return list(parts(connection, url, seed, worlds, number))

    # The public road takes longest: it starts first.
    order = [PARTS - 1, *range(PARTS - 1)]
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(order, pool.map(work, order), strict=True))
    return [c for number in range(PARTS) for c in found[number]]


def show(console: Console, claims: list[Claim]) -> None:
    """The table for people."""
    table = Table(*HEAD)
    for c in claims:
        table.add_row(*c.cells, style=None if c.holds else "bold red")
    console.print(table)


def main() -> None:
    """Build, simulate, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench calibration")
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", type=Path, help="write the table for a page here")
    options = parser.parse_args()
    console, started = Console(file=sys.stdout, width=150), time.monotonic()
    with scratch_stack() as stack:
        url = stack.env()["DB_URL"]
        install(url)
        claims = calibrate(url, options.seed, options.worlds)
    show(console, claims)
    out = [c for c in claims if not c.holds]
    console.print(
        f"{sum(c.worlds for c in claims):,} answers in {time.monotonic() - started:.0f} s, {options.worlds:,} worlds a row, "
        f"seed {options.seed}: {len(out)} of {len(claims)} out of 3 Monte-Carlo errors", highlight=False,
    )  # fmt: skip
    if options.markdown:
        options.markdown.write_text(markdown(claims) + "\n", encoding="utf-8")
    sys.exit(bool(out))


if __name__ == "__main__":
    main()
