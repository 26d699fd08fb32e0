"""What the vendors send beyond plain answers: caches, thinking, blocked prompts, errors inside streams.

The bodies follow the vendors' documented formats; a small real server sends them.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from upshot.adapters.anthropic import AnthropicProvider
from upshot.adapters.gemini import GeminiProvider
from upshot.adapters.openai import OpenAIProvider
from upshot.domain.completion import CompletionRequest, FinishReason, Message, Usage
from upshot.domain.errors import ErrorCode, ProviderError

REQUEST = CompletionRequest(model="m", messages=(Message(role="user", content="hi"),))


class Wire:
    """Sends one prepared answer to whoever asks, and keeps what was asked."""

    def __init__(self):
        wire = self
        self.status, self.body, self.kind, self.asked = 200, b"", "text/event-stream", []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = self.rfile.read(int(self.headers["content-length"]))
                wire.asked.append((self.path, json.loads(asked)))
                self.send_response(wire.status)
                self.send_header("content-type", wire.kind)
                self.send_header("content-length", str(len(wire.body)))
                self.end_headers()
                self.wfile.write(wire.body)

            def log_message(self, *_args): ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def streams(self, *events, named=False):
        lines = [(f"event: {e['type']}\n" if named else "") + f"data: {json.dumps(e)}\n\n" for e in events]
        self.body = "".join(lines).encode()

    def refuses(self, status, body):
        self.status, self.kind, self.body = status, "application/json", json.dumps(body).encode()


@pytest.fixture
def wire():
    wire = Wire()
    thread = threading.Thread(target=wire.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield wire
    wire.server.shutdown()
    thread.join()
    wire.server.server_close()


async def ask(kind, wire, request=REQUEST):
    provider = kind("key", base_url=wire.url)
    try:
        return await provider.complete(request)
    finally:
        await provider.aclose()


async def failure(kind, wire):
    with pytest.raises(ProviderError) as failed:
        await ask(kind, wire)
    return failed.value


def openai_chunk(delta, finish=None, **more):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m-1", "choices": [choice]} | more


async def test_openai_counts_cached_and_thinking_tokens_inside(wire):
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 30,
        "total_tokens": 130,
        "prompt_tokens_details": {"cached_tokens": 80},
        "completion_tokens_details": {"reasoning_tokens": 20},
    }
    wire.streams(openai_chunk({"content": "Hi"}), openai_chunk({}, "stop"), openai_chunk({}, usage=usage, choices=[]))
    completion = await ask(OpenAIProvider, wire)
    assert completion.usage == Usage(100, 30, cache_read_tokens=80, reasoning_tokens=20)
    assert (completion.text, completion.resolved_model) == ("Hi", "m-1")


async def test_openai_is_asked_with_its_own_names(wire):
    wire.streams(openai_chunk({"content": "Hi"}, "stop"))
    await ask(
        OpenAIProvider, wire, CompletionRequest("m", REQUEST.messages, {"max_tokens": 9, "seed": 1, "stop": ["x"]})
    )
    [(_, asked)] = wire.asked
    assert (asked["max_completion_tokens"], asked["seed"], asked["stop"]) == (9, 1, ["x"])
    assert "max_tokens" not in asked


async def test_openai_without_usage_has_none_rather_than_zero(wire):
    wire.streams(openai_chunk({"content": "Hi"}, "stop"))
    assert (await ask(OpenAIProvider, wire)).usage == Usage()


async def test_openai_tool_calls_are_put_together_from_pieces(wire):
    def piece(**call):
        return openai_chunk({"tool_calls": [{"index": 0} | call]})

    wire.streams(
        piece(id="t1", type="function", function={"name": "look", "arguments": '{"a"'}),
        piece(function={"arguments": ": 1}"}),
        openai_chunk({}, "tool_calls"),
    )
    completion = await ask(OpenAIProvider, wire)
    [call] = completion.tool_calls
    assert (call.id, call.name, call.arguments) == ("t1", "look", '{"a": 1}')
    assert completion.finish_reason is FinishReason.TOOL_CALLS


async def test_openai_an_error_inside_the_stream(wire):
    wire.streams(openai_chunk({"content": "Hi"}), {"error": {"message": "oops", "type": "server_error"}})
    assert (await failure(OpenAIProvider, wire)).code == ErrorCode.UNAVAILABLE


async def test_openai_an_empty_account_is_permanent(wire):
    wire.refuses(429, {"error": {"message": "no money", "type": "insufficient_quota", "code": "insufficient_quota"}})
    failed = await failure(OpenAIProvider, wire)
    assert (failed.code, failed.transient) == (ErrorCode.QUOTA_EXHAUSTED, False)


def anthropic_answer(stop_reason="end_turn", **usage):
    start = {"id": "m1", "type": "message", "role": "assistant", "model": "m-1", "content": []}
    start |= {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 10, "output_tokens": 1} | usage}
    delta = {"type": "text_delta", "text": "Hi"}
    return [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": stop_reason, "stop_sequence": None},
            "usage": {"output_tokens": 7},
        },
        {"type": "message_stop"},
    ]


async def test_anthropic_counts_the_cache_inside_the_input(wire):
    wire.streams(*anthropic_answer(cache_read_input_tokens=80, cache_creation_input_tokens=20), named=True)
    completion = await ask(AnthropicProvider, wire)
    assert completion.usage == Usage(110, 7, cache_read_tokens=80, cache_write_tokens=20)
    assert completion.text == "Hi"


async def test_anthropic_is_asked_with_its_own_names(wire):
    wire.streams(*anthropic_answer(), named=True)
    messages = (Message(role="system", content="A"), Message(role="system", content="B"), *REQUEST.messages)
    await ask(AnthropicProvider, wire, CompletionRequest("m", messages, {"stop": ["x"], "reasoning_effort": "low"}))
    [(_, asked)] = wire.asked
    assert [block["text"] for block in asked["system"]] == ["A", "B"]
    assert (asked["stop_sequences"], asked["output_config"], asked["max_tokens"]) == (["x"], {"effort": "low"}, 4096)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("max_tokens", FinishReason.LENGTH), ("refusal", FinishReason.CONTENT_FILTER), ("pause_turn", FinishReason.OTHER)],
)
async def test_anthropic_stop_reasons(wire, reason, finish):
    wire.streams(*anthropic_answer(reason), named=True)
    assert (await ask(AnthropicProvider, wire)).finish_reason is finish


async def test_anthropic_overload_inside_the_stream(wire):
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    wire.streams(*anthropic_answer()[:3], error, named=True)
    failed = await failure(AnthropicProvider, wire)
    assert (failed.code, failed.transient) == (ErrorCode.OVERLOADED, True)


def gemini_chunk(*parts, finish=None, **more):
    candidate = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    candidate |= {"finishReason": finish} if finish else {}
    return {"candidates": [candidate], "modelVersion": "m-1", "responseId": "r1"} | more


async def test_gemini_counts_thinking_inside_the_output_and_leaves_it_out_of_the_text(wire):
    usage = {
        "promptTokenCount": 50,
        "candidatesTokenCount": 5,
        "thoughtsTokenCount": 40,
        "cachedContentTokenCount": 30,
        "totalTokenCount": 95,
    }
    wire.streams(
        gemini_chunk({"text": "hmm", "thought": True}),
        gemini_chunk({"text": "Hi"}, finish="STOP", usageMetadata=usage),
    )
    completion = await ask(GeminiProvider, wire)
    assert completion.usage == Usage(50, 45, cache_read_tokens=30, reasoning_tokens=40)
    assert (completion.text, completion.response_id, completion.resolved_model) == ("Hi", "r1", "m-1")


async def test_gemini_is_asked_at_a_fixed_version_with_its_own_names(wire):
    wire.streams(gemini_chunk({"text": "Hi"}, finish="STOP"))
    messages = (Message(role="system", content="A"), *REQUEST.messages, Message(role="assistant", content="B"))
    params = {"max_tokens": 9, "reasoning_effort": "low"}
    await ask(GeminiProvider, wire, CompletionRequest("m", messages, params))
    [(path, asked)] = wire.asked
    assert path.startswith("/v1beta/models/m:streamGenerateContent")
    assert asked["generationConfig"]["maxOutputTokens"] == 9
    assert list(asked["generationConfig"]["thinkingConfig"].values()) == ["LOW"]
    assert [turn["role"] for turn in asked["contents"]] == ["user", "model"]
    assert asked["systemInstruction"]["parts"] == [{"text": "A"}]


async def test_gemini_a_blocked_prompt_is_an_answer_without_text(wire):
    wire.streams({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 4}})
    completion = await ask(GeminiProvider, wire)
    assert (completion.finish_reason, completion.text) == (FinishReason.CONTENT_FILTER, "")
    assert completion.usage == Usage(input_tokens=4)


async def test_gemini_says_how_long_to_wait_in_the_body(wire):
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "31s"}
    wire.refuses(429, {"error": {"code": 429, "message": "slow", "status": "RESOURCE_EXHAUSTED", "details": [info]}})
    failed = await failure(GeminiProvider, wire)
    assert (failed.code, failed.retry_after) == (ErrorCode.RATE_LIMITED, 31)


async def test_gemini_a_bad_key_is_a_400_that_means_401(wire):
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    wire.refuses(400, {"error": {"code": 400, "message": "API key not valid", "details": [info]}})
    assert (await failure(GeminiProvider, wire)).code == ErrorCode.AUTHENTICATION_FAILED
