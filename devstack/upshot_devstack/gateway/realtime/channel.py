"""One topic joined by one socket: from phx_join to phx_close.

A channel is a task with an inbox, so its messages are handled in order and a slow policy delays no other channel.
"""

import asyncio
import time

from upshot_devstack.gateway.realtime import admission, broadcasting, tracking
from upshot_devstack.gateway.realtime.access import Access, AccessDenied, verified
from upshot_devstack.gateway.realtime.admission import Admission, JoinRefused
from upshot_devstack.gateway.realtime.authorize import DatabaseUnavailable, PolicyFailed
from upshot_devstack.gateway.realtime.changes.bindings import numbered
from upshot_devstack.gateway.realtime.hub import Kind, Room
from upshot_devstack.gateway.realtime.limits import CallWindow
from upshot_devstack.gateway.realtime.link import ChannelShut, Socket
from upshot_devstack.gateway.realtime.messages import Message, reply
from upshot_devstack.gateway.realtime.protocol import Codec, Frame
from upshot_devstack.gateway.realtime.rights import Rights
from upshot_devstack.gateway.realtime.runtime import Runtime

# Put into an inbox by the connection itself: told apart by identity, so no client can send it.
REPLACED = Message("", "", None)
NO_DATABASE = "Realtime was unable to connect to the project database"
TOO_MANY_EVENTS = "Too many messages per second"


class Channel:
    """A joined (or joining) topic."""

    def __init__(self, socket: Socket, runtime: Runtime, join: Message) -> None:
        self.socket = socket
        self.runtime = runtime
        self.inbox: asyncio.Queue[Message] = asyncio.Queue(runtime.limits.inbox_messages)
        self.presence_calls = CallWindow(runtime.limits.presence_calls, runtime.limits.presence_window)
        self.presence_payload: object = None
        self._join = join
        self._admission: Admission | None = None
        self._early: list[tuple[str | None, Frame]] | None = []
        self._replayed: frozenset[str] = frozenset()

    @property
    def codec(self) -> Codec:
        return self.socket.codec

    @property
    def admitted(self) -> Admission:
        """What the join settled; only a joined channel has it."""
        if self._admission is None:
            raise RuntimeError("the channel has not joined")
        return self._admission

    @property
    def room(self) -> Room:
        return self.admitted.room

    @property
    def rights(self) -> Rights:
        return self.admitted.rights

    def hears(self, kind: Kind) -> bool:
        if kind == "presence" and not self.admitted.presence_on:
            return False
        return self.rights.may_read(kind)

    def deliver(self, frame: Frame, message_id: str | None) -> None:
        if self._early is not None:
            self._early.append((message_id, frame))
        elif message_id is None or message_id not in self._replayed:
            self.socket.send_frame(frame)

    def turn_presence_on(self) -> None:
        """A first track makes presence work on a channel that was joined without it."""
        if not self.admitted.presence_on:
            self._admission = self.admitted.with_presence()
            tracking.push_state(self)

    def push(self, event: str, payload: object) -> None:
        """Send a message of this channel alone."""
        self._send(Message(self._join.topic, event, payload, join_ref=self._join.join_ref))

    def answer(self, to: Message, response: Message) -> None:
        """Reply, if the client asked for a reply."""
        if to.ref is not None:
            self._send(response)

    def push_system(self, extension: str, status: str, text: str) -> None:
        topic = self._join.topic.removeprefix("realtime:")
        self.push("system", {"extension": extension, "status": status, "message": text, "channel": topic})

    def push_close(self) -> None:
        """The last message of a channel; its ref is the join's."""
        ref = self._join.join_ref
        self._send(Message(self._join.topic, "phx_close", {}, ref=ref, join_ref=ref))

    async def run(self) -> None:
        """Join, then handle messages until the channel ends."""
        try:
            if await self._joined():
                await self._serve()
        except ChannelShut as shut:
            self.push_system("system", "error", str(shut))
            self.push_close()
        except Exception as error:
            # One broken channel must not take its socket, and the socket's other channels, with it.
            self.runtime.log.exception("channel_failed", topic=self._join.topic, kind=type(error).__name__)
            self._tell_failure()
        finally:
            self._quit()

    def _send(self, message: Message) -> None:
        frame = self.codec.encode(message)
        if frame is not None:
            self.socket.send_frame(frame)

    def _tell_failure(self) -> None:
        if self._early is None:
            self.push("phx_error", {})
        else:
            self.answer(self._join, reply(self._join, "error", {"reason": "Unknown Error on Channel"}))

    async def replaced(self, task: asyncio.Task[None]) -> None:
        """End the channel, whose task is `task`, after what is in its inbox: its topic is being joined again."""
        if task.done():
            return
        try:
            async with asyncio.timeout(self.runtime.limits.close_timeout):
                await self.inbox.put(REPLACED)
                await asyncio.wait([task])
        except TimeoutError:
            task.cancel()
            await asyncio.wait([task])
            self.push_close()

    async def _joined(self) -> bool:
        try:
            self._admission = await admission.admit(self.runtime, self.socket, self._join)
            self.runtime.hub.join(self.room, self)
            past = await admission.past(self.runtime, self._admission)
        except JoinRefused as refused:
            self.runtime.log.info("join_refused", topic=self._join.topic, reason=refused.reason)
            self.answer(self._join, reply(self._join, "error", {"reason": refused.reason}))
            return False
        bindings = numbered(self.admitted.config.postgres_changes)
        self.answer(self._join, reply(self._join, "ok", {"postgres_changes": bindings}))
        for message in past:
            self.push("broadcast", message.body)
        self._replayed = frozenset(message.id for message in past)
        self._flush_early()
        await self._after_join()
        return True

    def _flush_early(self) -> None:
        """What came in between the look at the past and the reply."""
        early, self._early = self._early or [], None
        for message_id, frame in early:
            self.deliver(frame, message_id)

    async def _after_join(self) -> None:
        if self.admitted.presence_on:
            tracking.push_state(self)
        if self.admitted.config.replication_ready:
            await self._tell_replication_ready()
        await self._subscribe_changes()

    async def _tell_replication_ready(self) -> None:
        if not await self.runtime.tail.ready(self.runtime.limits.tail_ready_timeout):
            raise ChannelShut("Replication connection was not established in time")
        self.push_system("system", "ok", "Replication connection established")

    async def _subscribe_changes(self) -> None:
        asked = self.admitted.config.postgres_changes
        if asked:
            await self.runtime.changes.subscribe(self, asked, self.admitted.access)

    async def _serve(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._until_token_check()):
                    message = await self.inbox.get()
            except TimeoutError:
                self._check_token()
                continue
            if message is REPLACED or message.event == "phx_leave":
                self.answer(message, reply(message, "ok"))
                self.push_close()
                return
            await self._handle(message)

    async def _handle(self, message: Message) -> None:
        if not self.socket.event_rate.allows(time.monotonic()):
            raise ChannelShut(TOO_MANY_EVENTS)
        match message.event:
            case "broadcast":
                await broadcasting.handle(self, message)
            case "presence":
                await tracking.handle(self, message)
            case "access_token":
                await self._refresh(message.payload)
            case _:
                self.runtime.log.debug("message_ignored", topic=message.topic, event_name=message.event)

    def _until_token_check(self) -> float:
        left = self.admitted.access.expires_at - time.time()
        return max(0.0, min(left, self.runtime.limits.token_check_interval))

    def _check_token(self) -> None:
        self._verified(self.admitted.access.token)

    def _verified(self, token: str) -> Access:
        try:
            return verified(self.runtime.tokens, token)
        except AccessDenied as denied:
            raise ChannelShut(denied.message) from denied

    async def _refresh(self, payload: object) -> None:
        """A new token: what it allows is asked again, and losing a right to read ends the channel."""
        token = payload.get("access_token") if isinstance(payload, dict) else None
        if not isinstance(token, str) or token.startswith("sb_") or token == self.admitted.access.token:
            return
        before = self.admitted
        renewed = before.with_access(self.runtime, self.socket, self._verified(token))
        try:
            await renewed.rights.ask_read(renewed.read_extensions)
        except PolicyFailed as error:
            self.runtime.log.warning("policy_failed", topic=self.room.topic, error=str(error))
        except DatabaseUnavailable as error:
            raise ChannelShut(NO_DATABASE) from error
        if not renewed.rights.reads_anything:
            raise ChannelShut(admission.cannot_read(self.room.topic))
        if renewed.rights.lost_since(before.rights):
            raise ChannelShut(f"You no longer have permission to read from this Channel topic: {self.room.topic}")
        self._admission = renewed
        await self._subscribe_changes()

    def _quit(self) -> None:
        if self._admission is None:
            return
        self.runtime.hub.leave(self.room, self)
        self.runtime.changes.unsubscribe(self)
        tracking.forget(self)
