"""Broadcasts that a client sends over its socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upshot_devstack.gateway.realtime import jsontext
from upshot_devstack.gateway.realtime.authorize import DatabaseUnavailable, PolicyFailed
from upshot_devstack.gateway.realtime.messages import Message, RawPayload, UserBroadcast, reply

if TYPE_CHECKING:
    from upshot_devstack.gateway.realtime.channel import Channel


class NotSent(Exception):  # noqa: N818 - names the event
    """Why a broadcast goes nowhere; told to clients that asked for acknowledgement."""


async def handle(channel: Channel, message: Message) -> None:
    """Pass a broadcast on to the room, and acknowledge it when the channel was joined with `ack`."""
    config = channel.admitted.config
    try:
        body = _sized(message.payload, channel.runtime.limits.payload_bytes)
        await _check_write(channel)
    except NotSent as refused:
        channel.runtime.log.info("broadcast_dropped", topic=message.topic, reason=str(refused))
        response = reply(message, "error", {"reason": str(refused)})
    else:
        skip = None if config.echo else channel
        channel.runtime.hub.publish(channel.room, "broadcast", body, skip=skip)
        response = reply(message, "ok")
    if config.ack:
        channel.answer(message, response)


def _sized(payload: object, at_most: int) -> RawPayload | UserBroadcast:
    if isinstance(payload, UserBroadcast):
        size, body = len(payload.payload), UserBroadcast(payload.event, payload.payload, payload.encoding)
        if size > at_most:
            raise NotSent("Payload size exceeded")
        return body
    if not isinstance(payload, dict):
        raise NotSent("The payload of a broadcast must be an object")
    text = jsontext.dumps(payload)
    if len(text) > at_most:
        raise NotSent("Payload size exceeded")
    return RawPayload(text)


async def _check_write(channel: Channel) -> None:
    try:
        allowed = await channel.rights.may_write("broadcast")
    except (PolicyFailed, DatabaseUnavailable) as error:
        channel.runtime.log.warning("policy_failed", topic=channel.room.topic, error=str(error))
        raise NotSent("Unable to check permissions to write to this Channel topic") from error
    if not allowed:
        raise NotSent(f"Unauthorized: You do not have permissions to write to this Channel topic: {channel.room.topic}")
