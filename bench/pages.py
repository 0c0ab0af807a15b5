"""Whole pages and saves, each against a bare signed-in page of the same run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from itertools import count

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench.province import Province
from bench.timing import Figure, times_of_bare
from competitions.models import Stage
from tests.factories.judging import JurorFactory, ScoreSheetFactory

ORDINARY, LIST, RANKING, SAVE = 3, 5, 6, 2
QUERIES = 25


@dataclass(frozen=True)
class Page:
    """Something asked as `person`; `budget` is in times of the bare page."""

    name: str
    person: User
    ask: Callable[[Client], int]
    budget: float


def measure_pages(province: Province) -> Iterator[Figure]:
    """Time every page and count its queries."""
    secretary = Client()
    secretary.force_login(province.secretary)
    for page in _pages(province):
        client = Client()
        client.force_login(page.person)

        def ask(page: Page = page, client: Client = client) -> None:
            status = page.ask(client)
            assert status == HTTPStatus.OK, f"{page.name} answers {status}"

        def ask_bare(client: Client = client) -> None:
            client.get(reverse("notifications:message_list"))

        times, took = times_of_bare(ask, ask_bare)
        with CaptureQueriesContext(connection) as asked:
            ask()
        yield Figure(
            f"{page.name} ({took * 1000:.0f} ms)", times, "bare pages", page.budget
        )
        yield Figure(f"{page.name}", len(asked), "queries", QUERIES)


def _pages(province: Province) -> Iterator[Page]:
    running, scored = province.running.slug, province.scored.slug
    draft, submitted = province.draft.code, province.submitted.code
    section = "latar-belakang"

    def get(name: str, *args: str, query: str = "") -> Callable[[Client], int]:
        return lambda client: client.get(reverse(name, args=args) + query).status_code

    author, secretary = province.author, province.secretary
    yield Page("home of an author", author, get("dashboard"), ORDINARY)
    yield Page("home of a secretariat", secretary, get("dashboard"), ORDINARY)
    yield Page("home of a juror", province.juror, get("dashboard"), ORDINARY)
    yield Page("own proposals", author, get("submissions:proposal_list"), LIST)
    yield Page("proposal", author, get("submissions:proposal_detail", draft), ORDINARY)
    yield Page("general data", author, get("submissions:header_edit", draft), ORDINARY)
    yield Page(
        "editor", author, get("submissions:section_edit", draft, section), ORDINARY
    )
    yield Page("autosave", author, _autosave(draft, section), SAVE)
    yield Page("check", author, get("submissions:proposal_check", draft), ORDINARY)
    yield Page(
        "screening list", secretary, get("submissions:screening_list", running), LIST
    )
    yield Page(
        "screening list, filtered",
        secretary,
        get("submissions:screening_list", running, query="?cari=puskesmas"),
        LIST,
    )
    yield Page(
        "screening", secretary, get("submissions:screening_edit", submitted), ORDINARY
    )
    yield Page(
        "dashboard of a round",
        secretary,
        get("monitoring:round_dashboard", running),
        ORDINARY,
    )
    yield Page("rescue board", secretary, get("monitoring:rescue_board", running), LIST)
    yield Page(
        "rescue board, filtered",
        secretary,
        get("monitoring:rescue_board", running, query="?isi=lengkap&urut=-isi"),
        LIST,
    )
    yield Page(
        "rescue board, nothing yet",
        secretary,
        get("monitoring:rescue_absent", running),
        LIST,
    )
    yield Page(
        "rescue board, 72 hours",
        secretary,
        get("monitoring:rescue_hours", running),
        LIST,
    )
    yield Page(
        "rescue board, trend", secretary, get("monitoring:rescue_trend", running), LIST
    )
    yield Page(
        "innovation index",
        secretary,
        get("submissions:innovation_index", running),
        LIST,
    )
    yield Page("register", secretary, get("catalogue:innovation_list"), LIST)
    yield Page("jury", secretary, get("judging:juror_list", scored), ORDINARY)
    yield Page(
        "ranking",
        secretary,
        get("judging:ranking", scored, query="?halaman=7"),
        RANKING,
    )
    yield from _set_up(province)
    yield from _desk(province)


def _set_up(province: Province) -> Iterator[Page]:
    """The pages of a round with 40 sections and 25 criteria that is being prepared."""
    round = province.prepared
    for name, route in [
        ("set-up and review", "round_setup"),
        ("set-up: calendar", "stage_edit"),
        ("set-up: tracks", "group_list"),
        ("set-up: form", "form_edit"),
        ("set-up: preview", "form_preview"),
        ("set-up: requirements", "requirement_list"),
        ("set-up: scoring", "criterion_edit"),
        ("set-up: awards", "award_list"),
    ]:

        def ask(client: Client, route: str = route) -> int:
            page = reverse(f"competitions:{route}", args=[round.slug])
            return client.get(page).status_code

        yield Page(name, province.secretary, ask, ORDINARY)


def _autosave(code: str, section: str) -> Callable[[Client], int]:
    """Save another text each time, on the version that the last save gave."""
    address = reverse("submissions:section_edit", args=[code, section])
    version, number = 1, 0

    def ask(client: Client) -> int:
        nonlocal version, number
        number += 1
        answer = client.post(
            address,
            {"text": f"Teks nomor {number} tentang antrean.", "version": str(version)},
            headers={"X-Requested-With": "autosave"},
        )
        version = answer.json()["version"]
        return answer.status_code

    return ask


def _desk(province: Province) -> Iterator[Page]:
    """A juror scores now: the queue, an open sheet with all to read, a save."""
    round = province.scored
    now = timezone.now()
    round.stage_set.filter(kind=Stage.Kind.SCORING).update(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
    )
    proposal = round.proposal_set.filter(state="screened_passed").first()
    sheet = ScoreSheetFactory(
        assignment__juror=JurorFactory(round=round),
        assignment__proposal=proposal,
        assignment__scoring_stage=round.scoringstage_set.order_by("order").first(),
    )
    juror = sheet.assignment.juror.user
    stage = sheet.assignment.scoring_stage
    codes = list(stage.criterion_set.values_list("code", flat=True))
    scored, version = count(), [0]

    def look(client: Client) -> int:
        return client.get(sheet.get_absolute_url()).status_code

    def queue(client: Client) -> int:
        return client.get(reverse("judging:assignment_list")).status_code

    def save(client: Client) -> int:
        values = dict.fromkeys(codes, "75") | {codes[0]: str(60 + next(scored) % 30)}
        answer = client.post(
            sheet.get_absolute_url(),
            {"version": version[0]}
            | {f"value-{code}": value for code, value in values.items()}
            | {f"note-{code}": "" for code in codes},
            headers={"X-Requested-With": "autosave"},
        )
        version[0] = answer.json()["version"]
        return answer.status_code

    yield Page("queue of a juror", juror, queue, LIST)
    yield Page("score sheet", juror, look, ORDINARY)
    yield Page("score sheet, save", juror, save, SAVE)
