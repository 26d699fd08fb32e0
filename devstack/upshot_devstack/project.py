"""The Supabase project on disk: `supabase/config.toml` and the files it points at."""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from upshot_devstack.gateway.durations import Seconds

_ENV = re.compile(r"^env\((?P<name>[A-Za-z_][A-Za-z0-9_]*)\)$")


class ProjectError(RuntimeError):
    """config.toml cannot be used; the message names the file and the key."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Api(_Section):
    port: int = 54321
    schemas: tuple[str, ...] = ("public", "graphql_public")
    extra_search_path: tuple[str, ...] = ("public", "extensions")
    max_rows: int = 1000
    auto_expose_new_tables: bool = True


class Seed(_Section):
    enabled: bool = True
    sql_paths: tuple[str, ...] = ("./seed.sql",)


class Migrations(_Section):
    enabled: bool = True


class Db(_Section):
    port: int = 54322
    migrations: Migrations = Migrations()
    seed: Seed = Seed()
    vault: Mapping[str, str] = Field(default_factory=dict)


class Hook(_Section):
    enabled: bool = False
    uri: str = ""


class Hooks(_Section):
    custom_access_token: Hook = Hook()


# The CLI's version 3 renames the key, and version 4 will know the new name alone.
ENABLED = AliasChoices("enabled", "enable_signup")


class Email(_Section):
    enabled: bool = Field(default=True, validation_alias=ENABLED)
    enable_confirmations: bool = False
    double_confirm_changes: bool | None = None
    secure_password_change: bool | None = None
    max_frequency: Seconds | None = None
    otp_length: int | None = Field(default=None, ge=6, le=10)
    otp_expiry: int | None = Field(default=None, gt=0)


class Sms(_Section):
    enabled: bool | None = Field(default=None, validation_alias=ENABLED)
    enable_confirmations: bool | None = None


class Sessions(_Section):
    timebox: Seconds | None = None
    inactivity_timeout: Seconds | None = None


class Auth(_Section):
    site_url: str = "http://127.0.0.1:3000"
    additional_redirect_urls: tuple[str, ...] = ()
    jwt_expiry: int = 3600
    enable_signup: bool = True
    enable_anonymous_sign_ins: bool = False
    enable_manual_linking: bool | None = None
    minimum_password_length: int = 6
    refresh_token_reuse_interval: int | None = Field(default=None, ge=0)
    signing_keys_path: str | None = None
    email: Email = Email()
    sms: Sms = Sms()
    sessions: Sessions = Sessions()
    hook: Hooks = Hooks()


class ProjectSettings(_Section):
    """What devstack reads of config.toml, with the CLI's defaults. Other keys are the CLI's business.

    None: the file says nothing, and the gateway's own default holds. It is wider than the CLI's where that would only
    be in the way on one machine: phone numbers may sign up, and mails may follow one another at once.
    """

    project_id: str = ""
    api: Api = Api()
    db: Db = Db()
    auth: Auth = Auth()


class Project:
    """A folder that holds `supabase/`."""

    def __init__(self, folder: Path) -> None:
        self.supabase = folder.resolve() / "supabase"
        self.settings = _read(self.supabase / "config.toml")

    @property
    def migrations(self) -> Path:
        """The folder of migrations."""
        return self.supabase / "migrations"

    def seeds(self) -> Sequence[Path]:
        """The seed files, patterns resolved, in the order config.toml gives."""
        if not self.settings.db.seed.enabled:
            return ()
        found: list[Path] = []
        for pattern in self.settings.db.seed.sql_paths:
            found += [path for path in sorted(self.supabase.glob(pattern.removeprefix("./"))) if path not in found]
        return found

    def sources(self) -> Iterable[Path]:
        """Every file that decides what a migrated database looks like."""
        config = self.supabase / "config.toml"
        return (*([config] if config.is_file() else []), *sorted(self.migrations.glob("*.sql")))


def _read(path: Path) -> ProjectSettings:
    if not path.is_file():
        return ProjectSettings()
    try:
        return ProjectSettings.model_validate(_with_environment(tomllib.loads(path.read_text())))
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise ProjectError(f"{path}: {_first_problem(error)}") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"


def _with_environment(value: Any) -> Any:
    """`env(NAME)` stands for the variable NAME; an unset one stays as written, as with the CLI."""
    if isinstance(value, dict):
        return {key: _with_environment(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_environment(inner) for inner in value]
    match = _ENV.match(value) if isinstance(value, str) else None
    return os.environ.get(match["name"], value) if match else value
