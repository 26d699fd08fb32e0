"""What a worker needs, checked one by one."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from upshot import wiring
from upshot.adapters import local
from upshot.adapters.realtime_wake import RealtimeWake
from upshot.domain.errors import ConfigurationError, StoreError
from upshot.settings import Settings

NOBODY = UUID(int=0)
PATIENCE = 10.0
FAILED = "FAIL"


@dataclass(frozen=True)
class Finding:
    """One check. ``optional``: the worker runs without it."""

    what: str
    ok: bool
    detail: str
    optional: bool = False

    @property
    def mark(self) -> str:
        return "ok  " if self.ok else "warn" if self.optional else FAILED


async def examine(settings: Settings) -> list[Finding]:
    """Run every check, each bounded in time. Nothing is claimed or changed."""
    return [_supabase_package(), await _database(settings), await _realtime(settings), _local_model()]


def _supabase_package() -> Finding:
    # A folder named supabase on the path would be imported instead, and fail later in odd ways.
    spec = importlib.util.find_spec("supabase")
    where = Path(spec.origin).parent if spec and spec.origin else None
    return Finding("client library", where is not None, str(where or "the supabase package is hidden or not installed"))


async def _database(settings: Settings) -> Finding:
    rpc = wiring.rpc_client(settings)
    try:
        await rpc.call("run_work_v1", {"run_id": str(NOBODY), "items": []})
    except StoreError as error:
        return Finding("database", False, f"{error} [{error.sqlstate or 'no answer'}]")
    finally:
        await rpc.aclose()
    return Finding("database", True, f"{settings.supabase_url} answers with the worker's rights")


async def _realtime(settings: Settings) -> Finding:
    async with RealtimeWake(settings.supabase_url, settings.supabase_secret_key.get_secret_value()) as wake:
        await wake.wait(0, PATIENCE)
        joined = wake.hints > 0
    detail = "joined the private topic" if joined else "no answer; jobs are found by polling instead"
    return Finding("realtime", joined, detail, optional=True)


def _local_model() -> Finding:
    try:
        path = local.weights_path()
    except ConfigurationError as error:
        return Finding("local model", False, str(error), optional=True)
    runtime = importlib.util.find_spec("xllamacpp") is not None
    return Finding("local model", runtime, str(path) if runtime else "the runtime xllamacpp is missing", optional=True)
