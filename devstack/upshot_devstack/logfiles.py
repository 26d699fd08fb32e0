"""Log files of processes that run for months: at each start, a large one makes room and one older is kept."""

from pathlib import Path

ROLL_BYTES = 10 * 1024 * 1024


def roll(path: Path) -> None:
    """Put a log that has grown large aside as `<name>.1`, over the one that lay there."""
    if path.is_file() and path.stat().st_size > ROLL_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for an error message; empty when there is none."""
    if not path.is_file():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
