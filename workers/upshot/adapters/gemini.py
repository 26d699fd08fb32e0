"""Google's Gemini API, through google-genai."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from google import genai
from google.genai import errors, types

from upshot.adapters import failures
from upshot.adapters.prompt_shape import split_system
from upshot.domain import capabilities
from upshot.domain.completion import Completion, CompletionRequest, FinishReason, ToolCall, Usage

# Said aloud, because the SDK's own default changes between its versions and the two serve different models.
API_VERSION = "v1beta"
_RENAMED = {"max_tokens": "max_output_tokens", "stop": "stop_sequences"}
_ROLE = {"user": "user", "assistant": "model"}
_FINISH = {"STOP": FinishReason.STOP, "MAX_TOKENS": FinishReason.LENGTH}
_FILTERED = {"SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR"}


class GeminiProvider:
    """Provider ``gemini``. The client lives as long as this object: a collected client closes its connections."""

    name = "gemini"

    def __init__(self, api_key: str, *, base_url: str | None = None, read_timeout: float = 60.0) -> None:
        options = types.HttpOptions(
            base_url=base_url,
            api_version=API_VERSION,
            timeout=round(read_timeout * 1000),  # milliseconds
            retry_options=types.HttpRetryOptions(attempts=1),
        )
        self._client = genai.Client(api_key=api_key, http_options=options, vertexai=False)

    async def complete(self, request: CompletionRequest) -> Completion:
        """One attempt; ProviderError or InvalidBundleError when it fails."""
        capabilities.check(capabilities.GEMINI, request)
        system, turns = split_system("Gemini", request)
        contents = [{"role": _ROLE[t.role], "parts": [{"text": t.content}]} for t in turns]
        with failures.translated("Gemini"), _translated():
            return await self._answer(request.model, contents, _config(request, system))

    async def verify(self) -> None:
        """The list of models: free, and only for holders of a key."""
        with failures.translated("Gemini"), _translated():
            await self._client.aio.models.list(config={"page_size": 1})

    async def aclose(self) -> None:
        await self._client.aio.aclose()
        self._client.close()

    async def _answer(self, model: str, contents: Any, config: types.GenerateContentConfig) -> Completion:
        answer = _Answer()
        await answer.read(
            await self._client.aio.models.generate_content_stream(model=model, contents=contents, config=config)
        )
        return answer.completion()


class _Answer:
    """Gathers the chunks of one answer."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._first: float | None = None
        self._text: list[str] = []
        self._tools: list[ToolCall] = []
        self._finish: FinishReason | None = None
        self._usage: types.GenerateContentResponseUsageMetadata | None = None
        self._model: str | None = None
        self._id: str | None = None

    async def read(self, stream: AsyncIterator[types.GenerateContentResponse]) -> None:
        async for chunk in stream:
            self._usage = chunk.usage_metadata or self._usage
            self._model, self._id = chunk.model_version or self._model, chunk.response_id or self._id
            if chunk.prompt_feedback and chunk.prompt_feedback.block_reason:
                self._finish = FinishReason.CONTENT_FILTER
            for candidate in (chunk.candidates or [])[:1]:
                self._finish = _finish(candidate.finish_reason) or self._finish
                self._add((candidate.content and candidate.content.parts) or [])

    def _add(self, parts: list[types.Part]) -> None:
        for part in parts:
            if part.function_call:
                call = part.function_call
                self._tools.append(ToolCall(call.name or "", json.dumps(call.args or {}), call.id))
            elif part.text and not part.thought:
                self._text.append(part.text)
        if parts and self._first is None:
            self._first = time.perf_counter()

    def completion(self) -> Completion:
        if self._finish is None:
            raise failures.incomplete("Gemini")
        called = self._finish is FinishReason.STOP and self._tools
        return Completion(
            text="".join(self._text),
            finish_reason=FinishReason.TOOL_CALLS if called else self._finish,
            usage=_usage(self._usage),
            latency_ms=(time.perf_counter() - self._started) * 1000,
            first_token_ms=(self._first - self._started) * 1000 if self._first else None,
            tool_calls=tuple(self._tools),
            resolved_model=self._model,
            response_id=self._id,
        )


@contextmanager
def _translated() -> Iterator[None]:
    """The SDK's errors in our words."""
    try:
        yield
    except errors.APIError as error:
        details = _details(error)
        reasons = [detail.get("reason") for detail in details if isinstance(detail, dict)]
        headers = getattr(error.response, "headers", None)
        raise failures.from_status(
            error.code, error.message or "Gemini gave no reason.", names=reasons, headers=headers, details=details
        ) from error


def _details(error: errors.APIError) -> list[Any]:
    body = error.details if isinstance(error.details, dict) else {}
    details = body.get("error", body).get("details", [])
    return details if isinstance(details, list) else []


def _config(request: CompletionRequest, system: list[str]) -> types.GenerateContentConfig:
    params = {_RENAMED.get(name, name): value for name, value in request.params.items()}
    budget, effort = params.pop("thinking_budget", None), params.pop("reasoning_effort", None)
    if budget is not None or effort is not None:
        level = types.ThinkingLevel(effort.upper()) if effort else None
        params["thinking_config"] = types.ThinkingConfig(thinking_budget=budget, thinking_level=level)
    if system:
        params["system_instruction"] = [types.Part(text=text) for text in system]
    if request.response_kind != "text":
        params["response_mime_type"] = "application/json"
    if request.response_kind == "json_schema":
        params["response_json_schema"] = request.schema
    if request.tools:
        params["tools"] = [types.Tool(function_declarations=[_declaration(tool) for tool in request.tools])]
    return types.GenerateContentConfig(**params)


def _declaration(tool: Any) -> types.FunctionDeclaration:
    return types.FunctionDeclaration(
        name=tool["name"], description=tool.get("description"), parameters_json_schema=tool.get("parameters")
    )


def _finish(reason: types.FinishReason | None) -> FinishReason | None:
    name = reason.value if reason else "FINISH_REASON_UNSPECIFIED"
    if name == "FINISH_REASON_UNSPECIFIED":
        return None
    return FinishReason.CONTENT_FILTER if name in _FILTERED else _FINISH.get(name, FinishReason.OTHER)


def _usage(usage: types.GenerateContentResponseUsageMetadata | None) -> Usage:
    """Gemini counts thinking beside the candidates; we count it inside."""
    if usage is None:
        return Usage()
    thoughts, answered = usage.thoughts_token_count, usage.candidates_token_count
    return Usage(
        input_tokens=usage.prompt_token_count,
        output_tokens=None if answered is None and thoughts is None else (answered or 0) + (thoughts or 0),
        cache_read_tokens=usage.cached_content_token_count,
        reasoning_tokens=thoughts,
    )
