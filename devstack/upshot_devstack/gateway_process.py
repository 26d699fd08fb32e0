"""The gateway as a process of its own: started beside Postgres, found again by its pid file, stopped in good order."""

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import structlog

from upshot_devstack.logfiles import last_lines, roll
from upshot_devstack.ports import LOOPBACK, free_port, is_taken
from upshot_devstack.postgres.process import command_line, is_alive

log = structlog.get_logger(__name__)

MODULE = "upshot_devstack.gateway"
START_SECONDS = 40.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05


class GatewayProcessError(RuntimeError):
    """The gateway did not start; the message carries the end of its log."""


class GatewayProcess:
    """The gateway whose files lie below `home`: `home/gateway.json` (pid and port), `home/gateway.log`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log_file = home / "gateway.log"
        self._pid_file = home / "gateway.json"

    def start(self, port: int, settings: Mapping[str, Any]) -> int:
        """Start the gateway on a port (0: a free one) unless it runs, and return the port once it is healthy.

        Raises GatewayProcessError.
        """
        running = self.port()
        if running is not None:
            return running
        chosen = port or free_port()
        if is_taken(chosen):
            raise GatewayProcessError(f"Port {chosen} is taken: stop what listens there, or choose another API port.")
        self.home.mkdir(parents=True, exist_ok=True)
        roll(self.log_file)
        pid = self._spawn({**settings, "host": LOOPBACK, "port": chosen})
        self._pid_file.write_text(json.dumps({"pid": pid, "port": chosen}))
        self._wait_until_healthy(pid, chosen)
        log.info("gateway_started", port=chosen, pid=pid)
        return chosen

    def port(self) -> int | None:
        """The port it listens on, None when it does not run."""
        known = self._known()
        if known is None or not _is_gateway(known["pid"]):
            return None
        return known["port"]

    def stop(self) -> None:
        """Ask it to finish what it is doing and end; insist after a while. Does nothing when it does not run."""
        known = self._known()
        if known is not None and _is_gateway(known["pid"]):
            os.kill(known["pid"], signal.SIGTERM)
            if not _gone(known["pid"], STOP_SECONDS):
                log.warning("gateway_killed", pid=known["pid"], after_seconds=STOP_SECONDS)
                os.kill(known["pid"], signal.SIGKILL)
                _gone(known["pid"], STOP_SECONDS)
            log.info("gateway_stopped", pid=known["pid"])
        self._pid_file.unlink(missing_ok=True)

    def _known(self) -> dict[str, int] | None:
        try:
            found: dict[str, int] = json.loads(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return found

    def _spawn(self, settings: Mapping[str, Any]) -> int:
        """Its own session, so that it outlives us; spawned by pid, because nobody of ours will wait for it."""
        log_flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.posix_spawn(
            sys.executable,
            # -P: whatever lies in the folder it is started from is not to be imported
            (sys.executable, "-P", "-m", MODULE),
            {**os.environ, **environment(settings)},
            file_actions=(
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(self.log_file), log_flags, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ),
            setsid=True,
        )

    def _wait_until_healthy(self, pid: int, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if _reaped(pid):
                raise GatewayProcessError(f"The gateway ended while it was starting.\n{last_lines(self.log_file)}")
            if _answers(f"http://{LOOPBACK}:{port}/health"):
                return
            time.sleep(POLL_SECONDS)
        self.stop()
        raise GatewayProcessError(
            f"The gateway was not healthy after {START_SECONDS:.0f} s.\n{last_lines(self.log_file)}"
        )


def environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings of the gateway as the environment variables that it reads."""
    return {f"GATEWAY_{name.upper()}": _text(value) for name, value in settings.items() if value is not None}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return ",".join(str(part) for part in value)
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's number for yes
    except (URLError, ConnectionError, TimeoutError):
        return False


def _is_gateway(pid: int) -> bool:
    return not _reaped(pid) and is_alive(pid) and MODULE in command_line(pid)


def _gone(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _is_gateway(pid):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _reaped(pid: int) -> bool:
    """A child of ours that has ended stays in the process table until it is asked for."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return False
