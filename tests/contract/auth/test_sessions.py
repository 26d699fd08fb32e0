import concurrent.futures

import pytest

from contract.auth.support import PASSWORD, expect, refused


def test_the_right_password_signs_in(api):
    api.sign_up()
    session = expect(200, api.sign_in("ANN@example.com"))
    assert session["user"]["last_sign_in_at"]
    assert expect(200, api.user(session["access_token"]))["email"] == "ann@example.com"


def test_wrong_passwords_and_strangers_get_the_same_answer(api):
    api.sign_up()
    wrong, stranger = api.sign_in(password="wrong"), api.sign_in("eve@example.com")
    assert refused(wrong) == refused(stranger) == (400, "invalid_credentials")
    assert wrong.json() == stranger.json()


@pytest.mark.parametrize(
    ("query", "body", "code"),
    [
        ("grant_type=password", {}, "validation_failed"),
        ("grant_type=password", {"email": "a@b.test", "phone": "1", "password": "x"}, "validation_failed"),
        ("grant_type=refresh_token", {}, "validation_failed"),
        ("grant_type=refresh_token", {"refresh_token": "unknown"}, "refresh_token_not_found"),
        ("grant_type=implicit", {}, "invalid_credentials"),
        ("", {}, "invalid_credentials"),
        ("grant_type=id_token", {"provider": "google", "id_token": "x"}, "provider_disabled"),
        ("grant_type=id_token", {"provider": "nobody", "id_token": "x"}, "validation_failed"),
        ("grant_type=id_token", {"provider": "google"}, "validation_failed"),
        ("grant_type=pkce", {"auth_code": "x"}, "validation_failed"),
    ],
)
def test_bad_grants_are_refused(api, query, body, code):
    assert refused(api.call("POST", f"/token?{query}", body)) == (400, code)


def test_a_password_that_is_weak_today_still_signs_in_with_a_warning(make_api):
    make_api().sign_up()
    session = expect(200, make_api(password_min_length=30).sign_in())
    assert session["weak_password"]["reasons"] == ["length"]


def test_refresh_tokens_rotate(api):
    first = api.sign_up()
    second = expect(200, api.refresh(first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    sessions = {api.claims(body["access_token"])["session_id"] for body in (first, second)}
    assert len(sessions) == 1


def test_a_client_that_missed_the_answer_may_ask_again(api):
    first = api.sign_up()
    second = expect(200, api.refresh(first["refresh_token"]))
    again = expect(200, api.refresh(first["refresh_token"]))
    assert again["refresh_token"] == second["refresh_token"]


def test_within_the_interval_an_older_token_leads_to_the_active_one(api):
    tokens = [api.sign_up()["refresh_token"]]
    for _ in range(3):
        tokens.append(expect(200, api.refresh(tokens[-1]))["refresh_token"])
    assert expect(200, api.refresh(tokens[0]))["refresh_token"] == tokens[-1]


def test_a_token_shown_again_too_late_ends_its_family(make_api):
    api = make_api(refresh_token_reuse_interval=0)
    tokens = [api.sign_up()["refresh_token"]]
    for _ in range(2):
        tokens.append(expect(200, api.refresh(tokens[-1]))["refresh_token"])
    assert refused(api.refresh(tokens[0])) == (400, "refresh_token_already_used")
    for token in tokens:
        assert refused(api.refresh(token)) == (400, "refresh_token_already_used")


def test_other_sessions_survive_the_end_of_a_family(make_api):
    api = make_api(refresh_token_reuse_interval=0)
    stolen, other = api.sign_up()["refresh_token"], expect(200, api.sign_in())["refresh_token"]
    second = expect(200, api.refresh(stolen))["refresh_token"]
    expect(200, api.refresh(second))
    assert refused(api.refresh(stolen)) == (400, "refresh_token_already_used")
    expect(200, api.refresh(other))


def test_concurrent_refreshes_agree_on_one_token(api, sql):
    token = api.sign_up()["refresh_token"]
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(api.refresh, [token] * 8))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert sql("select count(*) as n from auth.refresh_tokens where not revoked") == [{"n": 1}]


def test_a_session_has_its_time(make_api, sql):
    api = make_api(session_timebox=3600, session_inactivity_timeout=600)
    token = api.sign_up()["refresh_token"]
    sql("update auth.sessions set created_at = now() - interval '11 minutes'")
    assert refused(api.refresh(token)) == (400, "session_expired")
    sql("update auth.sessions set refreshed_at = now() at time zone 'utc'")
    expect(200, api.refresh(token))
    sql("update auth.sessions set created_at = now() - interval '2 hours'")
    assert refused(api.refresh(token)) == (400, "session_expired")


def test_banned_people_can_neither_sign_in_nor_refresh(api):
    session = api.sign_up()
    expect(200, api.admin("PUT", f"/admin/users/{session['user']['id']}", {"ban_duration": "1h"}))
    assert refused(api.sign_in()) == (400, "user_banned")
    assert refused(api.sign_in(password="wrong")) == (400, "invalid_credentials")
    assert refused(api.refresh(session["refresh_token"])) == (400, "user_banned")
    expect(200, api.admin("PUT", f"/admin/users/{session['user']['id']}", {"ban_duration": "none"}))
    expect(200, api.sign_in())


def test_a_local_logout_ends_this_session_alone(api):
    here, there = api.sign_up(), expect(200, api.sign_in())
    expect(204, api.call("POST", "/logout?scope=local", token=here["access_token"]))
    assert refused(api.user(here["access_token"])) == (403, "session_not_found")
    assert refused(api.refresh(here["refresh_token"])) == (400, "refresh_token_not_found")
    expect(200, api.user(there["access_token"]))


def test_a_logout_of_the_others_keeps_this_session(api):
    here, there = api.sign_up(), expect(200, api.sign_in())
    expect(204, api.call("POST", "/logout?scope=others", token=here["access_token"]))
    expect(200, api.user(here["access_token"]))
    assert refused(api.user(there["access_token"])) == (403, "session_not_found")


def test_a_logout_is_global_by_default(api):
    here, there = api.sign_up(), expect(200, api.sign_in())
    expect(204, api.call("POST", "/logout", token=here["access_token"]))
    for session in (here, there):
        assert refused(api.user(session["access_token"])) == (403, "session_not_found")


def test_other_scopes_are_refused(api):
    token = api.sign_up()["access_token"]
    assert refused(api.call("POST", "/logout?scope=everyone", token=token)) == (400, "validation_failed")


def test_what_happened_is_written_down(api, sql):
    session = api.sign_up()
    api.refresh(session["refresh_token"])
    api.call("POST", "/logout", token=session["access_token"])
    rows = sql("select payload ->> 'action' as action, payload ->> 'actor_username' as who from auth.audit_log_entries")
    assert [row["action"] for row in rows] == ["user_signedup", "login", "token_revoked", "token_refreshed", "logout"]
    assert {row["who"] for row in rows} == {"ann@example.com"}
    assert expect(200, api.admin("GET", "/admin/audit?per_page=2"))[0]["payload"]["action"] == "logout"


def test_passwords_are_never_stored_or_logged_in_the_clear(api, sql):
    api.sign_up()
    dump = str(sql("select u::text from auth.users u")) + str(sql("select e::text from auth.audit_log_entries e"))
    assert PASSWORD not in dump
