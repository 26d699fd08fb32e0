"""The dashboard's little server."""

import socket
import threading

import httpx
import pytest

from upshot.demo import dashboard
from upshot.demo.api import Project


@pytest.fixture
def project(closed_port):
    return Project(f"http://127.0.0.1:{closed_port}", "sb_publishable_x", "sb_secret_x")


@pytest.fixture
def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def dist(tmp_path):
    (tmp_path / "index.html").write_text("<h1>App</h1>")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app.js").write_text("go()")
    (tmp_path.parent / "secret.txt").write_text("secret")
    return tmp_path


@pytest.fixture
def server(dist, project):
    with dashboard.Server(dist, project.url, project.publishable_key, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(server: dashboard.Server, path: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{server.server_port}{path}", timeout=60)


def test_the_configuration_names_the_project_and_never_the_secret_key(server, project):
    config = get(server, "/config.json").json()
    assert config == {"supabase_url": project.url, "supabase_publishable_key": "sb_publishable_x"}


def test_files_are_served_and_every_other_path_is_a_page_of_the_app(server):
    assert get(server, "/assets/app.js").text == "go()"
    assert get(server, "/w/demo/experiments/routing-1?x=1").text == "<h1>App</h1>"
    assert get(server, "/assets/").text == "<h1>App</h1>"


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"])
def test_nothing_above_the_build_can_be_read(server, path):
    assert "secret" not in get(server, path).text


def test_it_may_not_be_framed(server):
    assert get(server, "/").headers["x-frame-options"] == "DENY"


def test_a_dashboard_that_serves_this_project_is_used_again(server, project):
    port = server.server_port
    assert dashboard.find_address(project, port) == (f"http://127.0.0.1:{port}", True)


def test_a_port_that_somebody_else_has_is_left_to_them(server):
    other = Project("http://127.0.0.1:1", "x", "x")
    address, served = dashboard.find_address(other, server.server_port)
    assert not served
    assert address != f"http://127.0.0.1:{server.server_port}"


def test_it_ends_when_the_api_is_gone_for_good(dist, project, monkeypatch):
    monkeypatch.setattr(dashboard, "LOOK_EVERY", 0.01)
    with dashboard.Server(dist, project.url, project.publishable_key, 0) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        dashboard.watch(project.url, server)
        serving.join(timeout=60)
        assert not serving.is_alive()
