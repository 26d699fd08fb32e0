"""The worker's settings: read once, at the edge, and passed in."""

import os
import socket

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from upshot.domain.errors import ConfigurationError


class Settings(BaseSettings):
    """Environment variables ``UPSHOT_…``; the two that say which project also by Supabase's own names."""

    model_config = SettingsConfigDict(env_prefix="UPSHOT_", frozen=True, populate_by_name=True)

    supabase_url: str = Field(
        validation_alias=AliasChoices("UPSHOT_SUPABASE_URL", "SUPABASE_URL"), pattern=r"^https?://"
    )
    supabase_secret_key: SecretStr = Field(
        validation_alias=AliasChoices("UPSHOT_SUPABASE_SECRET_KEY", "SUPABASE_SECRET_KEY"), min_length=20
    )
    worker_name: str = Field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    log_format: str = Field(default="auto", pattern="^(auto|json|text)$")

    jobs: int = Field(default=2, ge=1, le=64)
    concurrency: int = Field(default=8, ge=1, le=256)
    lease_seconds: int = Field(default=60, ge=6, le=3600)
    poll_seconds: float = Field(default=10.0, gt=0, le=600)
    ramp_seconds: float = Field(default=15.0, gt=0, le=3600)
    results_seconds: float = Field(default=0.25, gt=0, le=3600)
    days_seconds: float = Field(default=2.0, gt=0, le=3600)
    slices_seconds: float = Field(default=5.0, gt=0, le=3600)
    drain_seconds: float = Field(default=30.0, ge=0, le=3600)
    result_batch: int = Field(default=10, ge=1, le=500)
    realtime: bool = True

    local_slots: int = Field(default_factory=lambda: min(4, os.cpu_count() or 1), ge=1, le=64)
    openai_base_url: str | None = None
    anthropic_base_url: str | None = None
    gemini_base_url: str | None = None
    read_timeout_seconds: float = Field(default=60.0, gt=0, le=600)


def read() -> Settings:
    """Read the environment; ConfigurationError lists what is missing or wrong, without showing values."""
    try:
        return Settings.model_validate({})
    except ValidationError as error:
        problems = "; ".join(
            f"{'/'.join(map(str, p['loc']))}: {p['msg']}" for p in error.errors(include_input=False, include_url=False)
        )
        raise ConfigurationError(f"The worker's environment is not complete: {problems}") from error
