"""The server's files for one combination of base and overlays, assembled once and shared by all stacks."""

import hashlib
import json
import os
import shutil
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import structlog

from upshot_devstack import paths
from upshot_devstack.locks import exclusive
from upshot_devstack.postgres import allowlist
from upshot_devstack.postgres.base import Base, base_server
from upshot_devstack.postgres.overlays import Overlay, lay, overlays
from upshot_devstack.postgres.packages import FetchError

log = structlog.get_logger(__name__)

RETRY_SECONDS = 24 * 3600
ADVICE = "Connect to the network once, or set PG_BIN to the bin folder of your own Postgres that has it."


@dataclass(frozen=True)
class Runtime:
    """A tree of server files that any account may read and run. `missing` says which overlays it lacks, and why."""

    tree: Path
    bin: Path
    missing: Mapping[str, str]

    def program(self, name: str) -> Path:
        """The path of `postgres`, `initdb`, `pg_ctl` …"""
        return self.bin / name


@dataclass(frozen=True)
class _Laid:
    overlay: Overlay
    source: Path


def runtime(cache: Path, own_bin: Path | None = None) -> Runtime:
    """The runtime for this machine, made when the cache has none that fits.

    Raises NoServerError when there is no server, FetchError when a required overlay cannot be had.
    """
    base = base_server(own_bin)
    paths.make_folder(cache / "runtime")
    with exclusive(cache / "assemble.lock"):
        laid, missing = _gather(cache / "overlays", base.major)
        tree = cache / "runtime" / _fingerprint(base, laid)
        if not (tree / "runtime.json").is_file():
            _assemble(base, laid, tree)
    described = json.loads((tree / "runtime.json").read_text())
    return Runtime(tree, tree / described["bin"], missing)


def _gather(folder: Path, major: int) -> tuple[list[_Laid], dict[str, str]]:
    laid: list[_Laid] = []
    missing: dict[str, str] = {}
    for overlay in overlays():
        source = folder / f"{overlay.name}-{overlay.version}"
        try:
            _require_major(overlay, major)
            _make_once(overlay, source)
        except FetchError as error:
            missing[overlay.name] = str(error)
            log.info("overlay_skipped", extension=overlay.name, reason=str(error))
        else:
            laid.append(_Laid(overlay, source))
    return laid, missing


def _require_major(overlay: Overlay, major: int) -> None:
    if overlay.major not in {None, major}:
        raise FetchError(f"{overlay.name} is packaged for Postgres {overlay.major}, this is {major}.")


def _make_once(overlay: Overlay, target: Path) -> None:
    if target.is_dir() and not overlay.local:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    _refuse_to_repeat(overlay, _failure_note(target))
    draft = Path(mkdtemp(prefix=".draft-", dir=target.parent))
    try:
        overlay.make(draft)
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    except FetchError as error:
        _failure_note(target).write_text(str(error))
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _failure_note(target: Path) -> Path:
    return target.with_name(f"{target.name}.failed")


def _refuse_to_repeat(overlay: Overlay, note: Path) -> None:
    """A machine without a network must not wait for it at every start; what is required is worth the wait."""
    if overlay.required or not note.is_file():
        return
    if time.time() - note.stat().st_mtime < RETRY_SECONDS:
        raise FetchError(f"{note.read_text()} (Tried within the last day; delete {note} to try at once.)")


def _fingerprint(base: Base, laid: Iterable[_Laid]) -> str:
    digest = hashlib.sha256(base.identity.encode())
    for part in laid:
        digest.update(f"{part.overlay.name} {part.overlay.version}\n".encode())
        for file in sorted(path for path in part.source.rglob("*") if path.is_file()):
            digest.update(file.name.encode() + file.read_bytes())
    digest.update(",".join(sorted(allowlist.TRUSTED)).encode())
    return digest.hexdigest()[:16]


def _assemble(base: Base, laid: Iterable[_Laid], tree: Path) -> None:
    draft = Path(mkdtemp(prefix=".draft-", dir=tree.parent))
    try:
        bin_dir = base.place(draft)
        lib, extension = _find(draft, "plpgsql.so", "plpgsql.dylib"), _find(draft, "plpgsql.control")
        for part in laid:
            if not (extension / f"{part.overlay.name}.control").is_file():
                lay(part.source, lib, extension)
        _require_all(extension)
        allowlist.trust(extension)
        (draft / "runtime.json").write_text(json.dumps({"bin": str(bin_dir.relative_to(draft))}))
        _open_to_all(draft)
        draft.rename(tree)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    log.info("runtime_assembled", tree=str(tree), base=base.identity)


def _require_all(extension: Path) -> None:
    absent = [o.name for o in overlays() if o.required and not (extension / f"{o.name}.control").is_file()]
    if absent:
        raise FetchError(f"This Postgres lacks {', '.join(absent)}, and no package for it could be fetched. {ADVICE}")


def _find(tree: Path, *names: str) -> Path:
    for name in names:
        for path in tree.rglob(name):
            return path.parent
    raise FetchError(f"The Postgres below {tree} has none of {', '.join(names)}: it is not a whole server.")


def _open_to_all(tree: Path) -> None:
    """Whatever umask the packages were installed under, the unprivileged account must read them."""
    for path in _walk(tree):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            continue
        runnable = stat.S_ISDIR(mode) or mode & stat.S_IXUSR
        path.chmod(0o755 if runnable else 0o644)


def _walk(tree: Path) -> Iterator[Path]:
    yield tree
    for folder, folders, files in os.walk(tree):
        yield from (Path(folder, name) for name in (*folders, *files))
