from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import OpenPage
from e2e.story import Story

SIZES = [(1440, 900), (390, 844)]


def answer_path(story: Story) -> str:
    return f"/w/{story.slug}/experiments/{story.experiment_key}"


def settle(page: Page) -> None:
    """Wait for what would otherwise still be moving when the picture is taken."""
    expect(page.get_by_role("region", name="Verdict")).to_be_visible()
    expect(page.locator("svg[role=img] [data-tone]").first).to_be_visible()
    expect(page.get_by_role("region", name="Latest changes").get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_role("region", name="Live now").get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_attached()
    page.evaluate("document.fonts.ready")


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.rootpath / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"


# The page's content security policy would keep the checker itself out: these pages are opened without it.
def violations(page: Page, axe: Path) -> list[Any]:
    page.add_script_tag(path=str(axe))
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]


def test_the_answer_is_accessible_and_fits_on_wide_and_narrow_in_light_and_dark(
    sign_in: OpenPage, story: Story, shots: Path, axe: Path
) -> None:
    for width, height in SIZES:
        page = sign_in(answer_path(story), width=width, height=height, bypass_csp=True)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settle(page)
            page.screenshot(path=shots / f"answer-{width}-{scheme}.png", full_page=True)
            assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
        box = page.get_by_role("region", name="Verdict").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height, "the verdict is not on the first screen"


def test_signing_in_the_list_and_asking_once_are_accessible(
    open_page: OpenPage, story: Story, shots: Path, axe: Path
) -> None:
    for width, height in SIZES:
        page = open_page("/sign-in", width=width, height=height, bypass_csp=True)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        page.screenshot(path=shots / f"sign-in-{width}.png")
        assert violations(page, axe) == []

        page.goto(f"/sign-in?next=/w/{story.slug}/experiments#token_hash={story.sign_in_token()}")
        expect(page.get_by_role("link", name="Greeting length")).to_be_visible()
        page.screenshot(path=shots / f"experiments-{width}.png")
        assert violations(page, axe) == []

        page.get_by_role("link", name="Greeting length").click()
        page.get_by_role("button", name="Roll back Shorter greeting").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.screenshot(path=shots / f"roll-back-{width}.png")
        assert violations(page, axe) == []
