"""How often one address may knock: fixed windows, in memory, of a bounded number of callers."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from upshot_devstack.gateway.auth.errors import too_many
from upshot_devstack.gateway.settings import GatewaySettings

MAX_CALLERS = 10_000
FIVE_MINUTES = 300.0
HOUR = 3600.0


@dataclass
class Window:
    """Uses since ``started``, on the monotonic clock."""

    started: float
    used: int = 0


class Limit:
    """At most ``allowed`` uses a caller in ``seconds``; 0 means no limit."""

    def __init__(self, allowed: int, seconds: float) -> None:
        self._allowed = allowed
        self._seconds = seconds
        self._windows: OrderedDict[str, Window] = OrderedDict()

    def use(self, caller: str) -> bool:
        """Count one use; False when the caller has none left."""
        if self._allowed == 0:
            return True
        now = time.monotonic()
        window = self._windows.get(caller)
        if window is None or now - window.started >= self._seconds:
            window = self._windows[caller] = Window(now)
            self._windows.move_to_end(caller)
            self._forget()
        window.used += 1
        return window.used <= self._allowed

    def _forget(self) -> None:
        while len(self._windows) > MAX_CALLERS:
            self._windows.popitem(last=False)


class Limits:
    """The limits of the service."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._sign_in = Limit(settings.rate_limit_sign_in, FIVE_MINUTES)
        self._anonymous = Limit(settings.rate_limit_anonymous, HOUR)
        self._refresh = Limit(settings.rate_limit_token_refresh, FIVE_MINUTES)
        self._verify = Limit(settings.rate_limit_verify, FIVE_MINUTES)
        self._messages = Limit(settings.rate_limit_email_sent, HOUR)

    def sign_in(self, address: str | None) -> None:
        require(self._sign_in, address)

    def anonymous(self, address: str | None) -> None:
        require(self._anonymous, address)

    def refresh(self, address: str | None) -> None:
        require(self._refresh, address)

    def verify(self, address: str | None) -> None:
        require(self._verify, address)

    def message(self, channel: str) -> None:
        """One mail or text message of the whole project."""
        if not self._messages.use("project"):
            raise too_many(f"over_{channel}_send_rate_limit", f"{channel} rate limit exceeded")


def require(limit: Limit, address: str | None) -> None:
    """Count a use; AuthError over_request_rate_limit when there is none left."""
    if not limit.use(address or "unknown"):
        raise too_many("over_request_rate_limit", "Request rate limit reached")
