"""A queue, a store, a provider and a clock in memory, as strict as the real ones."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from upshot.domain.completion import Completion, FinishReason, Usage
from upshot.domain.errors import StoreError
from upshot.domain.jobs import Job, RunChunk, RunItem, RunWork

BUNDLE = {
    "messages": [{"role": "user", "content": "{{text}}"}],
    "variables": {"text": {"type": "string"}},
    "provider": "local",
    "model": "m",
}


class FakeClock:
    """Sleeping moves time."""

    def __init__(self):
        self.time = 1000.0
        self.slept = []

    def now(self):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.time)

    def monotonic(self):
        return self.time

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


class FakeProvider:
    """Answers with the last message, or with what the script says for that text: an error, or something to await."""

    name = "local"

    def __init__(self, script=None):
        self.script = script or {}
        self.calls = []
        self.running = self.most_running = 0
        self.closed = False

    async def complete(self, request):
        text = request.messages[-1].content
        self.calls.append(text)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(0)
            return await self._act(text)
        finally:
            self.running -= 1

    async def _act(self, text):
        act = self.script.get(text)
        if isinstance(act, list):
            act = act.pop(0) if act else None
        if isinstance(act, Exception):
            raise act
        if act is not None:
            await act()
        return Completion(text.upper(), FinishReason.STOP, Usage(3, 2), latency_ms=5.0)

    async def verify(self):
        await self._act("verify")

    async def aclose(self):
        self.closed = True


class FakeStore:
    """Keeps results by item; the first one wins."""

    def __init__(self, texts=(), *, bundle=BUNDLE):
        self.run_id, self.workspace_id = uuid4(), uuid4()
        self.work = [
            RunWork(RunItem(version_id=UUID(int=7), test_case_id=uuid4(), repeat=1), bundle, {"text": t}) for t in texts
        ]
        self.results = {}
        self.batches = []
        self.keys = {}
        self.key_reads = 0
        self.key_tests = []
        self.broken = None

    def chunk(self):
        items = [w.item.model_dump(mode="json") for w in self.work]
        return {"run_id": str(self.run_id), "workspace_id": str(self.workspace_id), "items": items}

    async def run_work(self, chunk: RunChunk):
        wanted = set(chunk.items)
        return [w for w in self.work if w.item in wanted and w.item not in self.results]

    async def record_results(self, run_id, results):
        await asyncio.sleep(0)
        if self.broken:
            raise self.broken
        assert run_id == self.run_id
        self.batches.append(len(results))
        fresh = [r for r in results if r.item not in self.results]
        self.results |= {r.item: r for r in fresh}
        return len(fresh)

    async def provider_key(self, workspace_id, provider):
        self.key_reads += 1
        return self.keys.get((workspace_id, provider))

    async def record_key_test(self, test, error_code):
        self.key_tests.append((test, error_code))

    def by_text(self):
        """Results under the text of their case."""
        return {w.variables["text"]: self.results[w.item] for w in self.work if w.item in self.results}


class FakeQueue:
    """Delivers each job until it is completed, failed for good, or held by a lease."""

    def __init__(self, *jobs):
        self.waiting = list(jobs)
        self.held = {}
        self.completed, self.failed, self.extended = [], [], []
        self.lose_leases = False
        self.claims_broken = 0
        self.refuses_failures = None
        self.settled = asyncio.Event()
        self.was_extended = asyncio.Event()

    async def claim(self, quantity, lease_seconds):
        await asyncio.sleep(0)
        if self.claims_broken:
            self.claims_broken -= 1
            raise StoreError("down")
        taken, self.waiting = self.waiting[:quantity], self.waiting[quantity:]
        self.held |= {job.id: job for job in taken}
        return taken

    async def extend(self, job_id, lease_seconds):
        self.extended.append(job_id)
        self.was_extended.set()
        return job_id in self.held and not self.lose_leases

    async def complete(self, job_id):
        self.completed.append(job_id)
        self.settled.set()
        self.held.pop(job_id, None)

    async def fail(self, job_id, code, message, retry_in_seconds):
        if self.refuses_failures:
            raise self.refuses_failures
        self.failed.append((job_id, code, retry_in_seconds))
        self.held.pop(job_id, None)


class FakeWake:
    hints = 0

    def __init__(self):
        self.asked = asyncio.Event()
        self.rung = asyncio.Event()

    async def wait(self, seen, timeout):  # noqa: ASYNC109 - the port's shape
        self.asked.set()
        await self.rung.wait()


def job(payload, *, number=1, kind="run_chunk", attempt=1):
    return Job(number, kind, payload, attempt, datetime(2026, 1, 1, tzinfo=UTC))
