import pytest

from upshot_devstack.gateway.keys import KeyRefused, KeyRing, without_query_value
from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import Tokens


def ring(**overrides):
    settings = GatewaySettings(db_uri="x", services=("rest",), **overrides)
    tokens = Tokens(settings)
    return KeyRing(settings, tokens), settings, tokens


def scope(*headers, query=b""):
    return {"headers": [(name.encode(), value.encode()) for name, value in headers], "query_string": query}


def bearer(admitted):
    return dict(admitted["headers"]).get(b"authorization", b"").decode().removeprefix("Bearer ")


def refusal(keys, asked, *, open_path=False):
    with pytest.raises(KeyRefused) as caught:
        keys.admit(asked, open_path=open_path)
    return caught.value.status, caught.value.body["message"]


def test_opaque_keys_become_role_tokens():
    keys, settings, tokens = ring()
    for key, token in (
        (settings.publishable_key, tokens.anon_key),
        (settings.secret_key, tokens.service_role_key),
    ):
        asked = scope(("apikey", key), ("authorization", f"Bearer {key}"))
        assert bearer(keys.admit(asked, open_path=False)) == token


def test_a_users_own_token_passes_through():
    keys, settings, _ = ring()
    asked = scope(("apikey", settings.publishable_key), ("authorization", "Bearer their.own.token"))
    admitted = keys.admit(asked, open_path=False)
    assert bearer(admitted) == "their.own.token"
    assert b"apikey" not in dict(admitted["headers"])


def test_the_apikey_decides_when_the_bearer_is_another_opaque_key():
    keys, settings, tokens = ring()
    asked = scope(("apikey", settings.publishable_key), ("authorization", f"Bearer {settings.secret_key}"))
    assert bearer(keys.admit(asked, open_path=False)) == tokens.anon_key


def test_legacy_keys_work_and_sign_the_request():
    keys, _, tokens = ring()
    assert bearer(keys.admit(scope(("apikey", tokens.anon_key)), open_path=False)) == tokens.anon_key


def test_the_query_may_carry_the_key_and_loses_it():
    keys, settings, tokens = ring()
    query = b"id=eq.1&apikey=" + settings.publishable_key.encode() + b"&a%20b=%2B"
    admitted = keys.admit(scope(query=query), open_path=False)
    assert admitted["query_string"] == b"id=eq.1&a%20b=%2B"
    assert bearer(admitted) == tokens.anon_key


def test_a_key_in_the_query_is_stripped_even_beside_a_header():
    keys, settings, _ = ring()
    asked = scope(("apikey", settings.publishable_key), query=b"apikey=x&id=eq.1")
    assert keys.admit(asked, open_path=False)["query_string"] == b"id=eq.1"


def test_no_key_is_refused():
    keys, _, _ = ring()
    assert refusal(keys, scope()) == (401, "No API key found in request")
    assert refusal(keys, scope(("authorization", "Bearer a.b.c"))) == (401, "No API key found in request")


def test_wrong_keys_are_refused():
    keys, settings, tokens = ring()
    user = tokens.sign_legacy({"role": "authenticated", "sub": "a"})
    impostor = tokens.sign_legacy({"role": "service_role", "sub": "a"})
    for key in ("sb_secret_guess", settings.secret_key[:-1], "", "a.b.c", user, impostor):
        assert refusal(keys, scope(("apikey", key))) == (401, "Invalid API key")


def test_open_paths_need_no_key():
    keys, _, _ = ring()
    assert keys.admit(scope(), open_path=True)["headers"] == []


def test_secret_keys_are_refused_from_browsers():
    keys, settings, tokens = ring()
    for key in (settings.secret_key, tokens.service_role_key):
        asked = scope(("apikey", key), ("user-agent", "Mozilla/5.0 (X11; Linux x86_64)"))
        assert refusal(keys, asked) == (401, "Forbidden use of secret API key in browser")
    public = scope(("apikey", settings.publishable_key), ("user-agent", "Mozilla/5.0"))
    assert keys.admit(public, open_path=False)


def test_doubled_credentials_are_refused():
    keys, settings, _ = ring()
    twice = scope(("apikey", settings.publishable_key), ("apikey", settings.secret_key))
    assert refusal(keys, twice)[0] == 400
    bearers = scope(("apikey", settings.publishable_key), ("authorization", "a"), ("authorization", "b"))
    assert refusal(keys, bearers)[0] == 400


def test_without_the_requirement_requests_pass_as_they_are():
    keys, settings, tokens = ring(require_apikey=False)
    plain = scope(("authorization", "Bearer a.b.c"))
    assert keys.admit(plain, open_path=False) is plain
    assert keys.admit(scope(), open_path=False)["headers"] == []
    swapped = keys.admit(scope(("authorization", f"Bearer {settings.secret_key}")), open_path=False)
    assert bearer(swapped) == tokens.service_role_key
    assert refusal(keys, scope(("authorization", "Bearer sb_secret_guess"))) == (401, "Invalid API key")


def test_escaped_names_of_the_key_are_stripped_too():
    assert without_query_value(b"api%6bey=x&b=1", "apikey") == b"b=1"
