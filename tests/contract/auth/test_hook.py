import pytest

from contract.auth.support import PASSWORD, expect, refused

GRANTS = (
    "grant usage on schema public to supabase_auth_admin",
    "grant execute on function public.claims_hook to supabase_auth_admin",
)


@pytest.fixture
def hooked(make_api, sql):
    """`hooked(body)` serves auth with a hook whose PL/pgSQL body is given."""

    def make(body, owner="postgres"):
        sql(
            "create function public.claims_hook(event jsonb) returns jsonb language plpgsql as"
            f" $hook$ begin {body} end $hook$"
        )
        sql(f"alter function public.claims_hook owner to {owner}")
        for grant in GRANTS:
            sql(grant)
        return make_api(custom_access_token_hook="pg-functions://postgres/public/claims_hook")

    return make


def sign_up(api):
    return api.call("POST", "/signup", {"email": "ann@example.com", "password": PASSWORD})


def test_a_hook_adds_claims_at_sign_in_and_at_refresh(hooked):
    api = hooked(
        "return jsonb_build_object('claims', event -> 'claims'"
        " || jsonb_build_object('workspace', 'w1', 'by', event ->> 'authentication_method', 'user', event ->> 'user_id'));"
    )
    session = expect(200, sign_up(api))
    claims = api.claims(session["access_token"])
    assert (claims["workspace"], claims["by"]) == ("w1", "password")
    assert claims["user"] == claims["sub"]
    refreshed = api.claims(expect(200, api.refresh(session["refresh_token"]))["access_token"])
    assert refreshed["by"] == "token_refresh"


def test_a_hook_runs_as_the_auth_administrator(hooked):
    api = hooked(
        "return jsonb_build_object('claims', event -> 'claims'"
        " || jsonb_build_object('me', current_user, 'login', session_user));"
    )
    claims = api.claims(expect(200, sign_up(api))["access_token"])
    assert (claims["me"], claims["login"]) == ("supabase_auth_admin", "supabase_auth_admin")


def test_a_hook_may_refuse_a_sign_in_and_nothing_stays(hooked, sql):
    api = hooked("return jsonb_build_object('error', jsonb_build_object('http_code', 403, 'message', 'Not today'));")
    answer = sign_up(api)
    assert (answer.status_code, answer.json()["message"]) == (403, "Not today")
    assert sql("select count(*) as n from auth.users") == [{"n": 0}]


def test_a_hook_that_fails_is_an_error_without_its_reason(hooked):
    answer = sign_up(hooked("raise exception 'the secret reason';"))
    assert refused(answer) == (500, "unexpected_failure")
    assert "secret" not in answer.text


def test_a_hook_has_two_seconds(hooked):
    assert refused(sign_up(hooked("perform pg_sleep(10); return event;"))) == (422, "hook_timeout")


def test_a_hook_must_keep_the_required_claims(hooked):
    answer = sign_up(hooked("return jsonb_build_object('claims', (event -> 'claims') - 'sub');"))
    assert refused(answer) == (500, "unexpected_failure")
    assert "sub is required" in answer.json()["message"]


def test_a_hook_cannot_become_the_superuser(hooked):
    assert refused(sign_up(hooked("set local role supabase_admin; return event;")))[0] == 500
