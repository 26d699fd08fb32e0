"""The `config` of a phx_join. What cannot be read falls back to its default, as the hosted service does."""

import uuid
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Replay:
    """Ask for past messages. `since` is in milliseconds since the epoch; None: what was asked cannot be read."""

    since: int | None
    limit: int


@dataclass(frozen=True)
class JoinConfig:
    private: bool
    ack: bool
    echo: bool
    replay: Replay | None
    replication_ready: bool
    presence_enabled: bool
    presence_key: str
    postgres_changes: tuple[dict[str, Any], ...]
    access_token: str | None


DEFAULT_REPLAY_LIMIT = 10


def parse_join(payload: object) -> JoinConfig:
    """Read a join's payload; anything missing has its default."""
    params = _object(payload)
    config = _object(params.get("config"))
    broadcast, presence = _object(config.get("broadcast")), _object(config.get("presence"))
    return JoinConfig(
        private=_flag(config.get("private")),
        ack=_flag(broadcast.get("ack")),
        echo=_flag(broadcast.get("self")),
        replay=_replay(broadcast["replay"]) if "replay" in broadcast else None,
        replication_ready=_flag(broadcast.get("replication_ready")),
        presence_enabled=_flag(presence.get("enabled")),
        presence_key=_presence_key(presence.get("key")),
        postgres_changes=tuple(item for item in _list(config.get("postgres_changes")) if isinstance(item, dict)),
        access_token=_token(params),
    )


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _flag(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _presence_key(value: object) -> str:
    if value is None or value == "" or isinstance(value, dict | list):
        return str(uuid.uuid4())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _replay(value: object) -> Replay | None:
    if value is None:
        return None
    asked = _object(value)
    since, limit = asked.get("since", 0), asked.get("limit", DEFAULT_REPLAY_LIMIT)
    readable = isinstance(value, dict) and _is_integer(since) and _is_integer(limit)
    return Replay(since, limit) if readable else Replay(None, 0)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _token(params: dict[str, Any]) -> str | None:
    """The token of the join; one that starts with `sb_` means the key the socket was opened with."""
    for name in ("user_token", "access_token"):
        value = params.get(name)
        if isinstance(value, str):
            return None if value.startswith("sb_") else value
    return None
