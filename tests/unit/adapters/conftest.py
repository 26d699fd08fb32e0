import socket

import pytest


@pytest.fixture
def unused_port():
    """A port that nobody listens on while the test holds it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
