"""Where a person may be sent after a link: our own site, this machine, or an allowed address."""

import ipaddress
import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.settings import GatewaySettings

SCHEMES = frozenset({"http", "https"})


def target(settings: GatewaySettings, request: Request, wanted: str | None = None) -> str:
    """The address to return to: the asked one when it is allowed, else the site."""
    headers = request.headers
    candidates = (wanted, request.query.get("redirect_to"), headers.get("redirect_to"), headers.get("referer"))
    for candidate in candidates:
        if candidate and is_allowed(settings, candidate):
            return candidate
    return settings.site_url


def is_allowed(settings: GatewaySettings, url: str) -> bool:
    """Same site, a loopback address, or a pattern of redirect_urls."""
    site, asked = split(settings.site_url), split(url)
    if site is None or asked is None or not asked.scheme or " " in url or not url.isprintable():
        return False
    if asked.scheme in SCHEMES and asked.hostname is not None and asked.username is None:
        if asked.hostname == site.hostname and asked.scheme in {site.scheme, "https"}:
            return True
        if is_loopback(asked.hostname):
            return True
    bare = urlunsplit(asked._replace(fragment=""))
    return any(glob(pattern).fullmatch(bare) for pattern in settings.redirect_urls)


def split(url: str) -> SplitResult | None:
    """The parts of an address that every parser reads alike; None for the others."""
    try:
        return None if "\\" in url else urlsplit(url)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by address or by its usual name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def glob(pattern: str) -> re.Pattern[str]:
    """``*`` stays within a label or path segment, ``**`` crosses them, ``?`` is one character."""
    wild = {"**": ".*", "*": "[^./?#@]*", "?": "[^./?#@]"}
    parts = re.split(r"(\*\*|\*|\?)", pattern)
    return re.compile("".join(wild.get(part, re.escape(part)) for part in parts))


def with_fragment(url: str, values: dict[str, str]) -> str:
    """Tokens and errors travel in the fragment, which browsers do not send to servers."""
    return urlunsplit(urlsplit(url)._replace(fragment=urlencode(values)))


def with_query(url: str, values: dict[str, str]) -> str:
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in values]
    return urlunsplit(parts._replace(query=urlencode([*kept, *values.items()])))


def verification_link(settings: GatewaySettings, token_hash: str, kind: str, redirect_to: str) -> str:
    """The link that stands in a mail."""
    query = f"token={quote(token_hash, safe='')}&type={kind}&redirect_to={quote(redirect_to, safe=':/')}"
    return f"{settings.auth_url}/verify?{query}"
