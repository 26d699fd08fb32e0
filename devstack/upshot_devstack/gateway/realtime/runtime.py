"""What the sockets of one service share."""

from dataclasses import dataclass
from typing import Any

from upshot_devstack.gateway.realtime.authorize import Authorizer, Pool
from upshot_devstack.gateway.realtime.changes.feed import ChangesFeed
from upshot_devstack.gateway.realtime.hub import Hub
from upshot_devstack.gateway.realtime.limits import Limits, RateLimit
from upshot_devstack.gateway.realtime.presence import PresenceBook
from upshot_devstack.gateway.realtime.tail import MessageTail
from upshot_devstack.gateway.tokens import Tokens


@dataclass(frozen=True)
class Runtime:
    tokens: Tokens
    limits: Limits
    pool: Pool
    authorizer: Authorizer
    hub: Hub
    presences: PresenceBook
    tail: MessageTail
    changes: ChangesFeed
    join_rate: RateLimit
    post_rate: RateLimit
    log: Any
