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
    def __init__(self, *args: Any, config: dict[str, str], **kwargs: Any) -> None:
        self.config = config
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

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: a test's output is its failure."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves a page drops its requests; that is no error of ours."""


@contextmanager
def site(dist: Path, config: dict[str, str]) -> Iterator[str]:
    """Serve `dist` for the length of the block; yields its address without a slash at the end."""
    server = _Server(("127.0.0.1", 0), partial(_App, directory=str(dist), config=config))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
