"""Signing in through the real Auth: the token says the workspaces, and nothing believes it."""

from typing import Any

import httpx
import jwt
import pytest

from support.clinic import open_clinic
from support.world import Actor, World, world_of
from upshot_devstack.project import Project

PASSWORD = "a good one"


@pytest.fixture
def door(db: Any, gateway_factory: Any, project: Project) -> Any:
    gateway = gateway_factory(db, custom_access_token_hook=project.settings.auth.hook.custom_access_token.uri)
    with httpx.Client(base_url=gateway.url, headers={"apikey": gateway.settings.publishable_key}, timeout=60) as client:
        yield client


def signed_in(door: httpx.Client, address: str) -> tuple[str, dict[str, Any]]:
    """The access token of somebody who signs in, and what it claims."""
    answer = door.post(
        "/auth/v1/token", params={"grant_type": "password"}, json={"email": address, "password": PASSWORD}
    )
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]
    return token, jwt.decode(token, options={"verify_signature": False})


def test_the_claim_is_there_and_opens_nothing_by_itself(db: Any, door: httpx.Client):
    with world_of(db) as world:
        clinic = open_clinic(world)
        made = door.post("/auth/v1/signup", json={"email": "guest@example.test", "password": PASSWORD}).json()
        assert claims_of(made["access_token"])["upshot"] == {"workspaces": {}}
        guest = as_person(world, made["user"]["id"])
        invited = clinic.owner.rpc("invite_member", email="guest@example.test", role="engineer")
        guest.rpc("accept_invitation", token=invited["token"])

        token, claims = signed_in(door, "guest@example.test")
        assert claims["upshot"] == {"workspaces": {str(clinic.workspace_id): "engineer"}}
        assert claims["role"] == "authenticated"
        header = {"Authorization": f"Bearer {token}"}
        assert len(door.get("/rest/v1/workspaces", headers=header, timeout=60).json()) == 1

        clinic.owner.rpc("remove_member", user_id=guest.user_id)
        assert door.get("/rest/v1/workspaces", headers=header, timeout=60).json() == []
        call = {"name": "x", "permissions": ["workspace.read"], "workspace_id": str(clinic.workspace_id)}
        assert door.post("/rest/v1/rpc/create_api_key", json=call, headers=header).status_code == 404
        assert signed_in(door, "guest@example.test")[1]["upshot"] == {"workspaces": {}}


def test_a_forged_claim_gives_nothing(db: Any, gateway: Any):
    with world_of(db) as world:
        clinic = open_clinic(world)
        outsider = world.user("outsider")
        claim = {"upshot": {"workspaces": {str(clinic.workspace_id): "owner"}}}
        token = gateway.tokens.sign({"sub": outsider.user_id, "role": "authenticated"} | claim)
        header = {"apikey": gateway.settings.publishable_key, "Authorization": f"Bearer {token}"}
        assert httpx.get(f"{gateway.url}/rest/v1/workspaces", headers=header, timeout=60).json() == []


def test_the_hook_is_auths_alone(db: Any):
    with world_of(db) as world:
        for somebody in (world.anon(), world.user(), world.server()):
            with pytest.raises(Exception, match="permission denied"):
                somebody.rows("select gate.custom_access_token_hook('{}') as x")


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def as_person(world: World, user_id: str) -> Actor:
    return world.as_role("authenticated", user_id)
