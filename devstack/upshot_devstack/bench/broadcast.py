"""How long a broadcast takes from the database to 100 sockets, against a plain LISTEN/NOTIFY round trip."""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import cast
from urllib.parse import urlencode

import psycopg
import uvloop
from rich.console import Console
from rich.table import Table
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from upshot_devstack.bench.scratch import scratch_stack

SOCKETS = 100
BROADCASTS = 200
TOPIC = "bench:broadcast"
CHANNEL = "bench_broadcast"
WAIT = 30.0
GOAL_MS = 50.0
SEND = "select realtime.send(jsonb_build_object('n', %s::int), 'tick', %s, true)"


@dataclass(frozen=True)
class Measured:
    """Milliseconds from just before the statement: to each socket, to the last socket, and of LISTEN/NOTIFY."""

    deliveries: list[float]
    last_of_each: list[float]
    notify: list[float]


class Listener(asyncio.Protocol):
    """A joined socket that does no more than note when a message came, so that the server is what is measured."""

    def __init__(self, url: str, key: str, arrived: "asyncio.Queue[float]") -> None:
        address = parse_uri(f"{url}/realtime/v1/websocket?{urlencode({'apikey': key, 'vsn': '2.0.0'})}")
        self._protocol = ClientProtocol(address)
        self._arrived = arrived
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._protocol.send_request(self._protocol.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._take(event, at)
            else:
                self._join()

    def close(self) -> None:
        self._transport.close()

    def _join(self) -> None:
        join = ["1", "1", f"realtime:{TOPIC}", "phx_join", {"config": {"private": True}}]
        self._protocol.send_text(json.dumps(join).encode())
        self._flush()

    def _take(self, frame: Frame, at: float) -> None:
        if frame.opcode is Opcode.PING:
            self._flush()
        elif b'"phx_reply"' in frame.data:
            self._settle_join(bytes(frame.data))
        elif b'"broadcast"' in frame.data:
            self._arrived.put_nowait(at)

    def _settle_join(self, reply: bytes) -> None:
        if b'"status":"ok"' in reply:
            self.joined.set_result(None)
        else:
            self.joined.set_exception(RuntimeError(f"The join was refused: {reply.decode()}"))

    def _flush(self) -> None:
        self._transport.write(b"".join(self._protocol.data_to_send()))


async def opened(url: str, key: str, arrived: "asyncio.Queue[float]", host: str, port: int) -> list[Listener]:
    """All sockets, joined."""
    loop = asyncio.get_running_loop()

    async def one() -> Listener:
        return (await loop.create_connection(lambda: Listener(url, key, arrived), host, port))[1]

    listeners = [await one() for _ in range(SOCKETS)]
    async with asyncio.timeout(WAIT):
        await asyncio.gather(*(listener.joined for listener in listeners))
    return listeners


async def broadcast(connection: psycopg.AsyncConnection, number: int, arrived: "asyncio.Queue[float]") -> list[float]:
    """Send one and wait until every socket has it."""
    started = time.perf_counter()
    await connection.execute(SEND, (number, TOPIC))
    async with asyncio.timeout(WAIT):
        return [(await arrived.get() - started) * 1000 for _ in range(SOCKETS)]


async def notify(sender: psycopg.AsyncConnection, listener: psycopg.AsyncConnection) -> float:
    """One round trip of LISTEN/NOTIFY."""
    notifications = listener.notifies(timeout=WAIT, stop_after=1)
    started = time.perf_counter()
    waiting = asyncio.ensure_future(anext(aiter(notifications)))
    await sender.execute(f"notify {CHANNEL}")
    await waiting
    elapsed = (time.perf_counter() - started) * 1000
    await notifications.aclose()
    return elapsed


async def client(url: str, key: str, dsn: str) -> Measured:
    """Open the sockets, then broadcast and notify in turn, so that a busy machine harms both alike."""
    arrived: asyncio.Queue[float] = asyncio.Queue()
    address = parse_uri(url.replace("http", "ws", 1))
    listeners = await opened(url.replace("http", "ws", 1), key, arrived, address.host, address.port)
    measured = Measured([], [], [])
    async with (
        await psycopg.AsyncConnection.connect(dsn, autocommit=True) as sender,
        await psycopg.AsyncConnection.connect(dsn, autocommit=True) as listener,
    ):
        await listener.execute(f"listen {CHANNEL}")
        for number in range(BROADCASTS):
            times = await broadcast(sender, number, arrived)
            measured.deliveries.extend(times)
            measured.last_of_each.append(max(times))
            measured.notify.append(await notify(sender, listener))
    for one in listeners:
        one.close()
    return measured


def run_client(url: str, key: str, dsn: str) -> Measured:
    """The client's whole life, for a process of its own."""
    return uvloop.run(client(url, key, dsn))


def measure() -> Measured:
    """Run a stack and a client beside it."""
    with scratch_stack() as stack, get_context("spawn").Pool(1) as clients:
        env = stack.env()
        return clients.apply(run_client, (env["API_URL"], env["SECRET_KEY"], env["DB_URL"]))


def percentiles(times: Sequence[float]) -> tuple[float, float, float]:
    """The 50th, 95th and 99th percentile."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def main() -> None:
    """Print the percentiles and the ratio of the medians."""
    measured = measure()
    table = Table(
        "milliseconds", "p50", "p95", "p99", title=f"{BROADCASTS} broadcasts from the database to {SOCKETS} sockets"
    )
    for name, times in (
        ("to a socket", measured.deliveries),
        ("to the last socket", measured.last_of_each),
        ("LISTEN/NOTIFY round trip", measured.notify),
    ):
        table.add_row(name, *(f"{value:.1f}" for value in percentiles(times)))
    ratio = statistics.median(measured.deliveries) / statistics.median(measured.notify)
    p95 = percentiles(measured.deliveries)[1]
    Console(file=sys.stdout).print(
        table, f"Median ratio to LISTEN/NOTIFY {ratio:.1f}; p95 {p95:.1f} ms (goal: under {GOAL_MS:.0f} ms)"
    )


if __name__ == "__main__":
    main()
