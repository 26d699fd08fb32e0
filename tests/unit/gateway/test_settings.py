import pytest
from pydantic import ValidationError

from upshot_devstack.gateway.settings import GatewaySettings


def test_postgrest_names_are_understood(monkeypatch):
    monkeypatch.setenv("PGRST_DB_URI", "postgresql://a@127.0.0.1/b")
    monkeypatch.setenv("PGRST_DB_SCHEMAS", "api, public")
    monkeypatch.setenv("PGRST_DB_MAX_ROWS", "7")
    monkeypatch.setenv("GATEWAY_SERVICES", "rest")
    monkeypatch.setenv("GATEWAY_REQUIRE_APIKEY", "false")
    settings = GatewaySettings.from_environment()
    assert settings.db_uri == "postgresql://a@127.0.0.1/b"
    assert settings.db_schemas == ("api", "public")
    assert settings.db_max_rows == 7
    assert settings.require_apikey is False


@pytest.mark.parametrize(("word", "address"), [("!4", "0.0.0.0"), ("*6", "::"), ("10.0.0.1", "10.0.0.1")])
def test_postgrests_words_for_interfaces_are_understood(monkeypatch, word, address):
    monkeypatch.setenv("PGRST_SERVER_HOST", word)
    assert GatewaySettings(db_uri="x", services=("rest",)).host == address


def test_an_empty_variable_unsets_what_has_a_default(monkeypatch):
    monkeypatch.setenv("PGRST_JWT_SECRET", "")
    monkeypatch.setenv("PGRST_DB_ANON_ROLE", "")
    settings = GatewaySettings(db_uri="x", services=("rest",))
    assert (settings.jwt_secret, settings.db_anon_role) == (None, None)


def test_only_rest_runs_without_keys():
    with pytest.raises(ValidationError, match="need keys"):
        GatewaySettings(db_uri="x", admin_db_uri="x", services=("rest", "auth"), jwt_secret=None)


def test_common_names_of_the_environment_mean_nothing(monkeypatch):
    for name in ("HOST", "PORT", "SERVICES", "JWT_SECRET", "DB_URI"):
        monkeypatch.setenv(name, "1")
    settings = GatewaySettings(db_uri="x", services=("rest",))
    assert (settings.host, settings.port) == ("127.0.0.1", 54321)


def test_our_own_names_win(monkeypatch):
    monkeypatch.setenv("PGRST_DB_URI", "postgresql://theirs")
    monkeypatch.setenv("GATEWAY_DB_URI", "postgresql://ours")
    monkeypatch.setenv("GATEWAY_SERVICES", "rest")
    assert GatewaySettings.from_environment().db_uri == "postgresql://ours"


def test_arguments_win_over_the_environment(monkeypatch):
    monkeypatch.setenv("GATEWAY_DB_URI", "postgresql://environment")
    assert GatewaySettings(db_uri="postgresql://argument", services=("rest",)).db_uri == "postgresql://argument"


def test_unknown_arguments_are_refused():
    with pytest.raises(ValidationError, match="publishable_kee"):
        GatewaySettings(db_uri="x", services=("rest",), publishable_kee="x")


def test_auth_needs_the_administrators_connection():
    with pytest.raises(ValidationError, match="GATEWAY_ADMIN_DB_URI"):
        GatewaySettings(db_uri="x", services=("auth",))


def test_the_root_service_must_run():
    with pytest.raises(ValidationError, match="not among services"):
        GatewaySettings(db_uri="x", services=("rest",), root_service="auth", admin_db_uri="x")


def test_settings_are_frozen():
    settings = GatewaySettings(db_uri="x", services=("rest",))
    with pytest.raises(ValidationError, match="frozen"):
        settings.db_uri = "y"


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"port": 5}, "http://127.0.0.1:5/auth/v1"),
        ({"external_url": "https://x.test/"}, "https://x.test/auth/v1"),
        ({"external_url": "https://x.test", "root_service": "auth"}, "https://x.test"),
    ],
)
def test_the_issuer_is_where_clients_reach_auth(overrides, expected):
    settings = GatewaySettings(db_uri="x", admin_db_uri="x", services=("auth",), **overrides)
    assert settings.auth_url == expected


def test_every_setting_is_documented(pytestconfig):
    page = (pytestconfig.rootpath / "docs" / "reference" / "gateway.md").read_text()
    assert [name for name in GatewaySettings.model_fields if f"`{name}`" not in page] == []


@pytest.mark.parametrize(("written", "seconds"), [("1m30s", 90), ("45", 45), ("0.5", 0.5), ("0s", 0)])
def test_durations_are_seconds_or_gos_notation(monkeypatch, written, seconds):
    monkeypatch.setenv("GOTRUE_SMTP_MAX_FREQUENCY", written)
    assert GatewaySettings(db_uri="postgresql:///", services=("rest",)).email_send_interval == seconds


@pytest.mark.parametrize("written", ["soon", "-1s", "-1", "1d", ""])
def test_other_durations_are_refused(monkeypatch, written):
    monkeypatch.setenv("GOTRUE_SMTP_MAX_FREQUENCY", written)
    with pytest.raises(ValidationError, match=r"email_send_interval|GOTRUE_SMTP_MAX_FREQUENCY|EMAIL_SEND_INTERVAL"):
        GatewaySettings(db_uri="postgresql:///", services=("rest",))
