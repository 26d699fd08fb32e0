"""Binary frames of protocol 2.0.0.

One byte says the kind; then one length byte per string field, one byte for the payload's encoding, the strings, and
the payload up to the end of the frame. Kind 3 comes from clients, kind 4 goes to them.
"""

from upshot_devstack.gateway.realtime import jsontext
from upshot_devstack.gateway.realtime.messages import Message, UserBroadcast

USER_BROADCAST_PUSH = 3
USER_BROADCAST = 4
JSON_ENCODING = 1
MAX_FIELD_BYTES = 255
_PUSH_FIELDS = 5
_HEADER_BYTES = 2 + _PUSH_FIELDS


class MalformedFrameError(ValueError):
    """The bytes are not a frame of this protocol."""


def decode_push(data: bytes) -> Message:
    """Read a client's broadcast frame. Raises MalformedFrameError."""
    if len(data) < _HEADER_BYTES or data[0] != USER_BROADCAST_PUSH:
        raise MalformedFrameError("expected a user broadcast push frame (kind 3)")
    sizes, encoding = data[1 : 1 + _PUSH_FIELDS], data[_HEADER_BYTES - 1]
    if len(data) < _HEADER_BYTES + sum(sizes):
        raise MalformedFrameError("the frame ends before its fields do")
    join_ref, ref, topic, event, metadata = _split(data, sizes)
    payload = data[_HEADER_BYTES + sum(sizes) :]
    if encoding == JSON_ENCODING:
        _check_json(payload)
    body = UserBroadcast(event, payload, "json" if encoding == JSON_ENCODING else "binary", _metadata(metadata))
    return Message(topic, "broadcast", body, ref=ref or None, join_ref=join_ref or None)


def encode_user_broadcast(topic: str, body: UserBroadcast) -> bytes | None:
    """The frame for a subscriber, or None when a field does not fit its length byte."""
    metadata = jsontext.dumps(body.metadata) if body.metadata else ""
    fields = [text.encode(errors="surrogatepass") for text in (topic, body.event, metadata)]
    if any(len(part) > MAX_FIELD_BYTES for part in fields):
        return None
    encoding = JSON_ENCODING if body.encoding == "json" else 0
    header = bytes([USER_BROADCAST, *(len(part) for part in fields), encoding])
    return b"".join([header, *fields, body.payload])


def _split(data: bytes, sizes: bytes) -> list[str]:
    offset, parts = _HEADER_BYTES, []
    for size in sizes:
        try:
            parts.append(data[offset : offset + size].decode())
        except UnicodeDecodeError as error:
            raise MalformedFrameError("a field is not UTF-8") from error
        offset += size
    return parts


def _check_json(payload: bytes) -> None:
    """A JSON payload is passed on unparsed, so a broken one must stop here and not at every receiver."""
    try:
        jsontext.loads(payload.decode())
    except (UnicodeDecodeError, jsontext.InvalidJsonError) as error:
        raise MalformedFrameError("the payload is marked as JSON but is not") from error


def _metadata(text: str) -> dict[str, object]:
    if not text:
        return {}
    try:
        value = jsontext.loads(text)
    except jsontext.InvalidJsonError as error:
        raise MalformedFrameError("the metadata is not JSON") from error
    if not isinstance(value, dict):
        raise MalformedFrameError("the metadata is not a JSON object")
    return value
