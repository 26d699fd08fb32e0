"""One Postgres server of our own: made, started, found again, stopped."""

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import structlog

from upshot_devstack import paths
from upshot_devstack.logfiles import last_lines, roll
from upshot_devstack.ports import LOOPBACK, free_port, is_taken
from upshot_devstack.postgres import process
from upshot_devstack.postgres.account import Account, server_account
from upshot_devstack.postgres.runtime import Runtime

log = structlog.get_logger(__name__)

SUPERUSER = "supabase_admin"
PASSWORD = "postgres"  # noqa: S105 - the well-known password of a local stack, as the Supabase CLI's
SETTINGS_FILE = "devstack.conf"
START_SECONDS = 120

SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "wal_level": "logical",
    "max_replication_slots": "64",
    "max_wal_senders": "64",
    "shared_preload_libraries": "pg_stat_statements",
    "dynamic_shared_memory_type": "mmap",
    "compute_query_id": "on",
    "effective_cache_size": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "statement_timeout": "2min",
    "max_locks_per_transaction": "256",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "logging_collector": "off",
}
FAST: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum_naptime": "5min",
}


class ClusterError(RuntimeError):
    """The server could not be made, started or stopped; the message carries what it said."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int

    def url(self, role: str = "postgres", database: str = "postgres", password: str = PASSWORD) -> str:
        """A connection URI for a role of this server."""
        return f"postgresql://{quote(role)}:{quote(password)}@{LOOPBACK}:{self.port}/{quote(database)}?sslmode=disable"


class Cluster:
    """The server whose data lies below `home`: `home/data`, `home/vault.key`, `home/postgres.log`."""

    def __init__(self, runtime: Runtime, home: Path) -> None:
        self._runtime = runtime
        self._account: Account = server_account()
        self.home = home
        self.data = home / "data"
        self.log_file = home / "postgres.log"

    def start(self, port: int = 0, *, durable: bool = True) -> Server:
        """Start the server, making its data first when there is none. A running one is returned as it is.

        Raises ClusterError when the port is taken, or the server does not come up.
        """
        running = self.running()
        if running is not None:
            return running
        self._make_home()
        if not (self.data / "PG_VERSION").is_file():
            self._initialise(durable=durable)
        chosen = port or free_port()
        if is_taken(chosen):
            raise ClusterError(f"Port {chosen} is taken: stop what listens there, or choose another database port.")
        self._write_settings(chosen, durable=durable)
        roll(self.log_file)
        self._control("start", "-l", str(self.log_file), "-w", "-t", str(START_SECONDS))
        started = self.running()
        if started is None:
            raise ClusterError(f"Postgres stopped again at once.\n{last_lines(self.log_file)}")
        log.info("postgres_started", port=started.port, pid=started.pid, durable=durable)
        return started

    def running(self) -> Server | None:
        """The server when it runs. What a dead one left behind is cleared away."""
        found = process.read_pid_file(self.data / "postmaster.pid")
        if found is None:
            return None
        if process.is_postgres(found.pid, self.data):
            return Server(port=found.port, pid=found.pid)
        log.warning("stale_pid_removed", pid=found.pid, data=str(self.data))
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        return None

    def stop(self) -> None:
        """Stop the server in an orderly way, ending its sessions. Does nothing when it does not run."""
        if self.running() is not None:
            self._control("stop", "-m", "fast", "-w", "-t", str(START_SECONDS))
            log.info("postgres_stopped", data=str(self.data))

    def destroy(self) -> None:
        """Stop the server and delete all its data, the vault's key included."""
        self.stop()
        if self.home.exists():
            shutil.rmtree(self.home)

    def _make_home(self) -> None:
        paths.make_folder(self.home)
        self.home.chmod(0o700)
        self._account.own(self.home)
        self._require_reachable()

    def _require_reachable(self) -> None:
        done = self._account.run((self._runtime.program("postgres"), "--version"), _environment())
        reached = self._account.run(("/bin/sh", "-c", 'cd "$1"', "sh", self.home), _environment())
        if done.returncode or reached.returncode:
            raise ClusterError(
                f"The account that runs Postgres cannot reach {self.home} or {self._runtime.tree} "
                f"({(done.stderr or reached.stderr).strip()}). Choose a state directory outside a closed home."
            )

    def _initialise(self, *, durable: bool) -> None:
        """Made beside its place and then moved there: an interrupted attempt is never taken for data."""
        draft = self.home / "data.draft"
        if draft.exists():
            shutil.rmtree(draft)
        self._write_private("initial-password", f"{PASSWORD}\n")
        self._write_private("vault.key", secrets.token_hex(32))
        command: list[str | Path] = [
            self._runtime.program("initdb"), f"--pgdata={draft}", f"--username={SUPERUSER}",
            "--auth=scram-sha-256", f"--pwfile={self.home / 'initial-password'}", "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        ]  # fmt: skip
        done = self._account.run(command if durable else [*command, "--no-sync"], _environment())
        (self.home / "initial-password").unlink()
        if done.returncode:
            raise ClusterError(f"initdb failed:\n{done.stderr.strip()}")
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write(f"\ninclude '{SETTINGS_FILE}'\n")
        draft.rename(self.data)

    def _write_private(self, name: str, content: str) -> None:
        path = self.home / name
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
        self._account.own(path)

    def _write_settings(self, port: int, *, durable: bool) -> None:
        chosen = {**SETTINGS, "port": str(port), **({} if durable else FAST)}
        path = self.data / SETTINGS_FILE
        path.write_text("".join(f"{name} = '{value}'\n" for name, value in chosen.items()))
        self._account.own(path)

    def _control(self, *arguments: str) -> None:
        command: tuple[str | Path, ...] = (self._runtime.program("pg_ctl"), "-D", self.data, *arguments)
        done = self._account.run(command, _environment())
        if done.returncode:
            raise ClusterError(f"pg_ctl {arguments[0]} failed:\n{done.stderr.strip()}\n{last_lines(self.log_file)}")


def connect(url: str) -> psycopg.Connection:
    """A connection in autocommit mode, for administration."""
    return psycopg.connect(url, autocommit=True, connect_timeout=10)


def _environment() -> Mapping[str, str]:
    """Nothing of the caller's: PG* variables and locales would change what the server does."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ
    }
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
