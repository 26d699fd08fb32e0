"""Two workspaces behind the whole gateway, and people who want into the one that is not theirs."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from support.patience import streaming
from support.rls import Theatre
from support.theatres import Theatres
from support.world import Actor
from upshot_devstack.running import RunningGateway, running_gateway


class Attacker:
    """Somebody with a client of the gateway and a token, or with a key alone."""

    def __init__(self, client: httpx.Client, token: str | None) -> None:
        self.client, self.token = client, token

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request with the attacker's credentials, unless it brings its own."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.request(method, path, headers=own | more.pop("headers", {}), **more)


@pytest.fixture(scope="module")
def theatre(theatres: Theatres) -> Iterator[Theatre]:
    """The workspace that is attacked (`clinic`), its cast, and the attacker's own (`other`).

    It is shared by the module: attacks that succeed in changing it fail their own test.
    """
    with theatres() as theatre:
        yield theatre


@pytest.fixture(scope="module")
def gate(theatre: Theatre, gateway_settings: Any) -> Iterator[RunningGateway]:
    """The whole gateway, as a client of a project meets it."""
    with running_gateway(gateway_settings(theatre.world.database)) as gateway:
        yield streaming(gateway)


@pytest.fixture
def attacker(theatre: Theatre, gate: RunningGateway) -> Iterator[Callable[..., Attacker]]:
    """`attacker("other_owner", **claims)` is one of the cast, or an Actor, through the gateway."""
    with ExitStack() as clients:

        def make(who: str | Actor, **claims: Any) -> Attacker:
            actor = theatre.cast[who] if isinstance(who, str) else who
            client = httpx.Client(base_url=gate.url, headers={"apikey": gate.settings.publishable_key}, timeout=60)
            return Attacker(clients.enter_context(client), token_of(gate.tokens, actor, claims))

        yield make


def token_of(tokens: Any, actor: Actor, claims: dict[str, Any]) -> str | None:
    """An access token as Auth signs it; anonymous callers have none."""
    if actor.user_id is None:
        return None
    now = int(time.time())
    return tokens.sign({"sub": actor.user_id, "role": "authenticated", "iat": now, "exp": now + 3600} | claims)
