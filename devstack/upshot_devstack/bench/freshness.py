"""How old a number is when a dashboard shows it: an outcome through the API, its Realtime message, the effect read again."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode

import httpx
from rich.console import Console
from rich.table import Table
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from upshot_devstack.bench.caller import percentiles
from upshot_devstack.bench.scratch import scratch_stack
from upshot_devstack.bench.soak import Bench, prepared, worker

GOAL = 1.0
WAIT = 30.0
LOOK = 5.0
SUBJECTS = 2_000
KNOWN = 500  # what there was before: a mean of nothing is not shown


@contextmanager
def joined(url: str, key: str, topic: str) -> Iterator[Connection]:
    """A dashboard's socket on a private channel."""
    address = f"{url.replace('http', 'ws', 1)}/realtime/v1/websocket?{urlencode({'apikey': key, 'vsn': '2.0.0'})}"
    with connect(address) as socket:
        socket.send(json.dumps(["1", "1", f"realtime:{topic}", "phx_join", {"config": {"private": True}}]))
        reply = str(socket.recv(WAIT))
        if '"status":"ok"' not in reply.replace(" ", ""):
            raise RuntimeError(f"The join was refused: {reply}")
        yield socket


def told(socket: Connection) -> None:
    """Wait until the channel says that something moved; a message that is lost makes the dashboard look by itself."""
    deadline = time.monotonic() + LOOK
    with suppress(TimeoutError):
        while '"broadcast"' not in str(socket.recv(max(0.1, deadline - time.monotonic()))):
            pass


def shown(client: httpx.Client, experiment_id: str) -> Any:
    """What the dashboard shows of the metric."""
    asked = {
        "experiment_id": f"eq.{experiment_id}",
        "metric_key": "eq.minutes",
        "select": "n_control,n_variant,mean_control,mean_variant",
    }
    answer = client.get("/rest/v1/experiment_effects", params=asked)
    answer.raise_for_status()
    return answer.json()


def outcomes(bench: Bench, numbers: range) -> dict[str, Any]:
    """Customers' minutes, as the API takes them."""
    same = {"metric": "minutes", "environment": "production", "source": "bench"}
    same |= {"occurred_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    rows = [
        same | {"value": 1 + n / 7, "subject": f"subject-{n % SUBJECTS}", "source_event_id": f"fresh-{n}"}
        for n in numbers
    ]
    return {"outcomes": rows, "workspace_id": bench.events.workspace_id}


def measure(bench: Bench, env: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Seconds from the answer of the API that took the outcome: to the message, and to the number."""
    found: dict[str, list[float]] = {"recorded": [], "message": [], "number read again": []}
    experiment_id, headers = bench.arms.experiments[0][0], {"apikey": env["SECRET_KEY"]}
    with (
        httpx.Client(base_url=env["API_URL"], headers=headers, timeout=WAIT) as client,
        joined(env["API_URL"], env["SECRET_KEY"], f"experiment:{experiment_id}") as socket,
    ):
        client.post("/rest/v1/rpc/record_outcomes", json=outcomes(bench, range(KNOWN))).raise_for_status()
        told(socket)
        for number in range(KNOWN, KNOWN + rounds):
            before, started = shown(client, experiment_id), time.monotonic()
            answer = client.post("/rest/v1/rpc/record_outcomes", json=outcomes(bench, range(number, number + 1)))
            answer.raise_for_status()
            if answer.json()["accepted"] != 1:
                raise RuntimeError(answer.text[:300])
            committed = time.monotonic()
            told(socket)
            heard = time.monotonic()
            while shown(client, experiment_id) == before:
                told(socket)
            found["recorded"].append(committed - started)
            found["message"].append(heard - committed)
            found["number read again"].append(time.monotonic() - committed)
            socket.send(json.dumps([None, str(number + 2), "phoenix", "heartbeat", {}]))
    return found


def main() -> None:
    """Record, wait, read; print."""
    parser = argparse.ArgumentParser(prog="scripts/bench freshness")
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=110, highlight=False)
    with scratch_stack() as stack:
        env = stack.env()
        bench = prepared(env["DB_URL"], SUBJECTS, 1, calls=False, report=console.print)
        with worker(env):
            found = measure(bench, env, options.rounds)
    table = Table("seconds after the API's answer", "p50", "p95", "p99")
    for name, times in found.items():
        table.add_row(name, *(f"{value:.3f}" for value in percentiles(times)))
    met = percentiles(found["number read again"])[2] <= GOAL
    console.print(table, f"Goal: the number within {GOAL:.0f} s at the 99th percentile: {'met' if met else 'missed'}")


if __name__ == "__main__":
    main()
