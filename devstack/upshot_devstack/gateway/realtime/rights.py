"""What a channel's caller may do, asked once per token and then remembered."""

from upshot_devstack.gateway.realtime.authorize import Authorizer, Caller, Extension


class Rights:
    """The rights on one topic under one token. A public channel has them all."""

    def __init__(self, authorizer: Authorizer, caller: Caller, *, private: bool) -> None:
        self._authorizer = authorizer
        self._caller = caller
        self._private = private
        self.read: dict[Extension, bool] = {}
        self._write: dict[Extension, bool] = {}

    async def ask_read(self, extensions: tuple[Extension, ...]) -> None:
        """Find out what may be read. Raises PolicyFailed or DatabaseUnavailable."""
        unknown = tuple(extension for extension in extensions if extension not in self.read)
        if self._private and unknown:
            readable = await self._authorizer.readable(self._caller, unknown)
            self.read.update({extension: extension in readable for extension in unknown})

    def may_read(self, extension: Extension) -> bool:
        """What `ask_read` found; nothing may be read that was not asked."""
        return not self._private or self.read.get(extension, False)

    async def may_write(self, extension: Extension) -> bool:
        """Asked at the first need. Raises PolicyFailed or DatabaseUnavailable."""
        if not self._private:
            return True
        if extension not in self._write:
            self._write[extension] = await self._authorizer.writable(self._caller, extension)
        return self._write[extension]

    @property
    def reads_anything(self) -> bool:
        return not self._private or any(self.read.values())

    def lost_since(self, before: "Rights") -> bool:
        """Whether something could be read before that cannot be read now."""
        return any(could and not self.may_read(extension) for extension, could in before.read.items())
