"""What the database may put into a response without breaking HTTP."""

from collections.abc import Iterable

from upshot_devstack.gateway.rest.errors import Header

FINAL_STATUSES = range(200, 600)
STATUSES_WITHOUT_BODY = frozenset({204, 304})
# They say where a response ends, which only the server that sends it knows.
FRAMING = frozenset({b"connection", b"content-length", b"transfer-encoding"})


def is_header(name: object, value: object) -> bool:
    """A name of printable ASCII, and neither with a line break, which would start another header."""
    if not isinstance(name, str) or not isinstance(value, str):
        return False
    printable = name.isascii() and name.isprintable() and name and not set(name) & {" ", ":"}
    return bool(printable) and not set(value) & {"\r", "\n", "\0"}


def header_lines(pairs: Iterable[tuple[str, str]]) -> list[Header]:
    """Checked names and values as bytes; the framing stays the server's."""
    lines = [(name.lower().encode("latin-1"), value.encode()) for name, value in pairs]
    return [line for line in lines if line[0] not in FRAMING]
