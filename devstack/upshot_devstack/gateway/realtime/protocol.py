"""The two wire formats: 1.0.0 is JSON objects, 2.0.0 is JSON arrays plus binary broadcast frames.

A client picks one with `vsn` in the websocket's query.
"""

from typing import Any, Protocol

from upshot_devstack.gateway.realtime import frames, jsontext
from upshot_devstack.gateway.realtime.messages import Message, RawPayload, UserBroadcast, broadcast_text

Frame = str | bytes
_ARRAY_LENGTH = 5


class MalformedMessageError(ValueError):
    """A frame that cannot be read; it is logged and ignored, the socket stays open."""


class Codec(Protocol):
    """One protocol version."""

    version: str

    def decode(self, frame: Frame) -> Message:
        """Read one frame. Raises MalformedMessageError."""

    def encode(self, message: Message) -> Frame | None:
        """The frame for a message; None when this version cannot carry it."""


class JsonObjects:
    """Protocol 1.0.0."""

    version = "1.0.0"

    def decode(self, frame: Frame) -> Message:
        if isinstance(frame, bytes):
            raise MalformedMessageError("protocol 1.0.0 has no binary frames")
        value = _parse(frame)
        if not isinstance(value, dict) or not {"topic", "event", "payload", "ref"} <= value.keys():
            raise MalformedMessageError("expected an object with topic, event, payload and ref")
        return _checked(value.get("join_ref"), value["ref"], value["topic"], value["event"], value["payload"])

    def encode(self, message: Message) -> Frame | None:
        body = _json_body(message.payload)
        if body is None:
            return None
        topic, event, ref = (jsontext.dumps(part) for part in (message.topic, message.event, message.ref))
        return f'{{"topic":{topic},"event":{event},"payload":{body},"ref":{ref}}}'


class JsonArrays:
    """Protocol 2.0.0."""

    version = "2.0.0"

    def decode(self, frame: Frame) -> Message:
        if isinstance(frame, bytes):
            try:
                return frames.decode_push(frame)
            except frames.MalformedFrameError as error:
                raise MalformedMessageError(str(error)) from error
        value = _parse(frame)
        if not isinstance(value, list) or len(value) < _ARRAY_LENGTH:
            raise MalformedMessageError("expected an array [join_ref, ref, topic, event, payload]")
        return _checked(*value[:_ARRAY_LENGTH])

    def encode(self, message: Message) -> Frame | None:
        if isinstance(message.payload, UserBroadcast):
            frame = frames.encode_user_broadcast(message.topic, message.payload)
            if frame is not None:
                return frame
        body = _json_body(message.payload)
        if body is None:
            return None
        head = jsontext.dumps([message.join_ref, message.ref, message.topic, message.event])
        return f"{head[:-1]},{body}]"


CODECS: dict[str, Codec] = {codec.version: codec for codec in (JsonObjects(), JsonArrays())}


def _parse(frame: str) -> Any:
    try:
        return jsontext.loads(frame)
    except jsontext.InvalidJsonError as error:
        raise MalformedMessageError(f"not JSON: {error}") from error


def _checked(join_ref: object, ref: object, topic: object, event: object, payload: object) -> Message:
    if not isinstance(topic, str) or not isinstance(event, str):
        raise MalformedMessageError("topic and event must be strings")
    return Message(topic, event, payload, ref=_as_ref(ref), join_ref=_as_ref(join_ref))


def _as_ref(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise MalformedMessageError("ref and join_ref must be strings")


def _json_body(payload: Any) -> str | None:
    if isinstance(payload, RawPayload):
        return payload.text
    if isinstance(payload, UserBroadcast):
        if payload.encoding == "binary":
            return None
        return broadcast_text(payload.event, payload.payload.decode(), payload.metadata).text
    return jsontext.dumps(payload)
