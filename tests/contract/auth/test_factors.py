import time
import uuid

import pytest

from contract.auth.support import expect, refused
from upshot_devstack.gateway.auth import totp


@pytest.fixture
def ann(api):
    return api.sign_up()


def enroll(api, token, **body):
    return expect(200, api.call("POST", "/factors", {"factor_type": "totp", **body}, token=token))


def prove(api, token, factor_id, code):
    asked = expect(200, api.call("POST", f"/factors/{factor_id}/challenge", {}, token=token))
    body = {"challenge_id": asked["id"], "code": code}
    return api.call("POST", f"/factors/{factor_id}/verify", body, token=token)


def raised(api, token):
    """A session of the second level, with its factor."""
    factor = enroll(api, token, friendly_name="phone app")
    code = totp.code_at(factor["totp"]["secret"], time.time())
    return factor, expect(200, prove(api, token, factor["id"], code))


def test_a_code_raises_the_session_to_the_second_level(api, ann):
    factor, session = raised(api, ann["access_token"])
    assert factor["totp"]["uri"].startswith("otpauth://totp/127.0.0.1%3A3000:ann%40example.com?")
    assert factor["totp"]["qr_code"].startswith("<svg")
    claims = api.claims(session["access_token"])
    assert claims["aal"] == "aal2"
    assert {entry["method"] for entry in claims["amr"]} == {"password", "totp"}
    assert session["user"]["factors"][0]["status"] == "verified"
    assert "secret" not in session["user"]["factors"][0]
    refreshed = expect(200, api.refresh(session["refresh_token"]))
    assert api.claims(refreshed["access_token"])["aal"] == "aal2"


def test_wrong_codes_are_refused(api, ann):
    factor = enroll(api, ann["access_token"])
    assert refused(prove(api, ann["access_token"], factor["id"], "000000")) == (422, "mfa_verification_failed")


def test_a_challenge_is_answered_once(api, ann):
    token = ann["access_token"]
    factor = enroll(api, token)
    code = totp.code_at(factor["totp"]["secret"], time.time())
    asked = expect(200, api.call("POST", f"/factors/{factor['id']}/challenge", {}, token=token))
    answer = {"challenge_id": asked["id"], "code": code}
    expect(200, api.call("POST", f"/factors/{factor['id']}/verify", answer, token=token))
    again = api.call("POST", f"/factors/{factor['id']}/verify", answer, token=token)
    assert refused(again) == (422, "mfa_ip_address_mismatch")


def test_challenges_grow_old(api, ann, sql):
    token = ann["access_token"]
    factor = enroll(api, token)
    asked = expect(200, api.call("POST", f"/factors/{factor['id']}/challenge", {}, token=token))
    sql("update auth.mfa_challenges set created_at = now() - interval '6 minutes'")
    answer = {"challenge_id": asked["id"], "code": "000000"}
    late = api.call("POST", f"/factors/{factor['id']}/verify", answer, token=token)
    assert refused(late) == (422, "mfa_challenge_expired")


def test_a_text_message_is_a_factor_too(api, ann):
    token = ann["access_token"]
    factor = enroll(api, token, factor_type="phone", phone="+41791112233")
    asked = expect(200, api.call("POST", f"/factors/{factor['id']}/challenge", {}, token=token))
    answer = {"challenge_id": asked["id"], "code": api.mails("41791112233")[0]["otp"]}
    session = expect(200, api.call("POST", f"/factors/{factor['id']}/verify", answer, token=token))
    assert api.claims(session["access_token"])["aal"] == "aal2"


def test_where_there_is_a_second_factor_the_first_is_not_enough(api, ann):
    factor, _ = raised(api, ann["access_token"])
    weak = expect(200, api.sign_in())["access_token"]
    assert refused(api.call("PUT", "/user", {"password": "another one"}, token=weak)) == (401, "insufficient_aal")
    assert refused(api.call("POST", "/factors", {"factor_type": "totp"}, token=weak)) == (403, "insufficient_aal")
    assert refused(api.call("DELETE", f"/factors/{factor['id']}", token=weak)) == (422, "insufficient_aal")
    expect(200, api.call("PUT", "/user", {"data": {"a": 1}}, token=weak))


def test_the_first_factor_ends_the_sessions_without_it(api, ann):
    other = expect(200, api.sign_in())
    raised(api, ann["access_token"])
    assert refused(api.user(other["access_token"])) == (403, "session_not_found")


def test_giving_up_a_factor_lowers_the_session(api, ann):
    factor, session = raised(api, ann["access_token"])
    token = session["access_token"]
    assert expect(200, api.call("DELETE", f"/factors/{factor['id']}", token=token)) == {"id": factor["id"]}
    refreshed = expect(200, api.refresh(session["refresh_token"]))
    assert api.claims(refreshed["access_token"])["aal"] == "aal1"


def test_anothers_factor_is_not_found(api, ann):
    factor = enroll(api, ann["access_token"])
    bob = api.sign_up("bob@example.com")["access_token"]
    for method, path in (("POST", "challenge"), ("DELETE", "")):
        answer = api.call(method, f"/factors/{factor['id']}/{path}", {}, token=bob)
        assert refused(answer) == (404, "mfa_factor_not_found")
    unknown = api.call("DELETE", f"/factors/{uuid.uuid4()}", token=bob)
    assert refused(unknown) == (404, "mfa_factor_not_found")


def test_a_number_is_a_factor_once(api, ann):
    token, body = ann["access_token"], {"factor_type": "phone", "phone": "+41791112233"}
    enroll(api, token, **body)
    factor = enroll(api, token, **body)
    asked = expect(200, api.call("POST", f"/factors/{factor['id']}/challenge", {}, token=token))
    answer = {"challenge_id": asked["id"], "code": api.mails("41791112233")[0]["otp"]}
    session = expect(200, api.call("POST", f"/factors/{factor['id']}/verify", answer, token=token))
    again = api.call("POST", "/factors", body, token=session["access_token"])
    assert refused(again) == (422, "mfa_verified_factor_exists")


def test_unfinished_enrolments_end_with_the_first_success(api, ann):
    enroll(api, ann["access_token"], friendly_name="never finished")
    _, session = raised(api, ann["access_token"])
    assert [factor["friendly_name"] for factor in session["user"]["factors"]] == ["phone app"]


def test_bad_enrolments_are_refused(api, ann):
    token = ann["access_token"]
    enroll(api, token, friendly_name="one")
    twice = api.call("POST", "/factors", {"factor_type": "totp", "friendly_name": "one"}, token=token)
    assert refused(twice) == (422, "mfa_factor_name_conflict")
    assert refused(api.call("POST", "/factors", {"factor_type": "magic"}, token=token)) == (400, "validation_failed")
    assert refused(api.call("POST", "/factors", {"factor_type": "phone"}, token=token)) == (400, "validation_failed")
    guest = expect(200, api.call("POST", "/signup", {}))["access_token"]
    assert refused(api.call("POST", "/factors", {"factor_type": "totp"}, token=guest)) == (403, "no_authorization")


def test_administrators_see_rename_and_delete_factors(api, ann):
    factor = enroll(api, ann["access_token"], friendly_name="one")
    path = f"/admin/users/{ann['user']['id']}/factors"
    assert expect(200, api.admin("GET", path))[0]["friendly_name"] == "one"
    assert expect(200, api.admin("PUT", f"{path}/{factor['id']}", {"friendly_name": "two"}))["friendly_name"] == "two"
    expect(200, api.admin("DELETE", f"{path}/{factor['id']}"))
    assert expect(200, api.admin("GET", path)) == []
