"""Realtime wakes an idle worker; without it, polling finds the work."""

import asyncio

import pytest

from support.patience import streaming
from upshot.adapters.realtime_wake import RealtimeWake
from upshot_devstack.running import running_gateway


def test_a_new_run_wakes_an_idle_worker_long_before_its_next_look(office, gateway):
    streaming(gateway)
    office.key()
    office.cases(1)
    version = office.version()
    worker = office.worker(poll_seconds=500)
    office.eventually(lambda: worker.says("realtime_joined"), "the worker's joining of the topic")
    office.finished(office.run(version))


def test_without_realtime_polling_finds_the_work(office):
    office.key()
    office.cases(1)
    office.worker(poll_seconds=0.5, realtime="false")
    office.finished(office.run(office.version()))


def test_the_doctor_finds_a_healthy_project_healthy(office):
    told = office.command("doctor")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "ok   database" in told.stdout
    assert "ok   realtime" in told.stdout


def test_the_doctor_says_what_a_publishable_key_cannot_do(office, gateway):
    office.environment["UPSHOT_SUPABASE_SECRET_KEY"] = gateway.settings.publishable_key
    told = office.command("doctor")
    assert told.returncode == 1
    assert "FAIL database" in told.stdout


def test_emptying_the_queue_without_the_right_fails_loudly(office, gateway):
    office.environment["UPSHOT_SUPABASE_SECRET_KEY"] = gateway.settings.publishable_key
    told = office.command("worker", "--once")
    assert told.returncode == 1
    assert "claim_jobs_v1" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_missing_environment_is_told_without_a_traceback(office):
    del office.environment["UPSHOT_SUPABASE_URL"]
    told = office.command("worker")
    assert told.returncode == 2
    assert "UPSHOT_SUPABASE_URL: Field required" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.filterwarnings("ignore:ConnectionClosed:DeprecationWarning")  # the client library reads deprecated fields
async def test_hints_come_again_after_the_api_was_away(db, gateway_settings, office):
    """The same port serves, is gone, and serves again; the listener is never touched."""
    with running_gateway(gateway_settings(db)) as first:
        settings = gateway_settings(db, port=first.settings.port)
        wake = RealtimeWake(first.url, first.settings.secret_key)
        await asyncio.to_thread(streaming, first)
        listening = await wake.__aenter__()
        await listening.wait(0, 60)
        assert listening.hints == 1, "joined"
        await asyncio.to_thread(ring, office)
        await listening.wait(1, 60)
        assert listening.hints == 2, "the job's hint"
    with running_gateway(settings) as second:
        await asyncio.to_thread(streaming, second)
        await listening.wait(2, 60)
        assert listening.hints == 3, "joined again"
        await asyncio.to_thread(ring, office)
        await listening.wait(3, 60)
        assert listening.hints == 4, "the second job's hint"
        await wake.__aexit__(None, None, None)


def ring(office):
    office.system.rows("select private.enqueue('nothing', '{}')")
