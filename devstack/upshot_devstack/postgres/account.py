"""The account that Postgres runs as. Postgres refuses root, so root's children step down; others stay who they are."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from upshot_devstack import paths

CANDIDATES = ("postgres", "nobody")
OVERRIDE = "UPSHOT_DEVSTACK_USER"


class NoAccountError(RuntimeError):
    """Running as root, and there is no unprivileged account to run Postgres as."""


class Descent(TypedDict, total=False):
    """The keyword arguments of subprocess that change who the child is."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """Who owns the data folder and runs the server. `descent` is empty when that is us."""

    uid: int
    gid: int
    descent: Descent

    def own(self, path: Path) -> None:
        """Give `path` to the account; a no-op for an ordinary user, who made it."""
        if self.descent:
            os.chown(path, self.uid, self.gid)

    def run(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a program as the account, capturing what it says."""
        return subprocess.run(  # noqa: S603 - the programs are the server's own
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            timeout=180,
            **self.descent,
        )


def server_account() -> Account:
    """The account for the server processes of this machine.

    Raises NoAccountError when root finds nobody to step down to.
    """
    if not paths.is_root():
        return Account(os.geteuid(), os.getegid(), Descent())
    entry = _first_existing(_candidates())
    return Account(entry.pw_uid, entry.pw_gid, Descent(user=entry.pw_uid, group=entry.pw_gid, extra_groups=[]))


def _candidates() -> Sequence[str]:
    chosen = os.environ.get(OVERRIDE)
    return (chosen,) if chosen else CANDIDATES


def _first_existing(names: Sequence[str]) -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in names:
        if name in known and known[name].pw_uid != 0:
            return known[name]
    raise NoAccountError(
        f"Postgres does not run as root, and none of these accounts exists: {', '.join(names)}. "
        f"Name an unprivileged one in {OVERRIDE}, or start devstack as an ordinary user."
    )
