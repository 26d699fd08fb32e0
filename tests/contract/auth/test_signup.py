import concurrent.futures

import pytest

from contract.auth.support import PASSWORD, expect, refused


def test_a_confirmed_sign_up_is_a_session(api):
    session = api.sign_up("Ann@Example.com", data={"name": "Ann"})
    user, claims = session["user"], api.claims(session["access_token"])
    assert (session["token_type"], session["expires_in"]) == ("bearer", 3600)
    assert session["expires_at"] == claims["exp"]
    assert user["email"] == "ann@example.com"
    assert user["app_metadata"] == {"provider": "email", "providers": ["email"]}
    assert user["user_metadata"]["name"] == "Ann"
    assert user["identities"][0]["identity_data"]["email"] == "ann@example.com"
    assert user["email_confirmed_at"]
    assert not {"encrypted_password", "confirmation_token"} & user.keys()


def test_the_access_token_carries_supabases_claims(api):
    session = api.sign_up()
    claims = api.claims(session["access_token"])
    assert claims["iss"] == f"{api.gateway.url}/auth/v1"
    assert (claims["aud"], claims["role"], claims["aal"]) == ("authenticated", "authenticated", "aal1")
    assert claims["sub"] == session["user"]["id"]
    assert claims["amr"][0]["method"] == "password"
    assert (claims["email"], claims["phone"], claims["is_anonymous"]) == ("ann@example.com", "", False)
    assert claims["session_id"]


def test_an_unconfirmed_sign_up_is_a_user_who_cannot_sign_in_yet(strict_api):
    user = strict_api.sign_up()
    assert "access_token" not in user
    assert user["confirmation_sent_at"]
    assert "email_confirmed_at" not in user
    assert refused(strict_api.sign_in()) == (400, "email_not_confirmed")
    assert [mail["kind"] for mail in strict_api.mails("ann@example.com")] == ["signup"]


def test_signing_up_twice_is_refused_where_sign_ups_are_confirmed(api):
    api.sign_up()
    again = api.call("POST", "/signup", {"email": "ANN@example.com", "password": PASSWORD})
    assert refused(again) == (422, "user_already_exists")


def test_signing_up_twice_looks_like_a_first_time_where_they_are_not(strict_api, sql):
    first = strict_api.sign_up()
    sql("update auth.users set email_confirmed_at = now()")
    again = strict_api.sign_up(data={"name": "Eve"})
    assert again.keys() == first.keys()
    assert again["id"] != first["id"]
    assert again["identities"] == []
    assert sql("select count(*) as n from auth.users") == [{"n": 1}]


def test_an_unconfirmed_account_keeps_its_first_password(strict_api, sql):
    strict_api.sign_up()
    before = sql("select encrypted_password from auth.users")
    strict_api.sign_up(password="another password")
    assert sql("select encrypted_password from auth.users") == before


def test_numbers_sign_up_too(api):
    body = {"phone": "+41 79 123 45 67", "password": PASSWORD}
    session = expect(200, api.call("POST", "/signup", body))
    assert session["user"]["phone"] == "41791234567"
    assert session["user"]["phone_confirmed_at"]
    signed_in = expect(200, api.call("POST", "/token?grant_type=password", body))
    assert signed_in["user"]["id"] == session["user"]["id"]


def test_anonymous_people_have_a_session_and_no_identity(api):
    session = expect(200, api.call("POST", "/signup", {"data": {"theme": "dark"}}))
    assert session["user"]["is_anonymous"] is True
    assert session["user"]["identities"] == []
    assert session["user"]["user_metadata"] == {"theme": "dark"}
    assert api.claims(session["access_token"])["is_anonymous"] is True


def test_anonymous_sign_ins_can_be_switched_off(make_api):
    assert refused(make_api(enable_anonymous=False).call("POST", "/signup", {})) == (422, "anonymous_provider_disabled")


def test_sign_ups_can_be_switched_off(make_api):
    api = make_api(enable_signup=False)
    assert refused(api.call("POST", "/signup", {"email": "a@b.test", "password": PASSWORD})) == (422, "signup_disabled")
    assert refused(api.call("POST", "/signup", {})) == (422, "signup_disabled")
    assert refused(api.call("POST", "/otp", {"email": "a@b.test"})) == (422, "signup_disabled")


def test_providers_can_be_switched_off(make_api):
    api = make_api(enable_email=False, enable_phone=False)
    by_mail = api.call("POST", "/signup", {"email": "a@b.test", "password": PASSWORD})
    assert refused(by_mail) == (400, "email_provider_disabled")
    by_phone = api.call("POST", "/signup", {"phone": "123456", "password": PASSWORD})
    assert refused(by_phone) == (400, "phone_provider_disabled")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": "a@b.test"}, 400, "validation_failed"),
        ({"email": "nonsense", "password": PASSWORD}, 400, "validation_failed"),
        ({"phone": "nonsense", "password": PASSWORD}, 400, "validation_failed"),
        ({"email": "a@b.test", "phone": "123456", "password": PASSWORD}, 400, "validation_failed"),
        ({"email": "a@b.test", "password": "short"}, 422, "weak_password"),
        ({"email": "a@b.test", "password": "x" * 73}, 400, "validation_failed"),
        ({"email": "a@b.test", "password": PASSWORD, "data": []}, 400, "bad_json"),
        ({"email": ["a@b.test"], "password": PASSWORD}, 400, "bad_json"),
        ({"phone": "123456", "password": PASSWORD, "channel": "fax"}, 400, "validation_failed"),
    ],
)
def test_bad_sign_ups_are_refused(api, body, status, code):
    assert refused(api.call("POST", "/signup", body)) == (status, code)


def test_a_trigger_may_refuse_a_new_person_and_nothing_stays(api, sql):
    sql("create function public.no() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$")
    sql("create trigger no before insert on auth.users for each row execute function public.no()")
    failed = api.call("POST", "/signup", {"email": "a@b.test", "password": PASSWORD})
    assert refused(failed) == (500, "unexpected_failure")
    assert "no" not in failed.json()["message"].split()
    assert sql("select count(*) as n from auth.audit_log_entries") == [{"n": 0}]


def test_what_a_trigger_changes_is_in_the_answer(api, sql):
    sql(
        "create function public.mark() returns trigger language plpgsql as"
        """ $$ begin new.raw_app_meta_data = new.raw_app_meta_data || '{"plan": "free"}'; return new; end $$"""
    )
    sql("create trigger mark before insert on auth.users for each row execute function public.mark()")
    session = api.sign_up()
    assert session["user"]["app_metadata"]["plan"] == "free"
    assert api.claims(session["access_token"])["app_metadata"]["plan"] == "free"


@pytest.mark.parametrize("confirmed", [True, False])
def test_two_who_sign_up_with_one_address_at_once_make_one_account(make_api, sql, confirmed):
    api = make_api(mailer_autoconfirm=confirmed, phone_autoconfirm=confirmed)
    body = {"email": "ann@example.com", "password": PASSWORD}
    with concurrent.futures.ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: api.call("POST", "/signup", body), range(6)))
    assert sql("select count(*) as n from auth.users") == [{"n": 1}]
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == ([200, 422, 422, 422, 422, 422] if confirmed else [200] * 6)
