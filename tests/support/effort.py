"""What work costs, whatever else the machine does meanwhile."""

import time
from pathlib import Path
from typing import Any

import psycopg


def computed(connection: psycopg.Connection[Any]) -> float:
    """Seconds that a connection's own process has computed; where the system does not tell, seconds of the clock."""
    told = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else time.perf_counter()
