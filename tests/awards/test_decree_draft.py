"""The draft of the decree: wording, facts, annex; the signed paper."""

from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from awards import decrees, services
from awards.forms import DecreeTextForm
from awards.models import Award, DecreeScan, DecreeText
from competitions.models import Grouping
from core.models import AuditEntry
from tests.factories.accounts import GovernmentFactory, SecretariatFactory
from tests.factories.awards import awarded_round
from tests.factories.competitions import AwardLevelFactory
from tests.factories.judging import sealed_round
from tests.factories.submissions import tiny_pdf

pytestmark = pytest.mark.django_db

AGO, LATER = timedelta(hours=-1), timedelta(days=2)


def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def url(name, round):
    return reverse(f"awards:{name}", args=[round.slug])


def words_of(content):
    with pypdfium2.PdfDocument(content) as paper:
        pages = [page.get_textpage().get_text_range() for page in paper]
    return [" ".join(page.split()) for page in pages]


def wording(**changes):
    usual = decrees.default_wording(GovernmentFactory.build(short_name="Kota Tegal"))
    return decrees.Wording(**{**vars(usual), **changes})


def word(round, *, base=0, **changes):
    return services.word_decree(
        round=round,
        wording=wording(**changes),
        base_version=base,
        actor=secretary(round),
        at=timezone.now(),
    )


# Wording ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "head"),
    [
        ("kota", "Kota Tegal", "Wali Kota Tegal"),
        ("kabupaten", "Kabupaten Pekalongan", "Bupati Pekalongan"),
        ("provinsi", "Provinsi Jawa Tengah", "Gubernur Jawa Tengah"),
    ],
)
def test_head_of_each_kind_of_government(kind, name, head):
    assert decrees.head_of(GovernmentFactory.build(kind=kind, short_name=name)) == head


def test_usual_wording_has_no_mistake():
    usual = wording()

    assert [decrees.mistake_in(text) for text in vars(usual).values()] == [""] * 7


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("satu\ndua {nama}", "Line 2: {nama} is no placeholder."),
        ("{tahun", "Line 1: a brace stands alone."),
        ("{kompetisi.pk}", "Line 1: {kompetisi.pk} is no placeholder."),
        ("{0}", "Line 1: {0} is no placeholder."),
        ("{%  now %}", "Line 1: {%  now %} is no placeholder."),
    ],
)
def test_words_in_braces_that_are_refused(text, mistake):
    assert decrees.mistake_in(text) == mistake


def test_form_names_the_line_of_a_mistake():
    data = vars(wording(rulings="Menetapkan {siapa}.")) | {"version": "0"}

    form = DecreeTextForm(data)

    assert form.errors == {"rulings": ["Line 1: {siapa} is no placeholder."]}


def test_more_clauses_than_can_be_counted_are_refused():
    data = vars(wording(rulings="Satu.\n" * 11)) | {"version": "0"}

    assert list(DecreeTextForm(data).errors) == ["rulings"]


def test_facts_are_never_read_for_placeholders_again():
    round = awarded_round(theme="{tahun}")

    values = decrees.values_of(
        round,
        wording=wording(copies="{tema}"),
        awards=[],
        decree=None,
        minutes=None,
        signatory=None,
    )

    assert values["copies"] == ["{tahun}"]


def test_wording_is_kept_for_the_next_decree_of_the_same_government(client):
    round = awarded_round()
    word(round, official="Penjabat Wali Kota Contoh")
    again = awarded_round(competition=round.competition)
    foreign = awarded_round()

    shown = []
    for each in (again, foreign):
        client.force_login(secretary(each))
        shown.append(client.get(url("decree_text", each)).context["form"]["official"])

    assert shown[0].value() == "Penjabat Wali Kota Contoh"
    assert shown[1].value() != "Penjabat Wali Kota Contoh"


def test_two_who_word_it_at_once(client):
    round = awarded_round()
    word(round)
    client.force_login(secretary(round))
    data = vars(wording(subject="Lain")) | {"version": "0"}

    page = client.post(url("decree_text", round), data)

    assert DecreeText.objects.get().version == 1
    assert "another wording" in page.content.decode()
    # The page has the newest version now: pressing once more is meant.
    assert page.context["form"]["version"].value() == "1"


def test_failure_while_wording_leaves_nothing(monkeypatch):
    round = awarded_round()
    monkeypatch.setattr(
        "core.audit.record", lambda *args, **kwargs: (_ for _ in ()).throw(OSError)
    )

    with pytest.raises(OSError):
        word(round)

    assert not DecreeText.objects.exists()


# The paper ----------------------------------------------------------------------------


def test_draft_has_blanks_a_watermark_and_the_annex(client):
    round = awarded_round(proposals=2)
    round.awardlevel_set.filter(code="juara-1").update(prize="Rp10.000.000")
    client.force_login(secretary(round))

    response = client.get(url("decree_draft", round))

    first, *_middle, annex = words_of(response.content)
    assert response["Cache-Control"] == "private, no-store"
    assert "Menimbang" in first
    assert decrees.BLANK in first
    assert "Bukan dokumen resmi" in first
    titles = Award.objects.of_round(round).values_list("row__title", flat=True)
    assert [title in annex for title in titles] == [True, True]
    assert "Rp10.000.000" in annex


def test_paper_to_sign_has_the_recorded_number_and_no_watermark(client):
    round = awarded_round(publish_in=LATER)
    client.force_login(secretary(round))

    response = client.get(url("decree_draft", round), {"bentuk": "naskah"})

    text = " ".join(words_of(response.content))
    assert "000.8/112/2022" in text
    assert "Bukan dokumen resmi" not in text


def test_annex_goes_group_by_group():
    round = sealed_round(jurors=1, proposals=2)
    round.awardlevel_set.all().delete()
    for code in ("umum", "replikasi"):
        round.track_set.filter(code=code).update(name=code.upper())
    AwardLevelFactory(
        round=round, code="terbaik", per=Grouping.TRACK, rank_from=1, rank_to=2
    )
    services.give_awards(round=round, actor=secretary(round), at=timezone.now())

    groups = decrees.winner_groups(Award.objects.of_round(round).for_list())

    assert [(group["name"], len(group["rows"])) for group in groups] == [("UMUM", 2)]


def test_no_draft_without_awards(client):
    round = sealed_round(jurors=1, proposals=1)
    client.force_login(secretary(round))

    assert client.get(url("decree_draft", round)).status_code == 404
    assert client.get(url("decree_text", round)).status_code == 200


# The signed decree --------------------------------------------------------------------


def scan(client, round, *, public=False, file=True):
    data = {"is_public": "on"} if public else {}
    if file:
        data["file"] = SimpleUploadedFile("SK.pdf", tiny_pdf("SK"), "application/pdf")
    return client.post(url("decree_scan", round), data)


def read(client, name, round):
    response = client.get(url(name, round))
    if response.streaming:
        response.getvalue()
    return response.status_code


def test_signed_decree_is_offered_only_where_wished_and_when_public(client):
    soon, done = awarded_round(publish_in=LATER), awarded_round(publish_in=AGO)
    answers = []
    for round in (soon, done):
        client.force_login(secretary(round))
        for public in (False, True):
            scan(client, round, public=public)
            client.logout()
            answers.append(read(client, "decree_public", round))
            client.force_login(secretary(round))
            assert read(client, "decree_scan_file", round) == 200

    assert answers == [404, 404, 404, 200]


def test_another_signed_decree_takes_its_place(client):
    round = awarded_round(publish_in=LATER)
    client.force_login(secretary(round))
    scan(client, round)
    first = DecreeScan.objects.get()

    scan(client, round, public=True)

    standing = DecreeScan.objects.get()
    assert standing.pk != first.pk
    assert standing.is_public
    kept = AuditEntry.objects.filter(action="decree.scan_kept")
    assert [entry.changes["is_public"] for entry in kept.order_by("pk")] == [
        False,
        True,
    ]


def test_what_is_no_pdf_is_refused(client):
    round = awarded_round(publish_in=LATER)
    client.force_login(secretary(round))

    page = client.post(
        url("decree_scan", round), {"file": SimpleUploadedFile("SK.pdf", b"<html>")}
    )

    assert page.status_code == 200
    assert list(page.context["scan_form"].errors) == ["file"]
    assert not DecreeScan.objects.exists()


def test_no_signed_decree_before_one_is_recorded():
    round = awarded_round()

    with pytest.raises(services.ScanNotKept):
        services.keep_scan(
            round=round,
            upload=None,
            is_public=True,
            actor=secretary(round),
            at=timezone.now(),
        )
