"""The dashboard's files on this machine: `python -m upshot.demo.dashboard` serves them, and has a worker at work, until the
API is gone for good.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from upshot.demo import worker
from upshot.demo.api import Project
from upshot.demo.errors import DemoError

HOST = "127.0.0.1"
PORT = 54323
LOOK_EVERY = 5.0
LOOKS_WITHOUT_ANSWER = 3
_HEADERS = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Server(ThreadingHTTPServer):
    """Loopback only. ``config`` is what /config.json answers."""

    daemon_threads = True
    # Two dashboards on one port would answer in turns.
    allow_reuse_address = os.name != "nt"

    def __init__(self, dist: Path, project_url: str, publishable_key: str, port: int) -> None:
        config = {"supabase_url": project_url, "supabase_publishable_key": publishable_key}
        self.config = json.dumps(config).encode()
        super().__init__((HOST, port), partial(Handler, directory=str(dist)))


class Handler(SimpleHTTPRequestHandler):
    """Files of the build; /config.json from memory; every other path is a page of the app."""

    server: Server

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/config.json":
            self._send_config()
        else:
            super().do_GET()

    def send_head(self) -> Any:
        if not Path(self.translate_path(self.path)).is_file():
            self.path = "/index.html"
        return super().send_head()

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Nothing: a page view is no news."""

    def _send_config(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.config)))
        self.end_headers()
        self.wfile.write(self.server.config)


def find_address(project: Project, port: int = PORT) -> tuple[str, bool]:
    """The dashboard's address, and whether it is served there already.

    The wanted port, or a free one when somebody else has it.
    """
    if _serves(project, port):
        return f"http://{HOST}:{port}", True
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            probe.bind((HOST, 0))
        return f"http://{HOST}:{probe.getsockname()[1]}", False


def launch(project: Project, dist: Path, address: str) -> None:
    """Start the server as a process of its own, which outlives this one, and wait until it answers."""
    port = urlsplit(address).port or PORT
    command = [sys.executable, "-m", "upshot.demo.dashboard", str(dist), project.url, str(port)]
    environment = {**os.environ, "PUBLISHABLE_KEY": project.publishable_key, "SECRET_KEY": project.secret_key}
    with tempfile.NamedTemporaryFile(prefix="upshot-dashboard-", suffix=".log", delete=False) as output:
        process = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    for _ in range(100):
        if _serves(project, port):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise DemoError(f"The dashboard's server did not start; see {output.name}.")


def watch(project_url: str, server: Server) -> None:
    """Stop the server once the API has not answered several times in a row."""
    silent = 0
    while silent < LOOKS_WITHOUT_ANSWER:
        time.sleep(LOOK_EVERY)
        silent = 0 if _answers(project_url) else silent + 1
    server.shutdown()


def _answers(project_url: str) -> bool:
    try:
        httpx.get(f"{project_url}/auth/v1/health", timeout=LOOK_EVERY)
    except httpx.TransportError:
        return False
    return True


def _serves(project: Project, port: int) -> bool:
    """True when a dashboard for this project answers on the port."""
    try:
        config = httpx.get(f"http://{HOST}:{port}/config.json", timeout=2).json()
    except (httpx.HTTPError, ValueError):
        return False
    return isinstance(config, dict) and config.get("supabase_url") == project.url


def main() -> None:
    """Serve and work until stopped."""
    parser = argparse.ArgumentParser(description="Serve the built dashboard on loopback.")
    parser.add_argument("dist", type=Path)
    parser.add_argument("project_url")
    parser.add_argument("port", type=int)
    asked = parser.parse_args()
    project = Project(asked.project_url, os.environ["PUBLISHABLE_KEY"], os.environ["SECRET_KEY"])
    with Server(asked.dist, project.url, project.publishable_key, asked.port) as server:
        threading.Thread(target=watch, args=(project.url, server), daemon=True).start()
        worker.start(project)
        server.serve_forever()


if __name__ == "__main__":
    main()
