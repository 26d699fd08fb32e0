from typing import Protocol

from upshot.domain.completion import Completion, CompletionRequest


class Provider(Protocol):
    """One model provider. Makes exactly one attempt a call: retrying is the service's own business."""

    name: str

    async def complete(self, request: CompletionRequest) -> Completion:
        """Answer the request, or raise ProviderError or InvalidBundleError.

        Cancelling the call ends the work behind it. The answer always has a finish reason.
        """
        ...

    async def verify(self) -> None:
        """Ask for something that costs nothing and needs the key: ProviderError when it is not taken."""
        ...

    async def aclose(self) -> None:
        """Give back connections, threads and memory."""
        ...
