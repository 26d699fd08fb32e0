import pytest

from upshot.domain.bundle import Bundle
from upshot.domain.errors import ErrorCode, InvalidBundleError

STORED = {
    "messages": [{"role": "system", "content": "Be {{tone}}."}, {"role": "user", "content": "{{text}}"}],
    "variables": {"text": {"type": "string"}, "tone": {"type": "string", "default": "brief"}},
    "provider": "local",
    "model": "smollm2-135m-instruct",
    "params": {"temperature": 0.2},
    "tools": [],
    "response_format": None,
}


def test_a_stored_bundle_becomes_a_request():
    request = Bundle.parse(STORED).request({"text": "Hi"})
    assert [m.content for m in request.messages] == ["Be brief.", "Hi"]
    assert request.model == "smollm2-135m-instruct"
    assert request.params == {"temperature": 0.2}
    assert request.response_kind == "text"


def test_fields_that_later_versions_add_do_not_stop_older_workers():
    assert Bundle.parse(STORED | {"content_hash": "abc"}).provider == "local"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": [{"type": "image"}]}]}, "messages.0.content"),
        ({"variables": {"a": {"type": "date"}}}, "variables.a.type"),
        ({"variables": {"a": {"pattern": "x"}}}, "variables.a.pattern"),
        ({"model": ""}, "model"),
        ({"params": None}, "params"),
    ],
)
def test_what_cannot_be_read_is_named(change, says):
    with pytest.raises(InvalidBundleError, match=says) as refused:
        Bundle.parse(STORED | change)
    assert refused.value.code == ErrorCode.INVALID_BUNDLE


def test_an_error_never_quotes_the_prompt():
    secret = [{"role": "robot", "content": "the customer's name is Ada"}]
    with pytest.raises(InvalidBundleError) as refused:
        Bundle.parse(STORED | {"messages": secret})
    assert "Ada" not in str(refused.value)
