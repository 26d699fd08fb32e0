"""A real browser on the built dashboard, over a real gateway and a real Postgres."""

import shutil
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from e2e.site import site
from e2e.story import EMAIL, PASSWORD, Story, tell
from support.absent import absent
from support.patience import streaming
from upshot_devstack.postgres.templates import Database
from upshot_devstack.running import RunningGateway

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

OpenPage = Callable[..., Page]

PATIENCE_MS = 20_000
"""How long a page may take on a machine that does much else; what is promised to be fast says its own limit."""
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        absent("a browser; the end-to-end tests need the package chromium")
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def dist(pytestconfig: pytest.Config) -> Path:
    built = pytestconfig.rootpath / "dashboard" / "dist"
    if not (built / "index.html").is_file():
        pytest.fail("The dashboard is not built. Run: cd dashboard && npm ci && npm run build")
    return built


@contextmanager
def compacting(db: Database, pause: float = 0.2) -> Iterator[None]:
    """The compactor's ticks, as the worker makes them."""
    over = threading.Event()

    def tick() -> None:
        with psycopg.connect(db.url("postgres"), autocommit=True) as connection:
            while not over.wait(pause):
                connection.execute("select private.compact()")
                connection.execute("select private.compact_days()")
                connection.execute("select private.compact_slices()")

    ticking = threading.Thread(target=tick, daemon=True)
    ticking.start()
    yield
    over.set()
    ticking.join()


@pytest.fixture
def story(db: Database, gateway: RunningGateway) -> Iterator[Story]:
    def fix_salt() -> None:
        with psycopg.connect(db.url("postgres")) as connection:
            connection.execute("update public.experiments set salt = 'e2e'")

    told = tell(streaming(gateway), fix_salt)
    with compacting(db):
        yield told
    told.owner.close()
    told.server.close()


@pytest.fixture
def dashboard(dist: Path, gateway: RunningGateway) -> Iterator[str]:
    config = {"supabase_url": gateway.url, "supabase_publishable_key": gateway.settings.publishable_key}
    with site(dist, config) as url:
        yield url


@pytest.fixture
def open_page(browser: Browser, dashboard: str, request: pytest.FixtureRequest, shots: Path) -> Iterator[OpenPage]:
    """`open_page("/path", width=…, height=…, color_scheme=…)` in a browser that knows nobody.

    A test that fails leaves a picture of its last page and prints what the page complained of.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(path: str, *, width: int = 1440, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(
            base_url=dashboard, viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(path)
        return page

    yield open_
    if request.node.stash.get(FAILED, False) and contexts:
        contexts[-1].pages[0].screenshot(path=shots / f"failed-{request.node.name}.png", full_page=True)
        sys.stderr.write("\n".join(complaints))
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(open_page: OpenPage) -> OpenPage:
    """`sign_in("/path", email=…)`: as `open_page`, with the form filled in first."""

    def sign_in_(path: str, *, email: str = EMAIL, **options: Any) -> Page:
        page = open_page(path, **options)
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{path}")
        return page

    return sign_in_


@pytest.fixture(scope="session")
def shots(pytestconfig: pytest.Config) -> Path:
    """Where screenshots go; git ignores it."""
    folder = pytestconfig.rootpath / "test-results"
    folder.mkdir(exist_ok=True)
    return folder
