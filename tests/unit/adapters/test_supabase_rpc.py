"""What a call does when the API misbehaves: a small real server answers as told."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from upshot.adapters import supabase_rpc
from upshot.adapters.supabase_queue import SupabaseQueue
from upshot.adapters.supabase_rpc import SupabaseRpc
from upshot.adapters.supabase_store import SupabaseStore
from upshot.domain.errors import StoreError


class Api:
    """Answers each request with the next of ``answers``, the last one for ever."""

    def __init__(self):
        self.answers = [(200, [])]
        self.seen = []
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                api.seen.append((self.path, dict(self.headers), body))
                status, answer = api.answers.pop(0) if len(api.answers) > 1 else api.answers[0]
                payload = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_args): ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def api(monkeypatch) -> Iterator[Api]:
    monkeypatch.setattr(supabase_rpc, "FIRST_WAIT", 0.001)
    api = Api()
    thread = threading.Thread(target=api.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield api
    api.server.shutdown()
    thread.join()
    api.server.server_close()


@pytest.fixture
async def rpc(api):
    rpc = SupabaseRpc(api.url, "sb_secret_x")
    yield rpc
    await rpc.aclose()


def refusal(code, **more):
    return {"code": code, "message": "no", "details": None, "hint": None} | more


async def test_the_secret_key_goes_both_ways_that_the_gateway_reads(rpc, api):
    assert await rpc.call("f", {"a": 1}) == []
    [(path, headers, body)] = api.seen
    headers = {name.lower(): value for name, value in headers.items()}
    assert (path, body) == ("/rest/v1/rpc/f", {"a": 1})
    assert (headers["apikey"], headers["authorization"]) == ("sb_secret_x", "Bearer sb_secret_x")


@pytest.mark.parametrize("code", ["PGRST002", "40001", "53300", "57P01", "503"])
async def test_what_passes_is_tried_again(rpc, api, code):
    api.answers = [(503, refusal(code)), (503, refusal(code)), (200, 7)]
    assert await rpc.call("f", {}) == 7


async def test_what_does_not_pass_in_time_is_told_as_passing(rpc, api):
    api.answers = [(503, refusal("PGRST002"))]
    with pytest.raises(StoreError) as failed:
        await rpc.call("f", {})
    assert len(api.seen) == supabase_rpc.TRIES
    assert not failed.value.refused


async def test_a_refusal_is_not_tried_again_and_carries_its_reason(rpc, api):
    api.answers = [(404, refusal("PT404", details='{"code": "unknown_run", "run_id": "x"}'))]
    with pytest.raises(StoreError) as failed:
        await rpc.call("f", {})
    assert len(api.seen) == 1
    assert (failed.value.refused, failed.value.sqlstate, failed.value.reason) == (True, "PT404", "unknown_run")


async def test_no_server_is_told_without_the_key(api, unused_port):
    rpc = SupabaseRpc(f"http://127.0.0.1:{unused_port}", "sb_secret_x")
    with pytest.raises(StoreError, match="cannot be reached") as failed:
        await rpc.call("f", {})
    await rpc.aclose()
    assert "sb_secret" not in str(failed.value)
    assert not failed.value.refused


async def test_a_workspace_without_a_key_is_no_failure(rpc, api):
    api.answers = [(404, refusal("PT404", details='{"code": "unknown_provider_key"}'))]
    assert await SupabaseStore(rpc).provider_key("00000000-0000-0000-0000-000000000000", "openai") is None


async def test_a_payload_that_is_no_object_still_arrives_as_a_job(rpc, api):
    row = {"job_id": 4, "kind": None, "payload": [1], "attempt": 2, "enqueued_at": "2026-11-21T12:00:00+00:00"}
    api.answers = [(200, [row])]
    [job] = await SupabaseQueue(rpc, "w").claim(1, 30)
    assert (job.id, job.kind, job.payload, job.attempt) == (4, "None", {}, 2)
