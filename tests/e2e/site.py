"""The built dashboard on a free port, as a host of static files serves it: unknown paths get index.html."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _App(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, config: dict[str, str], headers: dict[str, str], **kwargs: Any) -> None:
        self.config = config
        self.every_answer = headers
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if self.path == "/config.json":
            self._send_config()
            return
        if not Path(self.translate_path(self.path)).is_file():
            self.path = "/index.html"
        super().do_GET()

    def _send_config(self) -> None:
        body = json.dumps(self.config).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        for name, value in self.every_answer.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: a test's output is its failure."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves a page drops its requests; that is no error of ours."""


def hosted_headers(vercel: Path, api: str) -> dict[str, str]:
    """What Vercel would send with every page, with the policy opened for an API that is not on https."""
    rules = json.loads(vercel.read_text())["headers"]
    headers = {
        header["key"]: header["value"] for rule in rules if rule["source"] == "/(.*)" for header in rule["headers"]
    }
    policy = headers["Content-Security-Policy"]
    assert "https: wss:" in policy
    return headers | {"Content-Security-Policy": policy.replace("https: wss:", f"{api} ws{api.removeprefix('http')}")}


@contextmanager
def site(dist: Path, config: dict[str, str]) -> Iterator[str]:
    """Serve `dist` for the length of the block; yields its address without a slash at the end."""
    headers = hosted_headers(dist.parent / "vercel.json", config["supabase_url"])
    server = _Server(("127.0.0.1", 0), partial(_App, directory=str(dist), config=config, headers=headers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
