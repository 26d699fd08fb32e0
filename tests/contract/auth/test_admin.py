import uuid

import bcrypt
import pytest

from contract.auth.support import PASSWORD, expect, refused


def create(api, **body):
    return expect(200, api.admin("POST", "/admin/users", {"email": "ann@example.com", **body}))


def test_an_administrator_creates_a_whole_account(api):
    wanted = str(uuid.uuid4())
    user = create(
        api,
        id=wanted,
        password=PASSWORD,
        email_confirm=True,
        phone="+41791112233",
        phone_confirm=True,
        user_metadata={"name": "Ann"},
        app_metadata={"plan": "pro"},
        role="editor",
    )
    assert (user["id"], user["role"]) == (wanted, "editor")
    assert user["user_metadata"]["name"] == "Ann"
    assert user["app_metadata"] == {"provider": "email", "providers": ["email", "phone"], "plan": "pro"}
    assert user["email_confirmed_at"]
    assert user["phone_confirmed_at"]
    assert api.claims(expect(200, api.sign_in())["access_token"])["role"] == "editor"


def test_without_a_password_nobody_knows_it(api, sql):
    create(api, email_confirm=True)
    assert refused(api.sign_in(password="")) == (400, "invalid_credentials")
    assert sql("select encrypted_password <> '' as made from auth.users") == [{"made": True}]


def test_unconfirmed_accounts_cannot_sign_in(api):
    create(api, password=PASSWORD)
    assert refused(api.sign_in()) == (400, "email_not_confirmed")


def test_hashes_can_be_imported(api):
    create(api, password_hash=bcrypt.hashpw(b"from elsewhere", bcrypt.gensalt(4)).decode(), email_confirm=True)
    expect(200, api.sign_in(password="from elsewhere"))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": ""}, 400, "validation_failed"),
        ({"email": "nonsense"}, 400, "validation_failed"),
        ({"id": "nonsense"}, 400, "validation_failed"),
        ({"id": str(uuid.UUID(int=0))}, 400, "validation_failed"),
        ({"password": "short"}, 422, "weak_password"),
        ({"password": PASSWORD, "password_hash": "x"}, 400, "validation_failed"),
        ({"password_hash": "plain"}, 400, "validation_failed"),
        ({"ban_duration": "a while"}, 400, "validation_failed"),
        ({"email_confirm": "yes"}, 400, "bad_json"),
    ],
)
def test_bad_orders_are_refused(api, body, status, code):
    assert refused(api.admin("POST", "/admin/users", {"email": "ann@example.com", **body})) == (status, code)


def test_addresses_numbers_and_ids_are_unique(api):
    ann = create(api, phone="123456")
    bob = {"email": "bob@example.com"}
    assert refused(api.admin("POST", "/admin/users", {"email": "ANN@example.com"})) == (422, "email_exists")
    assert refused(api.admin("POST", "/admin/users", bob | {"phone": "123456"})) == (422, "phone_exists")
    assert refused(api.admin("POST", "/admin/users", bob | {"id": ann["id"]})) == (422, "user_already_exists")
    bob = expect(200, api.admin("POST", "/admin/users", bob))
    taken = api.admin("PUT", f"/admin/users/{bob['id']}", {"email": "ann@example.com"})
    assert refused(taken) == (422, "email_exists")


def test_an_administrator_changes_anything(api):
    ann = create(api, password=PASSWORD, email_confirm=True, user_metadata={"a": 1, "b": 2})
    session = expect(200, api.sign_in())
    path = f"/admin/users/{ann['id']}"
    changes = {
        "email": "New@example.com",
        "password": "a new password",
        "user_metadata": {"a": None, "c": 3},
        "app_metadata": {"plan": "pro"},
        "role": "editor",
        "email_confirm": True,
    }
    changed = expect(200, api.admin("PUT", path, changes))
    assert (changed["email"], changed["role"]) == ("new@example.com", "editor")
    assert changed["user_metadata"] == {"b": 2, "c": 3, "email_verified": True}
    assert changed["app_metadata"]["plan"] == "pro"
    assert changed["identities"][0]["identity_data"]["email"] == "new@example.com"
    assert refused(api.user(session["access_token"])) == (403, "session_not_found")
    expect(200, api.sign_in("new@example.com", "a new password"))


def test_an_empty_password_is_refused_not_taken_away(api):
    ann = create(api, password=PASSWORD, email_confirm=True)
    assert refused(api.admin("PUT", f"/admin/users/{ann['id']}", {"password": ""})) == (422, "weak_password")
    expect(200, api.sign_in())


def test_one_account_can_be_read(api):
    ann = create(api)
    assert expect(200, api.admin("GET", f"/admin/users/{ann['id']}")) == ann
    assert refused(api.admin("GET", f"/admin/users/{uuid.uuid4()}")) == (404, "user_not_found")
    assert refused(api.admin("GET", "/admin/users/nonsense")) == (404, "validation_failed")


def test_accounts_are_listed_by_the_page(api):
    for number in range(5):
        api.sign_up(f"p{number}@example.com")
    first = api.admin("GET", "/admin/users?page=1&per_page=2")
    assert [user["email"] for user in expect(200, first)["users"]] == ["p4@example.com", "p3@example.com"]
    assert first.headers["x-total-count"] == "5"
    assert first.headers["link"] == (
        '</admin/users?page=2&per_page=2>; rel="next", </admin/users?page=3&per_page=2>; rel="last"'
    )
    last = api.admin("GET", "/admin/users?page=3&per_page=2")
    assert [user["email"] for user in expect(200, last)["users"]] == ["p0@example.com"]
    assert 'rel="next"' not in last.headers["link"]
    assert expect(200, api.admin("GET", "/admin/users?page=9&per_page=2"))["users"] == []
    assert refused(api.admin("GET", "/admin/users?page=x")) == (400, "validation_failed")


def test_the_filter_is_text_not_a_pattern(api):
    api.sign_up("ann_1@example.com")
    api.sign_up("annx1@example.com")
    found = expect(200, api.admin("GET", "/admin/users?filter=ann_1"))["users"]
    assert [user["email"] for user in found] == ["ann_1@example.com"]
    assert expect(200, api.admin("GET", "/admin/users?filter=%25'%20or%201=1--"))["users"] == []


def test_deleting_takes_everything_along(api, sql):
    session = api.sign_up()
    assert expect(200, api.admin("DELETE", f"/admin/users/{session['user']['id']}")) == {}
    for table in ("users", "identities", "sessions", "refresh_tokens"):
        assert sql(f"select count(*) as n from auth.{table}") == [{"n": 0}]
    assert refused(api.user(session["access_token"])) == (403, "user_not_found")
    assert refused(api.refresh(session["refresh_token"])) == (400, "refresh_token_not_found")


def test_a_soft_delete_keeps_the_id_and_nothing_else(api, sql):
    session = api.sign_up(data={"name": "Ann"})
    path = f"/admin/users/{session['user']['id']}"
    for _ in range(2):
        expect(200, api.admin("DELETE", path, {"should_soft_delete": True}))
    row = sql("select * from auth.users")[0]
    assert str(row["id"]) == session["user"]["id"]
    for kept in (row.values(), sql("select * from auth.identities")[0].values()):
        assert "ann" not in str(list(kept)).lower()
    assert refused(api.sign_in()) == (400, "invalid_credentials")
    api.sign_up()


def test_an_account_that_data_depends_on_is_not_deleted(api, sql):
    session = api.sign_up()
    sql("create table public.orders (user_id uuid references auth.users (id))")
    sql("insert into public.orders select id from auth.users")
    failed = api.admin("DELETE", f"/admin/users/{session['user']['id']}")
    assert refused(failed) == (500, "unexpected_failure")
    expect(200, api.user(session["access_token"]))


def test_an_invitation_is_a_mail_and_an_account(strict_api):
    user = expect(200, strict_api.admin("POST", "/invite", {"email": "ann@example.com", "data": {"team": "a"}}))
    assert user["invited_at"]
    mail = strict_api.mails("ann@example.com")[0]
    assert mail["kind"] == "invite"
    proof = {"type": "invite", "token_hash": mail["token_hash"]}
    session = expect(200, strict_api.call("POST", "/verify", proof))
    expect(200, strict_api.call("PUT", "/user", {"password": PASSWORD}, token=session["access_token"]))
    expect(200, strict_api.sign_in())
    assert refused(strict_api.admin("POST", "/invite", {"email": "ann@example.com"})) == (422, "email_exists")


def test_an_invited_account_shows_nothing_to_whoever_signs_up_with_its_address(strict_api):
    expect(200, strict_api.admin("POST", "/invite", {"email": "ann@example.com", "data": {"salary": 1}}))
    seen = strict_api.sign_up(password="mine now, maybe")
    assert (seen["user_metadata"], seen["identities"]) == ({}, [])


@pytest.mark.parametrize("kind", ["signup", "invite", "magiclink", "recovery"])
def test_links_work_without_a_mail(strict_api, kind):
    if kind in {"recovery", "magiclink"}:
        create(strict_api, password=PASSWORD)
    body = {"type": kind, "email": "ann@example.com", "password": PASSWORD, "redirect_to": "http://127.0.0.1:9/x"}
    link = expect(200, strict_api.admin("POST", "/admin/generate_link", body))
    assert link["verification_type"] == kind
    assert link["redirect_to"] == "http://127.0.0.1:9/x"
    assert link["action_link"].startswith(f"{strict_api.gateway.url}/auth/v1/verify?token={link['hashed_token']}")
    assert strict_api.mails("ann@example.com") == []
    proof = {"type": kind, "email": "ann@example.com", "token": link["email_otp"]}
    assert expect(200, strict_api.call("POST", "/verify", proof))["user"]["email"] == "ann@example.com"


def test_a_magic_link_for_a_stranger_is_a_sign_up(api):
    link = expect(200, api.admin("POST", "/admin/generate_link", {"type": "magiclink", "email": "new@example.com"}))
    assert link["verification_type"] == "signup"
    expect(200, api.call("POST", "/verify", {"type": "signup", "token_hash": link["hashed_token"]}))


@pytest.mark.parametrize("kind", ["email_change_current", "email_change_new"])
def test_links_for_a_change_of_address(api, kind):
    create(api, email_confirm=True)
    body = {"type": kind, "email": "ann@example.com", "new_email": "new@example.com"}
    link = expect(200, api.admin("POST", "/admin/generate_link", body))
    proof = {"type": "email_change", "token_hash": link["hashed_token"]}
    assert expect(200, api.call("POST", "/verify", proof))["user"]["email"] == "new@example.com"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"type": "nonsense", "email": "a@b.test"}, 400, "validation_failed"),
        ({"type": "recovery", "email": "nobody@b.test"}, 404, "user_not_found"),
        ({"type": "signup", "email": "a@b.test"}, 400, "validation_failed"),
        ({"type": "signup", "email": "ann@example.com", "password": PASSWORD}, 422, "email_exists"),
        ({"type": "email_change_new", "email": "ann@example.com"}, 400, "validation_failed"),
    ],
)
def test_bad_links_are_refused(api, body, status, code):
    create(api, email_confirm=True)
    assert refused(api.admin("POST", "/admin/generate_link", body)) == (status, code)
