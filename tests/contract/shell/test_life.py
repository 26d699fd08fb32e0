"""Starting, reporting, stopping."""

import asyncio
import json
import os
import signal
import sys

import httpx
import pytest

from contract.shell.conftest import Mirror
from upshot_devstack.gateway.app import Gateway
from upshot_devstack.gateway.settings import GatewaySettings


async def test_health_is_the_sum_of_the_services(shell):
    answer = await shell.bare.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    shell.services["realtime"].report = {"status": "error", "error": "listener is down"}
    answer = await shell.bare.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "degraded")
    assert answer.json()["services"]["realtime"]["error"] == "listener is down"


async def test_a_service_that_cannot_start_stops_the_others():
    settings = GatewaySettings(db_uri="x", admin_db_uri="x", services=("rest", "auth"))
    rest, auth = Mirror(), Mirror()

    async def fail():
        raise RuntimeError("no database")

    auth.start = fail
    gateway = Gateway(settings, {"rest": rest, "auth": auth})
    with pytest.raises(RuntimeError, match="no database"):
        await gateway.start()
    assert rest.running is False


async def test_one_service_that_cannot_stop_does_not_keep_the_others():
    settings = GatewaySettings(db_uri="x", admin_db_uri="x", services=("rest", "auth"), shutdown_timeout=1)
    rest, auth = Mirror(), Mirror()

    async def hang():
        await asyncio.Event().wait()

    auth.stop = hang
    gateway = Gateway(settings, {"rest": rest, "auth": auth})
    await gateway.start()
    async with asyncio.timeout(60):
        await gateway.stop()
    assert rest.running is False


@pytest.fixture
async def process(blank_db):
    """`python -m upshot_devstack.gateway` with the auth service, and its address."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GATEWAY_", "PGRST_"))},
        "GATEWAY_DB_URI": blank_db.url("authenticator"),
        "GATEWAY_ADMIN_DB_URI": blank_db.url("supabase_admin"),
        "GATEWAY_SERVICES": "auth",
        "GATEWAY_PORT": "0",
        "GATEWAY_SHUTDOWN_TIMEOUT": "3",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "upshot_devstack.gateway", env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(100):
            yield started, await announced(started)
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def announced(process):
    """The address in the log; every line of which is JSON."""
    async for line in process.stderr:
        event = json.loads(line)["event"]
        if "running on" in event:
            return event.split()[3]
    raise AssertionError("The gateway ended before it listened.")


async def test_the_program_serves_and_ends_on_sigterm(process):
    program, address = process
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        assert (await client.get("/health")).json()["services"] == {"auth": {"status": "ok"}}
        program.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await program.wait() == 0


async def test_wrong_settings_are_explained_without_their_values():
    environment = {**os.environ, "GATEWAY_DB_URI": "postgresql://u:hunter2@h/d", "GATEWAY_PORT": "hunter2"}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "upshot_devstack.gateway", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await program.communicate()
    assert program.returncode == 2
    assert b"GATEWAY_PORT" in errors
    assert b"hunter2" not in errors
