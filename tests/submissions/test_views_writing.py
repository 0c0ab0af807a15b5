"""The editor: access and wiring; the rules are tested at the services."""

import pytest

from submissions.models import Answer, Proposal
from tests.factories.accounts import InstitutionFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.browsing import AUTOSAVE, close, section_url, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(live_city):
    return live_city


@pytest.fixture
def as_author(client, city):
    client.force_login(city.author)
    return client


@pytest.fixture
def draft(city):
    return city.proposal(title="Pulang Bawa Akta")


def test_list_shows_only_own_proposals(as_author, city, draft):
    ProposalFactory(round=city.round, title="Milik dinas lain")

    page = as_author.get(url("proposal_list"))

    assert [each.title for each in page.context["page"]] == ["Pulang Bawa Akta"]
    assert page.context["page"][0].answered == page.context["page"][0].asked == 3


def test_draft_is_only_to_be_continued_while_its_round_takes_proposals(
    as_author, city, draft
):
    assert "Lanjutkan" in as_author.get(url("proposal_list")).text

    close(city)

    assert "Lanjutkan" not in as_author.get(url("proposal_list")).text


def test_new_proposal_leads_to_its_task_list(as_author, city):
    answer = as_author.post(
        url("proposal_create", city.round.slug),
        {
            "title": "Loket\x00 Tanpa  Fotokopi",
            "institution": city.institution.pk,
            "track": city.round.track_set.first().pk,
        },
    )

    proposal = Proposal.objects.get()
    assert proposal.title == "Loket Tanpa Fotokopi"
    assert answer.url == proposal.get_absolute_url()


def test_new_proposal_only_for_an_own_institution(as_author, city):
    other = InstitutionFactory(government=city.government)

    page = as_author.post(
        url("proposal_create", city.round.slug),
        {
            "title": "Curian",
            "institution": other.pk,
            "track": city.round.track_set.first().pk,
        },
    )

    assert page.status_code == 422
    assert not Proposal.objects.exists()


def test_new_proposal_is_unknown_to_those_without_an_institution(client, city):
    client.force_login(city.secretary)

    page = client.get(url("proposal_create", city.round.slug))

    assert page.status_code == 404


def test_save_button_goes_on_to_the_next_section(as_author, draft):
    Answer.objects.all().delete()

    answer = as_author.post(section_url(draft), {"version": "0", "text": "Baru."})

    assert Answer.objects.get().text == "Baru."
    assert answer.url == section_url(draft, "signifikansi")


def test_autosave_answers_json_with_the_new_version(as_author, draft):
    answer = as_author.post(
        section_url(draft), {"version": "1", "text": "Lebih baru."}, headers=AUTOSAVE
    )

    assert answer.json() == {
        "state": "saved",
        "at": answer.json()["at"],
        "version": 2,
    }
    assert Answer.objects.filter(text="Lebih baru.").exists()


def test_null_bytes_are_taken_out(as_author, draft):
    as_author.post(section_url(draft), {"version": "1", "text": "a\x00b\r\nc"})

    assert Answer.objects.get(section__code="kebaruan").text == "ab\nc"


@pytest.mark.parametrize("headers", [{}, AUTOSAVE], ids=["page", "autosave"])
def test_text_without_end_is_refused_and_stays_on_the_page(as_author, draft, headers):
    text = "kata " * 20_000

    page = as_author.post(
        section_url(draft), {"version": "1", "text": text}, headers=headers
    )

    assert page.status_code == 422
    assert not Answer.objects.filter(text__startswith="kata").exists()
    if headers:
        assert list(page.json()["errors"]) == ["text"]
    else:
        assert page.context["form"]["text"].value() == text


def test_autosave_conflict_gives_both_texts(as_author, city, draft):
    answer = Answer.objects.get(section__code="kebaruan")
    Answer.objects.filter(pk=answer.pk).update(
        text="Punya <b>rekan</b>", version=2, saved_by=city.head
    )

    page = as_author.post(
        section_url(draft), {"version": "1", "text": "Punya saya"}, headers=AUTOSAVE
    )

    body = page.json()
    assert (page.status_code, body["state"], body["version"]) == (409, "conflict", 2)
    assert "saya" in body["html"]
    assert "&lt;b&gt;rekan" in body["html"]


def test_conflict_page_works_without_script(as_author, draft):
    Answer.objects.filter(section__code="kebaruan").update(text="Rekan", version=2)

    page = as_author.post(section_url(draft), {"version": "1", "text": "Saya"})

    assert page.status_code == 409
    assert page.context["form"]["text"].value() == "Saya"
    assert page.context["version"] == 1
    as_author.post(
        section_url(draft), {"version": "1", "use_mine": "2", "text": "Saya"}
    )
    assert Answer.objects.get(section__code="kebaruan").text == "Saya"


def test_draft_stays_readable_after_closing(as_author, city, draft):
    close(city)

    for path in (draft.get_absolute_url(), section_url(draft)):
        page = as_author.get(path)

        assert page.status_code == 200
        assert "textarea" not in page.content.decode()


def test_section_of_another_track_is_unknown(as_author, city, draft):
    section = city.section
    section.tracks = ["replikasi"]
    section.save(update_fields=["tracks"])

    assert as_author.get(section_url(draft)).status_code == 404
    answer = as_author.post(section_url(draft), {"version": "1", "text": "x"})
    assert answer.status_code == 404


def test_header_saves_what_it_can_read_and_reports_the_rest(as_author, draft):
    answer = as_author.post(
        url("header_edit", draft.code),
        {
            "version": "0",
            "title": "Akta Pulang",
            "category": str(draft.category_id),
            "track": str(draft.track_id),
            "field-tanggal-mulai": "kemarin",
            "field-sdgs": ["4", "16"],
            "field-video": "youtu.be/abc",
            "field-aplikasi": "yes",
        },
        headers=AUTOSAVE,
    )

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["field-tanggal-mulai"]
    assert answer.json()["version"] == 1
    stored = Proposal.objects.get()
    assert stored.title == "Akta Pulang"
    assert stored.header == {
        "tanggal-mulai": "2020-03-02",
        "sdgs": [4, 16],
        "video": "https://youtu.be/abc",
        "aplikasi": {"yes": True, "detail": ""},
    }


def test_header_reads_a_date_as_people_write_it(as_author, draft):
    as_author.post(
        url("header_edit", draft.code),
        {"version": "0", "title": "A", "field-tanggal-mulai": "3 Mei 2021"},
    )

    assert Proposal.objects.get().header["tanggal-mulai"] == "2021-05-03"


def test_header_conflict_names_the_fields_that_differ(as_author, draft):
    Proposal.objects.update(title="Judul rekan", header_version=1)

    page = as_author.post(
        url("header_edit", draft.code),
        {
            "version": "0",
            "title": "Judul saya",
            "category": str(draft.category_id),
            "track": str(draft.track_id),
            "field-sdgs": ["3", "16"],
            "field-video": draft.header["video"],
            "field-aplikasi": "no",
            "field-tanggal-mulai": "2020-03-02",
        },
    )

    assert page.status_code == 409
    assert [
        (change["mine"], change["theirs"])
        for change in page.context["conflict"]["changes"]
    ] == [("Judul saya", "Judul rekan")]
