"""The demo's account: made once, never locked out, and nobody else signed out by it."""

import pytest
from supabase import AuthError

from upshot.demo.api import Account, Project, account_of, connect, make_account, one_time_token, signed_in

EMAIL = "demo@upshot.example"


@pytest.fixture
def api(gateway) -> Project:
    return Project(gateway.url, gateway.settings.publishable_key, gateway.settings.secret_key)


def test_the_password_is_the_same_at_every_run_and_another_for_another_project(api):
    other = Project(api.url, api.publishable_key, "sb_secret_other")
    assert account_of(api, EMAIL) == account_of(api, EMAIL) != account_of(other, EMAIL)
    assert api.secret_key not in account_of(api, EMAIL).password


async def test_a_second_run_leaves_open_sessions_open(api):
    account = account_of(api, EMAIL)
    await make_account(api, account)
    async with signed_in(api, account) as open_one:
        await make_account(api, account)
        renewed = await open_one.auth.refresh_session()
        assert renewed.user.email == EMAIL


async def test_a_password_that_somebody_changed_is_set_back(api):
    await make_account(api, Account(EMAIL, "changed by hand"))
    await make_account(api, account_of(api, EMAIL))
    async with signed_in(api, account_of(api, EMAIL)) as client:
        assert (await client.auth.get_user()).user.email == EMAIL


async def test_the_token_signs_in_once(api):
    await make_account(api, account_of(api, EMAIL))
    token = await one_time_token(api, EMAIL)
    async with connect(api, api.publishable_key) as browser:
        answer = await browser.auth.verify_otp({"token_hash": token, "type": "magiclink"})
        assert answer.user.email == EMAIL
        with pytest.raises(AuthError) as caught:
            await browser.auth.verify_otp({"token_hash": token, "type": "magiclink"})
        assert caught.value.code == "otp_expired"
