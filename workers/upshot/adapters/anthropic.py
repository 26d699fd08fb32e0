"""Anthropic's messages."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import anthropic
import httpx2

from upshot.adapters import failures
from upshot.adapters.prompt_shape import split_system
from upshot.domain import capabilities
from upshot.domain.completion import Completion, CompletionRequest, FinishReason, ToolCall, Usage
from upshot.domain.errors import ErrorCode, ProviderError

if TYPE_CHECKING:
    from anthropic.types import Message as Answer

_RENAMED = {"stop": "stop_sequences"}
_FINISH = {
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "tool_use": FinishReason.TOOL_CALLS,
    "refusal": FinishReason.CONTENT_FILTER,
}


class AnthropicProvider:
    """Provider ``anthropic``. Streams inside, so that a cut or stalled answer shows at once."""

    name = "anthropic"

    def __init__(self, api_key: str, *, base_url: str | None = None, read_timeout: float = 60.0) -> None:
        timeout = httpx2.Timeout(read_timeout, connect=10.0)
        self._client = anthropic.AsyncAnthropic(api_key=api_key, base_url=base_url, max_retries=0, timeout=timeout)

    async def complete(self, request: CompletionRequest) -> Completion:
        """One attempt; ProviderError or InvalidBundleError when it fails."""
        capabilities.check(capabilities.ANTHROPIC, request)
        body = _body(request)
        with failures.translated("Anthropic"), _translated():
            return await self._answer(body)

    async def verify(self) -> None:
        """The list of models: free, and only for holders of a key."""
        with failures.translated("Anthropic"), _translated():
            await self._client.models.list(limit=1)

    async def aclose(self) -> None:
        await self._client.close()

    async def _answer(self, body: dict[str, Any]) -> Completion:
        started, first = time.perf_counter(), None
        async with self._client.messages.stream(**body) as stream:
            async for event in stream:
                if first is None and event.type == "content_block_delta":
                    first = time.perf_counter()
            answer = await stream.get_final_message()
        return _completion(answer, started, first)


def _completion(answer: "Answer", started: float, first: float | None) -> Completion:
    if answer.stop_reason is None:
        raise failures.incomplete("Anthropic")
    return Completion(
        text="".join(block.text for block in answer.content if block.type == "text"),
        finish_reason=_FINISH.get(answer.stop_reason, FinishReason.OTHER),
        usage=_usage(answer.usage),
        latency_ms=(time.perf_counter() - started) * 1000,
        first_token_ms=(first - started) * 1000 if first else None,
        tool_calls=tuple(
            ToolCall(block.name, json.dumps(block.input), block.id)
            for block in answer.content
            if block.type == "tool_use"
        ),
        resolved_model=answer.model or None,
        response_id=answer.id or None,
    )


@contextmanager
def _translated() -> Iterator[None]:
    """The SDK's errors in our words."""
    try:
        yield
    except anthropic.APITimeoutError as error:
        raise ProviderError(ErrorCode.TIMEOUT, "Anthropic did not answer in time.") from error
    except anthropic.APIConnectionError as error:
        raise ProviderError(ErrorCode.CONNECTION_LOST, "The connection to Anthropic failed.") from error
    except anthropic.APIStatusError as error:
        headers, message = error.response.headers, error.api_message or error.message
        raise failures.from_status(
            error.status_code, message, names=(error.error_code, error.type), headers=headers
        ) from error
    except anthropic.APIError as error:
        raise failures.from_status(None, error.message) from error


def _body(request: CompletionRequest) -> dict[str, Any]:
    system, turns = split_system("Anthropic", request)
    params = dict(request.params)
    body: dict[str, Any] = {"model": request.model, "messages": [turn.model_dump() for turn in turns]}
    if system:
        body["system"] = [{"type": "text", "text": text} for text in system]
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if config := _output_config(request, params.pop("reasoning_effort", None)):
        body["output_config"] = config
    return body | {_RENAMED.get(k, k): v for k, v in {**capabilities.ANTHROPIC.defaults, **params}.items()}


def _output_config(request: CompletionRequest, effort: str | None) -> dict[str, Any]:
    config: dict[str, Any] = {"effort": effort} if effort else {}
    if request.response_kind == "json_schema":
        config["format"] = {"type": "json_schema", "schema": request.schema}
    return config


def _tool(tool: Any) -> dict[str, Any]:
    schema = tool.get("parameters") or {"type": "object", "properties": {}}
    return {"name": tool["name"], "description": tool.get("description", ""), "input_schema": schema}


def _usage(usage: Any) -> Usage:
    """Anthropic counts what touched its cache beside the input; we count it inside."""
    read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
    details = usage.output_tokens_details
    return Usage(
        input_tokens=usage.input_tokens + (read or 0) + (written or 0),
        output_tokens=usage.output_tokens,
        cache_read_tokens=read,
        cache_write_tokens=written,
        reasoning_tokens=details.thinking_tokens if details else None,
    )
