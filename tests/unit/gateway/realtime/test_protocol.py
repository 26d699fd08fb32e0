"""Both wire formats: what goes in comes out, and nothing that comes in breaks the reader."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from upshot_devstack.gateway.realtime import frames
from upshot_devstack.gateway.realtime.messages import Message, RawPayload, UserBroadcast, broadcast_text
from upshot_devstack.gateway.realtime.protocol import CODECS, MalformedMessageError

OBJECTS, ARRAYS = CODECS["1.0.0"], CODECS["2.0.0"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
refs = st.none() | st.text(max_size=20)
encodable = st.text(st.characters(exclude_categories=["Cs"]))
field = encodable.filter(lambda text: len(text.encode()) <= 255)


@given(topic=st.text(), event=st.text(), payload=json_values, ref=refs, join_ref=refs)
def test_arrays_carry_every_message(topic, event, payload, ref, join_ref):
    message = Message(topic, event, payload, ref, join_ref)
    assert ARRAYS.decode(ARRAYS.encode(message)) == message


@given(topic=st.text(), event=st.text(), payload=json_values, ref=refs)
def test_objects_carry_every_message_but_its_join_ref(topic, event, payload, ref):
    message = Message(topic, event, payload, ref, join_ref="7")
    assert OBJECTS.decode(OBJECTS.encode(message)) == Message(topic, event, payload, ref)


@given(join_ref=field, ref=field, topic=field, event=field, payload=st.binary())
def test_binary_pushes_are_read(join_ref, ref, topic, event, payload):
    fields = [text.encode() for text in (join_ref, ref, topic, event, "")]
    frame = bytes([3, *(len(one) for one in fields), 0]) + b"".join(fields) + payload
    body = UserBroadcast(event, payload, "binary", {})
    assert ARRAYS.decode(frame) == Message(topic, "broadcast", body, ref or None, join_ref or None)


@given(topic=field, event=field, payload=st.binary(), metadata=st.dictionaries(field, st.integers(), max_size=2))
def test_binary_broadcasts_hold_what_they_say(topic, event, payload, metadata):
    frame = frames.encode_user_broadcast(topic, UserBroadcast(event, payload, "binary", metadata))
    if frame is None:
        assert len(json.dumps(metadata)) > 100
        return
    kind, topic_size, event_size, metadata_size, encoding = frame[:5]
    rest = frame[5:]
    assert (kind, encoding) == (4, 0)
    assert rest[:topic_size].decode() == topic
    assert rest[topic_size : topic_size + event_size].decode() == event
    meta = rest[topic_size + event_size : topic_size + event_size + metadata_size]
    assert (json.loads(meta) if meta else {}) == metadata
    assert rest[topic_size + event_size + metadata_size :] == payload


@pytest.mark.parametrize("codec", [OBJECTS, ARRAYS], ids=["1.0.0", "2.0.0"])
@given(frame=st.text() | st.binary() | st.binary().map(lambda tail: b"\x03" + tail) | json_values.map(json.dumps))
@example(frame='{"topic":"t","event":"e","payload":1e999,"ref":null}')
@example(frame='[null,null,"t","e",NaN]')
@example(frame="[" * 100_000)
@example(frame='[null,null,"t","e",' + "9" * 5000 + "]")
@example(frame='["\\ud800",{},"t","e",{}]')
@example(frame=b"\x03\x00\x00\x00\x00\x01\x00x")
def test_any_frame_is_read_or_refused(codec, frame):
    try:
        message = codec.decode(frame)
    except MalformedMessageError:
        return
    assert isinstance(message.topic, str)
    assert codec.encode(message) is not None or isinstance(message.payload, UserBroadcast)


@given(payload=json_values, event=st.text())
def test_a_payload_that_is_json_already_is_passed_on(payload, event):
    text = json.dumps(payload)
    body = broadcast_text(event, text, {"id": "1"})
    expected = {"type": "broadcast", "event": event, "payload": payload, "meta": {"id": "1"}}
    for codec in (OBJECTS, ARRAYS):
        assert codec.decode(codec.encode(Message("t", "broadcast", body))).payload == expected


def test_json_bytes_become_text_for_protocol_1():
    message = Message("t", "broadcast", UserBroadcast("e", b'{"a": 1}', "json"))
    assert json.loads(OBJECTS.encode(message))["payload"] == {"type": "broadcast", "event": "e", "payload": {"a": 1}}


def test_bytes_cannot_be_carried_by_protocol_1():
    assert OBJECTS.encode(Message("t", "broadcast", UserBroadcast("e", b"\xff", "binary"))) is None


def test_name_too_long_for_a_frame_falls_back_to_text():
    message = Message("t", "broadcast", UserBroadcast("e" * 256, b"{}", "json"))
    assert json.loads(ARRAYS.encode(message))[4]["event"] == "e" * 256
    assert ARRAYS.encode(Message("t", "broadcast", UserBroadcast("e" * 256, b"{}", "binary"))) is None


def test_numeric_refs_are_taken_as_text():
    assert ARRAYS.decode('[1,2,"t","e",{}]') == Message("t", "e", {}, "2", "1")


@pytest.mark.parametrize("ref", [True, 1.5, [], {}])
def test_other_refs_are_refused(ref: Any):
    with pytest.raises(MalformedMessageError):
        ARRAYS.decode(json.dumps([None, ref, "t", "e", {}]))


def test_ref_is_written_even_when_there_is_none():
    assert json.loads(OBJECTS.encode(Message("t", "e", RawPayload("{}")))) == {
        "topic": "t", "event": "e", "payload": {}, "ref": None,
    }  # fmt: skip
