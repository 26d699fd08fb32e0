import pytest

from upshot.domain import capabilities
from upshot.domain.completion import CompletionRequest, Message
from upshot.domain.errors import ErrorCode, InvalidBundleError, UnsupportedParameterError


def check(provider, **changes):
    request = CompletionRequest(model="m", messages=(Message(role="user", content="x"),), **changes)
    capabilities.check(capabilities.of(provider), request)


@pytest.mark.parametrize("name", ["temperature", "top_p", "top_k"])
def test_anthropic_has_no_sampling_parameters(name):
    with pytest.raises(UnsupportedParameterError, match="anthropic has no parameter"):
        check("anthropic", params={name: 1})


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"temperature": 3}, "temperature == 3, but openai takes a number from 0 to 2"),
        ({"temperature": "hot"}, "temperature == 'hot'"),
        ({"temperature": True}, "temperature == True"),
        ({"max_tokens": 1.5}, "a whole number"),
        ({"max_tokens": 0}, "from 1 to"),
        ({"stop": "x"}, "a list of at most 4"),
        ({"stop": ["a"] * 5}, "a list of at most 4"),
        ({"reasoning_effort": "huge"}, "one of none, minimal"),
        ({"tempreature": 1}, "it takes .*temperature"),
    ],
)
def test_wrong_values_are_told_with_what_is_right(params, says):
    with pytest.raises(UnsupportedParameterError, match=says) as refused:
        check("openai", params=params)
    assert refused.value.code == ErrorCode.UNSUPPORTED_PARAMETER


@pytest.mark.parametrize("provider", capabilities.TABLE)
def test_ordinary_requests_pass(provider):
    check(provider, params={"max_tokens": 10, "stop": ["\n"]}, response_format={"type": "text"})


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": "xml"},
        {"type": "choice", "choices": ["a"]},
        {"type": "json_schema"},
        {"type": "json_schema", "json_schema": {"schema": {}}},
    ],
)
def test_response_formats_that_a_provider_cannot_keep_are_refused(wanted):
    with pytest.raises(UnsupportedParameterError):
        check("openai", response_format=wanted)


@pytest.mark.parametrize("choices", [[], [""], ["a", 1], "ab", None])
def test_choices_are_non_empty_texts(choices):
    with pytest.raises(UnsupportedParameterError, match="non-empty"):
        check("local", response_format={"type": "choice", "choices": choices})


def test_tools_need_a_name_and_a_provider_that_takes_them():
    with pytest.raises(InvalidBundleError, match="needs a name"):
        check("openai", tools=({"description": "x"},))
    with pytest.raises(UnsupportedParameterError, match="does not take tools"):
        check("local", tools=({"name": "x"},))


def test_an_unknown_provider_is_told_the_known_ones():
    with pytest.raises(InvalidBundleError, match="known are openai, anthropic, gemini, local") as refused:
        capabilities.of("acme")
    assert refused.value.code == ErrorCode.UNKNOWN_PROVIDER
