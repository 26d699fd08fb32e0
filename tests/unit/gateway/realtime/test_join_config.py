"""Join payloads: what is asked is read, what cannot be read has its default."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upshot_devstack.gateway.realtime.join_config import JoinConfig, Replay, parse_join

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["config", "broadcast", "presence", "private", "replay", "since", "key", "postgres_changes"]
            ),
            inner,
        )
    ),
)


@given(anything)
def test_any_payload_is_read(payload):
    config = parse_join(payload)
    assert isinstance(config, JoinConfig)
    assert config.presence_key


def test_everything_is_off_by_default():
    config = parse_join({})
    assert (config.private, config.ack, config.echo, config.presence_enabled) == (False,) * 4
    assert (config.replay, config.postgres_changes, config.access_token) == (None, (), None)


def test_everything_can_be_asked():
    config = parse_join(
        {
            "config": {
                "private": True,
                "broadcast": {"ack": True, "self": "true", "replay": {"since": 5}, "replication_ready": True},
                "presence": {"enabled": "True", "key": "ann"},
                "postgres_changes": [{"event": "*"}, None, {"event": "INSERT"}],
            },
            "access_token": "token",
        }
    )
    assert (config.private, config.ack, config.echo, config.presence_enabled, config.replication_ready) == (True,) * 5
    assert config.replay == Replay(5, 10)
    assert config.presence_key == "ann"
    assert config.postgres_changes == ({"event": "*"}, {"event": "INSERT"})
    assert config.access_token == "token"


@pytest.mark.parametrize(("key", "expected"), [(7, "7"), (True, "true"), ("", None), (None, None), ([], None)])
def test_presence_key_is_text(key, expected):
    made = parse_join({"config": {"presence": {"key": key}}}).presence_key
    assert made == expected if expected else len(made) == 36


@pytest.mark.parametrize("token", ["sb_publishable_x", 7, None])
def test_token_that_means_the_connections_key(token):
    assert parse_join({"access_token": token}).access_token is None


def test_user_token_comes_first():
    assert parse_join({"access_token": "a", "user_token": "u"}).access_token == "u"
