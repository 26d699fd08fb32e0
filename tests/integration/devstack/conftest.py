"""What the tests of devstack itself need: a state directory of their own, and a project to put into it."""

import shutil
import tempfile
from pathlib import Path

import pytest

from upshot_devstack.config import StackConfig


@pytest.fixture
def state_dir():
    """A folder that the unprivileged account of the server can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="upshot-devstack-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def stack_config(state_dir):
    """A stack on free ports without crash safety. The gateway runs no service: its own tests start those."""

    def make(**changes):
        given = {"state_dir": state_dir, "api_port": 0, "db_port": 0, "durable": False, "gateway": {"services": ()}}
        return StackConfig(**{**given, **changes})

    return make


@pytest.fixture
def project_dir(tmp_path):
    """A small Supabase project with one migration and a seed."""
    migrations = tmp_path / "supabase" / "migrations"
    migrations.mkdir(parents=True)
    (tmp_path / "supabase" / "config.toml").write_text('project_id = "small"\n')
    (migrations / "20260101000000_notes.sql").write_text("create table public.notes (id int primary key);\n")
    (tmp_path / "supabase" / "seed.sql").write_text("insert into public.notes values (1);\n")
    return tmp_path
