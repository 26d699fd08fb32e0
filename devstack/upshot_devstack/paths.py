"""Where devstack keeps things, by the conventions of the system it runs on.

Root gets the system's directories: its home is usually closed to the unprivileged account that Postgres must run as.
"""

import hashlib
import os
from pathlib import Path

APPLICATION = "upshot-devstack"


def is_root() -> bool:
    """Whether this process may, and therefore must, start Postgres as somebody else."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def state_root() -> Path:
    """The folder that holds one subfolder of durable state for each checkout."""
    return _base("XDG_STATE_HOME", system=Path("/var/lib"), home=".local/state") / APPLICATION


def checkout_home(folder: Path, name: str) -> Path:
    """Where one checkout keeps its state: another checkout of the same project has data, and migrations, of its own."""
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return state_root() / f"{name}-{mark}"


def cache_root() -> Path:
    """The folder of what can be fetched or assembled again: packages and server binaries."""
    return _base("XDG_CACHE_HOME", system=Path("/var/cache"), home=".cache") / APPLICATION


def make_folder(folder: Path) -> None:
    """Make a folder and what is missing above it. Root's are open to pass through, whatever its umask: the server's
    account must reach what is its own below them, and what is nobody else's is closed file by file.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    if is_root():
        for path in {folder, *missing}:
            path.chmod(path.stat().st_mode | 0o011)


def _base(variable: str, *, system: Path, home: str) -> Path:
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    return system if is_root() else Path.home() / home
