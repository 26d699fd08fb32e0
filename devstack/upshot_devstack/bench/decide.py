"""How long decide takes among many experiments and assignments, against a lookup by primary key in the same run."""

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.caller import Caller, percentiles
from upshot_devstack.bench.product import Size, claims, fill, install, workspace
from upshot_devstack.bench.scratch import scratch_stack

DECIDE = "select public.decide(%s, %s, %s, attributes => %s)"
LOOKUP = "select to_jsonb(a) from public.assignments a where a.id = %s"
ATTRIBUTES = '{"plan": "pro", "seats": 12, "country": "DE"}'
GOAL_MS, GOAL_RATIO = 5.0, 4.0
WARM = 30


@dataclass(frozen=True)
class Case:
    """A kind of call: what to say of it, and the values of each call."""

    name: str
    query: str
    values: Iterator[list[Any]]
    expected: str | None = None


def cases(size: Size) -> list[Case]:
    """The lookup, and decide for known and new subjects, with the experiments spread out and all on one capability."""
    chance = random.Random(7)  # noqa: S311 - any spread will do, the same in every run

    def known() -> Iterator[list[Any]]:
        while True:
            n = chance.randrange(size.assignments)
            place = (n // size.subjects * 97 + n % size.subjects) % size.experiments
            key = sorted(f"spread{i}" for i in range(size.experiments))[place] if place not in keys else keys[place]
            keys[place] = key
            yield ["production", f"c{int(key.removeprefix('spread')) // 10}", f"s{n % size.subjects}", ATTRIBUTES]

    def new(environment: str, capability: Callable[[], str], name: str) -> Iterator[list[Any]]:
        number = 0
        while True:
            number += 1
            yield [environment, capability(), f"{name}{number}", ATTRIBUTES]

    keys: dict[int, str] = {}
    somewhere = lambda: f"c{chance.randrange(size.capabilities)}"  # noqa: E731
    return [
        Case("lookup by primary key", LOOKUP, ([f"{chance.randrange(size.assignments):032x}"] for _ in iter(int, 1))),
        Case("known subject, spread", DECIDE, known(), "assigned"),
        Case("new subject, spread", DECIDE, new("production", somewhere, "new"), "assigned"),
        Case("new subject, all in one layer", DECIDE, new("staging", lambda: "c0", "layer"), "assigned"),
        Case("known subject, all in one layer", DECIDE, new("staging", lambda: "c0", "layer"), "assigned"),
        Case("taken by none of all on one", DECIDE, new("staging", lambda: "c1", "crowd"), "live_deployment"),
    ]


def publish_all(admin: psycopg.Connection, workspace_id: str) -> None:
    """Something is live at every capability, for calls that no experiment takes."""
    admin.execute(
        "insert into public.deployments (workspace_id, environment_id, capability_id, number, prompt_version_id, kind) "
        "select e.workspace_id, e.id, p.capability_id, 1, v.id, 'publish' from public.environments e "
        "join public.prompts p using (workspace_id) join public.prompt_versions v on v.prompt_id = p.id and v.number = 1 "
        "where e.workspace_id = %s",
        [workspace_id],
    )


def measure(url: str, kinds: list[Case], calls: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds by shape and case; the cases in turn, so that a busy machine harms all alike."""
    times: dict[str, dict[str, list[float]]] = {"transaction": defaultdict(list), "statement": defaultdict(list)}
    with Caller(url, claims()) as api, Caller(url, claims()) as session:
        session.in_session()
        for turn in range(calls + WARM):
            for case in kinds:
                for shape, ask in (("transaction", api.ask), ("statement", session.bare)):
                    took, answer = ask(case.query, next(case.values))
                    if case.expected and answer["reason"] != case.expected:
                        raise RuntimeError(f"{case.name}: {answer['reason']} instead of {case.expected}")
                    if turn >= WARM:
                        times[shape][case.name].append(took)
    return times


def show(times: dict[str, dict[str, list[float]]], title: str) -> None:
    """Print the percentiles and the ratios of medians and of 95th percentiles to the lookup's."""
    table = Table("milliseconds", "p50", "p95", "p99", "p50 ratio", "p95 ratio", title=title)
    for shape, by_case in times.items():
        reference = percentiles(next(iter(by_case.values())))
        for name, values in by_case.items():
            cuts = percentiles(values)
            ratios = (f"{cuts[i] / reference[i]:.2f}" for i in (0, 1))
            table.add_row(f"{shape}: {name}", *(f"{cut:.2f}" for cut in cuts), *ratios)
        table.add_section()
    console = Console(file=sys.stdout, width=120)
    console.print(
        table, f"Goals: p95 under {GOAL_MS:.0f} ms, ratio of p50 under {GOAL_RATIO:.0f}, in the API's transaction"
    )
    by_case = times["transaction"]
    lookup = percentiles(next(iter(by_case.values())))[0]
    for name, values in list(by_case.items())[1:]:
        p50, p95, _ = percentiles(values)
        verdicts = [
            f"p95 {p95:.2f} ms {met(p95 < GOAL_MS)}",
            f"ratio {p50 / lookup:.2f} {met(p50 / lookup < GOAL_RATIO)}",
        ]
        console.print(f"{name}: {', '.join(verdicts)}", highlight=False)


def met(holds: bool) -> str:
    """Whether a goal was met, in a word."""
    return "(met)" if holds else "(missed)"


def main() -> None:
    """Build the world, measure, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench decide")
    parser.add_argument("--experiments", type=int, default=1_000)
    parser.add_argument("--assignments", type=int, default=10_000_000, help="10 million take some minutes to build")
    parser.add_argument("--calls", type=int, default=500, help="of each kind, twice")
    options = parser.parse_args()
    size = Size(options.experiments, options.assignments)
    with scratch_stack() as stack:
        url = stack.env()["DB_URL"]
        install(url)
        started = time.perf_counter()
        with psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin:
            workspace_id = workspace(admin, url)
            fill(admin, workspace_id, size)
            publish_all(admin, workspace_id)
        built = time.perf_counter() - started
        login = url.replace("//postgres:", "//authenticator:", 1)
        times = measure(login, cases(size), options.calls)
    show(
        times,
        f"3 times {size.experiments:,} live experiments, {size.assignments:,} assignments, built in {built:.0f} s",
    )


if __name__ == "__main__":
    main()
