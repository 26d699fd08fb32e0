"""Broadcasts by HTTP: a batch, or one message whose body is the payload."""

import json
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from starlette.types import Receive, Scope, Send

from upshot_devstack.gateway.realtime import jsontext
from upshot_devstack.gateway.realtime.access import Access, AccessDenied, verified
from upshot_devstack.gateway.realtime.authorize import Caller, DatabaseUnavailable, PolicyFailed
from upshot_devstack.gateway.realtime.handshake import bearer, plain_headers
from upshot_devstack.gateway.realtime.hub import Room
from upshot_devstack.gateway.realtime.messages import UserBroadcast, broadcast_text
from upshot_devstack.gateway.realtime.runtime import Runtime
from upshot_devstack.gateway.responses import send_bytes, send_json

BATCH_PATH = "/api/broadcast"
PING_PATH = "/api/ping"
BLANK = "can't be blank"
TOO_LARGE = "Payload size exceeds tenant limit"
JSON_TYPE = "application/json"
BINARY_TYPE = "application/octet-stream"


class Refused(Exception):  # noqa: N818 - names the event
    """The answer to a request that is not carried out."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(json.dumps(body))
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Post:
    """One message of a batch."""

    topic: str
    event: str
    payload_json: str
    private: bool


class HttpApi:
    """The HTTP side of the service."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status = await self._answer(scope, receive)
        except Refused as refused:
            await send_json(send, refused.status, refused.body)
            return
        if status == 200:  # noqa: PLR2004 - OK
            await send_json(send, status, {"message": "Success"})
        else:
            await send_bytes(send, status, b"", [])

    async def _answer(self, scope: Scope, receive: Receive) -> int:
        if scope["path"] == PING_PATH:
            return 200
        single = single_target(scope)
        if single is None and scope["path"].rstrip("/") != BATCH_PATH:
            raise Refused(404, {"message": "Not found"})
        if scope["method"] != "POST":
            raise Refused(405, {"message": "Method not allowed, use POST"})
        headers = plain_headers(scope)
        access = self._access(headers)
        if single is not None:
            await self._single(scope, receive, access, headers, single)
        else:
            await self._batch(receive, access, headers)
        return 202

    def _access(self, headers: Mapping[str, str]) -> Access:
        token = bearer(headers) or headers.get("apikey")
        try:
            return verified(self._runtime.tokens, token or "")
        except AccessDenied as denied:
            raise Refused(401, {"message": "Unauthorized"}) from denied

    async def _batch(self, receive: Receive, access: Access, headers: Mapping[str, str]) -> None:
        posts = read_batch(await read_body(receive, self._most_bytes), self._runtime.limits.payload_bytes)
        self._check_rate(len(posts))
        for post in (one for one in posts if not one.private):
            self._publish(post)
        by_topic: dict[str, list[Post]] = defaultdict(list)
        for post in (one for one in posts if one.private):
            by_topic[post.topic].append(post)
        for topic, group in by_topic.items():
            # In a batch a topic that may not be written to is passed over, as the hosted service does.
            if await self._allowed(Caller(topic, access.role, access.claims, headers)):
                for post in group:
                    self._publish(post)

    def _check_rate(self, messages: int) -> None:
        if messages > self._runtime.post_rate.burst:
            raise Refused(429, {"message": "Too many messages to broadcast, please reduce the batch size"})
        if not self._runtime.post_rate.allows(time.monotonic(), messages):
            raise Refused(429, {"message": "You have exceeded your rate limit"})

    async def _allowed(self, caller: Caller) -> bool:
        try:
            return await self._runtime.authorizer.writable(caller, "broadcast")
        except (PolicyFailed, DatabaseUnavailable) as error:
            self._runtime.log.warning("policy_failed", topic=caller.topic, error=str(error))
            return False

    def _publish(self, post: Post) -> None:
        body = broadcast_text(post.event, post.payload_json)
        self._runtime.hub.publish(Room(post.private, post.topic), "broadcast", body)

    async def _single(
        self, scope: Scope, receive: Receive, access: Access, headers: Mapping[str, str], target: tuple[str, str]
    ) -> None:
        topic, event = target
        kind = headers.get("content-type", JSON_TYPE).partition(";")[0].strip().lower()
        if kind not in {JSON_TYPE, BINARY_TYPE}:
            text = "Unsupported Media Type. Use application/json or application/octet-stream"
            raise Refused(415, {"error": text})
        data = await read_body(receive, self._most_bytes)
        if len(data) > self._runtime.limits.payload_bytes:
            raise Refused(422, {"errors": {"payload": [TOO_LARGE]}})
        if kind == JSON_TYPE:
            check_payload(data)
        self._check_rate(1)
        private = parse_qs(scope["query_string"].decode("latin-1")).get("private", [""])[-1] == "true"
        if private:
            await self._require_write(Caller(topic, access.role, access.claims, headers))
        body = UserBroadcast(event, data, "json" if kind == JSON_TYPE else "binary")
        self._runtime.hub.publish(Room(private, topic), "broadcast", body)

    async def _require_write(self, caller: Caller) -> None:
        try:
            allowed = await self._runtime.authorizer.writable(caller, "broadcast")
        except PolicyFailed as error:
            self._runtime.log.warning("policy_failed", topic=caller.topic, error=str(error))
            raise Refused(422, {"message": "RLS policy error"}) from error
        except DatabaseUnavailable as error:
            raise Refused(422, {"message": "Tenant database unavailable"}) from error
        if not allowed:
            raise Refused(403, {"message": "Unauthorized"})

    @property
    def _most_bytes(self) -> int:
        """Above a payload's limit, so that one that is a little too large gets its own answer."""
        return self._runtime.limits.payload_bytes * 2


def single_target(scope: Scope) -> tuple[str, str] | None:
    """Topic and event of /api/broadcast/{topic}/events/{event}; a slash inside either arrives escaped."""
    raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    parts = raw.strip("/").split("/")
    if len(parts) != 5 or parts[:2] != ["api", "broadcast"] or parts[3] != "events":  # noqa: PLR2004 - as written above
        return None
    topic, event = unquote(parts[2]), unquote(parts[4])
    return (topic, event) if topic and event else None


async def read_body(receive: Receive, at_most: int) -> bytes:
    """The request's body. Raises Refused when it is larger than `at_most` bytes."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, {"message": "The request ended before its body"})
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > at_most:
            raise Refused(413, {"message": f"The request body is larger than {at_most} bytes"})
        if not message.get("more_body", False):
            return b"".join(chunks)


def check_payload(data: bytes) -> None:
    """A JSON payload is passed on as it stands, so it must be JSON. Raises Refused."""
    if not data.strip():
        raise Refused(422, {"errors": {"payload": [BLANK]}})
    try:
        value = jsontext.loads(data.decode())
    except (UnicodeDecodeError, jsontext.InvalidJsonError) as error:
        raise Refused(400, {"message": f"The body is not JSON: {error}"}) from error
    if value is None:
        raise Refused(422, {"errors": {"payload": [BLANK]}})


def read_batch(data: bytes, payload_bytes: int) -> list[Post]:
    """The messages of a batch. Raises Refused, naming every fault of every message."""
    try:
        value = jsontext.loads(data.decode())
    except (UnicodeDecodeError, jsontext.InvalidJsonError) as error:
        raise Refused(400, {"message": f"The body is not JSON: {error}"}) from error
    messages = value.get("messages") if isinstance(value, dict) else None
    if not isinstance(messages, list):
        fault = BLANK if messages is None else "is invalid"
        raise Refused(422, {"errors": {"messages": [fault]}})
    faults = [message_faults(one, payload_bytes) for one in messages]
    if any(faults):
        raise Refused(422, {"errors": {"messages": faults}})
    return [
        Post(one["topic"], one["event"], jsontext.dumps(one["payload"]), one.get("private") in {True, "true"})
        for one in messages
    ]


def message_faults(message: object, payload_bytes: int) -> dict[str, list[str]]:
    """What is wrong with one message of a batch, by field; empty when nothing is."""
    if not isinstance(message, dict):
        return {"message": ["is invalid"]}
    faults: dict[str, list[str]] = {}
    for name in ("topic", "event"):
        value = message.get(name)
        if value is None or value == "":
            faults[name] = [BLANK]
        elif not isinstance(value, str):
            faults[name] = ["is invalid"]
    payload = message.get("payload")
    if payload is None:
        faults["payload"] = [BLANK]
    elif not isinstance(payload, dict):
        faults["payload"] = ["is invalid"]
    elif len(jsontext.dumps(payload)) > payload_bytes:
        faults["payload"] = [TOO_LARGE]
    return faults
