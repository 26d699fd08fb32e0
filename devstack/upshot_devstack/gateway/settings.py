"""Everything the gateway can be told, read once at the start and passed on.

Values come from keyword arguments, then from the environment: ``GATEWAY_<NAME>`` for each field, and the names
that PostgREST and Supabase Auth themselves use (``PGRST_…``, ``GOTRUE_…``) where the meaning is the same.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AliasChoices, BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from upshot_devstack.gateway.durations import Seconds

# Supabase's published development values: public by design, never for a machine that others can reach.
LOCAL_PUBLISHABLE_KEY = "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH"
LOCAL_SECRET_KEY = "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz"  # noqa: S105 - the CLI's public development key
LOCAL_JWT_SECRET = "super-secret-jwt-token-with-at-least-32-characters-long"  # noqa: S105 - as above

ServiceName = Literal["rest", "auth", "realtime"]


def split_list(value: object) -> object:
    """'a, b' becomes ('a', 'b'): lists in the environment are written with commas."""
    if not isinstance(value, str):
        return value
    return tuple(item.strip() for item in value.split(",") if item.strip())


def named(field: str, *others: str) -> AliasChoices:
    """The environment names of a field: ours first, then the other servers' own."""
    return AliasChoices(f"GATEWAY_{field.upper()}", *others)


def plain_host(value: object) -> object:
    """PostgREST's words for every interface (``*``, ``*4``, ``!4``, ``*6``, ``!6``) as addresses."""
    words = {"*": "0.0.0.0", "*4": "0.0.0.0", "!4": "0.0.0.0", "*6": "::", "!6": "::"}  # noqa: S104 - only on request
    return words.get(value, value) if isinstance(value, str) else value


def blank_as_none(value: object) -> object:
    """An empty variable of the environment unsets what has a default."""
    return None if value == "" else value


Text = Annotated[str | None, BeforeValidator(blank_as_none)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_list)]
Services = Annotated[tuple[ServiceName, ...], NoDecode, BeforeValidator(split_list)]
Positive = Annotated[int, Field(gt=0)]


class ShellSettings(BaseSettings):
    """Listening, limits and logs."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True, extra="forbid", populate_by_name=True)

    host: Annotated[str, BeforeValidator(plain_host)] = Field(
        default="127.0.0.1", validation_alias=named("host", "PGRST_SERVER_HOST")
    )
    port: int = Field(default=54321, ge=0, le=65535, validation_alias=named("port", "PGRST_SERVER_PORT"))
    services: Services = ("rest", "auth", "realtime")
    root_service: ServiceName | None = Field(default=None, description="serves the paths that no prefix claims")
    cors_origins: Names = Field(
        default=("*",), validation_alias=named("cors_origins", "PGRST_SERVER_CORS_ALLOWED_ORIGINS")
    )
    max_body_bytes: Positive = 50 * 1024 * 1024
    max_header_bytes: Positive = 64 * 1024
    max_connections: Positive = 4096
    max_websocket_message_bytes: Positive = 4 * 1024 * 1024
    header_timeout: Seconds = 20.0
    keep_alive_timeout: Positive = 30
    shutdown_timeout: Positive = 8
    access_log: bool = True
    log_level: Literal["debug", "info", "warning", "error", "critical"] = "info"


class DatabaseSettings(BaseSettings):
    """Where the data is and what of it the API shows."""

    db_uri: str = Field(validation_alias=named("db_uri", "PGRST_DB_URI"), description="as the role authenticator")
    admin_db_uri: str | None = Field(default=None, description="as supabase_admin; auth and realtime need it")
    db_schemas: Names = Field(
        default=("public",), min_length=1, validation_alias=named("db_schemas", "PGRST_DB_SCHEMAS")
    )
    db_extra_search_path: Names = Field(
        default=("public", "extensions"), validation_alias=named("db_extra_search_path", "PGRST_DB_EXTRA_SEARCH_PATH")
    )
    db_anon_role: Text = Field(default="anon", validation_alias=named("db_anon_role", "PGRST_DB_ANON_ROLE"))
    db_max_rows: int | None = Field(default=1000, ge=0, validation_alias=named("db_max_rows", "PGRST_DB_MAX_ROWS"))
    db_pre_request: Text = Field(default=None, validation_alias=named("db_pre_request", "PGRST_DB_PRE_REQUEST"))
    db_root_spec: Text = Field(default=None, validation_alias=named("db_root_spec", "PGRST_DB_ROOT_SPEC"))
    db_pool: Positive = Field(default=10, validation_alias=named("db_pool", "PGRST_DB_POOL"))
    db_pool_acquisition_timeout: Positive = Field(
        default=10, validation_alias=named("db_pool_acquisition_timeout", "PGRST_DB_POOL_ACQUISITION_TIMEOUT")
    )
    db_aggregates_enabled: bool = Field(
        default=False, validation_alias=named("db_aggregates_enabled", "PGRST_DB_AGGREGATES_ENABLED")
    )
    db_plan_enabled: bool = Field(default=False, validation_alias=named("db_plan_enabled", "PGRST_DB_PLAN_ENABLED"))
    db_tx_end: Literal["commit", "commit-allow-override", "rollback", "rollback-allow-override"] = Field(
        default="commit", validation_alias=named("db_tx_end", "PGRST_DB_TX_END")
    )
    db_channel: str = Field(default="pgrst", validation_alias=named("db_channel", "PGRST_DB_CHANNEL"))
    db_channel_enabled: bool = Field(
        default=True, validation_alias=named("db_channel_enabled", "PGRST_DB_CHANNEL_ENABLED")
    )
    db_config: bool = Field(default=True, validation_alias=named("db_config", "PGRST_DB_CONFIG"))
    db_pre_config: Text = Field(
        default=None,
        validation_alias=named("db_pre_config", "PGRST_DB_PRE_CONFIG"),
        description="a function that sets pgrst.<name> for the transaction in which the configuration is read",
    )
    db_hoisted_tx_settings: Names = Field(
        ("statement_timeout", "plan_filter.statement_cost_limit", "default_transaction_isolation"),
        validation_alias=named("db_hoisted_tx_settings", "PGRST_DB_HOISTED_TX_SETTINGS"),
    )
    openapi_mode: Literal["follow-privileges", "ignore-privileges", "disabled"] = Field(
        default="follow-privileges", validation_alias=named("openapi_mode", "PGRST_OPENAPI_MODE")
    )
    openapi_security_active: bool = Field(
        default=False, validation_alias=named("openapi_security_active", "PGRST_OPENAPI_SECURITY_ACTIVE")
    )
    openapi_server_proxy_uri: str | None = Field(
        default=None, validation_alias=named("openapi_server_proxy_uri", "PGRST_OPENAPI_SERVER_PROXY_URI")
    )
    server_trace_header: str | None = Field(
        default=None, validation_alias=named("server_trace_header", "PGRST_SERVER_TRACE_HEADER")
    )
    server_timing_enabled: bool = Field(
        default=False, validation_alias=named("server_timing_enabled", "PGRST_SERVER_TIMING_ENABLED")
    )
    client_error_verbosity: Literal["verbose", "minimal"] = Field(
        default="verbose",
        validation_alias=named("client_error_verbosity", "PGRST_CLIENT_ERROR_VERBOSITY"),
        description="minimal: errors without details and hint",
    )
    url_use_legacy_target_names: bool = Field(
        default=True,
        validation_alias=named("url_use_legacy_target_names", "PGRST_URL_USE_LEGACY_TARGET_NAMES"),
        description="filters may call an embedded resource by its relation although it has an alias",
    )
    app_settings: dict[str, str] = Field(
        default={}, description="name → value, readable in SQL as current_setting(name)"
    )


class KeySettings(BaseSettings):
    """What tokens are signed with and which API keys open the door."""

    jwt_secret: Text = Field(
        LOCAL_JWT_SECRET,
        validation_alias=named("jwt_secret", "PGRST_JWT_SECRET", "GOTRUE_JWT_SECRET"),
        description="an HS256 secret of 32 bytes or more, or a JWK / JWK set as JSON; none: rest refuses every token",
    )
    jwt_secret_is_base64: bool = Field(
        default=False, validation_alias=named("jwt_secret_is_base64", "PGRST_JWT_SECRET_IS_BASE64")
    )
    jwt_signing_key: str | None = Field(
        default=None, description="private JWK as JSON, EC P-256 or RSA; none: sign with jwt_secret"
    )
    jwt_aud: Text = Field(default=None, validation_alias=named("jwt_aud", "PGRST_JWT_AUD"))
    jwt_role_claim_key: str = Field(
        default=".role", validation_alias=named("jwt_role_claim_key", "PGRST_JWT_ROLE_CLAIM_KEY")
    )
    jwt_cache_max_entries: int = Field(
        default=1000, ge=0, validation_alias=named("jwt_cache_max_entries", "PGRST_JWT_CACHE_MAX_ENTRIES")
    )
    jwt_expiry: Positive = Field(default=3600, validation_alias=named("jwt_expiry", "GOTRUE_JWT_EXP"))
    publishable_key: str = LOCAL_PUBLISHABLE_KEY
    secret_key: str = LOCAL_SECRET_KEY
    require_apikey: bool = True
    refuse_secret_key_in_browser: bool = True


class AuthSettings(BaseSettings):
    """How people sign up, sign in and prove who they are."""

    external_url: str | None = Field(
        None,
        validation_alias=named("external_url", "API_EXTERNAL_URL"),
        description="where clients reach the gateway; default: http://host:port",
    )
    site_url: str = Field(default="http://127.0.0.1:3000", validation_alias=named("site_url", "GOTRUE_SITE_URL"))
    redirect_urls: Names = Field(default=(), validation_alias=named("redirect_urls", "GOTRUE_URI_ALLOW_LIST"))
    enable_signup: bool = True
    enable_anonymous: bool = Field(
        default=True, validation_alias=named("enable_anonymous", "GOTRUE_EXTERNAL_ANONYMOUS_USERS_ENABLED")
    )
    enable_email: bool = Field(default=True, validation_alias=named("enable_email", "GOTRUE_EXTERNAL_EMAIL_ENABLED"))
    enable_phone: bool = Field(default=True, validation_alias=named("enable_phone", "GOTRUE_EXTERNAL_PHONE_ENABLED"))
    enable_manual_linking: bool = Field(
        default=False, validation_alias=named("enable_manual_linking", "GOTRUE_SECURITY_MANUAL_LINKING_ENABLED")
    )
    mailer_autoconfirm: bool = Field(
        default=True, validation_alias=named("mailer_autoconfirm", "GOTRUE_MAILER_AUTOCONFIRM")
    )
    phone_autoconfirm: bool = Field(default=True, validation_alias=named("phone_autoconfirm", "GOTRUE_SMS_AUTOCONFIRM"))
    sms_provider: Literal["none", "mailbox"] = Field(
        default="none", description="mailbox keeps text messages on this machine, beside the mails"
    )
    secure_email_change: bool = Field(
        default=True, validation_alias=named("secure_email_change", "GOTRUE_MAILER_SECURE_EMAIL_CHANGE_ENABLED")
    )
    password_min_length: int = Field(
        default=6, ge=1, le=72, validation_alias=named("password_min_length", "GOTRUE_PASSWORD_MIN_LENGTH")
    )
    password_required_characters: tuple[str, ...] = Field(
        default=(), description="sets of characters; a password needs one of each"
    )
    password_bcrypt_cost: int = Field(default=10, ge=4, le=16)
    password_update_needs_reauthentication: bool = Field(
        default=False,
        validation_alias=named(
            "password_update_needs_reauthentication", "GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_REAUTHENTICATION"
        ),
    )
    otp_length: int = Field(default=6, ge=6, le=10, validation_alias=named("otp_length", "GOTRUE_MAILER_OTP_LENGTH"))
    otp_expiry: Positive = Field(default=3600, validation_alias=named("otp_expiry", "GOTRUE_MAILER_OTP_EXP"))
    refresh_token_reuse_interval: Seconds = Field(
        10,
        validation_alias=named("refresh_token_reuse_interval", "GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL"),
    )
    session_timebox: Seconds | None = Field(default=None, description="seconds a session may live; none: for ever")
    session_inactivity_timeout: Seconds | None = None
    custom_access_token_hook: str | None = Field(
        None,
        validation_alias=named("custom_access_token_hook", "GOTRUE_HOOK_CUSTOM_ACCESS_TOKEN_URI"),
        description="schema.function or pg-functions://postgres/schema/function",
    )
    auth_db_pool: Positive = 5
    mailbox_size: Positive = 500
    email_send_interval: Seconds = Field(
        0,
        description="seconds between two mails to one user",
        validation_alias=named("email_send_interval", "GOTRUE_SMTP_MAX_FREQUENCY"),
    )
    rate_limit_sign_in: int = Field(default=3000, ge=0, description="per address in five minutes; 0: no limit")
    rate_limit_anonymous: int = Field(
        default=3000, ge=0, description="anonymous sign-ins per address and hour; 0: no limit"
    )
    rate_limit_token_refresh: int = Field(default=3000, ge=0, description="per address in five minutes; 0: no limit")
    rate_limit_verify: int = Field(default=360, ge=0, description="per address in five minutes; 0: no limit")
    rate_limit_email_sent: int = Field(
        default=3000, ge=0, description="mails and messages an hour, all together; 0: no limit"
    )


class GatewaySettings(AuthSettings, KeySettings, DatabaseSettings, ShellSettings):
    """The whole configuration; frozen."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.root_service is not None and self.root_service not in self.services:
            msg = f"root_service is {self.root_service!r}, which is not among services {self.services!r}."
            raise ValueError(msg)
        if self.admin_db_uri is None and {"auth", "realtime"} & set(self.services):
            msg = "auth and realtime need admin_db_uri (GATEWAY_ADMIN_DB_URI); give it, or set services to rest alone."
            raise ValueError(msg)
        if self.jwt_secret is None and self.jwt_signing_key is None and {"auth", "realtime"} & set(self.services):
            msg = "auth and realtime need keys; give jwt_secret or jwt_signing_key, or set services to rest alone."
            raise ValueError(msg)
        return self

    @classmethod
    def from_environment(cls) -> Self:
        """The settings that the environment alone gives; raises pydantic.ValidationError."""
        given: dict[str, Any] = {}
        return cls(**given)

    @property
    def public_url(self) -> str:
        """Base address as clients see it, without a trailing slash."""
        return (self.external_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def auth_url(self) -> str:
        """Address of the auth service: the issuer of its tokens and the start of its links."""
        return self.public_url if self.root_service == "auth" else f"{self.public_url}/auth/v1"
