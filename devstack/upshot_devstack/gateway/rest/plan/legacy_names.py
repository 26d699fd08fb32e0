"""Embedded resources that a filter, order or limit calls by their relation although the request gave them an alias.

Older clients do that; it works unless it is switched off, and the response tells them to change.
"""

from collections.abc import Sequence
from typing import NamedTuple

from upshot_devstack.gateway.rest.errors import Header

AGENT = "PostgRESTv16"
DEPRECATED = (
    "Embedded resource was referenced by relation name even though it has an alias. "
    "This is deprecated and will stop working in a future release."
)


class LegacyName(NamedTuple):
    """What the request said, and what it should have said."""

    relation: str
    alias: str


def warning(names: Sequence[LegacyName]) -> Header:
    """The header for a response to such a request."""
    changes = ", ".join(f"`{one.relation}` to `{one.alias}`" for one in names)
    text = f'299 {AGENT} "{DEPRECATED} Update {changes} in query string filters, orders or limits."'
    return b"warning", text.encode(errors="replace")
