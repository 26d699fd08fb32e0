"""The gateway that tests get: real, on a free port, and gone afterwards."""

import httpx


def test_two_gateways_serve_side_by_side(blank_db, gateway_factory):
    first = gateway_factory(blank_db, services=())
    second = gateway_factory(blank_db, services=())
    assert first.url != second.url
    for gateway in (first, second):
        assert httpx.get(f"{gateway.url}/health", timeout=10).status_code == 200
