"""The scoring desk: by keys, by touch, with two windows and without a line."""

from decimal import Decimal

import pytest

from tests.browser.conftest import SIZES, Visitor

pytestmark = pytest.mark.browser
KEYBOARD, TOUCH = "juri4@tegal.example", "juri5@tegal.example"
WEIGHTS = [10, 15, 5, 30, 20, 5, 15]
FINAL = (
    "SELECT s.key FROM judging_scoresheet s"
    " JOIN judging_assignment a ON a.id = s.assignment_id"
    " JOIN judging_juror j ON j.id = a.juror_id"
    " JOIN accounts_user u ON u.id = j.user_id"
    " WHERE u.email = %s AND s.state = 'final'"
)
SCORES = (
    "SELECT c.value, c.note FROM judging_score c"
    " JOIN judging_scoresheet s ON s.id = c.sheet_id"
    " JOIN competitions_criterion k ON k.id = c.criterion_id"
    " WHERE s.key = %s ORDER BY k.order"
)


@pytest.fixture
def tablet(browser, demo_stack):
    """A tablet held upright, without keyboard or mouse."""
    context = browser.new_context(
        viewport={"width": 820, "height": 1180},
        has_touch=True,
        locale="id-ID",
        base_url=demo_stack.base_url,
        reduced_motion="reduce",
    )
    yield Visitor(context.new_page(), demo_stack)
    context.close()


def test_ten_proposals_by_keyboard_alone(demo_stack, visit):
    juror = visit(KEYBOARD)
    page, keys = juror.page, juror.page.keyboard
    before = set(demo_stack.query(FINAL, KEYBOARD))
    juror.go("/penilaian/")
    juror.check("antrean-juri")
    _tab_to(page, "main a.btn-primary")
    with page.expect_navigation():
        keys.press("Enter")
    juror.check("lembar-nilai")

    finished = []
    for number in range(10):
        key = page.url.rstrip("/").rsplit("/", 1)[1]
        scores = [70 + number + place for place in range(len(WEIGHTS))]
        if number == 3:
            scores[2] = 55
        _score_by_keys(page, scores)
        total = sum(Decimal(s * w) / 100 for s, w in zip(scores, WEIGHTS, strict=True))
        assert page.locator("[data-total]").inner_text() == f"{total:.2f}".replace(
            ".", ","
        )
        with page.expect_navigation():
            keys.press("Enter" if number % 2 else "Control+Enter")
        finished.append((key, scores))

    now = {key for (key,) in demo_stack.query(FINAL, KEYBOARD)}
    assert now - {key for (key,) in before} == {key for key, _scores in finished}
    for key, scores in finished:
        stored = demo_stack.query(SCORES, key)
        assert [value for value, _note in stored] == scores
    assert demo_stack.query(SCORES, finished[3][0])[2] == (55, "Alasannya jelas.")
    assert juror.errors == []


def test_keys_are_listed_and_single_ones_can_be_switched_off(demo_stack, visit):
    juror = visit(KEYBOARD)
    page, keys = juror.page, juror.page.keyboard
    juror.go("/penilaian/")
    juror.click_link("Nilai proposal berikutnya")
    keys.press("?")
    dialog = page.locator("#keys")
    assert dialog.is_visible()
    assert juror.axe() == []
    page.locator("[data-single-keys]").focus()
    keys.press("Space")
    keys.press("Escape")
    page.evaluate("document.activeElement.blur()")

    keys.press("?")
    keys.press("7")

    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    keys.press("Alt+ArrowDown")
    assert page.evaluate("'scoreMax' in document.activeElement.dataset")
    # In a note every key writes, and the one with a modifier leads out.
    keys.press("Alt+KeyC")
    keys.type("7? ya")
    assert page.evaluate("document.activeElement.value").endswith("7? ya")
    keys.press("Alt+KeyC")
    keys.press("Alt+KeyB")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    keys.press("Alt+KeyB")
    assert page.evaluate("'scoreMax' in document.activeElement.dataset")
    juror.wait_until_saved()


def test_one_proposal_by_touch(demo_stack, tablet):
    page = tablet.page
    tablet.sign_in(TOUCH)
    before = demo_stack.query(FINAL, TOUCH)
    tablet.go("/penilaian/")
    with page.expect_navigation():
        page.locator("main a.btn-primary").first.tap()
    key = page.url.rstrip("/").rsplit("/", 1)[1]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".jump a").last.tap()
    for place in range(len(WEIGHTS)):
        criterion = page.locator("details.criterion").nth(place)
        if criterion.get_attribute("open") is None:
            criterion.locator("summary").first.tap()
        field = criterion.locator(".score-input")
        field.tap()
        field.fill(str(80 + place))
    assert tablet.axe() == []
    small = page.locator("#sheet :is(.btn, summary, .score-input):visible")
    heights = small.evaluate_all("all => all.map(e => e.offsetHeight)")
    assert min(heights) >= 24
    with page.expect_navigation():
        page.locator("[data-finish]").tap()

    assert len(demo_stack.query(FINAL, TOUCH)) == len(before) + 1
    stored = demo_stack.query(SCORES, key)
    assert [value for value, _note in stored] == [80 + n for n in range(len(WEIGHTS))]
    assert tablet.errors == []


def test_two_windows_a_lost_line_and_an_ended_session_lose_nothing(demo_stack, visit):
    juror = visit(TOUCH)
    page = juror.page
    juror.go("/penilaian/")
    juror.click_link("Nilai proposal berikutnya")
    key = page.url.rstrip("/").rsplit("/", 1)[1]
    second = Visitor(page.context.new_page(), demo_stack)
    second.page.goto(page.url)

    _type(page, "71")
    juror.wait_until_saved()
    _type(second.page, "72")
    notice = second.page.locator("[data-autosave-conflict]")
    notice.wait_for()
    assert ("71" in notice.inner_text(), "72" in notice.inner_text()) == (True, True)
    assert demo_stack.query(SCORES, key)[0][0] == 71
    second.page.locator("[data-autosave-mine]").click()
    second.wait_until_saved()
    assert demo_stack.query(SCORES, key)[0][0] == 72

    page = second.page
    page.context.set_offline(True)
    _type(page, "73")
    page.locator(".save-state[data-state=offline]").wait_for()
    page.context.set_offline(False)
    second.wait_until_saved()
    assert demo_stack.query(SCORES, key)[0][0] == 73

    demo_stack.end_sessions()
    _type(page, "74")
    page.locator("[data-autosave-signedout]").wait_for()
    juror.sign_in(TOUCH)
    page.evaluate("dispatchEvent(new Event('focus'))")
    second.wait_until_saved()
    assert demo_stack.query(SCORES, key)[0][0] == 74


def test_pages_beside_the_desk_are_for_everybody(demo_stack, visit):
    juror = visit(TOUCH)
    juror.go("/penilaian/")
    place = juror.page.locator(".without-line a").nth(1).get_attribute("href")
    assert place
    juror.go(place)
    juror.check("lembar-unggah")
    juror.go(place.replace("/lembar/", "/cetak/"))
    juror.check("lembar-cetak")
    juror.go("/penilaian/")
    juror.click_link("Nilai proposal berikutnya")
    juror.go(f"{juror.page.url.removeprefix(demo_stack.base_url)}abstain/")
    juror.check("lembar-abstain")
    assert set(SIZES) == {"desktop", "phone"}


def _tab_to(page, selector: str) -> None:
    """Press Tab until what `selector` names has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def _score_by_keys(page, scores: list[int]) -> None:
    """Type a score for each criterion from the first on; Enter leads to the next."""
    keys = page.keyboard
    keys.press("Alt+ArrowDown")
    for _ in scores:
        keys.press("Alt+ArrowUp")
    for score in scores:
        keys.type(str(score))
        keys.press("Enter")
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            keys.type("Alasannya jelas.")
            keys.press("Alt+ArrowDown")
    assert page.evaluate("document.activeElement.matches('[data-finish]')")


def _type(page, score: str) -> None:
    criterion = page.locator("details.criterion").first
    if criterion.get_attribute("open") is None:
        criterion.locator("summary").first.click()
    criterion.locator(".score-input").fill(score)
