from pathlib import Path

import psycopg
from playwright.sync_api import Page, expect

from e2e.conftest import OpenPage
from e2e.story import Story, add_user
from upshot_devstack.postgres.templates import Database

LIVE_MS = 10_000
"""How long a change may take to show: sooner than a page looks again by itself, so it must have been told.
How soon it is told, `scripts/bench freshness` measures on a machine that does nothing else."""


def path_of(story: Story) -> str:
    return f"/w/{story.slug}/experiments/{story.experiment_key}"


def wait_until_live(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()


def test_a_one_time_link_signs_in_and_shows_the_answer(open_page: OpenPage, story: Story) -> None:
    token = story.sign_in_token()
    page = open_page(f"/sign-in#token_hash={token}&type=magiclink")
    verdict = page.get_by_role("region", name="Verdict")
    expect(verdict).to_contain_text("Shorter greeting raises Booked calls")
    expect(verdict).to_contain_text("points")
    expect(verdict).to_contain_text("Grade A")
    expect(verdict).to_contain_text("Look before you ship: Reply time")
    assert page.url.endswith(path_of(story)), "the only experiment of the workspace is its home"
    assert token not in page.evaluate("JSON.stringify([location.href, history.state])")

    again = open_page(f"/sign-in#token_hash={token}&type=magiclink")
    expect(again.get_by_role("alert")).to_contain_text("This link can't be used")


def test_a_mailed_link_signs_in_at_the_page_that_it_names(open_page: OpenPage, story: Story, dashboard: str) -> None:
    link = story.mailed_link(dashboard + path_of(story))
    page = open_page(link)
    expect(page.get_by_role("region", name="Verdict")).to_contain_text("Shorter greeting raises Booked calls")
    assert "token" not in page.url

    again = open_page(link)
    expect(again.get_by_role("alert")).to_contain_text("It was used before, or it is too old.")
    expect(again.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_session_that_the_server_refuses_ends_at_the_sign_in_page(sign_in: OpenPage, story: Story) -> None:
    page = sign_in(path_of(story))
    wait_until_live(page)
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((name) => name.endsWith("-auth-token"));
          const session = JSON.parse(localStorage.getItem(key));
          session.access_token = session.access_token.slice(0, -8) + "AAAAAAAA";
          localStorage.setItem(key, JSON.stringify(session));
        }"""
    )
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_wrong_password_says_so_and_the_page_stays_closed(open_page: OpenPage, story: Story) -> None:
    page = open_page(path_of(story))
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("not-the-password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Invalid login credentials")
    expect(page.get_by_role("region", name="Verdict")).to_have_count(0)


def test_the_effects_say_interval_means_and_n(sign_in: OpenPage, story: Story) -> None:
    page = sign_in(path_of(story))
    effects = page.get_by_role("region", name="Effect on each outcome")
    known = {arm: len(subjects) - 3 for arm, subjects in story.subjects.items()}
    n = f"n = {known['short']} vs {known['control']} customers"
    expect(effects).to_contain_text(n)
    row = story.owner.select("experiment_effects", metric_key="eq.booked")[0]
    low, high = (round(100 * row[end]) for end in ("sequential_low", "sequential_high"))
    expect(effects).to_contain_text(f"({low} to {high})")
    expect(
        effects.get_by_role("img", name=f"Booked calls, Shorter greeting: +{round(100 * row['difference'])}")
    ).to_be_visible()


def test_an_outcome_recorded_elsewhere_shows_without_a_reload(sign_in: OpenPage, story: Story) -> None:
    page = sign_in(path_of(story))
    wait_until_live(page)
    before = len(story.subjects["short"]) - 3
    expect(page.get_by_text(f"n = {before} vs").first).to_be_visible()
    page.evaluate("window.sameDocument = true")

    story.record("booked", {story.subjects["short"][0]: True})
    expect(page.get_by_text(f"n = {before + 1} vs").first).to_be_visible(timeout=LIVE_MS)
    assert page.evaluate("window.sameDocument"), "the page was loaded again"


def test_a_person_records_an_outcome_by_hand(sign_in: OpenPage, story: Story) -> None:
    page = sign_in(path_of(story))
    subject = story.subjects["control"][0]
    before = len(story.subjects["control"]) - 3
    form = page.get_by_role("region", name="Record an outcome")
    form.get_by_role("button", name="Record").click()
    expect(form).to_contain_text("Say which one it was.")
    form.get_by_label("Customer").fill(subject)
    form.get_by_role("button", name="Record").click()
    expect(form.get_by_role("status")).to_contain_text("Recorded")
    expect(page.get_by_text(f"vs {before + 1} customers").first).to_be_visible(timeout=LIVE_MS)
    landed = story.owner.select("outcomes", source="eq.dashboard")
    assert [(row["subject"], row["value"]) for row in landed] == [(subject, 1)]


def test_rolling_back_an_arm_gives_its_customers_the_control(sign_in: OpenPage, story: Story) -> None:
    subject = story.subjects["short"][0]
    assert story.decide(subject)["version"]["id"] == story.versions["short"]
    page = sign_in(path_of(story))
    page.get_by_role("button", name="Roll back Shorter greeting").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{len(story.subjects['short'])} customers in this arm get Long greeting")
    dialog.get_by_label("Reason").fill("Replies come too late")
    dialog.get_by_role("button", name="Roll back").click()

    expect(page.get_by_role("region", name="Verdict")).to_contain_text(
        "Rolled back Shorter greeting: every customer gets the control."
    )
    expect(page.get_by_role("region", name="Latest changes")).to_contain_text("Rolled back the variant short")
    assert story.decide(subject)["version"]["id"] == story.versions["control"]
    change = story.owner.select("changes", kind="eq.variant_rolled_back")[0]
    assert change["detail"]["reason"] == "Replies come too late"


def test_rolling_back_what_is_live_and_taking_it_back(sign_in: OpenPage, story: Story) -> None:
    def live() -> str:
        return str(story.owner.select("live_deployments", environment="eq.production")[0]["prompt_version_id"])

    page = sign_in(path_of(story))
    panel = page.get_by_role("region", name="Live now")
    expect(panel).to_contain_text("Greeting v2")
    panel.get_by_role("button", name="Roll back to Greeting v1").click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(panel).to_contain_text("Greeting v1")
    assert live() == story.versions["first"]

    page.get_by_role("button", name="Undo").click()
    expect(panel).to_contain_text("Greeting v2")
    assert live() == story.versions["control"]


def test_a_rollback_from_a_stale_page_is_refused_with_words(sign_in: OpenPage, story: Story) -> None:
    page = sign_in(path_of(story))
    wait_until_live(page)
    page.get_by_role("button", name="Roll back Shorter greeting").click()
    experiment = story.owner.select("experiments", id=f"eq.{story.experiment_id}")[0]
    page.route(
        "**/rest/v1/rpc/rollback_variant",
        lambda route: route.continue_(
            post_data=route.request.post_data.replace(
                f'"expected_revision":{experiment["revision"]}', '"expected_revision":1'
            )
        ),
    )
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("The experiment has changed")
    assert story.decide(story.subjects["short"][0])["version"]["id"] == story.versions["short"]


def test_a_viewer_sees_the_answer_and_no_button_that_would_fail(sign_in: OpenPage, story: Story) -> None:
    story.add_member("vera@example.com", "viewer")
    page = sign_in(path_of(story), email="vera@example.com")
    expect(page.get_by_role("region", name="Verdict")).to_contain_text("Shorter greeting raises Booked calls")
    expect(page.get_by_role("region", name="Live now")).to_contain_text("Greeting v2")
    expect(page.get_by_role("button", name="Roll back")).to_have_count(0)
    expect(page.get_by_role("region", name="Record an outcome")).to_have_count(0)


def test_a_stranger_is_told_nothing(sign_in: OpenPage, story: Story) -> None:
    add_user(story.server, "eve@example.com")
    page = sign_in(path_of(story), email="eve@example.com")
    expect(page.get_by_text("There is no workspace harbour for you.")).to_be_visible()
    expect(page.get_by_text("Greeting")).to_have_count(0)


def test_the_bar_is_drawn_where_its_numbers_say(sign_in: OpenPage, story: Story) -> None:
    page = sign_in(path_of(story))
    expect(page.get_by_role("img", name="Booked calls, Shorter greeting").locator("rect")).to_have_count(2)
    drawn = page.evaluate(
        """() => {
          const middle = (element) => { const box = element.getBoundingClientRect(); return box.left + box.width / 2; };
          const svg = document.querySelector('svg[aria-label^="Booked calls, Shorter greeting"]');
          const axis = [...document.querySelectorAll('svg[aria-hidden] text')].filter((text) => text.textContent);
          const own = axis.slice(0, axis.findIndex((text, i) => i > 0 && middle(text) < middle(axis[i - 1])));
          const ticks = own.map((text) => [Number(text.textContent.replace('\\u2212', '-')), middle(text)]);
          const bar = svg.querySelector('rect').getBoundingClientRect();
          return { ticks, low: bar.left, high: bar.right };
        }"""
    )
    (first, first_x), (last, last_x) = drawn["ticks"][0], drawn["ticks"][-1]
    per_pixel = (last - first) / (last_x - first_x)
    effect = story.owner.select("experiment_effects", metric_key="eq.booked")[0]
    for end in ("low", "high"):
        value = first + (drawn[end] - first_x) * per_pixel
        assert abs(value - 100 * effect[f"sequential_{end}"]) < 1, f"the {end} end is drawn at {value:.1f} points"


SKEW = """
insert into public.assignments (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, bucket)
select v.workspace_id, v.experiment_id, p.id, v.id, 'lost-' || n, 'lost-' || n, 0
from public.variants v
join public.experiment_phases p on p.experiment_id = v.experiment_id
cross join generate_series(1, 100) as n
where v.key = 'control'
"""


def test_a_split_that_is_off_covers_the_verdict_until_it_is_read(
    sign_in: OpenPage, story: Story, db: Database, shots: Path
) -> None:
    with psycopg.connect(db.url("postgres")) as connection:
        connection.execute(SKEW)
    page = sign_in(path_of(story))
    warning = page.get_by_role("alert", name="Sample-ratio mismatch")
    expect(warning).to_contain_text("of customers got the control where 50 % were planned (p < 0.001)")
    expect(page.get_by_role("region", name="Verdict")).to_have_count(0)
    expect(page.get_by_role("region", name="Effect on each outcome")).to_have_count(0)
    page.screenshot(path=shots / "mismatch.png", full_page=True)

    warning.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("region", name="Verdict")).to_contain_text("No verdict: these numbers may not be believed.")
    expect(page.get_by_role("region", name="Arms")).to_contain_text("The split is not as planned")
