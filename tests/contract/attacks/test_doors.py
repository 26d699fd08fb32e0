"""Credentials mixed up, and paths misspelt, at the gateway's door."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract.attacks.conftest import Attacker
from support.rls import Theatre

Attack = Callable[..., Attacker]


def bare(gate: Any, method: str, path: str, *headers: tuple[str, str], **more: Any) -> httpx.Response:
    """A request with these headers and no others of ours; a header may stand twice."""
    with httpx.Client(base_url=gate.url, timeout=60) as client:
        return client.request(method, path, headers=list(headers), **more)


def test_a_persons_token_is_no_key(gate: Any, attacker: Attack):
    token = str(attacker("owner").token)
    assert bare(gate, "GET", "/rest/v1/workspaces", ("apikey", token)).status_code == 401
    assert bare(gate, "GET", "/rest/v1/workspaces", ("authorization", f"Bearer {token}")).status_code == 401
    assert bare(gate, "GET", f"/rest/v1/workspaces?apikey={token}").status_code == 401


def test_a_key_that_stands_twice_is_refused(gate: Any):
    settings = gate.settings
    answer = bare(
        gate, "GET", "/rest/v1/workspaces", ("apikey", settings.publishable_key), ("apikey", settings.secret_key)
    )
    assert answer.status_code == 400
    twice = (("authorization", "Bearer a.b.c"), ("authorization", f"Bearer {gate.tokens.anon_key}"))
    assert bare(gate, "GET", "/rest/v1/workspaces", ("apikey", settings.publishable_key), *twice).status_code == 400


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Basic", "Bearer  "])
def test_a_persons_token_keeps_a_secret_key_from_acting_for_the_server(gate: Any, attacker: Attack, scheme):
    """A server that forwards its caller's Authorization acts as the caller, or not at all: never as itself."""
    token = attacker("outsider").token
    headers = (("apikey", gate.settings.secret_key), ("authorization", f"{scheme} {token}"))
    answer = bare(gate, "GET", "/rest/v1/workspaces", *headers)
    assert answer.status_code in (200, 401)
    assert answer.status_code == 401 or answer.json() == []


@pytest.mark.parametrize("bearer", ["sb_secret_wrong", "sb_publishable_wrong", "sb_secret_"])
def test_an_opaque_bearer_never_raises_the_key(gate: Any, bearer):
    headers = (("apikey", gate.settings.publishable_key), ("authorization", f"Bearer {bearer}"))
    assert bare(gate, "GET", "/rest/v1/workspaces", *headers).status_code in (401, 403)


def test_the_secret_as_bearer_beside_a_publishable_key_stays_anonymous(gate: Any):
    headers = (("apikey", gate.settings.publishable_key), ("authorization", f"Bearer {gate.settings.secret_key}"))
    assert bare(gate, "GET", "/rest/v1/workspaces", *headers).status_code in (401, 403)


@pytest.mark.parametrize(
    "path",
    [
        "/rest/v1/../v1/workspaces", "/rest/v1/%2e%2e/auth/v1/admin/users", "/auth/v1/verify/../admin/users",
        "/auth/v1/verify%2f..%2fadmin%2fusers", "/auth/v1//admin/users", "/AUTH/v1/admin/users", "/auth/v1/admin/users/",
        "/auth/v1/verify;/../admin/users", "/auth%2fv1/admin/users", "/auth/v1/%61dmin/users", "//auth/v1/admin/users",
        "/auth/v1/admin/users?apikey=&x=/verify", "/auth/v1/admin/users%00", "/realtime/v1/../rest/v1/workspaces",
    ],
)  # fmt: skip
async def test_no_spelling_of_a_path_gets_past_the_key(gate: Any, path):
    """Sent as it stands: a client library would tidy the path up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.settings.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(60):
        status = int((await reader.read()).split(b" ", 2)[1])
    writer.close()
    assert status in (400, 401, 404), path


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_nobody_but_the_secret_key_administers_accounts(gate: Any, theatre: Theatre, attacker: Attack, method):
    victim = theatre.clinic.owner.user_id
    for name in ("owner", "viewer", "other_owner", "anon"):
        somebody = attacker(name)
        for path in ("/auth/v1/admin/users", f"/auth/v1/admin/users/{victim}"):
            answer = somebody.ask(method, path, json={"role": "service_role"})
            assert answer.status_code in (401, 403, 404, 405), (name, path, answer.text)
            assert str(victim) not in answer.text


def test_a_person_makes_no_server_of_themselves(gate: Any, theatre: Theatre, attacker: Attack):
    """Sign-up, then everything that could be believed about oneself."""
    boast = {"role": "service_role", "workspace_id": str(theatre.clinic.workspace_id), "is_super_admin": True}
    account = {"email": "mallory@example.test", "password": "correct horse 1", "data": boast, "role": "service_role"}
    made = attacker("anon").ask("POST", "/auth/v1/signup", json=account).json()
    mallory = Attacker(attacker("anon").client, made["access_token"])
    mallory.ask("PUT", "/auth/v1/user", json={"data": boast, "app_metadata": boast, "role": "service_role"})
    renewed = mallory.ask(
        "POST", "/auth/v1/token?grant_type=refresh_token", json={"refresh_token": made["refresh_token"], "role": "x"}
    ).json()
    mallory = Attacker(mallory.client, renewed["access_token"])
    assert mallory.ask("GET", "/rest/v1/workspaces").json() == []
    assert mallory.ask("GET", "/rest/v1/prompts").json() == []
    call = {"worker": "w", "quantity": 1, "lease_seconds": 1}
    assert mallory.ask("POST", "/rest/v1/rpc/claim_jobs_v1", json=call).json()["code"] == "42501"


def test_whose_account_is_deleted_is_out_at_once(gate: Any, theatre: Theatre, attacker: Attack):
    """The access token lives on for its hour: it must open nothing."""
    member = theatre.world.member(theatre.clinic.owner, theatre.clinic.workspace_id, "engineer")
    leaver = attacker(member)
    assert len(leaver.ask("GET", "/rest/v1/workspaces").json()) == 1
    gone = bare(gate, "DELETE", f"/auth/v1/admin/users/{member.user_id}", ("apikey", gate.settings.secret_key))
    assert gone.status_code == 200, gone.text
    assert leaver.ask("GET", "/rest/v1/workspaces").json() == []
    refused = leaver.ask("POST", "/rest/v1/rpc/create_workspace", json={"name": "x", "slug": "x"})
    assert refused.status_code in (403, 409), refused.text
