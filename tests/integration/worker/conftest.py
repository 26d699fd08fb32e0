"""Real worker processes against a real database, behind a real gateway, calling a provider that misbehaves on demand."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.clinic import Clinic, open_clinic
from support.patience import PATIENCE, eventually
from support.world import Actor, world_of

KEY = "sk-the-secret-of-this-workspace"
PROMPT = "Answer the customer: {{text}}"


@dataclass
class WorkerProcess:
    """One ``python -m upshot worker``."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait(self) -> int:
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """SIGKILL: no handler, no goodbye."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def says(self, event: str) -> bool:
        return f'"event": "{event}"' in self.text()

    def text(self) -> str:
        return self.log.read_text()


@dataclass
class Office:
    """A clinic whose runs are done by workers."""

    clinic: Clinic
    system: Actor
    environment: dict[str, str]
    folder: Path
    open: ExitStack
    started: list[WorkerProcess] = field(default_factory=list)

    def version(self, provider: str = "openai", model: str = "gpt-5-mini", **changes: Any) -> dict[str, Any]:
        bundle = {
            "messages": [{"role": "user", "content": PROMPT}],
            "variables": {"text": {"type": "string"}},
            "params": {"max_tokens": 20},
        }
        return self.clinic.version("", provider=provider, model=model, **{**bundle, **changes})

    def cases(self, count: int) -> None:
        for n in range(count):
            self.clinic.put(
                "test_cases", prompt_id=self.clinic.prompt_id, name=f"case {n}", variables={"text": f"Question {n}"}
            )

    def key(self, provider: str = "openai") -> None:
        self.clinic.owner.rpc("set_provider_key", provider=provider, secret=KEY, name="test")

    def run(self, *versions: dict[str, Any], repeats: int = 1) -> str:
        made = self.clinic.owner.rpc("create_run", version_ids=[v["id"] for v in versions], repeats=repeats)
        return str(made["id"])

    def state(self, run_id: str) -> dict[str, Any]:
        return self.clinic.owner.one("select * from runs where id = %s", run_id)

    def results(self, run_id: str) -> list[dict[str, Any]]:
        return self.clinic.owner.rows("select * from run_results where run_id = %s", run_id)

    def leases_end(self) -> None:
        """What would come with time: whatever was claimed may be claimed again."""
        self.system.rows("update pgmq.q_jobs set vt = clock_timestamp() where true returning 1")

    def queued(self) -> int:
        return self.system.one("select count(*) as n from pgmq.q_jobs")["n"]

    def eventually(self, condition: Callable[[], Any], what: str) -> Any:
        return eventually(condition, what)

    def finished(self, run_id: str) -> dict[str, Any]:
        eventually(lambda: self.state(run_id)["state"] == "done", "the run's end")
        return self.state(run_id)

    def worker(self, *arguments: str, **settings: Any) -> WorkerProcess:
        """Start a worker; settings are its environment variables without ``UPSHOT_``."""
        log = self.folder / f"worker-{len(self.started)}.log"
        environment = self.environment | {f"UPSHOT_{name.upper()}": str(value) for name, value in settings.items()}
        command = [sys.executable, "-m", "upshot", "worker", *arguments]
        with log.open("wb") as stream:
            process = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
        started = WorkerProcess(process, log)
        self.open.callback(started.kill)
        self.started.append(started)
        return started

    def work(self, **settings: Any) -> WorkerProcess:
        """A worker that empties the queue and stops."""
        worker = self.worker("--once", **settings)
        assert worker.wait() == 0, worker.text()
        assert not worker.says("database_refused"), self.clinic.owner.rows("select * from job_failures")
        return worker

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "upshot", *arguments]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )


@pytest.fixture
def office(db, gateway, llmock, tmp_path, pytestconfig) -> Iterator[Office]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(pytestconfig.rootpath / "workers"),
        "PYTHONWARNINGS": "error",
        "UPSHOT_SUPABASE_URL": gateway.url,
        "UPSHOT_SUPABASE_SECRET_KEY": gateway.settings.secret_key,
        "UPSHOT_OPENAI_BASE_URL": llmock.base_url("openai"),
        "UPSHOT_ANTHROPIC_BASE_URL": llmock.base_url("anthropic"),
        "UPSHOT_GEMINI_BASE_URL": llmock.base_url("gemini"),
        "UPSHOT_LOG_FORMAT": "json",
        "UPSHOT_POLL_SECONDS": "0.5",
        "UPSHOT_LEASE_SECONDS": "6",
    }
    with ExitStack() as stack:
        world = stack.enter_context(world_of(db))
        yield Office(open_clinic(world), world.postgres(), environment, tmp_path, stack)
