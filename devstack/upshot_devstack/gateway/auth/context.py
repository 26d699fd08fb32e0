"""What every handler is given."""

from dataclasses import dataclass

from upshot_devstack.gateway.auth.database import Database
from upshot_devstack.gateway.auth.limits import Limits
from upshot_devstack.gateway.auth.mailbox import Mailbox
from upshot_devstack.gateway.auth.passwords import Passwords
from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import Tokens


@dataclass(frozen=True)
class Auth:
    """The parts of the running service; made once in service.py."""

    settings: GatewaySettings
    tokens: Tokens
    database: Database
    passwords: Passwords
    mailbox: Mailbox
    limits: Limits
