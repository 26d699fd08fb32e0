"""Who is present in which room, as Phoenix tells it: keys with one meta per connection, and diffs of joins and leaves."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from upshot_devstack.gateway.realtime.hub import Room

Metas = dict[str, dict[str, list[dict[str, Any]]]]
Diff = dict[str, Metas]


class PresenceBook:
    """The presences of this process. An owner is a channel: it has at most one meta in a room."""

    def __init__(self) -> None:
        self._rooms: dict[Room, dict[str, dict[object, dict[str, Any]]]] = {}

    def state(self, room: Room) -> Metas:
        """Everyone in the room: key → metas."""
        return {key: {"metas": list(metas.values())} for key, metas in self._rooms.get(room, {}).items()}

    def track(self, room: Room, owner: object, key: str, payload: Mapping[str, Any]) -> Diff:
        """Enter the room, or change what is said there. Returns the diff to tell."""
        metas = self._rooms.setdefault(room, {}).setdefault(key, {})
        before = metas.get(owner)
        meta = {**payload, "phx_ref": _new_ref()}
        if before is not None:
            meta["phx_ref_prev"] = before["phx_ref"]
        metas[owner] = meta
        return _diff(key, joined=meta, left=before)

    def untrack(self, room: Room, owner: object, key: str) -> Diff | None:
        """Leave the room. Returns the diff to tell, or None when the owner was not there."""
        keys = self._rooms.get(room, {})
        before = keys.get(key, {}).pop(owner, None)
        if before is None:
            return None
        if not keys[key]:
            del keys[key]
        if not keys:
            del self._rooms[room]
        return _diff(key, joined=None, left=before)


def _diff(key: str, *, joined: dict[str, Any] | None, left: dict[str, Any] | None) -> Diff:
    return {
        "joins": {} if joined is None else {key: {"metas": [joined]}},
        "leaves": {} if left is None else {key: {"metas": [left]}},
    }


def _new_ref() -> str:
    return base64.b64encode(secrets.token_bytes(12)).decode()
