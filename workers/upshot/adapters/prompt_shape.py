"""What several providers ask of a prompt's shape in the same way."""

from upshot.domain.completion import CompletionRequest, Message
from upshot.domain.errors import InvalidBundleError


def split_system(provider: str, request: CompletionRequest) -> tuple[list[str], list[Message]]:
    """System texts and turns, for providers that take the system apart from the conversation.

    A system message after the first turn has no place there; moving it would make another prompt, so it is refused.
    """
    texts = [m.content for m in request.messages]
    roles = [m.role for m in request.messages]
    count = next((i for i, role in enumerate(roles) if role != "system"), len(roles))
    if "system" in roles[count:]:
        raise InvalidBundleError(f"{provider} takes system messages only before the first turn.")
    if count == len(roles):
        raise InvalidBundleError(f"{provider} needs at least one user message beside the system messages.")
    return texts[:count], list(request.messages[count:])
