"""Who listens to which topic, and how a message reaches them."""

from typing import Literal, NamedTuple, Protocol

from upshot_devstack.gateway.realtime.messages import Message
from upshot_devstack.gateway.realtime.protocol import Codec, Frame

WIRE_PREFIX = "realtime:"
Kind = Literal["broadcast", "presence"]


class Room(NamedTuple):
    """A topic. The private and the public room of one name never hear each other."""

    private: bool
    topic: str

    @property
    def wire_topic(self) -> str:
        return WIRE_PREFIX + self.topic


class Listener(Protocol):
    """A channel that has joined a room."""

    @property
    def codec(self) -> Codec: ...

    def hears(self, kind: Kind) -> bool:
        """Whether messages of this kind are for this listener."""

    def deliver(self, frame: Frame, message_id: str | None) -> None:
        """Queue a frame; must not wait."""


class Hub:
    """The rooms of this process."""

    def __init__(self) -> None:
        self._rooms: dict[Room, dict[Listener, None]] = {}

    def join(self, room: Room, listener: Listener) -> None:
        self._rooms.setdefault(room, {})[listener] = None

    def leave(self, room: Room, listener: Listener) -> None:
        listeners = self._rooms.get(room)
        if listeners is None:
            return
        listeners.pop(listener, None)
        if not listeners:
            del self._rooms[room]

    def publish(
        self,
        room: Room,
        event: str,
        payload: object,
        *,
        kind: Kind = "broadcast",
        skip: Listener | None = None,
        message_id: str | None = None,
    ) -> None:
        """Queue a message for every listener of the room, encoding it once per protocol version."""
        message = Message(room.wire_topic, event, payload)
        frames: dict[str, Frame | None] = {}
        for listener in self._rooms.get(room, {}):
            if listener is skip or not listener.hears(kind):
                continue
            version = listener.codec.version
            if version not in frames:
                frames[version] = listener.codec.encode(message)
            frame = frames[version]
            if frame is not None:
                listener.deliver(frame, message_id)

    @property
    def rooms(self) -> int:
        return len(self._rooms)
