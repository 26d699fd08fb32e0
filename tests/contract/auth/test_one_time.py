from urllib.parse import parse_qs, urlsplit

import pytest

from contract.auth.support import PASSWORD, expect, refused

SITE = "http://127.0.0.1:3000"


def follow(api, link):
    """Open a link as a mail program does: no key, no redirects."""
    parts = urlsplit(link)
    response = api._client.get(f"{parts.scheme}://{parts.netloc}{parts.path}?{parts.query}")
    assert response.status_code == 303, response.text
    target = urlsplit(response.headers["location"])
    return target._replace(query="", fragment="").geturl(), parse_qs(target.query), parse_qs(target.fragment)


def verify(api, **body):
    return api.call("POST", "/verify", body)


def test_a_confirmation_code_signs_in(strict_api):
    strict_api.sign_up()
    mail = strict_api.mails("ann@example.com")[0]
    session = expect(200, verify(strict_api, type="signup", email="Ann@example.com", token=mail["otp"]))
    assert session["user"]["email_confirmed_at"]
    assert session["user"]["identities"][0]["identity_data"]["email_verified"] is True
    expect(200, strict_api.sign_in())


def test_a_confirmation_link_signs_in_and_returns_to_the_site(strict_api):
    strict_api.sign_up()
    target, _, fragment = follow(strict_api, strict_api.mails("ann@example.com")[0]["link"])
    assert target == SITE
    assert fragment["type"] == ["signup"]
    expect(200, strict_api.user(fragment["access_token"][0]))


def test_the_link_returns_where_it_was_asked_to_if_that_is_allowed(strict_api):
    for asked, got in (("http://127.0.0.1:5173/in", "http://127.0.0.1:5173/in"), ("https://evil.test/", SITE)):
        email = f"a{len(asked)}@example.com"
        expect(200, strict_api.call("POST", f"/signup?redirect_to={asked}", {"email": email, "password": PASSWORD}))
        assert follow(strict_api, strict_api.mails(email)[0]["link"])[0] == got


def test_a_token_is_good_once(strict_api):
    strict_api.sign_up()
    mail = strict_api.mails("ann@example.com")[0]
    expect(200, verify(strict_api, type="signup", token_hash=mail["token_hash"]))
    again = verify(strict_api, type="signup", token_hash=mail["token_hash"])
    assert refused(again) == (403, "otp_expired")
    target, _, fragment = follow(strict_api, mail["link"])
    assert (target, fragment["error"], fragment["error_code"]) == (SITE, ["access_denied"], ["otp_expired"])


def test_a_token_grows_old(strict_api, sql):
    strict_api.sign_up()
    mail = strict_api.mails("ann@example.com")[0]
    sql("update auth.users set confirmation_sent_at = now() - interval '61 minutes'")
    for proof in ({"token_hash": mail["token_hash"]}, {"email": "ann@example.com", "token": mail["otp"]}):
        assert refused(verify(strict_api, type="signup", **proof)) == (403, "otp_expired")


def test_a_code_is_good_for_its_own_person_and_purpose_alone(strict_api):
    strict_api.sign_up()
    strict_api.sign_up("bob@example.com")
    code = strict_api.mails("ann@example.com")[0]["otp"]
    for proof in (
        {"type": "signup", "email": "bob@example.com", "token": code},
        {"type": "recovery", "email": "ann@example.com", "token": code},
        {"type": "email_change", "email": "ann@example.com", "token": code},
        {"type": "signup", "email": "nobody@example.com", "token": code},
    ):
        assert refused(verify(strict_api, **proof)) == (403, "otp_expired")
    expect(200, verify(strict_api, type="email", email="ann@example.com", token=code))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "signup"},
        {"type": "signup", "token": "1", "token_hash": "2"},
        {"type": "signup", "token": "1"},
        {"type": "signup", "token": "1", "email": "a@b.test", "phone": "123"},
        {"type": "signup", "token_hash": "1", "email": "a@b.test"},
        {"type": "nonsense", "token_hash": "1"},
        {"type": "signup", "token": "1", "email": "nonsense"},
    ],
)
def test_incomplete_proofs_are_refused(api, body):
    assert refused(api.call("POST", "/verify", body)) == (400, "validation_failed")


def test_recovery_lets_a_person_choose_a_new_password(api):
    api.sign_up()
    assert expect(200, api.call("POST", "/recover", {"email": "ann@example.com"})) == {}
    mail = api.mails("ann@example.com")[0]
    assert mail["kind"] == "recovery"
    session = expect(200, verify(api, type="recovery", token_hash=mail["token_hash"]))
    expect(200, api.call("PUT", "/user", {"password": "a new password"}, token=session["access_token"]))
    expect(200, api.sign_in(password="a new password"))


def test_a_magic_link_signs_in(api):
    api.sign_up()
    expect(200, api.call("POST", "/otp", {"email": "ann@example.com"}))
    mail = api.mails("ann@example.com")[0]
    assert mail["kind"] == "magiclink"
    _, _, fragment = follow(api, mail["link"])
    assert api.claims(fragment["access_token"][0])["amr"][0]["method"] == "otp"


@pytest.mark.parametrize("path", ["/otp", "/magiclink"])
def test_a_magic_link_makes_an_account_for_a_newcomer(api, path):
    expect(200, api.call("POST", path, {"email": "new@example.com", "data": {"name": "New"}}))
    code = api.mails("new@example.com")[0]["otp"]
    session = expect(200, verify(api, type="email", email="new@example.com", token=code))
    assert session["user"]["user_metadata"]["name"] == "New"


def test_a_newcomers_confirmation_is_the_magic_link(strict_api):
    expect(200, strict_api.call("POST", "/otp", {"email": "new@example.com"}))
    mails = strict_api.mails("new@example.com")
    assert [mail["kind"] for mail in mails] == ["signup"]
    expect(200, verify(strict_api, type="email", email="new@example.com", token=mails[0]["otp"]))


def test_without_create_user_strangers_get_nothing(api):
    refusal = refused(api.call("POST", "/otp", {"email": "new@example.com", "create_user": False}))
    assert refusal == (422, "otp_disabled")


def test_numbers_sign_in_by_code(strict_api):
    expect(200, strict_api.call("POST", "/otp", {"phone": "+41791112233"}))
    code = strict_api.mails("41791112233")[0]["otp"]
    session = expect(200, verify(strict_api, type="sms", phone="+41791112233", token=code))
    assert session["user"]["phone_confirmed_at"]


def test_without_a_provider_no_text_message_is_sent(make_api):
    api = make_api(sms_provider="none")
    answer = api.call("POST", "/otp", {"phone": "+41791112233"})
    assert refused(answer) == (500, "unexpected_failure")
    assert "Unable to get SMS provider" in answer.json()["message"]
    expect(200, api.call("POST", "/signup", {"phone": "+41791112244", "password": PASSWORD}))


def test_strangers_cannot_be_told_from_people(api):
    api.sign_up()
    for path, more in (("/recover", {}), ("/resend", {"type": "signup"})):
        known = api.call("POST", path, {"email": "ann@example.com", **more})
        stranger = api.call("POST", path, {"email": "eve@example.com", **more})
        assert (known.status_code, known.text) == (stranger.status_code, stranger.text) == (200, "{}")


def test_a_confirmation_can_be_sent_again(strict_api):
    strict_api.sign_up()
    expect(200, strict_api.call("POST", "/resend", {"type": "signup", "email": "ann@example.com"}))
    newer, older = strict_api.mails("ann@example.com")
    assert refused(verify(strict_api, type="signup", token_hash=older["token_hash"])) == (403, "otp_expired")
    expect(200, verify(strict_api, type="signup", token_hash=newer["token_hash"]))


@pytest.mark.parametrize(
    "body", [{}, {"type": "magiclink", "email": "a@b.test"}, {"type": "signup", "phone": "1"}, {"type": "sms"}]
)
def test_incomplete_resends_are_refused(api, body):
    assert refused(api.call("POST", "/resend", body)) == (400, "validation_failed")


def test_one_person_is_not_flooded_with_mail(make_api):
    api = make_api(email_send_interval=60)
    api.sign_up()
    expect(200, api.call("POST", "/recover", {"email": "ann@example.com"}))
    again = api.call("POST", "/recover", {"email": "ann@example.com"})
    assert refused(again) == (429, "over_email_send_rate_limit")


def test_guessing_is_limited(make_api):
    api = make_api(rate_limit_verify=3)
    answers = [verify(api, type="signup", email="ann@example.com", token=f"{n:06}") for n in range(4)]
    assert refused(answers[2]) == (403, "otp_expired")
    assert refused(answers[3]) == (429, "over_request_rate_limit")


def test_the_mailbox_is_for_administrators(api):
    assert refused(api.call("GET", "/admin/mailbox")) == (403, "not_admin")
    token = api.sign_up()["access_token"]
    assert refused(api.call("GET", "/admin/mailbox", token=token)) == (403, "not_admin")
    expect(204, api.admin("DELETE", "/admin/mailbox"))
