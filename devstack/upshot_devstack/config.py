"""What a stack is told before it starts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from upshot_devstack import paths


class StackConfig(BaseModel):
    """One stack: where its state lives, which ports it takes, and how careful it is with data.

    A port of 0 means: pick a free one and keep it for as long as the stack runs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    state_dir: Path
    api_port: int = Field(default=54321, ge=0, le=65535)
    db_port: int = Field(default=54322, ge=0, le=65535)
    durable: bool = True
    """False trades crash safety for speed: right for tests, wrong for data that somebody will miss."""
    project_dir: Path | None = None
    """The folder that holds `supabase/` (config.toml, migrations, seed); None starts the bare platform."""
    cache_dir: Path = Field(default_factory=paths.cache_root)
    pg_bin: Path | None = None
    """The `bin` folder of your own Postgres 17 or newer, instead of the packaged one."""
    gateway: Mapping[str, Any] = Field(default_factory=dict)
    """Settings of the gateway that differ from what config.toml says."""
