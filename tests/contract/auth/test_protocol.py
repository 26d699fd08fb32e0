import pytest

from contract.auth.support import PASSWORD, expect, refused


def test_errors_have_two_forms(api):
    body = {"email": "a@b.test", "password": "x"}
    coded = api.call("POST", "/token?grant_type=password", body)
    assert coded.json() == {"code": "invalid_credentials", "message": "Invalid login credentials"}
    for version in ("", "2023-01-01", "nonsense"):
        plain = api.call("POST", "/token?grant_type=password", body, **{"x-supabase-api-version": version})
        assert plain.json() == {
            "code": 400,
            "error_code": "invalid_credentials",
            "msg": "Invalid login credentials",
        }
        assert "x-supabase-api-version" not in plain.headers
        assert plain.headers["x-sb-error-code"] == "invalid_credentials"


def test_weak_passwords_give_their_reasons_in_both_forms(api):
    body = {"email": "a@b.test", "password": "x"}
    for version in ("2024-01-01", ""):
        answer = api.call("POST", "/signup", body, **{"x-supabase-api-version": version})
        assert answer.json()["weak_password"] == {"reasons": ["length"]}


def test_no_token_is_no_authorization(make_api):
    api = make_api(require_apikey=False)
    answer = api._client.get("/user")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "no_authorization")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("GET", "/signup", 405)])
def test_other_routes_are_refused(api, method, path, status):
    assert refused(api.call(method, path))[0] == status


def test_settings_say_how_to_sign_in(make_api):
    shown = expect(200, make_api(enable_anonymous=False, mailer_autoconfirm=False).call("GET", "/settings"))
    assert (
        shown["external"].items() >= {"email": True, "phone": True, "anonymous_users": False, "google": False}.items()
    )
    assert (shown["disable_signup"], shown["mailer_autoconfirm"], shown["saml_enabled"]) == (False, False, False)


def test_the_public_keys_are_open_and_cacheable(api):
    answer = api._client.get("/.well-known/jwks.json")
    keys = expect(200, answer)["keys"]
    assert answer.headers["cache-control"] == "public, max-age=600"
    assert [(key["kty"], key["alg"], key["use"]) for key in keys] == [("EC", "ES256", "sig")]
    assert "d" not in keys[0]


def test_discovery_names_the_issuer(api):
    shown = expect(200, api._client.get("/.well-known/openid-configuration"))
    session = api.sign_up()
    assert shown["issuer"] == api.claims(session["access_token"])["iss"]
    assert shown["jwks_uri"] == f"{shown['issuer']}/.well-known/jwks.json"


def test_health_says_what_it_is(api):
    assert expect(200, api.call("GET", "/health"))["name"] == "GoTrue"


def test_answers_with_tokens_are_not_cached(api):
    answer = api.call("POST", "/signup", {"email": "a@b.test", "password": PASSWORD})
    assert answer.headers["cache-control"] == "no-store"


def test_what_is_not_offered_says_so(api):
    assert refused(api.call("GET", "/authorize?provider=google")) == (400, "validation_failed")
    assert refused(api.call("GET", "/authorize?provider=nonsense")) == (400, "validation_failed")
    assert refused(api.call("POST", "/sso", {"domain": "a.test"})) == (404, "saml_provider_disabled")


def test_it_can_serve_at_the_root_without_keys(make_api):
    api = make_api(root_service="auth", require_apikey=False)
    answer = api._client.post("/signup", json={"email": "a@b.test", "password": PASSWORD})
    assert api.claims(expect(200, answer)["access_token"])["iss"] == api.gateway.url


def test_hs256_serves_where_there_is_no_signing_key(make_api):
    api = make_api(jwt_signing_key=None)
    session = api.sign_up()
    assert expect(200, api.call("GET", "/.well-known/jwks.json")) == {"keys": []}
    expect(200, api.user(session["access_token"]))


def test_an_administrator_may_carry_a_token_of_their_own(api):
    token = api.gateway.tokens.sign_legacy({"role": "supabase_admin", "sub": "1234567890"})
    expect(200, api.call("GET", "/admin/users", token=token))


def test_lost_connections_to_the_database_are_replaced(api, sql):
    api.sign_up()
    ours = "datname = current_database() and application_name = 'gateway-auth'"
    assert sql(f"select pg_terminate_backend(pid) as ended from pg_stat_activity where {ours}")
    expect(200, api.sign_in())
