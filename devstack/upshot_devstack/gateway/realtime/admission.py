"""Whether a join is let in, and what it settles for the life of the channel."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from upshot_devstack.gateway.realtime.access import Access, AccessDenied, verified
from upshot_devstack.gateway.realtime.authorize import Caller, DatabaseUnavailable, Extension, PolicyFailed
from upshot_devstack.gateway.realtime.hub import WIRE_PREFIX, Room
from upshot_devstack.gateway.realtime.join_config import JoinConfig, parse_join
from upshot_devstack.gateway.realtime.replay import PastMessage, ReplayRefused, past_messages
from upshot_devstack.gateway.realtime.rights import Rights

if TYPE_CHECKING:
    from upshot_devstack.gateway.realtime.link import Socket
    from upshot_devstack.gateway.realtime.messages import Message
    from upshot_devstack.gateway.realtime.runtime import Runtime


class JoinRefused(Exception):  # noqa: N818 - names the event
    """The join is answered with an error; `reason` is what the client reads."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.reason = f"{code}: {message}"


@dataclass(frozen=True)
class Admission:
    """What a join settled. A token refresh replaces `access` and `rights`; a first track turns presence on."""

    room: Room
    config: JoinConfig
    access: Access
    rights: Rights
    presence_on: bool

    @property
    def read_extensions(self) -> tuple[Extension, ...]:
        return ("broadcast", "presence") if self.presence_on else ("broadcast",)

    def with_access(self, runtime: Runtime, socket: Socket, access: Access) -> Admission:
        return replace(self, access=access, rights=_rights(runtime, socket, self.room, access))

    def with_presence(self) -> Admission:
        return replace(self, presence_on=True)


def cannot_read(topic: str) -> str:
    return f"You do not have permissions to read from this Channel topic: {topic}"


def is_text(topic: str) -> bool:
    """Whether the database can hold it: no NUL, no half of a surrogate pair."""
    try:
        return b"\0" not in topic.encode()
    except UnicodeEncodeError:
        return False


async def admit(runtime: Runtime, socket: Socket, join: Message) -> Admission:
    """Check a join in the order the hosted service does. Raises JoinRefused."""
    topic = join.topic.removeprefix(WIRE_PREFIX)
    if not topic:
        raise JoinRefused("TopicNameRequired", "You must provide a topic name")
    if not is_text(topic):
        raise JoinRefused("InvalidJoinPayload", "The topic must be Unicode text without NUL")
    if not runtime.join_rate.allows(time.monotonic()):
        raise JoinRefused("ClientJoinRateLimitReached", "Too many joins per second")
    config = parse_join(join.payload)
    try:
        access = verified(runtime.tokens, config.access_token or socket.token)
    except AccessDenied as denied:
        raise JoinRefused(denied.code, denied.message) from denied
    room = Room(config.private, topic)
    admission = Admission(room, config, access, _rights(runtime, socket, room, access), config.presence_enabled)
    await _check_rights(runtime, admission)
    await runtime.tail.settle(runtime.limits.join_patience)
    return admission


async def past(runtime: Runtime, admission: Admission) -> list[PastMessage]:
    """The messages that the join asked to have replayed. Raises JoinRefused."""
    asked = admission.config.replay
    if asked is None:
        return []
    if not admission.room.private:
        raise JoinRefused("UnableToReplayMessages", "Replay is not allowed for public channels")
    if not admission.rights.may_read("broadcast"):
        raise JoinRefused("Unauthorized", cannot_read(admission.room.topic))
    try:
        return await past_messages(runtime.pool, admission.room.topic, asked, runtime.limits.replay_messages)
    except ReplayRefused as refused:
        raise JoinRefused("UnableToReplayMessages", str(refused)) from refused
    except DatabaseUnavailable as error:
        raise JoinRefused("UnableToReplayMessages", "Realtime was unable to replay messages") from error


async def _check_rights(runtime: Runtime, admission: Admission) -> None:
    topic = admission.room.topic
    try:
        await admission.rights.ask_read(admission.read_extensions)
    except PolicyFailed as error:
        runtime.log.warning("policy_failed", topic=topic, error=str(error))
    except DatabaseUnavailable as error:
        runtime.log.warning("database_unavailable", topic=topic, error=str(error))
        text = "Realtime was unable to connect to the project database"
        raise JoinRefused("UnableToConnectToProject", text) from error
    if not admission.rights.reads_anything:
        raise JoinRefused("Unauthorized", cannot_read(topic))


def _rights(runtime: Runtime, socket: Socket, room: Room, access: Access) -> Rights:
    caller = Caller(room.topic, access.role, access.claims, socket.headers)
    return Rights(runtime.authorizer, caller, private=room.private)
