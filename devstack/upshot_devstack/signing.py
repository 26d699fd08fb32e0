"""The key that a stack signs its users' tokens with: made once, kept in the state directory."""

import json
import os
from pathlib import Path

from upshot_devstack.gateway.tokens import generate_signing_key
from upshot_devstack.project import Project, ProjectError


def signing_key(state_dir: Path, project: Project | None) -> str:
    """An ES256 private JWK as JSON: the first of config.toml's `auth.signing_keys_path`, else the stack's own.

    Raises ProjectError when the project names a file that holds no keys.
    """
    given = project.settings.auth.signing_keys_path if project is not None else None
    if project is not None and given is not None:
        return _first_key(project.supabase / given)
    return _kept_key(state_dir / "signing-key.json")


def _first_key(path: Path) -> str:
    try:
        keys = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ProjectError(f"auth.signing_keys_path: {path} cannot be read: {error}") from error
    if not isinstance(keys, list) or not keys:
        raise ProjectError(f"auth.signing_keys_path: {path} must hold a JSON array with at least one private JWK.")
    return json.dumps(keys[0])


def _kept_key(path: Path) -> str:
    if not path.is_file():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(generate_signing_key())
    return path.read_text()
