"""Proposing again: from last time's text, and nothing of others."""

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Institution
from documents.models import SharedBytes
from innovations import services as innovation_services
from submissions import services, sources
from submissions.models import Evidence, Proposal, ProposalState, TakeOver
from tests.factories.accounts import AuthorFactory, InstitutionFactory
from tests.factories.competitions import small_round
from tests.factories.innovations import InnovationFactory
from tests.factories.register import JointOwnerFactory
from tests.factories.submissions import (
    AnswerFactory,
    EvidenceFactory,
    ProposalFactory,
    fill_proposal,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def last():
    """Last year's proposal of an innovation, filled in."""
    proposal = ProposalFactory(
        round=small_round(phase="after", name="KIPP 2021"),
        title="Antre Daring",
        state=ProposalState.DRAFT,
    )
    fill_proposal(proposal)
    return proposal


@pytest.fixture
def round(last):
    return small_round(phase="submission", competition=last.round.competition)


@pytest.fixture
def author(last):
    return AuthorFactory(institution=last.institution)


def begin(round, innovation, author, **fields):
    values = {
        "institution": innovation.institution,
        "title": innovation.title,
        "track": round.track_set.get(code="umum"),
        "actor": author,
        "at": timezone.now(),
    }
    return services.create_proposal(
        round=round, innovation=innovation, **values | fields
    )


def test_new_draft_starts_from_the_last_text(last, round, author):
    form = round.formtemplate_set.get()
    form.section_set.filter(code="signifikansi").update(code="dampak")
    form.headerfield_set.filter(code="video").update(kind="text")
    answer = last.answer_set.get(section__code="kebaruan")
    answer.html = "<p><strong>Baru</strong></p>"
    answer.save(update_fields=["html"])

    proposal = begin(round, last.innovation, author)

    texts = dict(proposal.answer_set.values_list("section__code", "text"))
    assert set(texts) == {"ringkasan", "kebaruan"}
    assert proposal.answer_set.get(section__code="kebaruan").html == answer.html
    assert proposal.header == {
        code: value for code, value in last.header.items() if code != "video"
    }
    assert proposal.category.code == last.category.code
    assert proposal.category.round == round
    assert proposal.takeover.source == last
    # Signed and ticked anew, and no file without a tick.
    assert not proposal.statementletter_set.exists()
    assert not proposal.evidence_set.exists()
    assert proposal.consents == {}


def test_nothing_of_others_is_taken(last, round):
    joint = JointOwnerFactory(innovation=last.innovation).institution
    with pytest.raises(services.InnovationNotYours):
        begin(
            round,
            last.innovation,
            AuthorFactory(institution=joint),
            institution=joint,
        )

    mine = InnovationFactory(institution=joint, title="Antre Daring")
    ProposalFactory(round=last.round, innovation=mine)  # written by somebody else
    proposal = begin(round, mine, AuthorFactory(institution=joint))

    assert not TakeOver.objects.exists()
    assert not proposal.answer_set.exists()


def test_successor_starts_from_what_its_predecessor_wrote(last, round):
    old = last.institution
    new = InstitutionFactory(government=old.government)
    Institution.objects.filter(pk=old.pk).update(path=f"{new.line_path}{old.path}")

    proposal = begin(
        round, last.innovation, AuthorFactory(institution=new), institution=new
    )

    assert proposal.takeover.source == last


def test_second_entry_names_the_first(last, round, author, client):
    first = begin(round, last.innovation, author)
    double = InnovationFactory(institution=last.institution, title="Antri Daring")
    innovation_services.merge_innovations(
        double=double,
        into=last.innovation,
        reason="Sama",
        actor=author,
        at=timezone.now(),
    )
    client.force_login(author)

    response = client.post(
        reverse("submissions:proposal_create", args=[round.slug]),
        {
            "innovation": last.innovation.slug,
            "title": "",
            "institution": last.institution.pk,
            "track": round.track_set.get(code="umum").pk,
        },
    )

    assert response.status_code == 422
    assert response.context["entered"] == first
    assert first.get_absolute_url() in response.content.decode()
    with pytest.raises(services.InnovationNotYours):
        begin(round, double, author)  # another entry stands for it


def test_retired_innovation_enters_no_round(last, round, author):
    innovation_services.retire_innovation(
        innovation=last.innovation, reason="Usai", actor=author, at=timezone.now()
    )

    with pytest.raises(services.InnovationNotYours):
        begin(round, last.innovation, author)


def test_note_stands_until_the_part_is_changed(last, round, author, client):
    proposal = begin(round, last.innovation, author)
    client.force_login(author)
    address = reverse("submissions:section_edit", args=[proposal.code, "kebaruan"])
    assert "From KIPP 2021" in client.get(address).content.decode()

    answer = proposal.answer_set.get(section__code="kebaruan")
    services.save_answer(
        proposal=proposal,
        section=answer.section,
        text="Lain",
        base_version=answer.version,
        actor=author,
        at=timezone.now(),
    )

    assert "From KIPP 2021" not in client.get(address).content.decode()
    header = reverse("submissions:header_edit", args=[proposal.code])
    assert "From KIPP 2021" in client.get(header).content.decode()


def test_ticked_files_share_their_bytes(last, round, author, client):
    section = last.form.section_set.get(code="kebaruan")
    Evidence.objects.filter(proposal=last).delete()
    kept, left = (EvidenceFactory(proposal=last, section=section) for _n in range(2))
    proposal = begin(round, last.innovation, author)
    foreign = EvidenceFactory(
        proposal=ProposalFactory(round=last.round), section=section
    )
    client.force_login(author)
    address = reverse("submissions:source_files", args=[proposal.code])
    page = client.get(address)
    assert [each.key for each in page.context["files"]] == [kept.key, left.key]

    client.post(address, {"berkas": [kept.key, foreign.key, "tidak-ada"]})

    twin = proposal.evidence_set.get()
    assert (twin.sha256, twin.file.name) == (kept.sha256, kept.file.name)
    assert twin.key != kept.key
    assert SharedBytes.objects.get(sha256=kept.sha256).used == 2
    again = sources.files_to_take(proposal, proposal.takeover)
    assert [each.key for each in again] == [left.key]


def test_deleting_a_shared_file_leaves_the_other(
    last, round, author, django_capture_on_commit_callbacks
):
    section = last.form.section_set.get(code="kebaruan")
    kept = EvidenceFactory(proposal=last, section=section)
    proposal = begin(round, last.innovation, author)
    (twin,) = services.take_over_files(
        proposal=proposal, keys=[kept.key], actor=author, at=timezone.now()
    )

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(evidence=twin, actor=author, at=timezone.now())

    assert kept.file.storage.exists(kept.file.name)


def test_page_of_files_is_only_for_what_was_taken_over(round, author, client):
    plain = ProposalFactory(
        round=round, institution=author.membership_set.get().institution
    )
    client.force_login(author)

    address = reverse("submissions:source_files", args=[plain.code])

    assert client.get(address).status_code == 404


def test_failure_half_way_leaves_no_draft(last, round, author, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("submissions.services.taking_over._take_header", broken)

    with pytest.raises(RuntimeError):
        begin(round, last.innovation, author)

    assert not Proposal.objects.filter(round=round).exists()


def test_take_over_is_of_another_proposal(last):
    with pytest.raises(IntegrityError):
        TakeOver.objects.create(proposal=last, source=last, taken_at=timezone.now())


def test_empty_answers_are_not_taken(last, round, author):
    last.answer_set.all().delete()
    AnswerFactory(
        proposal=last, section=last.form.section_set.get(code="kebaruan"), text=" \n"
    )

    proposal = begin(round, last.innovation, author)

    assert not proposal.answer_set.exists()
