"""The gateway that tests get: real, on a free port, and gone afterwards."""

import httpx
import pytest

from upshot_devstack.running import GatewayFailedError


def test_two_gateways_serve_side_by_side(blank_db, gateway_factory):
    first = gateway_factory(blank_db, services=())
    second = gateway_factory(blank_db, services=())
    assert first.url != second.url
    for gateway in (first, second):
        assert httpx.get(f"{gateway.url}/health", timeout=60).status_code == 200


def test_a_gateway_that_cannot_start_says_so(blank_db, gateway_factory):
    with pytest.raises(GatewayFailedError, match="while it was starting"):
        gateway_factory(
            blank_db, services=("auth",), admin_db_uri=blank_db.url("supabase_admin").replace(blank_db.name, "nowhere")
        )


def test_the_three_services_answer(gateway):
    health = httpx.get(f"{gateway.url}/health", timeout=60).json()
    assert {name: report["status"] for name, report in health["services"].items()} == {
        "rest": "ok",
        "auth": "ok",
        "realtime": "ok",
    }
