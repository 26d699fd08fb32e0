"""Past messages of a private topic, for a client that was away."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from upshot_devstack.gateway.realtime.authorize import DatabaseUnavailable, Pool
from upshot_devstack.gateway.realtime.join_config import Replay
from upshot_devstack.gateway.realtime.messages import RawPayload, UserBroadcast, broadcast_text

PAST_MESSAGES = """
select id::text, event, payload::text, binary_payload from (
  select * from realtime.messages
  where topic = %(topic)s and private and extension = 'broadcast' and event is not null and inserted_at >= %(since)s
  order by inserted_at desc, id limit %(limit)s
) as latest order by inserted_at
"""


class ReplayRefused(Exception):  # noqa: N818 - says what happened
    """The replay asked for cannot be given; the text is for the client."""


@dataclass(frozen=True)
class PastMessage:
    id: str
    body: RawPayload | UserBroadcast


async def past_messages(pool: Pool, topic: str, asked: Replay, at_most: int) -> list[PastMessage]:
    """The latest messages since a moment, oldest first. Raises ReplayRefused or DatabaseUnavailable."""
    values = {"topic": topic, "since": _moment(asked.since), "limit": max(1, min(asked.limit, at_most))}
    try:
        async with pool.connection() as connection:
            rows = await (await connection.execute(PAST_MESSAGES, values)).fetchall()
    except (psycopg.Error, PoolTimeout) as error:
        raise DatabaseUnavailable(str(error)) from error
    return [PastMessage(row[0], _body(*row)) for row in rows]


def _moment(milliseconds: int | None) -> datetime:
    if milliseconds is None:
        raise ReplayRefused("Replay params are not valid")
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)
    except (OverflowError, ValueError, OSError) as error:
        raise ReplayRefused("Replay params are not valid") from error


def _body(message_id: str, event: str, payload: str | None, binary: bytes | None) -> RawPayload | UserBroadcast:
    meta: dict[str, Any] = {"replayed": True, "id": message_id}
    if binary is not None:
        return UserBroadcast(event, binary, "binary", meta)
    return broadcast_text(event, payload if payload is not None else json.dumps(None), meta)
