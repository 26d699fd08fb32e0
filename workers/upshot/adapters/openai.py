"""OpenAI's chat completions, and every server that speaks them at another base URL."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx2
import openai

from upshot.adapters import failures
from upshot.domain import capabilities
from upshot.domain.completion import Completion, CompletionRequest, FinishReason, ToolCall, Usage
from upshot.domain.errors import ErrorCode, ProviderError

if TYPE_CHECKING:
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk

_RENAMED = {"max_tokens": "max_completion_tokens"}
_FINISH = {
    "stop": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "tool_calls": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
    "content_filter": FinishReason.CONTENT_FILTER,
}


class OpenAIProvider:
    """Provider ``openai``. Streams inside, so that a cut or stalled answer shows at once."""

    name = "openai"

    def __init__(self, api_key: str, *, base_url: str | None = None, read_timeout: float = 60.0) -> None:
        timeout = httpx2.Timeout(read_timeout, connect=10.0)
        self._client = openai.AsyncOpenAI(api_key=api_key, base_url=base_url, max_retries=0, timeout=timeout)

    async def complete(self, request: CompletionRequest) -> Completion:
        """One attempt; ProviderError or InvalidBundleError when it fails."""
        capabilities.check(capabilities.OPENAI, request)
        with failures.translated("OpenAI"), _translated():
            return await self._answer(_body(request))

    async def verify(self) -> None:
        """The list of models: free, and only for holders of a key."""
        with failures.translated("OpenAI"), _translated():
            await self._client.models.list()

    async def aclose(self) -> None:
        await self._client.close()

    async def _answer(self, body: dict[str, Any]) -> Completion:
        answer = _Answer()
        stream: Any = await self._client.chat.completions.create(**body)
        async with stream:
            await answer.read(stream)
        return answer.completion()


class _Answer:
    """Gathers the chunks of one answer."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._first: float | None = None
        self._text: list[str] = []
        self._tools: dict[int, dict[str, str]] = {}
        self._finish: str | None = None
        self._usage: CompletionUsage | None = None
        self._model = self._id = ""

    async def read(self, stream: AsyncIterator["ChatCompletionChunk"]) -> None:
        async for chunk in stream:
            self._model, self._id = chunk.model or self._model, chunk.id or self._id
            self._usage = chunk.usage or self._usage
            for choice in chunk.choices[:1]:
                self._finish = choice.finish_reason or self._finish
                self._add(choice.delta)

    def _add(self, delta: Any) -> None:
        if delta.content or delta.tool_calls:
            self._first = self._first or time.perf_counter()
        self._text.append(delta.content or delta.refusal or "")
        for part in delta.tool_calls or ():
            call = self._tools.setdefault(part.index, {"id": "", "name": "", "arguments": ""})
            call["id"] += part.id or ""
            call["name"] += (part.function and part.function.name) or ""
            call["arguments"] += (part.function and part.function.arguments) or ""

    def completion(self) -> Completion:
        if self._finish is None:
            raise failures.incomplete("OpenAI")
        return Completion(
            text="".join(self._text),
            finish_reason=_FINISH.get(self._finish, FinishReason.OTHER),
            usage=_usage(self._usage),
            latency_ms=(time.perf_counter() - self._started) * 1000,
            first_token_ms=(self._first - self._started) * 1000 if self._first else None,
            tool_calls=tuple(ToolCall(c["name"], c["arguments"], c["id"] or None) for c in self._tools.values()),
            resolved_model=self._model or None,
            response_id=self._id or None,
        )


@contextmanager
def _translated() -> Iterator[None]:
    """The SDK's errors in our words."""
    try:
        yield
    except openai.APITimeoutError as error:
        raise ProviderError(ErrorCode.TIMEOUT, "OpenAI did not answer in time.") from error
    except openai.APIConnectionError as error:
        raise ProviderError(ErrorCode.CONNECTION_LOST, "The connection to OpenAI failed.") from error
    except openai.APIStatusError as error:
        names, headers = (error.code, error.type), error.response.headers
        raise failures.from_status(error.status_code, error.message, names=names, headers=headers) from error
    except openai.APIError as error:
        raise failures.from_status(None, error.message, names=(error.code, error.type)) from error


def _body(request: CompletionRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [m.model_dump() for m in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    body |= {_RENAMED.get(name, name): value for name, value in request.params.items()}
    if request.tools:
        body["tools"] = [{"type": "function", "function": dict(tool)} for tool in request.tools]
    if request.response_kind != "text":
        body["response_format"] = request.response_format
    return body


def _usage(usage: "CompletionUsage | None") -> Usage:
    if usage is None:
        return Usage()
    read, written = usage.prompt_tokens_details, usage.completion_tokens_details
    return Usage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cache_read_tokens=read.cached_tokens if read else None,
        cache_write_tokens=read.cache_write_tokens if read else None,
        reasoning_tokens=written.reasoning_tokens if written else None,
    )
