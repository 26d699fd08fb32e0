"""The official Python clients, unmodified."""

import time
import uuid
from collections.abc import Iterator

import pytest
from supabase import AsyncClient, AsyncClientOptions, Client, acreate_client, create_client
from supabase.lib.client_options import SyncClientOptions
from supabase_auth.errors import AuthApiError, AuthInvalidCredentialsError, AuthWeakPasswordError

from upshot_devstack.gateway.auth import totp

pytestmark = pytest.mark.clients
PASSWORD = "correct horse 1"


@pytest.fixture
def client(api) -> Iterator[Client]:
    yield from opened(api, api.gateway.settings.publishable_key)


@pytest.fixture
def admin(api) -> Iterator[Client]:
    yield from opened(api, api.gateway.settings.secret_key)


def opened(api, key) -> Iterator[Client]:
    made = create_client(api.gateway.url, key, SyncClientOptions(auto_refresh_token=False))
    yield made
    made.auth.close()


def address():
    return f"{uuid.uuid4().hex}@example.com"


def test_sign_up_sign_out_sign_in(client):
    email = address()
    signed_up = client.auth.sign_up({"email": email, "password": PASSWORD, "options": {"data": {"name": "Ann"}}})
    assert signed_up.user.user_metadata["name"] == "Ann"
    assert signed_up.session.access_token
    client.auth.sign_out()
    assert client.auth.get_session() is None
    assert client.auth.sign_in_with_password({"email": email, "password": PASSWORD}).user.email == email


def test_errors_arrive_by_their_codes(client):
    with pytest.raises(AuthApiError) as caught:
        client.auth.sign_in_with_password({"email": address(), "password": PASSWORD})
    assert caught.value.code == "invalid_credentials"
    with pytest.raises(AuthWeakPasswordError) as weak:
        client.auth.sign_up({"email": address(), "password": "short"})
    assert weak.value.reasons == ["length"]
    with pytest.raises(AuthInvalidCredentialsError):
        client.auth.sign_up({"password": PASSWORD})


def test_a_session_is_refreshed_and_restored(client):
    session = client.auth.sign_up({"email": address(), "password": PASSWORD}).session
    refreshed = client.auth.refresh_session().session
    assert refreshed.refresh_token != session.refresh_token
    restored = client.auth.set_session(refreshed.access_token, refreshed.refresh_token)
    assert restored.user.id == session.user.id


def test_claims_are_verified_with_the_published_key(client):
    session = client.auth.sign_up({"email": address(), "password": PASSWORD}).session
    claims = client.auth.get_claims()
    assert claims["claims"]["sub"] == session.user.id
    assert claims["headers"]["alg"] == "ES256"


def test_a_user_updates_themselves(client):
    client.auth.sign_up({"email": address(), "password": PASSWORD})
    assert client.auth.update_user({"data": {"theme": "dark"}}).user.user_metadata["theme"] == "dark"
    with pytest.raises(AuthApiError) as caught:
        client.auth.update_user({"password": PASSWORD})
    assert caught.value.code == "same_password"
    assert client.auth.get_user_identities().identities[0].provider == "email"


def test_guests_are_anonymous(client):
    guest = client.auth.sign_in_anonymously({"options": {"data": {"a": 1}}})
    assert guest.user.is_anonymous is True
    assert guest.user.user_metadata == {"a": 1}


def test_codes_by_mail_sign_in(api, client):
    email = address()
    client.auth.sign_in_with_otp({"email": email})
    code = api.mails(email)[0]["otp"]
    assert client.auth.verify_otp({"email": email, "token": code, "type": "email"}).user.email == email


def test_recovery_through_a_code(api, client):
    email = address()
    client.auth.sign_up({"email": email, "password": PASSWORD})
    client.auth.reset_password_for_email(email)
    mail = api.mails(email)[0]
    link = api._client.get(mail["link"]).headers["location"]
    session = client.auth.exchange_code_for_session({"auth_code": link.split("code=")[1]}).session
    assert session.user.email == email


def test_a_second_factor(client):
    client.auth.sign_up({"email": address(), "password": PASSWORD})
    factor = client.auth.mfa.enroll({"factor_type": "totp", "friendly_name": "app"})
    code = totp.code_at(factor.totp.secret, time.time())
    client.auth.mfa.challenge_and_verify({"factor_id": factor.id, "code": code})
    assert client.auth.mfa.get_authenticator_assurance_level().current_level == "aal2"
    assert [one.status for one in client.auth.mfa.list_factors().totp] == ["verified"]
    client.auth.mfa.unenroll({"factor_id": factor.id})


def test_administration(admin):
    email = address()
    made = admin.auth.admin.create_user({"email": email, "password": PASSWORD, "email_confirm": True}).user
    assert admin.auth.admin.get_user_by_id(made.id).user.email == email
    changed = admin.auth.admin.update_user_by_id(made.id, {"app_metadata": {"plan": "pro"}}).user
    assert changed.app_metadata["plan"] == "pro"
    assert made.id in {user.id for user in admin.auth.admin.list_users(page=1, per_page=50)}
    link = admin.auth.admin.generate_link({"type": "recovery", "email": email})
    assert link.properties.hashed_token
    invited = admin.auth.admin.invite_user_by_email(address()).user
    assert invited.invited_at
    admin.auth.admin.delete_user(made.id)
    with pytest.raises(AuthApiError) as caught:
        admin.auth.admin.get_user_by_id(made.id)
    assert caught.value.code == "user_not_found"


async def test_the_async_client(api):
    options = AsyncClientOptions(auto_refresh_token=False)
    client: AsyncClient = await acreate_client(api.gateway.url, api.gateway.settings.publishable_key, options)
    session = (await client.auth.sign_up({"email": address(), "password": PASSWORD})).session
    assert (await client.auth.get_user()).user.id == session.user.id
    await client.auth.sign_out({"scope": "global"})
    with pytest.raises(AuthApiError):
        await client.auth.get_user(session.access_token)
    await client.auth.close()
