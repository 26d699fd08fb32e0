"""Where an unexpected error came from, in words that are safe to log."""

import traceback
from pathlib import Path


def frames(error: BaseException) -> list[str]:
    """``file:line function`` from the outermost frame to the innermost.

    Neither the message nor any value: both may quote a prompt or a key.
    """
    stack = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in stack]
