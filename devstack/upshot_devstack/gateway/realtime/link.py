"""What a channel and the connection it lives on know of each other."""

from typing import Protocol

from upshot_devstack.gateway.realtime.limits import RateLimit
from upshot_devstack.gateway.realtime.protocol import Codec, Frame


class ChannelShut(Exception):  # noqa: N818 - names the event
    """The server ends a channel; the text is told to the client."""


class Socket(Protocol):
    """The connection, as its channels see it."""

    @property
    def codec(self) -> Codec: ...
    @property
    def token(self) -> str:
        """The token the connection was opened with; joins without one of their own use it."""

    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def event_rate(self) -> RateLimit: ...
    def send_frame(self, frame: Frame) -> None:
        """Queue a frame; never waits."""
