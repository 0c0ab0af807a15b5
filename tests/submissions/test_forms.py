import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.dossier import load_dossier
from submissions.forms import (
    AnswerForm,
    EvidenceForm,
    HeaderForm,
    ScreeningForm,
)
from submissions.requirements import evaluate_all
from tests.factories.competitions import HeaderFieldFactory, SectionFactory

pytestmark = pytest.mark.django_db


def test_answer_has_no_maxlength_that_would_cut_a_paste(city):
    form = AnswerForm(section=city.section)

    assert "maxlength" not in str(form["text"])
    assert 'data-words="200"' in str(form["text"])


def test_header_offers_one_field_for_each_of_the_form(city):
    proposal = city.proposal()
    HeaderFieldFactory(form=proposal.form, code="nama", kind="text", is_required=False)

    form = HeaderForm(proposal=proposal)

    assert list(form.fields) == [
        "title",
        "category",
        "track",
        "field-tanggal-mulai",
        "field-sdgs",
        "field-video",
        "field-aplikasi",
        "field-nama",
    ]


def test_header_asks_nothing_for_the_group_where_there_is_one(city):
    city.round.track_set.exclude(code="umum").delete()

    assert "track" not in HeaderForm(proposal=city.proposal()).fields


def test_header_refuses_goals_and_groups_that_are_not_offered(city):
    form = HeaderForm(
        {"title": "A", "field-sdgs": ["18"], "track": "999999"},
        proposal=city.proposal(),
    )

    assert not form.is_valid()
    assert set(form.errors) == {"field-sdgs", "track"}


def test_header_keeps_what_it_cannot_read(city):
    proposal = city.proposal(title="Judul lama")
    form = HeaderForm({"title": " ", "field-sdgs": ["18"]}, proposal=proposal)
    form.is_valid()

    draft = form.draft()

    assert draft.title == "Judul lama"
    assert draft.track == proposal.track
    assert "sdgs" not in draft.values


def test_evidence_without_a_file_says_so():
    form = EvidenceForm({}, {}, section=SectionFactory())

    assert list(form.errors) == ["file"]


def test_evidence_refusal_stands_at_the_field():
    upload = SimpleUploadedFile("a.pdf", b"<html>")

    form = EvidenceForm({}, {"file": upload}, section=SectionFactory())

    assert list(form.errors) == ["file"]


def test_screening_needs_a_verdict_for_each_requirement(city):
    dossier = load_dossier(city.proposal())
    form = ScreeningForm({}, findings=evaluate_all(dossier))

    assert not form.is_valid()
    assert set(form.errors) == {
        "umur-verdict",
        "isian-verdict",
        "surat-verdict",
        "kuota-verdict",
    }
