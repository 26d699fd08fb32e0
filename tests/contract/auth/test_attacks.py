"""Each test is one thing that somebody might try."""

import base64
import json
import time
import uuid

import jwt
import pytest

from contract.auth.support import PASSWORD, expect, refused
from upshot_devstack.gateway.tokens import generate_signing_key

ADMIN_ROUTES = (
    ("GET", "/admin/users"),
    ("POST", "/admin/users"),
    ("GET", f"/admin/users/{uuid.UUID(int=1)}"),
    ("PUT", f"/admin/users/{uuid.UUID(int=1)}"),
    ("DELETE", f"/admin/users/{uuid.UUID(int=1)}"),
    ("GET", f"/admin/users/{uuid.UUID(int=1)}/factors"),
    ("PUT", f"/admin/users/{uuid.UUID(int=1)}/factors/{uuid.UUID(int=1)}"),
    ("DELETE", f"/admin/users/{uuid.UUID(int=1)}/factors/{uuid.UUID(int=1)}"),
    ("POST", "/admin/generate_link"),
    ("POST", "/invite"),
    ("GET", "/admin/audit"),
    ("GET", "/admin/mailbox"),
    ("DELETE", "/admin/mailbox"),
)


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(("method", "path"), ADMIN_ROUTES)
def test_administration_is_closed_to_everybody_else(api, method, path):
    person = api.sign_up()["access_token"]
    assert refused(api.call(method, path, {})) == (403, "not_admin")
    assert refused(api.call(method, path, {}, token=person)) == (403, "not_admin")


def test_metadata_does_not_make_an_administrator(api):
    attempt = {"role": "service_role", "app_metadata": {"role": "service_role"}, "aud": "x", "is_super_admin": True}
    session = api.sign_up(**attempt, data=attempt)
    claims = api.claims(session["access_token"])
    assert (claims["role"], claims["aud"]) == ("authenticated", "authenticated")
    assert claims["app_metadata"] == {"provider": "email", "providers": ["email"]}
    assert refused(api.call("GET", "/admin/users", token=session["access_token"])) == (403, "not_admin")
    changed = api.call("PUT", "/user", {"role": "service_role", "id": str(uuid.uuid4())}, token=session["access_token"])
    assert expect(200, changed)["role"] == "authenticated"


def test_sign_up_data_cannot_replace_what_we_know(api):
    session = api.sign_up(data={"sub": str(uuid.uuid4()), "email": "boss@example.com", "phone_verified": True})
    known = session["user"]["identities"][0]["identity_data"]
    assert (known["sub"], known["email"]) == (session["user"]["id"], "ann@example.com")
    assert known["phone_verified"] is False


def test_unsigned_and_foreign_tokens_are_refused(api):
    session = api.sign_up()
    claims = api.claims(session["access_token"])
    stranger = jwt.PyJWK(json.loads(generate_signing_key()), "ES256").key
    forgeries = [
        f"{encoded({'alg': 'none'})}.{encoded(claims)}.",
        f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(claims)}.{encoded('x')}",
        jwt.encode(claims, b"x" * 40, "HS256"),
        jwt.encode(claims, stranger, "ES256", headers={"kid": api.gateway.tokens.jwks()["keys"][0]["kid"]}),
        session["access_token"][:-4] + "AAAA",
        "a.b.c",
    ]
    for forgery in forgeries:
        assert refused(api.user(forgery)) == (403, "bad_jwt")


def test_tokens_end_on_the_second(api):
    session = api.sign_up()
    claims = api.claims(session["access_token"]) | {"exp": int(time.time()) - 1}
    assert refused(api.user(api.gateway.tokens.sign(claims))) == (403, "bad_jwt")


def test_anothers_session_cannot_be_borrowed(api):
    ann, bob = api.sign_up(), api.sign_up("bob@example.com")
    mixed = api.claims(ann["access_token"]) | {"session_id": api.claims(bob["access_token"])["session_id"]}
    assert refused(api.user(api.gateway.tokens.sign(mixed))) == (403, "session_not_found")


@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        ({"role": "anon"}, 403, "bad_jwt"),
        ({"sub": "nonsense"}, 400, "bad_jwt"),
        ({"sub": ["a"]}, 400, "bad_jwt"),
        ({"sub": str(uuid.uuid4())}, 403, "user_not_found"),
    ],
)
def test_our_own_signature_is_not_enough(api, claims, status, code):
    assert refused(api.user(api.gateway.tokens.sign(claims))) == (status, code)


def test_keys_are_not_people(api):
    assert refused(api.call("GET", "/user")) == (403, "bad_jwt")
    assert refused(api.admin("GET", "/user")) == (403, "bad_jwt")


@pytest.mark.parametrize("text", ["' or '1'='1", "ann@example.com' --", "%", "ann@example.com\\", '{"$ne": null}'])
def test_credentials_are_values_not_sql(api, text):
    api.sign_up()
    for body in ({"email": text, "password": PASSWORD}, {"phone": text, "password": PASSWORD}):
        assert api.call("POST", "/token?grant_type=password", body).status_code == 400
    assert refused(api.refresh(text)) == (400, "refresh_token_not_found")
    assert refused(api.call("POST", "/verify", {"type": "signup", "token_hash": text})) == (403, "otp_expired")


def test_metadata_is_data_not_sql(api):
    evil = {"'; drop table auth.users; --": {"$where": "1", "a\\": '"'}, "": [None, 1.5, "%s"]}
    stored = api.sign_up(data=evil)["user"]["user_metadata"]
    assert {name: stored[name] for name in evil} == evil


def test_bodies_are_bounded(api):
    """A big one is refused in the service's own form, and nothing of it is logged."""
    body = {"email": "ann@example.com", "password": PASSWORD, "data": {"a": "x" * 2_000_000}}
    assert refused(api.call("POST", "/signup", body)) == (413, "validation_failed")


def test_sign_ins_are_limited(make_api):
    api = make_api(rate_limit_sign_in=2)
    assert [api.sign_in().status_code for _ in range(3)] == [400, 400, 429]


def test_anonymous_sign_ins_are_limited(make_api):
    api = make_api(rate_limit_anonymous=1)
    expect(200, api.call("POST", "/signup", {}))
    assert refused(api.call("POST", "/signup", {})) == (429, "over_request_rate_limit")


def test_mails_are_limited(make_api):
    api = make_api(rate_limit_email_sent=1)
    expect(200, api.call("POST", "/otp", {"email": "a@example.com"}))
    assert refused(api.call("POST", "/otp", {"email": "b@example.com"})) == (429, "over_email_send_rate_limit")


def test_strangers_take_as_long_as_people(make_api):
    """The gateway lives in this process: what it computes is measured, not how busy the machine is."""
    api = make_api(password_bcrypt_cost=10)
    api.sign_up()

    def fastest(email):
        times = []
        for _ in range(5):
            started = time.process_time()
            api.sign_in(email, "wrong")
            times.append(time.process_time() - started)
        return min(times)

    assert fastest("nobody@example.com") > fastest("ann@example.com") / 2
