"""Which rows are wanted at the top level: the Range header and the limit and offset parameters together."""

import re

from upshot_devstack.gateway.rest.errors import limit_on_put, negative_limit, reversed_range
from upshot_devstack.gateway.rest.parse.tree import ALL_ROWS, Range

HEADER = re.compile(r"([0-9]{1,18})-([0-9]{0,18})\Z")


def header_range(header: str | None) -> Range:
    """Rows of a Range header such as `0-9` or `10-`; anything else is ignored."""
    match = HEADER.match(header) if header else None
    if match is None:
        return ALL_ROWS
    first = int(match.group(1))
    if not match.group(2):
        return Range(first)
    last = int(match.group(2))
    if last < first:
        raise reversed_range()
    return Range(first, last - first + 1)


def top_level_range(method: str, header: str | None, asked: Range) -> Range:
    """The rows both ask for; `asked` comes from limit and offset. The header counts for GET only."""
    if method == "PUT" and asked != ALL_ROWS:
        raise limit_on_put()
    if asked.limit == 0:
        return Range(0, 0)
    of_header = header_range(header) if method == "GET" else ALL_ROWS
    return _both(of_header, asked)


def _both(one: Range, other: Range) -> Range:
    first = max(one.offset, other.offset)
    lasts = [last for last in (one.last, other.last) if last is not None]
    if not lasts:
        return Range(first)
    if min(lasts) < first:
        raise negative_limit()
    return Range(first, min(lasts) - first + 1)


def restricted(wanted: Range, most: int | None) -> Range:
    """At most `most` rows of what is wanted."""
    if most is None:
        return wanted
    return Range(wanted.offset, most if wanted.limit is None else min(wanted.limit, most))
