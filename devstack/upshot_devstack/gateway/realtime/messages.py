"""What travels between a socket and its channels, whichever protocol version carries it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from upshot_devstack.gateway.realtime import jsontext

Encoding = Literal["json", "binary"]


@dataclass(frozen=True, slots=True)
class UserBroadcast:
    """A broadcast whose payload is opaque bytes, as the binary frames carry it."""

    event: str
    payload: bytes
    encoding: Encoding
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawPayload:
    """A message payload that is JSON text already; it is sent as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the Phoenix channel protocol. `topic` is the name on the wire (`realtime:…`)."""

    topic: str
    event: str
    payload: Any
    ref: str | None = None
    join_ref: str | None = None


def reply(to: Message, status: Literal["ok", "error"], response: dict[str, Any] | None = None) -> Message:
    """The answer to a message that carried a ref."""
    payload = {"status": status, "response": response or {}}
    return Message(to.topic, "phx_reply", payload, ref=to.ref, join_ref=to.join_ref)


def broadcast_text(event: str, payload_json: str, meta: dict[str, Any] | None = None) -> RawPayload:
    """A broadcast's JSON body around a payload that is JSON text already."""
    meta_part = f',"meta":{jsontext.dumps(meta)}' if meta else ""
    return RawPayload(f'{{"type":"broadcast","event":{jsontext.dumps(event)},"payload":{payload_json}{meta_part}}}')
