import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from upshot_devstack.gateway.settings import LOCAL_JWT_SECRET, GatewaySettings
from upshot_devstack.gateway.tokens import InvalidToken, Tokens, generate_signing_key

KEY = generate_signing_key()
# The anon key that every Supabase CLI prints for its local stack.
CLI_ANON_KEY = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJpc3MiOiJzdXBhYmFzZS1kZW1vIiwicm9sZSI6ImFub24iLCJleHAiOjE5ODM4MTI5OTZ9."
    "CRXP1A7WOeoJeXxjNni43kdQwgnWNReilDMblYTn_I0"
)


def settings(**overrides):
    given = {"db_uri": "postgresql://x@127.0.0.1/x", "services": ("rest",), "jwt_signing_key": KEY}
    return GatewaySettings(**{**given, **overrides})


@pytest.fixture(scope="module")
def tokens():
    return Tokens(settings())


def refusal(tokens, token):
    with pytest.raises(InvalidToken) as caught:
        tokens.verify(token)
    return caught.value.code


def encoded(value):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def test_what_we_sign_we_believe(tokens):
    claims = {"sub": "a", "role": "authenticated", "exp": int(time.time()) + 60}
    assert tokens.verify(tokens.sign(claims)) == claims
    assert tokens.verify(tokens.sign_legacy(claims)) == claims


def test_user_tokens_are_es256_and_name_their_key(tokens):
    header = jwt.get_unverified_header(tokens.sign({"sub": "a"}))
    assert (header["alg"], header["kid"]) == ("ES256", tokens.jwks()["keys"][0]["kid"])


def test_without_a_signing_key_user_tokens_are_hs256():
    plain = Tokens(settings(jwt_signing_key=None))
    assert jwt.get_unverified_header(plain.sign({"sub": "a"}))["alg"] == "HS256"
    assert plain.jwks() == {"keys": []}


def test_the_local_anon_key_is_the_one_that_the_cli_prints(tokens):
    assert tokens.anon_key == CLI_ANON_KEY
    assert tokens.verify(tokens.service_role_key)["role"] == "service_role"


def test_published_keys_hold_nothing_private(tokens):
    published = json.dumps(tokens.jwks())
    assert '"d"' not in published
    assert LOCAL_JWT_SECRET not in published


def test_the_callers_copy_is_its_own(tokens):
    token = tokens.sign({"sub": "a"})
    tokens.verify(token)["sub"] = "b"
    assert tokens.verify(token)["sub"] == "a"


def test_alg_none_is_refused(tokens):
    for name in ("none", "None", "NONE", "nOnE"):
        token = f"{encoded({'alg': name})}.{encoded({'role': 'service_role'})}."
        assert refusal(tokens, token) == "unsupported_algorithm"


def test_the_refusal_of_an_unsigned_token_says_why(tokens):
    with pytest.raises(InvalidToken) as caught:
        tokens.verify(f"{encoded({'alg': 'none'})}.{encoded({'role': 'service_role'})}.")
    assert "unsecured" in (caught.value.details or "")


def test_the_public_key_is_no_hmac_secret(tokens):
    public = jwt.PyJWK(tokens.jwks()["keys"][0], "ES256").key
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for secret in (pem, pem.strip(), json.dumps(tokens.jwks()["keys"][0]).encode()):
        body = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded({'role': 'service_role'})}"
        signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(body.encode(), secret)
        assert refusal(tokens, f"{body}.{encoded(signature)}") == "bad_signature"


def test_a_kid_cannot_choose_a_key_of_another_algorithm(tokens):
    kid = tokens.jwks()["keys"][0]["kid"]
    forged = jwt.encode({"role": "service_role"}, b"x" * 32, "HS256", headers={"kid": kid})
    assert refusal(tokens, forged) == "bad_signature"


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' or 1=1 --", "", 7, None, {"a": 1}])
def test_strange_kids_change_nothing(tokens, kid):
    body = f"{encoded({'alg': 'HS256', 'kid': kid})}.{encoded({'role': 'service_role'})}"
    assert refusal(tokens, f"{body}.{encoded(b'x' * 32)}") in {"bad_signature", "malformed"}


def test_a_key_inside_the_token_is_not_looked_at(tokens):
    other = json.loads(generate_signing_key())
    public = {name: other[name] for name in ("kty", "crv", "x", "y")}
    forged = jwt.encode(
        {"role": "service_role"},
        jwt.PyJWK(other, "ES256").key,
        "ES256",
        headers={"jwk": public, "jku": "http://127.0.0.1/keys"},
    )
    assert refusal(tokens, forged) == "bad_signature"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "RS512", "EdDSA"])
def test_algorithms_that_no_key_of_ours_has_are_refused(tokens, algorithm):
    token = f"{encoded({'alg': algorithm})}.{encoded({'role': 'anon'})}.{encoded(b'x')}"
    assert refusal(tokens, token) == "no_key"


@pytest.mark.parametrize("algorithm", ["HS1024", "", 7, None, ["HS256"]])
def test_what_names_no_algorithm_is_no_token(tokens, algorithm):
    token = f"{encoded({'alg': algorithm})}.{encoded({'role': 'anon'})}.{encoded(b'x')}"
    assert refusal(tokens, token) == "malformed"


def test_without_any_key_no_token_is_believed():
    keyless = Tokens(settings(jwt_signing_key=None, jwt_secret=""))
    assert refusal(keyless, CLI_ANON_KEY) == "no_secret"
    assert (keyless.anon_key, keyless.jwks()) == ("", {"keys": []})


def test_critical_extensions_are_refused(tokens):
    token = f"{encoded({'alg': 'HS256', 'crit': ['b64'], 'b64': False})}.{encoded({})}.{encoded(b'x')}"
    assert refusal(tokens, token) == "malformed"


def test_a_changed_payload_is_refused(tokens):
    header, _, signature = tokens.sign({"role": "anon"}).split(".")
    assert refusal(tokens, f"{header}.{encoded({'role': 'service_role'})}.{signature}") == "bad_signature"


def signed(claims):
    body = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(claims)}"
    signer = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return f"{body}.{encoded(signer.sign(body.encode(), LOCAL_JWT_SECRET.encode()))}"


@pytest.mark.parametrize(
    ("claim", "seconds_from_now", "code"),
    [("exp", -31, "expired"), ("nbf", 60, "not_yet_valid"), ("iat", 60, "issued_in_future")],
)
def test_times_are_checked(tokens, claim, seconds_from_now, code):
    assert refusal(tokens, signed({claim: time.time() + seconds_from_now})) == code


@pytest.mark.parametrize("claims", [{"exp": "soon"}, {"exp": True}, {"aud": 7}, {"aud": ["a", 7]}])
def test_claims_of_a_wrong_kind_are_refused(tokens, claims):
    assert refusal(tokens, signed(claims)) == "bad_claim"


def test_thirty_seconds_of_clock_skew_are_allowed(tokens):
    assert tokens.verify(tokens.sign({"exp": int(time.time()) - 20}))


def test_a_cached_token_still_expires(tokens, monkeypatch):
    token = tokens.sign({"exp": int(time.time()) + 60})
    tokens.verify(token)
    later = time.time() + 120
    monkeypatch.setattr(time, "time", lambda: later)
    assert refusal(tokens, token) == "expired"


def test_the_audience_is_checked_when_one_is_set():
    strict = Tokens(settings(jwt_aud="mine"))
    assert strict.verify(strict.sign({"aud": ["other", "mine"]}))
    assert strict.verify(strict.sign({})) == {}
    assert refusal(strict, strict.sign({"aud": "other"})) == "bad_audience"


def test_the_cache_is_bounded():
    small = Tokens(settings(jwt_cache_max_entries=3))
    for number in range(10):
        small.verify(small.sign({"sub": str(number)}))
    assert len(small._cache) == 3


def test_the_secret_may_be_a_jwk_set():
    own = json.loads(generate_signing_key())
    oct_key = {"kty": "oct", "k": encoded(b"s" * 32), "kid": "shared"}
    both = Tokens(settings(jwt_signing_key=None, jwt_secret=json.dumps({"keys": [oct_key, own]})))
    assert both.verify(jwt.encode({"a": 1}, b"s" * 32, "HS256"))
    assert both.verify(jwt.encode({"a": 1}, jwt.PyJWK(own, "ES256").key, "ES256"))
    assert [key["kty"] for key in both.jwks()["keys"]] == ["EC"]


def test_the_secret_may_be_base64():
    secret = Tokens(settings(jwt_secret=base64.b64encode(b"s" * 32).decode(), jwt_secret_is_base64=True))
    assert secret.verify(jwt.encode({"a": 1}, b"s" * 32, "HS256"))


def test_short_secrets_are_refused():
    with pytest.raises(ValueError, match="needs at least 32"):
        Tokens(settings(jwt_secret="short"))


@pytest.mark.parametrize("changed", [{"d": None}, {"crv": "P-384"}, {"kty": "oct"}])
def test_a_signing_key_must_be_private_and_of_a_kind_we_have(changed):
    jwk = {name: value for name, value in (json.loads(KEY) | changed).items() if value is not None}
    with pytest.raises(ValueError, match="EC with crv P-256"):
        Tokens(settings(jwt_signing_key=json.dumps(jwk)))


def test_an_rsa_key_signs_too():
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(made)), "kid": "rsa-1"}
    tokens = Tokens(settings(jwt_signing_key=json.dumps(jwk)))
    assert tokens.verify(tokens.sign({"sub": "a"})) == {"sub": "a"}
    (published,) = tokens.jwks()["keys"]
    assert (published["kid"], published["alg"]) == ("rsa-1", "RS256")
    assert not {"d", "p", "q", "dp", "dq", "qi"} & published.keys()


PLAIN = Tokens(settings(jwt_signing_key=None))


@tried(deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=60))
def test_no_text_makes_verify_fail_otherwise(text):
    with pytest.raises(InvalidToken):
        PLAIN.verify(text)


@tried(deadline=None)
@given(st.lists(st.binary(max_size=20), min_size=3, max_size=3))
def test_no_three_parts_make_verify_fail_otherwise(parts):
    with pytest.raises(InvalidToken):
        PLAIN.verify(".".join(encoded(part) for part in parts))
