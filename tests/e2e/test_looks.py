import json
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
    expect(page.get_by_role("img").first).to_be_visible()
    expect(page.get_by_role("region", name="Latest changes").get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_attached()
    page.evaluate("document.fonts.ready")


def violations(page: Page, root: Path) -> list[Any]:
    page.add_script_tag(path=str(root / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"))
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_answer_is_accessible_and_fits(  # noqa: PLR0917 - a table of sizes and schemes
    width: int, height: int, scheme: str, sign_in: OpenPage, story: Story, shots: Path, pytestconfig: pytest.Config
) -> None:
    page = sign_in(answer_path(story), width=width, height=height, color_scheme=scheme)
    settle(page)
    page.screenshot(path=shots / f"answer-{width}-{scheme}.png", full_page=True)
    assert violations(page, pytestconfig.rootpath) == [], json.dumps("accessibility")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_list_signing_in_and_asking_once_are_accessible(
    width: int, height: int, open_page: OpenPage, sign_in: OpenPage, story: Story, shots: Path, pytestconfig: pytest.Config
) -> None:
    root = pytestconfig.rootpath
    page = open_page("/sign-in", width=width, height=height)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.screenshot(path=shots / f"sign-in-{width}.png")
    assert violations(page, root) == []

    page = sign_in(f"/w/{story.slug}/experiments", width=width, height=height)
    expect(page.get_by_role("link", name="Greeting length")).to_be_visible()
    page.screenshot(path=shots / f"experiments-{width}.png")
    assert violations(page, root) == []

    page.get_by_role("link", name="Greeting length").click()
    page.get_by_role("button", name="Roll back Shorter greeting").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.screenshot(path=shots / f"roll-back-{width}.png")
    assert violations(page, root) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_what_a_person_needs_first_is_on_the_first_screen(width: int, sign_in: OpenPage, story: Story) -> None:
    page = sign_in(answer_path(story), width=width, height=844)
    settle(page)
    box = page.get_by_role("region", name="Verdict").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
