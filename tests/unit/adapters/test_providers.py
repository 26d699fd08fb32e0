"""The three official SDKs against a real server that misbehaves on demand (llmock)."""

import asyncio
import json

import pytest

from upshot.adapters.anthropic import AnthropicProvider
from upshot.adapters.gemini import GeminiProvider
from upshot.adapters.openai import OpenAIProvider
from upshot.domain.completion import CompletionRequest, FinishReason, Message
from upshot.domain.errors import ErrorCode, InvalidBundleError, ProviderError, UnsupportedParameterError

KINDS = {
    "openai": (OpenAIProvider, "gpt-5-mini"),
    "anthropic": (AnthropicProvider, "claude-haiku-4-5"),
    "gemini": (GeminiProvider, "gemini-2.5-flash"),
}
ROUTE = {"type": "object", "properties": {"intent": {"type": "string"}}, "required": ["intent"]}
TOOL = {"name": "lookup", "description": "Find a user", "parameters": ROUTE}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
async def provider(kind, llmock):
    made = KINDS[kind][0]("sk-test-key", base_url=llmock.base_url(kind))
    yield made
    await made.aclose()


def ask(kind, **changes) -> CompletionRequest:
    messages = (Message(role="system", content="Be brief."), Message(role="user", content="Where is my booking?"))
    return CompletionRequest(**{"model": KINDS[kind][1], "messages": messages} | changes)


async def failure(provider, request) -> ProviderError:
    with pytest.raises(ProviderError) as raised:
        await provider.complete(request)
    return raised.value


async def test_an_answer_has_everything_that_a_result_needs(kind, provider, llmock):
    llmock.reply("On Tuesday at nine.")
    completion = await provider.complete(ask(kind, params={"max_tokens": 50}))
    assert completion.text == "On Tuesday at nine."
    assert completion.finish_reason is FinishReason.STOP
    assert completion.usage.input_tokens > 0
    assert completion.usage.output_tokens > 0
    assert 0 < completion.first_token_ms <= completion.latency_ms
    assert completion.resolved_model == KINDS[kind][1]
    assert completion.response_id or kind == "gemini"  # the mock server gives Gemini none


async def test_one_call_is_one_request(kind, provider, llmock):
    llmock.outage()
    assert (await failure(provider, ask(kind))).transient
    assert len(llmock.requests) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, ErrorCode.INVALID_REQUEST),
        (401, ErrorCode.AUTHENTICATION_FAILED),
        (403, ErrorCode.PERMISSION_DENIED),
        (404, ErrorCode.MODEL_NOT_FOUND),
        (408, ErrorCode.TIMEOUT),
        (409, ErrorCode.UNAVAILABLE),
        (422, ErrorCode.INVALID_REQUEST),
        (500, ErrorCode.UNAVAILABLE),
        (503, ErrorCode.OVERLOADED),
        (529, ErrorCode.OVERLOADED),
    ],
)
async def test_a_status_becomes_a_code(kind, provider, llmock, status, code):
    llmock.fail(status)
    assert (await failure(provider, ask(kind))).code == code


async def test_a_rate_limit_carries_its_wait(kind, provider, llmock):
    llmock.rate_limit(retry_after=7)
    limited = await failure(provider, ask(kind))
    assert limited.code == ErrorCode.RATE_LIMITED
    assert limited.transient
    assert limited.retry_after == pytest.approx(7, abs=1)


async def test_too_long_a_prompt_is_said_so(kind, provider, llmock):
    llmock.context_overflow()
    overflow = await failure(provider, ask(kind))
    assert overflow.code == ErrorCode.CONTEXT_TOO_LONG
    assert not overflow.transient


async def test_a_cut_connection_is_transient(kind, provider, llmock):
    llmock.disconnect(after_chunks=2)
    assert (await failure(provider, ask(kind))).code == ErrorCode.CONNECTION_LOST


async def test_an_answer_without_finish_reason_is_a_failure(kind, provider, llmock):
    llmock.truncate(after_chunks=2)
    assert (await failure(provider, ask(kind))).code == ErrorCode.INCOMPLETE_ANSWER


async def test_an_unreadable_chunk_is_a_failure(kind, provider, llmock):
    llmock.corrupt(after_chunks=4)
    assert (await failure(provider, ask(kind))).code == ErrorCode.MALFORMED_ANSWER


async def test_a_stalled_answer_times_out(kind, llmock):
    impatient = KINDS[kind][0]("sk-test-key", base_url=llmock.base_url(kind), read_timeout=1.0)
    llmock.stall(after_chunks=2, seconds=3)
    try:
        assert (await failure(impatient, ask(kind))).code == ErrorCode.TIMEOUT
    finally:
        await impatient.aclose()


async def test_no_server_is_a_lost_connection(kind, unused_port):
    provider = KINDS[kind][0]("sk-test-key", base_url=f"http://127.0.0.1:{unused_port}")
    try:
        assert (await failure(provider, ask(kind))).code == ErrorCode.CONNECTION_LOST
    finally:
        await provider.aclose()


async def test_tools_are_offered_and_their_calls_come_back(kind, provider, llmock):
    llmock.call_tool("lookup", {"intent": "find"})
    completion = await provider.complete(ask(kind, tools=(TOOL,)))
    assert completion.finish_reason is FinishReason.TOOL_CALLS
    [call] = completion.tool_calls
    assert call.name == "lookup"
    assert json.loads(call.arguments) == {"intent": "find"}


async def test_a_schema_reaches_the_provider(kind, provider, llmock):
    wanted = {"type": "json_schema", "json_schema": {"name": "route", "schema": ROUTE}}
    await provider.complete(ask(kind, response_format=wanted))
    assert '"intent"' in json.dumps(llmock.last_request.body)


async def test_unknown_parameters_are_refused_before_any_request(kind, provider, llmock):
    with pytest.raises(UnsupportedParameterError, match="cache_prompt"):
        await provider.complete(ask(kind, params={"cache_prompt": True}))
    assert llmock.requests == []


async def test_many_calls_share_one_client(kind, provider, llmock):
    answers = await asyncio.gather(*(provider.complete(ask(kind)) for _ in range(8)))
    assert {a.finish_reason for a in answers} == {FinishReason.STOP}


async def test_anthropic_refuses_temperature(llmock):
    provider = AnthropicProvider("k", base_url=llmock.base_url("anthropic"))
    with pytest.raises(UnsupportedParameterError, match="anthropic has no parameter 'temperature'"):
        await provider.complete(ask("anthropic", params={"temperature": 0.5}))
    await provider.aclose()


@pytest.mark.parametrize("kind", ["anthropic", "gemini"], indirect=True)
async def test_a_late_system_message_is_refused_not_moved(kind, provider):
    messages = (Message(role="user", content="hi"), Message(role="system", content="late"))
    with pytest.raises(InvalidBundleError, match="only before the first turn"):
        await provider.complete(ask(kind, messages=messages))
