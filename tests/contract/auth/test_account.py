import pytest

from contract.auth.support import PASSWORD, expect, refused


@pytest.fixture
def ann(api):
    return api.sign_up(data={"name": "Ann", "old": 1})


def put(api, session, body):
    return api.call("PUT", "/user", body, token=session["access_token"])


def test_metadata_is_merged_and_null_removes(api, ann):
    user = expect(200, put(api, ann, {"data": {"name": "Anna", "old": None, "new": [1, {"a": "é"}]}}))
    assert user["user_metadata"]["name"] == "Anna"
    assert user["user_metadata"]["new"] == [1, {"a": "é"}]
    assert "old" not in user["user_metadata"]


def test_a_new_password_replaces_the_old_and_ends_other_sessions(api, ann):
    other = expect(200, api.sign_in())
    expect(200, put(api, ann, {"password": "battery staple 2"}))
    assert refused(api.sign_in()) == (400, "invalid_credentials")
    expect(200, api.sign_in(password="battery staple 2"))
    expect(200, api.user(ann["access_token"]))
    assert refused(api.user(other["access_token"])) == (403, "session_not_found")


def test_the_new_password_must_be_new_and_strong(api, ann):
    assert refused(put(api, ann, {"password": PASSWORD})) == (422, "same_password")
    weak = put(api, ann, {"password": "short"})
    assert refused(weak) == (422, "weak_password")
    assert weak.json()["weak_password"] == {"reasons": ["length"]}


def test_a_change_of_address_waits_for_its_confirmation(make_api):
    api = make_api(secure_email_change=False)
    ann = api.sign_up()
    user = expect(200, put(api, ann, {"email": "New@example.com"}))
    assert (user["email"], user["new_email"]) == ("ann@example.com", "new@example.com")
    mail = api.mails("new@example.com")[0]
    proof = {"type": "email_change", "email": "new@example.com", "token": mail["otp"]}
    session = expect(200, api.call("POST", "/verify", proof))
    assert session["user"]["email"] == "new@example.com"
    assert "new_email" not in session["user"]
    assert session["user"]["identities"][0]["identity_data"]["email"] == "new@example.com"
    expect(200, api.sign_in("new@example.com"))


def test_a_secure_change_of_address_needs_both_sides(make_api, sql):
    api = make_api(mailer_autoconfirm=False)
    expect(
        200,
        api.admin("POST", "/admin/users", {"email": "ann@example.com", "password": PASSWORD, "email_confirm": True}),
    )
    ann = expect(200, api.sign_in())
    expect(200, put(api, ann, {"email": "new@example.com"}))
    half = {"type": "email_change", "token_hash": api.mails("new@example.com")[0]["token_hash"]}
    answer = expect(200, api.call("POST", "/verify", half))
    assert "access_token" not in answer
    assert sql("select email from auth.users") == [{"email": "ann@example.com"}]
    assert refused(api.call("POST", "/verify", half)) == (403, "otp_expired")
    rest = {"type": "email_change", "token_hash": api.mails("ann@example.com")[0]["token_hash"]}
    assert expect(200, api.call("POST", "/verify", rest))["user"]["email"] == "new@example.com"


def test_nobody_takes_anothers_address_or_number(api, ann):
    api.sign_up("bob@example.com")
    expect(200, api.call("POST", "/signup", {"phone": "41790000000", "password": PASSWORD}))
    assert refused(put(api, ann, {"email": "BOB@example.com"})) == (422, "email_exists")
    assert refused(put(api, ann, {"phone": "+41790000000"})) == (422, "phone_exists")


def test_an_address_taken_while_the_change_waited_stays_with_its_owner(make_api):
    api = make_api(secure_email_change=False)
    ann = api.sign_up()
    expect(200, put(api, ann, {"email": "new@example.com"}))
    api.sign_up("new@example.com", "bobs password")
    proof = {"type": "email_change", "token_hash": api.mails("new@example.com")[0]["token_hash"]}
    assert refused(api.call("POST", "/verify", proof)) == (400, "email_exists")
    expect(200, api.sign_in("new@example.com", "bobs password"))


def test_a_number_can_be_added(api, ann):
    user = expect(200, put(api, ann, {"phone": "+41791112233"}))
    assert user["phone"] == "41791112233"
    assert user["app_metadata"]["providers"] == ["email", "phone"]
    assert {identity["provider"] for identity in user["identities"]} == {"email", "phone"}


def test_a_number_is_confirmed_by_text_message(strict_api, sql):
    created = {"email": "ann@example.com", "password": PASSWORD, "email_confirm": True}
    expect(200, strict_api.admin("POST", "/admin/users", created))
    ann = expect(200, strict_api.sign_in())
    assert expect(200, put(strict_api, ann, {"phone": "+41791112233"}))["new_phone"] == "41791112233"
    code = strict_api.mails("41791112233")[0]["otp"]
    proof = {"type": "phone_change", "phone": "41791112233", "token": code}
    assert expect(200, strict_api.call("POST", "/verify", proof))["user"]["phone"] == "41791112233"


def test_an_anonymous_person_becomes_permanent(api):
    guest = expect(200, api.call("POST", "/signup", {}))
    assert refused(put(api, guest, {"password": PASSWORD})) == (422, "validation_failed")
    user = expect(200, put(api, guest, {"email": "ann@example.com", "password": PASSWORD}))
    assert (user["is_anonymous"], user["email"]) == (False, "ann@example.com")
    assert expect(200, api.sign_in())["user"]["id"] == guest["user"]["id"]


def test_a_sensitive_change_may_need_a_fresh_proof(make_api, sql):
    api = make_api(password_update_needs_reauthentication=True)
    ann = api.sign_up()
    expect(200, put(api, ann, {"password": "signed in just now"}))
    sql("update auth.sessions set created_at = now() - interval '2 days'")
    change = {"password": "another password"}
    assert refused(put(api, ann, change)) == (400, "reauthentication_needed")
    assert refused(put(api, ann, change | {"nonce": "000000"})) == (422, "reauthentication_not_valid")
    expect(200, api.call("GET", "/reauthenticate", token=ann["access_token"]))
    nonce = api.mails("ann@example.com")[0]["otp"]
    expect(200, put(api, ann, change | {"nonce": nonce}))


def test_app_metadata_is_not_for_its_owner(api, ann):
    assert refused(put(api, ann, {"app_metadata": {"role": "service_role"}})) == (403, "not_admin")


def test_unlinking_is_off_by_default(api, ann):
    path = f"/user/identities/{ann['user']['identities'][0]['identity_id']}"
    assert refused(api.call("DELETE", path, token=ann["access_token"])) == (404, "manual_linking_disabled")


def test_the_last_identity_stays(make_api):
    api = make_api(enable_manual_linking=True)
    ann = api.sign_up()
    user = expect(200, put(api, ann, {"phone": "41791112233"}))
    phone = next(identity for identity in user["identities"] if identity["provider"] == "phone")
    expect(200, api.call("DELETE", f"/user/identities/{phone['identity_id']}", token=ann["access_token"]))
    user = expect(200, api.user(ann["access_token"]))
    assert (user["phone"], user["app_metadata"]["providers"]) == ("", ["email"])
    last = f"/user/identities/{user['identities'][0]['identity_id']}"
    refusal = refused(api.call("DELETE", last, token=ann["access_token"]))
    assert refusal == (422, "single_identity_not_deletable")
