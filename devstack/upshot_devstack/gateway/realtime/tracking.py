"""Presence messages of a channel: track, untrack, the state after a join, the diff when somebody goes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from upshot_devstack.gateway.realtime import jsontext
from upshot_devstack.gateway.realtime.authorize import DatabaseUnavailable, PolicyFailed
from upshot_devstack.gateway.realtime.link import ChannelShut
from upshot_devstack.gateway.realtime.messages import Message, reply

if TYPE_CHECKING:
    from upshot_devstack.gateway.realtime.channel import Channel


class NotTracked(Exception):  # noqa: N818 - names the event
    """Why a presence message was refused; the text is for the client."""


async def handle(channel: Channel, message: Message) -> None:
    """Carry out a presence message and reply."""
    if not channel.presence_calls.allows(time.monotonic()):
        raise ChannelShut("Client presence rate limit exceeded")
    payload = message.payload if isinstance(message.payload, dict) else {}
    event = str(payload.get("event", "")).lower()
    if event not in {"track", "untrack", ""}:
        channel.answer(message, reply(message, "error", {"reason": f"Unknown presence event: {event}"}))
        return
    try:
        if event == "track":
            await _track(channel, payload.get("payload", {}))
        elif event == "untrack":
            forget(channel)
    except NotTracked as refused:
        channel.answer(message, reply(message, "error", {"reason": str(refused)}))
    else:
        channel.answer(message, reply(message, "ok"))


def push_state(channel: Channel) -> None:
    """Tell a channel who is in its room."""
    if channel.rights.may_read("presence"):
        channel.push("presence_state", channel.runtime.presences.state(channel.room))


def forget(channel: Channel) -> None:
    """The channel is no longer present; the room is told."""
    key = channel.admitted.config.presence_key
    diff = channel.runtime.presences.untrack(channel.room, channel, key)
    channel.presence_payload = None
    if diff is not None:
        channel.runtime.hub.publish(channel.room, "presence_diff", diff, kind="presence")


async def _track(channel: Channel, payload: Any) -> None:
    if not isinstance(payload, dict):
        raise NotTracked("Presence track payload must be a map")
    if len(jsontext.dumps(payload)) > channel.runtime.limits.payload_bytes:
        raise ChannelShut("Track message size exceeded")
    await _check_rights(channel)
    if payload == channel.presence_payload:
        return
    channel.presence_payload = payload
    key = channel.admitted.config.presence_key
    channel.turn_presence_on()
    diff = channel.runtime.presences.track(channel.room, channel, key, payload)
    channel.runtime.hub.publish(channel.room, "presence_diff", diff, kind="presence")


async def _check_rights(channel: Channel) -> None:
    try:
        await channel.rights.ask_read(("presence",))
        allowed = await channel.rights.may_write("presence")
    except (PolicyFailed, DatabaseUnavailable) as error:
        channel.runtime.log.warning("policy_failed", topic=channel.room.topic, error=str(error))
        raise NotTracked("Unable to check permissions to write to this Channel topic") from error
    if not allowed:
        raise NotTracked(
            f"Unauthorized: You do not have permissions to write to this Channel topic: {channel.room.topic}"
        )
