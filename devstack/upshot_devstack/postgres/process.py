"""Whether a Postgres that left a pid file is still there. Pids come around again: the file alone proves nothing."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PORT_LINE = 3


@dataclass(frozen=True)
class PidFile:
    """What a server writes into `postmaster.pid`."""

    pid: int
    port: int


def read_pid_file(path: Path) -> PidFile | None:
    """The content of a pid file, None when there is none. A half-written one reads as port 0."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return None
    pid = int(lines[0]) if lines and lines[0].lstrip("-").isdigit() else 0
    port = int(lines[PORT_LINE]) if len(lines) > PORT_LINE and lines[PORT_LINE].isdigit() else 0
    return PidFile(pid=pid, port=port)


def is_postgres(pid: int, data: Path) -> bool:
    """Whether the process is the server of this data folder."""
    return pid > 0 and is_alive(pid) and str(data) in command_line(pid)


def is_alive(pid: int) -> bool:
    """Whether a process of this number exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> str:
    """How a process was started, empty when that cannot be told."""
    entry = Path(f"/proc/{pid}/cmdline")
    if entry.is_file():
        return entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    listing = subprocess.run(  # noqa: S603 - a number is the only thing that varies
        ("/bin/ps", "-o", "command=", "-p", str(pid)), capture_output=True, text=True, check=False, timeout=10
    )
    return listing.stdout.strip()
