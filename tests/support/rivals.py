"""Two transactions at once, one step at a time: the second is let go on only when it waits, or has ended."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import psycopg

from support.patience import PATIENCE
from support.world import Actor, World

WAITING = "select count(*) as n from pg_stat_activity where pid = %s and wait_event_type = 'Lock'"


def waits(world: World, actor: Actor, going: "Future[Any]") -> bool:
    """True as soon as the actor waits for a lock; False when it has ended instead."""
    pid = actor.connection.info.backend_pid
    while not going.done():
        if world.admin.one(WAITING, pid)["n"]:
            return True
        wait([going], timeout=0.005)
    return False


def overtaken(world: World, first: Actor, holds: Callable[[], Any], second: Actor, comes: Callable[[], Any]) -> str:
    """`first` acts and holds its transaction open, `second` comes in between: how `second` ended after the commit."""
    with ThreadPoolExecutor(1) as pool:
        with first.connection.transaction():
            holds()
            rival = pool.submit(comes)
            waits(world, second, rival)
        try:
            rival.result(timeout=PATIENCE)
        except psycopg.Error as error:
            return error.sqlstate or "?"
    return "ok"


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """All of them from threads that start together: each one's result, or its error."""
    gate = threading.Barrier(len(acts))

    def start(act: Callable[[], Any]) -> Any:
        gate.wait(timeout=PATIENCE)
        try:
            return act()
        except psycopg.Error as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=PATIENCE) for future in [pool.submit(start, act) for act in acts]]
