"""The local model, really called."""

import asyncio
import json

import pytest
import pytest_asyncio

from upshot.adapters.local import MODEL, LocalProvider
from upshot.domain.completion import CompletionRequest, FinishReason, Message
from upshot.domain.errors import ConfigurationError, ErrorCode, ProviderError, UnsupportedParameterError

# One event loop and one pair of models for the whole file: loading takes a second each.
pytestmark = [pytest.mark.localmodel, pytest.mark.asyncio(loop_scope="module")]

LABELS = ["book appointment", "cancel appointment", 'say "hello"']


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def provider():
    async with LocalProvider(slots=2) as provider:
        yield provider


def ask(text: str, response_format=None, **params) -> CompletionRequest:
    messages = (Message(role="user", content=text),)
    return CompletionRequest(model=MODEL, messages=messages, params=params, response_format=response_format)


async def test_an_answer_has_text_finish_reason_tokens_and_latency(provider):
    completion = await provider.complete(ask("What is the capital of France?", temperature=0, max_tokens=24))
    assert "Paris" in completion.text
    assert completion.finish_reason in {FinishReason.STOP, FinishReason.LENGTH}
    assert completion.usage.input_tokens > 5
    assert 0 < completion.usage.output_tokens <= 24
    assert 0 < completion.first_token_ms <= completion.latency_ms
    assert completion.resolved_model == MODEL


async def test_nothing_is_sent_that_nobody_wrote(provider):
    completion = await provider.complete(ask("Hi", max_tokens=1))
    assert completion.usage.input_tokens < 12


async def test_a_choice_is_one_of_the_choices_letter_by_letter(provider):
    completion = await provider.complete(ask("Cancel it please", {"type": "choice", "choices": LABELS}, seed=3))
    assert completion.text in LABELS
    assert completion.finish_reason is FinishReason.STOP


async def test_a_schema_is_kept(provider):
    properties = {"intent": {"enum": LABELS}, "urgent": {"type": "boolean"}}
    schema = {"type": "object", "properties": properties, "required": ["intent", "urgent"]}
    schema["additionalProperties"] = False
    wanted = {"type": "json_schema", "json_schema": {"name": "route", "schema": schema}}
    completion = await provider.complete(ask("Cancel it please", wanted, seed=1, max_tokens=64))
    answer = json.loads(completion.text)
    assert answer["intent"] in LABELS
    assert isinstance(answer["urgent"], bool)


async def test_a_schema_that_is_none_is_refused_for_good(provider):
    wanted = {"type": "json_schema", "json_schema": {"name": "route", "schema": {"type": "banana"}}}
    with pytest.raises(ProviderError) as refused:
        await provider.complete(ask("hi", wanted))
    assert refused.value.code == ErrorCode.INVALID_REQUEST


async def test_one_seed_gives_one_text_in_any_slot_and_order(provider):
    requests = [ask(f"Tell me about the number {i}.", temperature=1, seed=i, max_tokens=12) for i in range(4)]
    forward = [c.text for c in await asyncio.gather(*map(provider.complete, requests))]
    backward = [c.text for c in await asyncio.gather(*map(provider.complete, reversed(requests)))]
    assert forward == backward[::-1]
    assert len(set(forward)) > 1


async def test_a_cut_answer_says_length(provider):
    completion = await provider.complete(ask("Tell me a long story.", max_tokens=3, seed=1))
    assert completion.finish_reason is FinishReason.LENGTH
    assert completion.usage.output_tokens == 3


async def test_too_long_a_prompt_is_refused_for_good(provider):
    with pytest.raises(ProviderError) as refused:
        await provider.complete(ask("word " * 6000))
    assert refused.value.code == ErrorCode.CONTEXT_TOO_LONG
    assert not refused.value.transient


async def test_an_unknown_parameter_is_refused_not_dropped(provider):
    with pytest.raises(UnsupportedParameterError, match="reasoning_effort"):
        await provider.complete(ask("hi", reasoning_effort="high"))


async def test_an_unknown_model_is_refused(provider):
    with pytest.raises(ProviderError, match="no local model 'gpt-5'"):
        await provider.complete(CompletionRequest(model="gpt-5", messages=(Message(role="user", content="hi"),)))


async def test_a_cancelled_call_stops_the_model_and_frees_the_slot():
    async with LocalProvider(slots=1) as provider:
        await provider.complete(ask("hi", max_tokens=1))
        endless = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "string", "minLength": 1900}}}
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(provider.complete(ask("Write", endless, max_tokens=1900, seed=1)), timeout=0.5)
        after = await asyncio.wait_for(provider.complete(ask("hi", max_tokens=2)), timeout=10)
    assert after.usage.output_tokens == 2


async def test_an_answer_that_takes_too_long_is_a_timeout():
    async with LocalProvider(slots=1, timeout=0.01) as provider:
        with pytest.raises(ProviderError) as late:
            await provider.complete(ask("Tell me a very long story.", max_tokens=500, seed=1))
    assert late.value.code == ErrorCode.TIMEOUT


async def test_weights_that_are_not_there_are_told(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    async with LocalProvider() as provider:
        with pytest.raises(ConfigurationError, match="weights are not installed"):
            await provider.complete(ask("hi"))
