import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest

from contract.auth.support import PASSWORD, expect, refused

VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = {
    "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode(),
    "code_challenge_method": "s256",
}


def code_of(api, mail):
    response = api._client.get(mail["link"])
    return parse_qs(urlsplit(response.headers["location"]).query)


def exchange(api, code, verifier=VERIFIER):
    return api.call("POST", "/token?grant_type=pkce", {"auth_code": code, "code_verifier": verifier})


def test_a_sign_up_goes_through_a_code(strict_api):
    strict_api.sign_up(**CHALLENGE)
    mail = strict_api.mails("ann@example.com")[0]
    assert mail["token_hash"].startswith("pkce_")
    code = code_of(strict_api, mail)["code"][0]
    assert refused(exchange(strict_api, code, "wrong" * 10)) == (400, "bad_code_verifier")
    assert expect(200, exchange(strict_api, code))["user"]["email"] == "ann@example.com"
    assert refused(exchange(strict_api, code)) == (404, "flow_state_not_found")


def test_magic_links_and_recoveries_do_too(api):
    api.sign_up()
    for path in ("/otp", "/recover"):
        expect(200, api.call("POST", path, {"email": "ann@example.com", **CHALLENGE}))
        code = code_of(api, api.mails("ann@example.com")[0])["code"][0]
        expect(200, exchange(api, code))


def test_the_code_in_the_mail_can_be_typed_too(strict_api):
    strict_api.sign_up(**CHALLENGE)
    proof = {"type": "signup", "email": "ann@example.com", "token": strict_api.mails("ann@example.com")[0]["otp"]}
    expect(200, strict_api.call("POST", "/verify", proof))


def test_codes_grow_old(strict_api, sql):
    strict_api.sign_up(**CHALLENGE)
    code = code_of(strict_api, strict_api.mails("ann@example.com")[0])["code"][0]
    sql("update auth.flow_state set auth_code_issued_at = now() - interval '6 minutes'")
    assert refused(exchange(strict_api, code)) == (422, "flow_state_expired")


def test_a_code_that_no_link_has_released_is_unknown(strict_api, sql):
    strict_api.sign_up(**CHALLENGE)
    code = sql("select auth_code from auth.flow_state")[0]["auth_code"]
    assert refused(exchange(strict_api, code)) == (404, "flow_state_not_found")


def test_errors_come_back_in_the_query_too(strict_api):
    link = f"{strict_api.gateway.url}/auth/v1/verify?token=pkce_unknown&type=signup"
    assert code_of(strict_api, {"link": link})["error_code"] == ["otp_expired"]


@pytest.mark.parametrize(
    "challenge",
    [
        {"code_challenge": "x" * 43},
        {"code_challenge_method": "s256"},
        {"code_challenge": "x" * 42, "code_challenge_method": "s256"},
        {"code_challenge": "x" * 129, "code_challenge_method": "plain"},
        {"code_challenge": "é" * 43, "code_challenge_method": "plain"},
        {"code_challenge": "x" * 43, "code_challenge_method": "md5"},
    ],
)
def test_bad_challenges_are_refused(strict_api, challenge):
    body = {"email": "ann@example.com", "password": PASSWORD, **challenge}
    assert refused(strict_api.call("POST", "/signup", body)) == (400, "validation_failed")
