"""Mails and text messages that would have been sent, kept for the developer to read. Nothing leaves the machine."""

import datetime as dt
import uuid
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Message:
    """``kind`` is the verification type; ``otp`` what to type in; ``link`` what to open (mails only)."""

    channel: Literal["email", "sms"]
    to: str
    kind: str
    subject: str
    otp: str
    token_hash: str
    link: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))


class Mailbox:
    """The latest messages, newest first; older ones fall out."""

    def __init__(self, size: int) -> None:
        self._messages: deque[Message] = deque(maxlen=size)

    def put(self, message: Message) -> None:
        self._messages.appendleft(message)

    def find(self, to: str | None = None) -> list[dict[str, Any]]:
        """Messages to one address or number, or all."""
        return [asdict(message) for message in self._messages if to is None or message.to == to]

    def clear(self) -> None:
        self._messages.clear()
