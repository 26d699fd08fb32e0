"""Composition: the only place that knows both services and adapters."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random

from upshot.adapters.clock import SystemClock
from upshot.adapters.local import LocalProvider
from upshot.adapters.poll_only import PollOnly
from upshot.adapters.prices import SnapshotPrices
from upshot.adapters.realtime_wake import RealtimeWake
from upshot.adapters.supabase_analyses import SupabaseAnalyses
from upshot.adapters.supabase_compactor import SupabaseCompactor
from upshot.adapters.supabase_partitions import SupabasePartitions
from upshot.adapters.supabase_queue import SupabaseQueue
from upshot.adapters.supabase_ramps import SupabaseRamps
from upshot.adapters.supabase_rpc import SupabaseRpc
from upshot.adapters.supabase_store import SupabaseStore
from upshot.domain.errors import ConfigurationError
from upshot.domain.retry import CallPolicy, JobPolicy
from upshot.ports.methods import Methods
from upshot.ports.provider import Provider
from upshot.ports.queue import Wake
from upshot.services.analyses import AnalysisJobs
from upshot.services.calls import Caller
from upshot.services.calm import Calm
from upshot.services.crew import Crew
from upshot.services.key_tests import KeyTests
from upshot.services.partitions import PartitionKeeper
from upshot.services.provider_pool import ProviderPool
from upshot.services.ramps import RampKeeper
from upshot.services.results import ResultsKeeper
from upshot.services.runs import RunLimits, Runs
from upshot.services.worker import Handlers, Worker, WorkerLimits
from upshot.settings import Settings


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[Crew]:
    """A worker with everything that it needs, given back at the end."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        rpc = rpc_client(settings)
        stack.push_async_callback(rpc.aclose)
        store = SupabaseStore(rpc)
        pool = ProviderPool(store, opener(settings), clock)
        stack.push_async_callback(pool.aclose)
        caller = Caller(CallPolicy(), clock, Random())  # noqa: S311 - spreads retries, hides nothing
        limits = RunLimits(concurrency=settings.concurrency, batch=settings.result_batch)
        runs = Runs(store, pool, caller, SnapshotPrices(), limits)
        wake = await stack.enter_async_context(_wake(settings))
        queue = SupabaseQueue(rpc, settings.worker_name)
        tests = KeyTests(store, pool)
        analyses = AnalysisJobs(SupabaseAnalyses(rpc), methods)
        handlers: Handlers = {"run_chunk": runs, "test_provider_key": tests, "analysis": analyses}
        jobs = Worker(queue, wake, handlers, JobPolicy(), _limits(settings))
        ramps = RampKeeper(SupabaseRamps(rpc), interval=settings.ramp_seconds)
        yield Crew(jobs, ramps, *_keepers(rpc, settings), PartitionKeeper(SupabasePartitions(rpc)))


def _keepers(rpc: SupabaseRpc, settings: Settings) -> tuple[ResultsKeeper, ResultsKeeper, ResultsKeeper]:
    """Of results, days and slices: what is looked at live goes first."""
    calm = Calm()
    days, slices = SupabaseCompactor(rpc, "compact_days"), SupabaseCompactor(rpc, "compact_slices")
    return (
        ResultsKeeper(SupabaseCompactor(rpc), interval=settings.results_seconds, calm=calm),
        ResultsKeeper(days, interval=settings.days_seconds, tier="days", share=0.5, calm=calm, patience=4),
        ResultsKeeper(slices, interval=settings.slices_seconds, tier="slices", share=0.25, calm=calm, patience=15),
    )


def rpc_client(settings: Settings) -> SupabaseRpc:
    """The database's door."""
    return SupabaseRpc(settings.supabase_url, settings.supabase_secret_key.get_secret_value())


def methods() -> Methods:
    """The statistical methods; ConfigurationError when their packages are not installed."""
    try:
        from upshot.adapters.analysis.methods import StatsmodelsMethods  # noqa: PLC0415 - two seconds, when the first comes
    except ImportError as error:
        raise ConfigurationError("Analyses need more packages: pip install 'upshot-platform[analysis]'.") from error
    return StatsmodelsMethods()


def opener(settings: Settings) -> Callable[[str, str], Provider]:
    """Makes providers by (name, key). Each SDK is imported when the first of its calls comes."""

    def open_provider(name: str, key: str) -> Provider:
        return _OPENERS[name](settings, key)

    return open_provider


def _openai(settings: Settings, key: str) -> Provider:
    from upshot.adapters.openai import OpenAIProvider  # noqa: PLC0415 - a second and 35 MB, only where it is used

    return OpenAIProvider(key, base_url=settings.openai_base_url, read_timeout=settings.read_timeout_seconds)


def _anthropic(settings: Settings, key: str) -> Provider:
    from upshot.adapters.anthropic import AnthropicProvider  # noqa: PLC0415 - same

    return AnthropicProvider(key, base_url=settings.anthropic_base_url, read_timeout=settings.read_timeout_seconds)


def _gemini(settings: Settings, key: str) -> Provider:
    from upshot.adapters.gemini import GeminiProvider  # noqa: PLC0415 - same

    return GeminiProvider(key, base_url=settings.gemini_base_url, read_timeout=settings.read_timeout_seconds)


def _local(settings: Settings, _key: str) -> Provider:
    return LocalProvider(slots=settings.local_slots)


_OPENERS: Mapping[str, Callable[[Settings, str], Provider]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "local": _local,
}


@asynccontextmanager
async def _wake(settings: Settings) -> AsyncIterator[Wake]:
    if not settings.realtime:
        yield PollOnly()
        return
    async with RealtimeWake(settings.supabase_url, settings.supabase_secret_key.get_secret_value()) as wake:
        yield wake


def _limits(settings: Settings) -> WorkerLimits:
    return WorkerLimits(
        jobs=settings.jobs, lease=settings.lease_seconds, poll=settings.poll_seconds, drain=settings.drain_seconds
    )
