"""The owner of one workspace, and others who do not belong, ask REST for another's rows."""

import base64
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from contract.attacks.conftest import Attacker
from support.rls import Theatre
from upshot_devstack.gateway.tokens import generate_signing_key

STRANGERS = ("other_owner", "outsider", "anon")
SHAPES = (
    {"params": {}},
    {"params": {"workspace_id": "eq.{clinic}"}},
    {"params": {"or": "(workspace_id.eq.{clinic},workspace_id.not.is.null)"}},
    {"params": {"workspace_id": "not.eq.{other}"}},
    {"headers": {"Prefer": "count=exact", "Range": "0-999"}},
    {"headers": {"Accept": "text/csv"}},
)
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Attack = Callable[..., Attacker]


def ids_of(theatre: Theatre) -> set[str]:
    """Every uuid that stands anywhere in a row of the attacked workspace, and in none of the attacker's."""
    postgres, found = theatre.world.postgres(), {}
    tables = postgres.rows(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'workspace_id'"
    )
    for workspace in (theatre.clinic.workspace_id, theatre.other.workspace_id):
        texts = [
            row["t"]
            for table in tables
            for row in postgres.rows(
                f"select to_jsonb(t)::text as t from public.{table['table_name']} t where workspace_id = %s", workspace
            )
        ]
        found[workspace] = set(UUID.findall(" ".join(texts)))
    return found[theatre.clinic.workspace_id] - found[theatre.other.workspace_id]


def paths_of(attacker: Attacker) -> list[str]:
    """Every table and view that the API describes."""
    described = attacker.ask("GET", "/rest/v1/").json()["paths"]
    return [path for path in described if path != "/" and not path.startswith("/rpc/")]


def filled(shape: dict[str, Any], theatre: Theatre) -> dict[str, Any]:
    """A shape with the ids of the two workspaces in it."""
    ids = {"{clinic}": str(theatre.clinic.workspace_id), "{other}": str(theatre.other.workspace_id)}
    text = json.dumps(shape)
    for mark, value in ids.items():
        text = text.replace(mark, value)
    return dict(json.loads(text))


def test_no_table_or_view_shows_another_workspaces_rows(theatre: Theatre, attacker: Attack):
    secret = ids_of(theatre)
    paths = paths_of(attacker("owner"))
    assert len(secret) > 30
    assert len(paths) > 30
    for name in STRANGERS:
        somebody = attacker(name)
        for path in paths:
            for shape in (filled(s, theatre) for s in SHAPES):
                answer = somebody.ask("GET", "/rest/v1" + path, **shape)
                sent = set(UUID.findall(json.dumps(shape)))
                leaked = (set(UUID.findall(answer.text)) & secret) - sent
                assert not leaked, (name, path, shape, answer.text[:300])


def test_counts_and_heads_tell_nothing(theatre: Theatre, attacker: Attack):
    mine, theirs = attacker("other_owner"), {"workspace_id": f"eq.{theatre.clinic.workspace_id}"}
    for path in ("/prompts", "/assignments", "/members", "/experiment_effects", "/live_deployments"):
        for method in ("GET", "HEAD"):
            answer = mine.ask(method, "/rest/v1" + path, params=theirs, headers={"Prefer": "count=exact"})
            assert (answer.status_code, answer.headers["content-range"]) == (200, "*/0"), (method, path)


@pytest.mark.parametrize(
    "query",
    [
        "workspaces?select=*,members(*),prompts(*,prompt_versions!prompt_versions_prompt_id_fkey(*))",
        "prompts?select=*,capabilities(*,experiments(*)),branches!branches_prompt_id_fkey(*)&id=eq.{prompt}",
        "environments?select=*,experiments!inner(*,variants(*))",
        "permissions?select=*,role_permissions(*)",
        "role_permissions?select=*,permissions(*,role_permissions(*))",
    ],
)
def test_embedding_does_not_cross_the_border(theatre: Theatre, attacker: Attack, query):
    secret = ids_of(theatre)
    answer = attacker("other_owner").ask("GET", "/rest/v1/" + query.replace("{prompt}", str(theatre.clinic.prompt_id)))
    assert answer.status_code in (200, 300, 400), answer.text
    assert answer.status_code == 200 or "PGRST2" in answer.text
    assert not (set(UUID.findall(answer.text)) & secret) - {str(theatre.clinic.prompt_id)}, answer.text


@pytest.mark.parametrize(
    "query",
    [
        "prompt_versions?select=n:messages->0->>content::int",
        "prompt_versions?provider=eq.local&order=messages->0->>content.desc&select=id",
        "inferences?subject=match.^(a|an)%2Bn$",
        "provider_keys?hint=like.*cdef",
        "outcomes?value=gt.0&select=value::text::int",
    ],
)
def test_casts_and_operators_never_see_a_row_that_the_policies_hide(theatre: Theatre, attacker: Attack, query):
    """A cast that fails on another's row would be an error here and none on an empty table."""
    stranger, insider = attacker("outsider"), attacker("owner")
    answer = stranger.ask("GET", "/rest/v1/" + query)
    assert (answer.status_code, answer.json()) == (200, []), answer.text
    assert insider.ask("GET", "/rest/v1/" + query).text != "[]"


def test_writes_change_nothing_there(theatre: Theatre, attacker: Attack):
    stranger, theirs = attacker("other_owner"), {"workspace_id": f"eq.{theatre.clinic.workspace_id}"}
    changes = {
        "/workspaces": {"name": "taken"}, "/prompts": {"name": "taken"}, "/experiments": {"traffic": 1},
        "/members": {"role": "viewer"}, "/environments": {"name": "taken"}, "/variants": {"weight": 9},
        "/outcome_metrics": {"name": "taken"}, "/test_cases": {"name": "taken"}, "/intents": {"name": "taken"},
    }  # fmt: skip
    postgres = theatre.world.postgres()

    def rows() -> list[Any]:
        return [postgres.rows(f"select * from public.{path[1:]} t order by t::text") for path in changes]

    before = rows()
    for path, change in changes.items():
        where = {"id": theirs["workspace_id"]} if path == "/workspaces" else theirs
        for method in ("PATCH", "DELETE"):
            answer = stranger.ask(
                method, "/rest/v1" + path, params=where, json=change, headers={"Prefer": "return=representation"}
            )
            assert answer.status_code in (200, 403), (method, path, answer.text)
            assert answer.status_code == 403 or answer.json() == []
    assert rows() == before


def test_an_upsert_neither_takes_a_row_over_nor_tells_that_it_is_there(theatre: Theatre, attacker: Attack):
    stranger = attacker("other_owner")
    row = {"workspace_id": str(theatre.other.workspace_id), "capability_id": str(theatre.clinic.capability_id)}
    for resolution in ("merge-duplicates", "ignore-duplicates"):
        answers = [
            stranger.ask(
                "POST", "/rest/v1/actions",
                params={"on_conflict": "capability_id,key"},
                json=row | {"key": key, "name": key, "position": 1},
                headers={"Prefer": f"resolution={resolution},return=representation"},
            )
            for key in ("Book", "NothingLikeIt")
        ]  # fmt: skip
        assert answers[0].status_code == 403
        assert answers[0].text == answers[1].text


def test_the_schemas_behind_are_not_served(theatre: Theatre, attacker: Attack):
    member = attacker("owner")
    for schema in ("private", "stats", "auth", "vault", "pgmq", "realtime", "extensions", "pg_catalog", "Public"):
        for header in ("Accept-Profile", "Content-Profile"):
            method = "GET" if header == "Accept-Profile" else "POST"
            answer = member.ask(method, "/rest/v1/errors", headers={header: schema}, json={})
            assert (answer.status_code, answer.json()["code"]) == (406, "PGRST106"), schema
    assert member.ask("GET", "/rest/v1/members?select=*,users(*)").json()["code"] == "PGRST200"


def test_what_looks_behind_the_query_is_closed(theatre: Theatre, attacker: Attack):
    member = attacker("owner")
    for accept in ("application/vnd.pgrst.plan+json", 'application/vnd.pgrst.plan+text; options="analyze|verbose"'):
        assert member.ask("GET", "/rest/v1/prompts", headers={"Accept": accept}).status_code == 406
    assert member.ask("GET", "/rest/v1/prompts?select=id.count()").json()["code"] == "PGRST123"


def test_the_description_offers_what_the_caller_may_do(theatre: Theatre, attacker: Attack):
    assert list(attacker("anon").ask("GET", "/rest/v1/").json()["paths"]) == ["/"]
    offered = set(attacker("outsider").ask("GET", "/rest/v1/").json()["paths"])
    assert "/rpc/decide" in offered
    assert not {path for path in offered if path.endswith("_v1")}


def test_the_workers_verbs_are_closed_by_every_method(theatre: Theatre, attacker: Attack):
    run, clinic = str(theatre.rows["run"]["id"]), str(theatre.clinic.workspace_id)
    calls: dict[str, dict[str, Any]] = {
        "claim_jobs_v1": {"worker": "w", "quantity": 1, "lease_seconds": 1},
        "extend_job_v1": {"job_id": 1, "lease_seconds": 1},
        "complete_job_v1": {"job_id": 1},
        "fail_job_v1": {"job_id": 1, "error_code": "x", "error_message": "x"},
        "run_work_v1": {"run_id": run, "items": []},
        "record_run_results_v1": {"run_id": run, "results": []},
        "provider_key_v1": {"workspace_id": clinic, "provider": "openai"},
    }
    for name in ("owner", *STRANGERS):
        somebody = attacker(name)
        for verb, arguments in calls.items():
            answer = somebody.ask("POST", f"/rest/v1/rpc/{verb}", json=arguments)
            assert answer.json()["code"] == "42501", (name, verb)
            query = {key: json.dumps(v) if isinstance(v, list) else v for key, v in arguments.items()}
            assert somebody.ask("GET", f"/rest/v1/rpc/{verb}", params=query).json()["code"] == "42501"


def signed_by_the_public_key(claims: dict[str, Any], jwk: dict[str, Any]) -> str:
    """The old confusion: an HMAC whose secret is the key that everybody may read."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": jwk["kid"]}, claims)]
    message = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    digest = hmac.digest(json.dumps(jwk).encode(), message, "sha256")
    return (message + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


def test_tokens_that_are_not_ours_open_nothing(theatre: Theatre, attacker: Attack):
    mine = attacker("other_owner")
    claims = jwt.decode(str(mine.token), options={"verify_signature": False})
    promoted = claims | {"role": "service_role"}
    stranger = jwt.PyJWK(json.loads(generate_signing_key()), "ES256").key
    jwks = mine.ask("GET", "/auth/v1/.well-known/jwks.json").json()["keys"]
    head, _, signature = str(mine.token).split(".")
    body = jwt.encode(promoted, b"x" * 40, "HS256").split(".")[1]
    forgeries = [
        jwt.encode(promoted, None, "none"),
        signed_by_the_public_key(promoted, jwks[0]),
        jwt.encode(promoted, b"\0" * 40, "HS256", headers={"kid": "../../dev/null"}),
        jwt.encode(promoted, stranger, "ES256", headers={"kid": jwks[0]["kid"], "jku": "http://127.0.0.1/jwks"}),
        f"{head}.{body}.{signature}",
    ]
    for forgery in forgeries:
        answer = Attacker(mine.client, forgery).ask("GET", "/rest/v1/workspaces")
        assert (answer.status_code, answer.json()["code"]) == (401, "PGRST301"), forgery


@pytest.mark.parametrize(
    "role",
    [
        "postgres",
        "supabase_admin",
        "supabase_auth_admin",
        "pg_read_all_data",
        "none",
        "",
        "service_role\0x",
        ["service_role"],
    ],
)
def test_a_role_that_the_api_may_not_take_is_refused(theatre: Theatre, attacker: Attack, role):
    """Also with our own signature, as a hook that went wrong would give it."""
    answer = attacker("owner", role=role).ask("GET", "/rest/v1/workspaces")
    assert answer.status_code in (400, 401, 403), answer.text
    assert str(theatre.clinic.workspace_id) not in answer.text


def test_stale_tokens_open_nothing(theatre: Theatre, attacker: Attack):
    member = theatre.world.member(theatre.clinic.owner, theatre.clinic.workspace_id, "engineer")
    late = attacker(member, exp=1_700_000_000).ask("GET", "/rest/v1/workspaces")
    assert (late.status_code, late.json()["code"]) == (401, "PGRST303")
    fresh = attacker(member)
    assert len(fresh.ask("GET", "/rest/v1/workspaces").json()) == 1
    theatre.clinic.owner.rows("delete from members where user_id = %s returning role", member.user_id)
    assert fresh.ask("GET", "/rest/v1/workspaces").json() == []
    call = {"experiment_id": theatre.draft.id, "expected_revision": 1}
    refused = fresh.ask("POST", "/rest/v1/rpc/activate", json=json.loads(json.dumps(call, default=str)))
    assert refused.status_code == 404


def test_claims_of_the_user_do_not_count(theatre: Theatre, attacker: Attack):
    """What a person may write about themselves gives no right."""
    boast = {"role": "service_role", "workspace_id": str(theatre.clinic.workspace_id)}
    liar = attacker("outsider", user_metadata=boast, app_metadata=boast, workspace_id=boast["workspace_id"])
    assert liar.ask("GET", "/rest/v1/workspaces").json() == []
    assert liar.ask("POST", "/rest/v1/rpc/claim_jobs_v1", json={}).json()["code"] in ("42501", "PGRST202")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-User": "postgres", "X-Client-Role": "service_role", "role": "service_role"},
        {"request.jwt.claims": '{"role":"service_role"}', "request-jwt-claim-sub": "x"},
        {"X-HTTP-Method-Override": "DELETE", "Prefer": "tx=commit,handling=lenient,role=service_role"},
        {"Prefer": "timezone='; set role postgres; --"},
        {"X-Supabase-Api-Version": "9999-01-01", "Cookie": "role=service_role; sb-access-token=x"},
    ],
)
def test_headers_give_no_right(theatre: Theatre, attacker: Attack, headers):
    answer = attacker("outsider").ask("GET", "/rest/v1/workspaces", headers=headers)
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.json() == []


@pytest.mark.parametrize(
    "apikey", ["sb_secret_", "service_role", "", "null", "sb_publishable_x, sb_secret_y", "Bearer x", "a.b.c"]
)
def test_keys_that_are_none_open_nothing(theatre: Theatre, attacker: Attack, apikey):
    answer = attacker("owner").ask("GET", "/rest/v1/workspaces", headers={"apikey": apikey})
    assert answer.status_code == 401
