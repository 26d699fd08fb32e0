import bcrypt
import pytest

from upshot_devstack.gateway.auth.errors import AuthError, WeakPasswordError
from upshot_devstack.gateway.auth.passwords import Passwords, require_bcrypt
from upshot_devstack.gateway.settings import GatewaySettings


@pytest.fixture
def make_passwords():
    made = []

    def make(**overrides):
        settings = GatewaySettings(db_uri="x", services=("rest",), password_bcrypt_cost=4, **overrides)
        made.append(Passwords(settings))
        return made[-1]

    yield make
    for passwords in made:
        passwords.close()


async def test_a_password_matches_its_own_hash_only(make_passwords):
    passwords = make_passwords()
    stored = await passwords.hash("correct horse")
    assert await passwords.matches("correct horse", stored)
    assert not await passwords.matches("correct horsf", stored)


async def test_nobody_has_the_decoys_password(make_passwords):
    passwords = make_passwords()
    for stored in (None, "", "plain", "$argon2id$v=19$m=1,t=1,p=1$x$y"):
        assert not await passwords.matches("anything", stored)


async def test_the_part_past_72_bytes_counts(make_passwords):
    passwords = make_passwords()
    stored = bcrypt.hashpw(b"a" * 72, bcrypt.gensalt(4)).decode()
    assert await passwords.matches("a" * 72, stored)
    assert not await passwords.matches("a" * 73, stored)


def test_all_reasons_are_given(make_passwords):
    with pytest.raises(WeakPasswordError) as caught:
        make_passwords(password_min_length=8, password_required_characters=("abc", "123")).check_strength("a")
    assert caught.value.reasons == ["length", "characters"]
    assert caught.value.extra() == {"weak_password": {"reasons": ["length", "characters"]}}


def test_bytes_count_not_letters(make_passwords):
    with pytest.raises(AuthError, match="longer than 72"):
        make_passwords().check_strength("é" * 37)


def test_random_passwords_pass_every_policy(make_passwords):
    passwords = make_passwords(password_min_length=40, password_required_characters=("xyz", "789", "!?"))
    passwords.check_strength(passwords.random())


def test_only_bcrypt_hashes_are_imported():
    assert require_bcrypt(bcrypt.hashpw(b"x", bcrypt.gensalt(4)).decode())
    for text in ("", "$2b$31$" + "a" * 53, "$argon2id$", "plain"):
        with pytest.raises(AuthError, match="bcrypt"):
            require_bcrypt(text)
