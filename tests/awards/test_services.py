"""Giving awards, the decree, certificates, revoking."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from awards import periodic, queries, services
from awards.models import Award, Decree
from awards.receivers import certificate_rendered
from catalogue.models import Entry
from core.models import AuditEntry
from documents import rendering
from documents import services as documents_services
from documents.models import Batch, IssuedDocument
from judging.models import ScoreSheet
from notifications.models import Delivery, Message
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    SecretariatFactory,
)
from tests.factories.awards import awarded_round
from tests.factories.judging import scoring_round, seal, sealed_round, write_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AGO, LATER = timedelta(hours=-1), timedelta(days=2)


def give(round):
    return services.give_awards(round=round, actor=secretary(round), at=timezone.now())


def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def issue(round, **changes):
    return services.issue_certificates(
        round=round, actor=secretary(round), at=timezone.now(), **changes
    )


def render_all(at=None):
    for document in IssuedDocument.objects.filter(rendered_at=None).order_by("pk"):
        rendering.render(document_id=document.pk, at=at or timezone.now())


# Giving -----------------------------------------------------------


def test_awards_follow_the_ranks():
    round = sealed_round(jurors=1, proposals=5)

    awards = give(round)

    assert [(award.level.name, award.row.rank) for award in awards] == [
        ("Juara I", 1),
        ("Juara II", 2),
        ("Juara III", 3),
    ]
    assert AuditEntry.objects.filter(action="award.given").count() == 3


def test_awards_are_given_once():
    round = sealed_round(jurors=1, proposals=3)
    give(round)

    assert give(round) == []
    assert Award.objects.count() == 3


def test_shared_rank_shares_the_award():
    round = scoring_round(jurors=1, proposals=3)
    for value, sheet in zip(
        (90, 80, 80), ScoreSheet.objects.order_by("pk"), strict=True
    ):
        write_sheet(sheet, value, value)
    seal(round)

    awards = give(round)

    assert [(award.level.name, award.row.rank) for award in awards] == [
        ("Juara I", 1),
        ("Juara II", 2),
        ("Juara II", 2),
    ]


def test_below_the_pass_mark_is_no_award():
    round = scoring_round(jurors=1, proposals=2)
    round.scoringstage_set.update(pass_mark=75)
    for value, sheet in zip((90, 70), ScoreSheet.objects.order_by("pk"), strict=True):
        write_sheet(sheet, value, value)
    seal(round)

    assert [award.level.name for award in give(round)] == ["Juara I"]


def test_no_award_without_seal_or_scheme():
    with pytest.raises(services.AwardsNotGiven, match="Seal"):
        give(scoring_round(jurors=1, proposals=1))
    round = sealed_round(jurors=1, proposals=1)
    round.awardlevel_set.all().delete()
    with pytest.raises(services.AwardsNotGiven, match="scheme"):
        give(round)


# The decree -----------------------------------------------------------


def record(round, **changes):
    fields = {
        "number": "000.8/112/2022",
        "decree_date": date(2022, 6, 10),
        "publish_at": timezone.now() + LATER,
        "actor": secretary(round),
        "at": timezone.now(),
    }
    return services.record_decree(round=round, **fields | changes)


def test_decree_can_be_corrected_until_it_is_public():
    round = awarded_round()
    record(round)

    record(round, number="000.8/113/2022", publish_at=timezone.now() + AGO)
    with pytest.raises(services.DecreeNotRecorded, match="public already"):
        record(round, number="000.8/114/2022")

    assert Decree.objects.get().number == "000.8/113/2022"


def test_decree_needs_awards():
    with pytest.raises(services.DecreeNotRecorded):
        record(sealed_round(jurors=1, proposals=1))


def test_failure_of_the_catalogue_leaves_no_decree():
    round = awarded_round()

    with (
        patch("catalogue.services.publish_entries", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        record(round)

    assert not Decree.objects.exists()


# Certificates -----------------------------------------------------------


def test_one_certificate_per_award_numbered_by_rank():
    round = awarded_round(publish_in=AGO)

    batch = issue(round)

    papers = IssuedDocument.objects.filter(batch=batch).order_by("number")
    assert [(paper.number, paper.value("award")) for paper in papers] == [
        ("000.8/001/KIPP/2022", "Juara I"),
        ("000.8/002/KIPP/2022", "Juara II"),
        ("000.8/003/KIPP/2022", "Juara III"),
    ]
    assert all(paper.is_public for paper in papers)
    assert {paper.issued_date for paper in papers} == {date(2022, 6, 10)}


def test_certificate_keeps_its_values():
    round = awarded_round(publish_in=AGO)
    issue(round)
    paper = IssuedDocument.objects.order_by("number").first()
    institution = Award.objects.order_by("pk").first().row.proposal.institution
    institution.name = "Nama Baru"
    institution.save()

    paper.refresh_from_db()

    assert paper.value("holder").startswith("Dinas Contoh")
    assert paper.value("decree") == "000.8/112/2022"
    assert [label for label, _value in paper.value("public")] == [
        "Diberikan kepada",
        "Inovasi",
        "Penghargaan",
        "Kompetisi",
        "Surat keputusan",
    ]


def test_certificates_are_issued_once_and_again_where_one_was_revoked():
    round = awarded_round(publish_in=AGO)
    issue(round)
    with pytest.raises(services.CertificatesNotIssued, match="already"):
        issue(round)
    documents_services.revoke_document(
        document=IssuedDocument.objects.order_by("number").first(),
        actor=secretary(round),
        reason="Salah ketik.",
        at=timezone.now(),
    )

    issue(round)

    assert IssuedDocument.objects.count() == 4
    assert Batch.objects.count() == 2


def test_no_certificate_without_decree_or_signatory():
    with pytest.raises(services.CertificatesNotIssued, match="decree"):
        issue(awarded_round())
    round = awarded_round(publish_in=AGO)
    round.competition.government.signatory_set.update(is_default=False)
    with pytest.raises(services.CertificatesNotIssued, match="signatory"):
        issue(round)
    assert not Batch.objects.exists()


def test_winner_is_told_once_when_the_certificate_is_rendered():
    round = awarded_round(publish_in=AGO, proposals=1)
    institution = Award.objects.get().row.proposal.institution
    author = AuthorFactory(institution=institution)
    head = InstitutionAdminFactory(institution=institution)
    issue(round)
    assert not Message.objects.filter(kind="awards.certificate_ready").exists()

    render_all()
    render_all()
    periodic.announce_awards()

    told = Message.objects.filter(kind="awards.certificate_ready")
    assert {message.recipient for message in told} == {author, head}
    assert Delivery.objects.filter(message__in=told).count() == 2
    paper = IssuedDocument.objects.get()
    assert {message.path for message in told} == {f"/piagam/{paper.code}.pdf"}


def test_winner_is_told_nothing_before_publication_and_then_once():
    round = awarded_round(publish_in=LATER, proposals=1)
    AuthorFactory(institution=Award.objects.get().row.proposal.institution)
    issue(round)
    render_all()
    assert periodic.announce_awards() == 0
    assert not Message.objects.exists()

    with patch("django.utils.timezone.now", return_value=timezone.now() + 2 * LATER):
        assert periodic.announce_awards() == 1
        assert periodic.announce_awards() == 0

    assert Message.objects.count() == 1


def test_rendering_of_other_papers_tells_nobody():
    round = awarded_round(publish_in=AGO, proposals=1)
    issue(round)
    paper = IssuedDocument.objects.get()

    paper.kind = "receipt"
    certificate_rendered(document=paper)

    assert Award.objects.get().announced_at is None


def test_only_public_awards_with_a_paper_are_waiting():
    now = timezone.now()
    awarded_round(publish_in=AGO, proposals=1)
    hidden = awarded_round(publish_in=LATER, proposals=1)
    issue(hidden)
    render_all()

    assert queries.awards_to_announce(now) == []
    assert queries.awards_to_announce(now + 2 * LATER) == [
        Award.objects.of_round(hidden).get().pk
    ]


# Revoking -----------------------------------------------------------


def revoke(award, reason="Data tidak benar."):
    return services.revoke_award(
        award=award,
        reason=reason,
        actor=secretary(award.row.result.round),
        at=timezone.now(),
    )


def test_revoking_takes_paper_entry_and_place_and_tells_the_winner():
    round = awarded_round(publish_in=AGO, proposals=2)
    issue(round)
    render_all()
    award = Award.objects.order_by("level__order").first()
    author = AuthorFactory(institution=award.row.proposal.institution)

    revoke(award)

    paper = IssuedDocument.objects.get(subject_key=award.subject_key)
    assert (paper.state, paper.end_reason) == ("revoked", "Data tidak benar.")
    entry = Entry.objects.get(innovation=award.row.proposal.innovation)
    assert entry.award_name == ""
    assert Award.objects.standing().count() == 1
    (message,) = Message.objects.filter(kind="awards.award_revoked")
    assert message.recipient == author
    assert "Data tidak benar." in message.body_text
    assert AuditEntry.objects.get(action="award.revoked").reason == "Data tidak benar."


def test_revoking_before_publication_tells_nobody():
    awarded_round(publish_in=LATER, proposals=1)
    award = Award.objects.get()
    AuthorFactory(institution=award.row.proposal.institution)

    revoke(award)

    assert not Message.objects.exists()


def test_award_is_revoked_once():
    awarded_round(publish_in=AGO, proposals=1)
    award = Award.objects.get()
    revoke(award)

    with pytest.raises(services.AwardNotRevoked):
        revoke(award)


def test_revoked_award_is_not_given_again_and_gets_no_paper():
    round = awarded_round(publish_in=AGO, proposals=1)
    revoke(Award.objects.get())

    assert give(round) == []
    with pytest.raises(services.CertificatesNotIssued):
        issue(round)


def test_failure_half_way_revokes_nothing():
    round = awarded_round(publish_in=AGO, proposals=1)
    issue(round)

    with (
        patch("awards.notices.award_revoked", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        revoke(Award.objects.get())

    assert Award.objects.get().revoked_at is None
    assert IssuedDocument.objects.get().is_valid
