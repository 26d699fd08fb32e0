"""The header x-upshot-key through the whole gateway, as an integrator's server sends it."""

from typing import Any

import httpx
import pytest

from support.clinic import Clinic, open_clinic
from support.world import world_of


@pytest.fixture
def clinic(db: Any) -> Any:
    with world_of(db) as world:
        clinic = open_clinic(world)
        clinic.publish(clinic.version("live"))
        yield clinic


@pytest.fixture
def door(clinic: Clinic, db: Any, gateway_factory: Any) -> Any:
    """A client with the publishable key and nothing else."""
    gateway = gateway_factory(db)
    key = {"apikey": gateway.settings.publishable_key}
    with httpx.Client(base_url=f"{gateway.url}/rest/v1", headers=key, timeout=60) as client:
        client.gateway = gateway  # type: ignore[attr-defined]
        yield client


def keyed(clinic: Clinic, permissions: list[str], environments: list[str] | None = None) -> dict[str, str]:
    """The header of a new key."""
    made = clinic.world.api_key(clinic.owner, clinic.workspace_id, permissions, environments).api_key
    return {"x-upshot-key": made["secret"]}


CALL = {"environment": "production", "capability": "BookAppointment", "subject": "ann"}


def test_a_key_decides_and_reads(clinic: Clinic, door: httpx.Client):
    header = keyed(clinic, ["decisions.make", "workspace.read"])
    decided = door.post("/rpc/decide", json=CALL, headers=header)
    assert decided.status_code == 200, decided.text
    assert [row["key"] for row in door.get("/prompts", headers=header).json()] == ["booking"]
    used = door.get("/api_keys", params={"select": "name,api_key_uses(last_used_at)"}, headers=header).json()
    assert used[0]["api_key_uses"]["last_used_at"]


def test_without_the_header_nobody_is_let_in(clinic: Clinic, door: httpx.Client):
    assert door.post("/rpc/decide", json=CALL, headers=keyed(clinic, ["decisions.make"])).status_code == 200
    for _ in range(8):  # every connection of the pool
        assert door.post("/rpc/decide", json=CALL).status_code == 401
        assert door.get("/prompts").status_code == 401


@pytest.mark.parametrize("secret", ["", "nonsense", "upk_" + "0" * 64])
def test_a_wrong_key_is_401_whatever_is_asked(door: httpx.Client, secret: str):
    answers = [
        door.request(method, path, headers={"x-upshot-key": secret}, json=CALL if method == "POST" else None)
        for method, path in (("GET", "/prompts"), ("POST", "/rpc/decide"), ("GET", "/"), ("HEAD", "/prompts"))
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].json()["message"] == "The API key is not valid."


def test_a_key_is_not_combined_with_another_identity(clinic: Clinic, door: Any):
    header = keyed(clinic, ["decisions.make"])
    secret_key = {"apikey": door.gateway.settings.secret_key}
    user = door.gateway.tokens.sign({"sub": clinic.owner.user_id, "role": "authenticated"})
    for also in (secret_key, {"Authorization": f"Bearer {user}"}):
        answer = door.post("/rpc/decide", json=CALL, headers=header | also)
        assert (answer.status_code, answer.json()["message"].split(":")[0]) == (400, "An API key stands alone")


def test_a_key_for_staging_does_not_act_in_production(clinic: Clinic, door: httpx.Client):
    header = keyed(clinic, ["decisions.make"], ["staging"])
    denied = door.post("/rpc/decide", json=CALL, headers=header)
    assert denied.status_code == 403
    assert "environment_denied" in denied.json()["details"]
    elsewhere = door.post("/rpc/decide", json=CALL | {"environment": "staging"}, headers=header)
    assert "nothing_deployed" in elsewhere.json()["details"]
