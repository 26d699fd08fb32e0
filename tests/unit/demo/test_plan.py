"""The three prompt versions: each differs from the control in one thing, and renders."""

from upshot.demo import plan
from upshot.domain.bundle import Bundle

LABELS = ("book", "cancel", "ask {{price}}")
EXAMPLES = [("farther", "book"), ("nearest", "cancel")]


def rendered(arm: plan.Arm, request: str = "I {{can't}} come"):
    bundle = Bundle.parse(arm.bundle)
    return bundle.request(plan.values(list(bundle.variables), request, EXAMPLES))


def arms():
    return {arm.key: arm for arm in plan.arms(LABELS, provider="local", model="m")}


def test_exactly_one_arm_is_the_control():
    assert [arm.key for arm in arms().values() if arm.is_control] == ["no_examples"]


def test_each_change_is_one_change():
    control, examples, warm = arms().values()
    assert control.bundle["params"] == examples.bundle["params"]
    assert control.bundle["messages"] == warm.bundle["messages"]
    assert {**control.bundle["params"], "temperature": 1} == warm.bundle["params"]
    assert examples.bundle["messages"][0] == control.bundle["messages"][0]
    assert examples.bundle["messages"][-1] == control.bundle["messages"][-1]


def test_the_control_asks_for_the_request_alone_and_lists_every_label_as_it_is():
    messages = rendered(arms()["no_examples"]).messages
    assert [message.role for message in messages] == ["system", "user"]
    assert "book, cancel, ask {{price}}" in messages[0].content
    assert messages[1].content == "I {{can't}} come"


def test_examples_stand_as_turns_the_nearest_last():
    messages = rendered(arms()["similar_examples"]).messages
    turns = [(message.role, message.content) for message in messages[1:]]
    assert turns == [
        ("user", "farther"),
        ("assistant", "book"),
        ("user", "nearest"),
        ("assistant", "cancel"),
        ("user", "I {{can't}} come"),
    ]


def test_the_answer_can_only_be_a_label():
    for arm in arms().values():
        assert rendered(arm).response_format == {"type": "choice", "choices": list(LABELS)}
