"""config.toml as devstack reads it: the CLI's names and defaults, secrets from the environment."""

import pytest

from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway_process import environment
from upshot_devstack.project import Project, ProjectError
from upshot_devstack.project_gateway import gateway_settings_of


@pytest.fixture
def write(tmp_path):
    def make(text):
        (tmp_path / "supabase").mkdir(exist_ok=True)
        (tmp_path / "supabase" / "config.toml").write_text(text)
        return Project(tmp_path)

    return make


def test_without_a_file_the_clis_defaults_hold(tmp_path):
    settings = Project(tmp_path).settings
    assert (settings.api.port, settings.db.port, settings.api.max_rows) == (54321, 54322, 1000)
    assert settings.api.auto_expose_new_tables is True


def test_what_devstack_does_not_know_is_left_to_the_cli(write):
    assert write('project_id = "x"\n[studio]\nport = 1\n[db]\nmajor_version = 17\n').settings.project_id == "x"


def test_secrets_come_from_the_environment(write, monkeypatch):
    monkeypatch.setenv("SOME_KEY", "s3cret")
    vault = write('[db.vault]\na = "env(SOME_KEY)"\nb = "env(NOT_SET_ANYWHERE)"\n').settings.db.vault
    assert vault == {"a": "s3cret", "b": "env(NOT_SET_ANYWHERE)"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[api", "not valid TOML"),
        ("[api]\nport = 'x'", r"api\.port"),
        ("[auth.hook]\ncustom_access_token = 3", "hook"),
        ("[auth.email]\nmax_frequency = 'soon'", r"auth\.email\.max_frequency.*such as 30s"),
        ("[auth.email]\notp_length = 4", r"auth\.email\.otp_length"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_key(write, text, complaint):
    with pytest.raises(ProjectError, match=rf"config\.toml.*{complaint}"):
        write(text)


def test_seeds_follow_their_patterns_once_each(write, tmp_path):
    project = write('[db.seed]\nsql_paths = ["./seeds/b.sql", "./seeds/*.sql"]\n')
    (tmp_path / "supabase" / "seeds").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / "supabase" / "seeds" / f"{name}.sql").touch()
    assert [path.stem for path in project.seeds()] == ["b", "a", "c"]


def test_seeding_can_be_switched_off(write, tmp_path):
    project = write("[db.seed]\nenabled = false\n")
    (tmp_path / "supabase" / "seed.sql").touch()
    assert project.seeds() == ()


def test_the_gateway_is_told_what_the_file_says(write):
    project = write(
        '[api]\nschemas = ["public", "app"]\nmax_rows = 5\n[auth]\nenable_anonymous_sign_ins = true\n'
        '[auth.email]\nenable_confirmations = true\n[auth.hook.custom_access_token]\nenabled = true\nuri = "pg-functions://postgres/public/claims"\n'
    )
    told = gateway_settings_of(project)
    assert told["db_schemas"] == ("public", "app")
    assert (told["db_max_rows"], told["enable_anonymous"], told["mailer_autoconfirm"]) == (5, True, False)
    assert told["custom_access_token_hook"] == "pg-functions://postgres/public/claims"


def test_a_hook_that_is_off_is_not_called(write):
    project = write('[auth.hook.custom_access_token]\nenabled = false\nuri = "pg-functions://postgres/public/claims"\n')
    assert "custom_access_token_hook" not in gateway_settings_of(project)


AUTH = """
[auth]
enable_manual_linking = true
refresh_token_reuse_interval = 30
[auth.email]
double_confirm_changes = false
secure_password_change = true
max_frequency = "1m30s"
otp_length = 8
otp_expiry = 600
[auth.sms]
enable_signup = false
enable_confirmations = true
[auth.sessions]
timebox = "24h"
inactivity_timeout = "0s"
"""


def gateway_of(project):
    """The settings that a gateway of this project starts with."""
    address = "postgresql://localhost/postgres"
    return GatewaySettings(**gateway_settings_of(project), db_uri=address, admin_db_uri=address)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("enable_manual_linking", True),
        ("refresh_token_reuse_interval", 30),
        ("secure_email_change", False),
        ("password_update_needs_reauthentication", True),
        ("email_send_interval", 90),
        ("otp_length", 8),
        ("otp_expiry", 600),
        ("enable_phone", False),
        ("phone_autoconfirm", False),
        ("session_timebox", 86400),
        ("session_inactivity_timeout", None),
    ],
)
def test_the_files_words_for_auth_reach_the_gateway(write, setting, value):
    assert getattr(gateway_of(write(AUTH)), setting) == value


def test_what_the_file_leaves_open_is_the_gateways_default(write):
    address = "postgresql://localhost/postgres"
    plain = GatewaySettings(db_uri=address, admin_db_uri=address)
    told = gateway_of(write('project_id = "x"\n'))
    for setting in ("enable_phone", "phone_autoconfirm", "secure_email_change", "email_send_interval", "otp_length"):
        assert getattr(told, setting) == getattr(plain, setting)


def test_settings_travel_as_environment_variables():
    told = environment(
        {"db_schemas": ("public", "app"), "require_apikey": False, "port": 1, "hook": None, "app_settings": {"a": "b"}}
    )
    assert told == {
        "GATEWAY_DB_SCHEMAS": "public,app",
        "GATEWAY_REQUIRE_APIKEY": "false",
        "GATEWAY_PORT": "1",
        "GATEWAY_APP_SETTINGS": '{"a": "b"}',
    }


@pytest.mark.parametrize("key", ["enabled", "enable_signup"])
def test_mail_accounts_are_switched_by_the_new_name_and_the_old(write, key):
    assert gateway_of(write(f"[auth.email]\n{key} = false\n")).enable_email is False
