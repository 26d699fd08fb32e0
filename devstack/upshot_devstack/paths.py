"""Where devstack keeps things, by the conventions of the system it runs on.

Root gets the system's directories: its home is usually closed to the unprivileged account that Postgres must run as.
"""

import os
from pathlib import Path

APPLICATION = "upshot-devstack"


def is_root() -> bool:
    """Whether this process may, and therefore must, start Postgres as somebody else."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def state_root() -> Path:
    """The folder that holds one subfolder of durable state for each project."""
    return _base("XDG_STATE_HOME", system=Path("/var/lib"), home=".local/state") / APPLICATION


def cache_root() -> Path:
    """The folder of what can be fetched or assembled again: packages and server binaries."""
    return _base("XDG_CACHE_HOME", system=Path("/var/cache"), home=".cache") / APPLICATION


def _base(variable: str, *, system: Path, home: str) -> Path:
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    return system if is_root() else Path.home() / home
