from uuid import uuid4

import pytest

from unit.services.fakes import FakeClock, FakeProvider, FakeStore
from upshot.domain.errors import ErrorCode, InvalidBundleError, ProviderError
from upshot.services.provider_pool import IDLE_SECONDS, KEY_SECONDS, ProviderPool


class Opened:
    def __init__(self):
        self.all = []

    def __call__(self, name, key):
        provider = FakeProvider()
        self.all.append((name, key, provider))
        return provider


@pytest.fixture
def world():
    store, opened, clock = FakeStore(), Opened(), FakeClock()
    workspace = uuid4()
    store.keys[workspace, "openai"] = "k1"
    return ProviderPool(store, opened, clock), store, opened, clock, workspace


async def use(pool, workspace, name="openai"):
    async with pool.use(workspace, name) as provider:
        return provider


async def test_one_workspace_and_provider_share_one_client(world):
    pool, store, opened, _, workspace = world
    assert await use(pool, workspace) is await use(pool, workspace)
    assert store.key_reads == 1
    assert [(name, key) for name, key, _ in opened.all] == [("openai", "k1")]


async def test_two_workspaces_never_share_a_key(world):
    pool, store, _, _, workspace = world
    other = uuid4()
    store.keys[other, "openai"] = "k2"
    assert await use(pool, workspace) is not await use(pool, other)


async def test_the_local_model_needs_no_key_and_is_shared(world):
    pool, store, _, _, workspace = world
    assert await use(pool, workspace, "local") is await use(pool, uuid4(), "local")
    assert store.key_reads == 0


async def test_a_missing_key_is_told(world):
    pool, *_ = world
    with pytest.raises(ProviderError) as missing:
        await use(pool, uuid4())
    assert missing.value.code == ErrorCode.KEY_MISSING
    assert not missing.value.transient


async def test_an_unknown_provider_is_told(world):
    with pytest.raises(InvalidBundleError, match="no provider 'acme'"):
        await use(world[0], world[4], "acme")


async def test_a_rotated_key_is_seen_after_a_minute_and_the_old_client_closed(world):
    pool, store, opened, clock, workspace = world
    before = await use(pool, workspace)
    store.keys[workspace, "openai"] = "k2"
    assert await use(pool, workspace) is before
    clock.time += KEY_SECONDS + 1
    assert await use(pool, workspace) is not before
    assert before.closed
    assert not opened.all[1][2].closed


async def test_a_refused_key_is_read_again_at_once(world):
    pool, store, _, _, workspace = world
    with pytest.raises(ProviderError):
        async with pool.use(workspace, "openai"):
            raise ProviderError(ErrorCode.AUTHENTICATION_FAILED, "no")
    store.keys[workspace, "openai"] = "k2"
    await use(pool, workspace)
    assert store.key_reads == 2


async def test_a_client_in_use_is_not_closed_under_its_user(world):
    pool, store, _, clock, workspace = world
    async with pool.use(workspace, "openai") as old:
        store.keys[workspace, "openai"] = "k2"
        clock.time += KEY_SECONDS + 1
        await use(pool, workspace)
        assert not old.closed
    assert old.closed


async def test_idle_clients_are_closed(world):
    pool, _, opened, clock, workspace = world
    await use(pool, workspace)
    clock.time += KEY_SECONDS + IDLE_SECONDS + 1
    await use(pool, workspace, "local")
    assert opened.all[0][2].closed


async def test_closing_closes_all(world):
    pool, _, opened, _, workspace = world
    await use(pool, workspace)
    await use(pool, workspace, "local")
    await pool.aclose()
    assert all(provider.closed for _, _, provider in opened.all)


async def test_keys_do_not_show_in_representations(world):
    pool, *_, workspace = world
    await use(pool, workspace)
    assert "k1" not in repr(pool._entries)
