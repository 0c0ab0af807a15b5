"""Making the winners public: what is prepared, what goes out, and nothing before."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from awards import announcing, pictures, prizes, queries, services
from awards.models import Award
from documents import rendering
from documents.models import IssuedDocument
from tests.factories.accounts import SecretariatFactory
from tests.factories.awards import awarded_round
from tests.factories.judging import sealed_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AGO, LATER = timedelta(hours=-1), timedelta(days=2)
PUBLIC = ("winner_list", "announcement_file")


def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def url(name, round, *more):
    return reverse(f"awards:{name}", args=[round.slug, *more])


def issue(round, number=""):
    document = services.issue_announcement(
        round=round, number=number, actor=secretary(round), at=timezone.now()
    )
    rendering.render(document_id=document.pk, at=timezone.now())
    document.refresh_from_db()
    return document


def status(client, address):
    response = client.get(address)
    if response.streaming:
        response.getvalue()
    return response.status_code


def publish_now(round):
    round.decree.publish_at = timezone.now() - timedelta(minutes=1)
    round.decree.save(update_fields=["publish_at"])


# Nothing before its time --------------------------------------------------------------


def test_nothing_leaves_before_its_time_and_all_of_it_afterwards(client):
    round = awarded_round(publish_in=LATER, proposals=1)
    issue(round)
    addresses = [url(name, round) for name in PUBLIC]
    addresses += [url("winner_picture", round, slug) for slug in pictures.SHAPES]

    before = [status(client, each) for each in addresses]
    title = Award.objects.get().row.title
    shown = client.get(reverse("catalogue:entry_list"), {"q": title}).content.decode()
    publish_now(round)
    after = [status(client, each) for each in addresses]

    assert before == [404] * 4
    assert title not in shown.replace(f'value="{title}"', "")
    assert after == [200] * 4


def test_verifying_the_announcement_tells_no_winner(client):
    round = awarded_round(publish_in=LATER, proposals=1)
    document = issue(round)

    page = client.get(reverse("documents:verify_code", args=[document.code]))

    text = page.content.decode()
    assert document.number in text
    assert Award.objects.get().row.title not in text
    assert Award.objects.get().row.institution_name not in text


def test_preview_is_for_the_secretariat_and_for_no_search_engine(client):
    round = awarded_round(publish_in=LATER, proposals=2)
    client.force_login(secretary(round))

    page = client.get(url("publication_preview", round))

    text = page.content.decode()
    assert Award.objects.first().row.title in text
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Cache-Control"] == "private, no-store"
    # It names no address that everybody has: they would be dead until then.
    assert "og:image" not in text
    assert url("announcement_file", round) not in text


def test_no_preview_without_awards(client):
    round = sealed_round(jurors=1, proposals=1)
    client.force_login(secretary(round))

    assert client.get(url("publication_preview", round)).status_code == 404
    assert client.get(url("prize_list", round)).status_code == 404
    assert client.get(url("publication", round)).status_code == 200


def test_page_of_winners_can_be_shared(client, settings):
    settings.BASE_URL = "https://kipp.contoh.go.id"
    round = awarded_round(publish_in=AGO, proposals=2)

    text = client.get(url("winner_list", round)).content.decode()

    base = "https://kipp.contoh.go.id"
    picture = f"{base}{url('winner_picture', round, 'lanskap')}"
    assert f'<meta property="og:image" content="{picture}">' in text
    page = f"{base}{url('winner_list', round)}"
    assert f'<meta property="og:url" content="{page}">' in text
    entry = Award.objects.order_by("level__order").first().row.proposal.innovation
    assert f'href="{entry.entry_set.get().get_absolute_url()}"' in text


# The announcement ---------------------------------------------------------------------


def test_announcement_is_issued_once_with_a_number():
    round = awarded_round(publish_in=LATER)

    first, second = issue(round), issue(round)

    assert first.pk == second.pk
    assert first.number.endswith(f"/PENG-KIPP/{first.year}")
    assert first.is_public


def test_registry_gives_the_number_and_gives_it_once():
    round = awarded_round(publish_in=LATER)
    other = awarded_round(publish_in=LATER, competition=round.competition, year=2019)

    assert issue(round, "400/12/OR").number == "400/12/OR"
    with pytest.raises(services.AnnouncementNotIssued, match="400/12/OR"):
        issue(other, "400/12/OR")


def test_announcement_needs_decree_and_signatory():
    undecreed = awarded_round()
    unsigned = awarded_round(publish_in=LATER)
    unsigned.competition.government.signatory_set.all().delete()

    for round, word in ((undecreed, "decree"), (unsigned, "signatory")):
        with pytest.raises(services.AnnouncementNotIssued, match=word):
            issue(round)


def test_changed_winners_make_a_new_announcement(client):
    round = awarded_round(publish_in=LATER)
    old = issue(round)
    round.awardlevel_set.filter(code="juara-1").update(name="Juara Utama")
    client.force_login(secretary(round))
    assert client.get(url("publication", round)).context["is_outdated"]

    new = issue(round)

    old.refresh_from_db()
    assert old.is_replaced
    assert old.replaced_by == new
    assert new.number != old.number
    assert not client.get(url("publication", round)).context["is_outdated"]


def test_failure_while_issuing_leaves_nothing(monkeypatch):
    round = awarded_round(publish_in=LATER)
    monkeypatch.setattr(
        "documents.services.issue_document",
        lambda **details: (_ for _ in ()).throw(OSError),
    )

    with pytest.raises(OSError):
        issue(round)

    assert queries.announcement_of(round) is None


def test_draft_of_the_announcement_until_it_is_issued(client):
    round = awarded_round(publish_in=LATER)
    client.force_login(secretary(round))

    draft = client.get(url("announcement_draft", round))
    issue(round)
    issued = client.get(url("announcement_draft", round))
    issued.getvalue()

    assert draft["Content-Disposition"].startswith("inline")
    assert issued["Content-Disposition"].startswith("attachment")
    assert IssuedDocument.objects.filter(kind=announcing.KIND).count() == 1


# Prizes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prize", "amount"),
    [
        ("Rp10.000.000", 10_000_000),
        ("Uang pembinaan Rp7.500.000 dan piala", 7_500_000),
        ("Rp 7,5 juta", 7_500_000),
        ("Rp.500 ribu", 500_000),
        ("Rp5.000.000,-", 5_000_000),
        ("Rp5.000.000,00", 5_000_000),
        ("Rp1500000", 1_500_000),
        ("Piala dan piagam", None),
        ("", None),
        ("Rp0", None),
        ("Rp999999999999999", None),
    ],
)
def test_amount_in_the_words_of_a_prize(prize, amount):
    assert prizes.amount_of(prize) == amount


def test_amounts_in_words():
    assert prizes.in_words(12_500_000) == "dua belas juta lima ratus ribu rupiah"


def test_prize_list_sums_up_and_runs_no_formula(client):
    round = awarded_round(publish_in=LATER, proposals=2)
    round.awardlevel_set.filter(code="juara-1").update(prize="Rp10.000.000")
    round.awardlevel_set.filter(code="juara-2").update(prize="=HYPERLINK(Rp5.000.000)")
    client.force_login(secretary(round))

    response = client.get(url("prize_list", round))

    sheet = load_workbook(BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[5] for row in rows] == [10_000_000, 5_000_000, 15_000_000]
    assert rows[0][6] == "sepuluh juta rupiah"
    cell = sheet.cell(row=3, column=5)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


# Press and pictures -------------------------------------------------------------------


def test_text_for_the_press_holds_the_facts(client):
    round = awarded_round(publish_in=LATER, proposals=2)
    client.force_login(secretary(round))

    text = client.get(url("publication", round)).context["press"]

    awards = list(Award.objects.of_round(round).for_list())
    assert [award.row.title in text for award in awards] == [True, True]
    assert "000.8/112/2022" in text
    assert announcing.page_url(round) in text


@pytest.mark.parametrize("slug", list(pictures.SHAPES))
def test_picture_has_its_size_and_is_drawn_once(slug, monkeypatch):
    round = awarded_round(publish_in=LATER, proposals=3)
    awards = list(Award.objects.of_round(round).for_list())
    shape = pictures.SHAPES[slug]

    drawn = pictures.draw(round, awards, shape)
    monkeypatch.setattr(pictures, "_png", lambda content: pytest.fail("drawn again"))
    again = pictures.draw(round, awards, shape)

    assert Image.open(BytesIO(drawn)).size == (shape.width, shape.height)
    assert again == drawn
    assert len(drawn) < 300_000


def test_unknown_picture(client):
    round = awarded_round(publish_in=AGO, proposals=1)

    assert client.get(url("winner_picture", round, "bulat")).status_code == 404


@pytest.mark.parametrize("row_count", [1, 3])
def test_publication_query_count(client, django_assert_max_num_queries, row_count):
    round = awarded_round(publish_in=LATER, proposals=row_count)
    client.force_login(secretary(round))
    client.get(url("publication", round))

    with django_assert_max_num_queries(14):
        client.get(url("publication", round))
