"""How much of Postgres is left after the gateway: GET by primary key against the same query through psycopg with a pool."""

import asyncio
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import psycopg
from psycopg_pool import AsyncConnectionPool
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.http_load import Load
from upshot_devstack.bench.scratch import scratch_stack

ROWS = 10_000
TABLE = """
create table public.bench_items (id int primary key, name text not null, price numeric not null, made_at timestamptz not null);
insert into public.bench_items select n, 'item ' || n, n / 7.0, now() from generate_series(1, %s) n;
alter table public.bench_items enable row level security;
create policy bench_items_select_anyone on public.bench_items for select to anon, authenticated using (true);
grant select on public.bench_items to anon, authenticated;
"""
QUERY = "select coalesce(json_agg(t), '[]')::text from (select * from public.bench_items where id = %s) t"


def through_gateway(url: str, key: str, connections: int, seconds: float) -> float:
    """Requests a second of `GET /rest/v1/bench_items?id=eq.4242` with the publishable key."""
    target = f"{url}/rest/v1/bench_items?id=eq.4242"
    return Load(target, {"apikey": key}, connections, seconds).run().requests_per_second or 0.0


def through_psycopg(dsn: str, connections: int, seconds: float) -> float:
    """Queries a second of the same query, by as many tasks over a pool of as many connections."""
    return asyncio.run(_through_psycopg(dsn, connections, seconds))


async def _through_psycopg(dsn: str, connections: int, seconds: float) -> float:
    async with AsyncConnectionPool(dsn, min_size=connections, max_size=connections, open=False) as pool:
        await pool.wait()
        started = time.perf_counter()

        async def task() -> int:
            count = 0
            while time.perf_counter() < started + seconds:
                async with pool.connection() as connection:
                    await (await connection.execute(QUERY, (4242,))).fetchone()
                count += 1
            return count

        counts = await asyncio.gather(*(task() for _ in range(connections)))
        return sum(counts) / (time.perf_counter() - started)


def prepare(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in TABLE.split(";\n"):
            connection.execute(statement, (ROWS,) if "%s" in statement else None)
        connection.execute("vacuum analyze public.bench_items")
        connection.execute("notify pgrst, 'reload schema'")


def measure(rounds: int = 3, connections: int = 8, seconds: float = 4.0) -> list[tuple[float, float]]:
    """Rounds of (gateway, psycopg), interleaved so that a busy machine harms both alike."""
    with (
        scratch_stack() as stack,
        # A process of its own for the load, as any client would have.
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as client,
    ):
        env = stack.env()
        prepare(env["DB_URL"])
        results = []
        for _ in range(rounds):
            gateway = client.submit(
                through_gateway, env["API_URL"], env["PUBLISHABLE_KEY"], connections, seconds
            ).result()
            plain = client.submit(through_psycopg, env["DB_URL"], connections, seconds).result()
            results.append((gateway, plain))
        return results


def main() -> None:
    """Print the rounds, their medians and the ratio."""
    results = measure()
    table = Table("round", "gateway requests/s", "psycopg queries/s", "ratio", title="GET /rest/v1/<table>?id=eq.…")
    for number, (gateway, plain) in enumerate(results, 1):
        table.add_row(str(number), f"{gateway:,.0f}", f"{plain:,.0f}", f"{gateway / plain:.2f}")
    ratio = statistics.median(gateway / plain for gateway, plain in results)
    Console(file=sys.stdout).print(table, f"Median ratio {ratio:.2f} (goal: at least 0.25)")


if __name__ == "__main__":
    main()
