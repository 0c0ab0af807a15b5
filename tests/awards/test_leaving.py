"""A proposal that leaves its round loses what it was given there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from awards import services
from awards.models import Award
from awards.phrases import CertificateKind
from core.models import AuditEntry
from documents.models import IssuedDocument
from submissions import services as submissions_services
from submissions.models import Proposal
from tests.factories.accounts import SecretariatFactory
from tests.factories.awards import awarded_round
from tests.factories.judging import sealed_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AGO = timedelta(hours=-1)
REASON = "Alasan untuk instansi saja."


@pytest.fixture
def round():
    """A round with three winners, who all have two certificates."""
    round = awarded_round(publish_in=AGO)
    for kind in (CertificateKind.WINNER, CertificateKind.PARTICIPANT):
        services.issue_certificates(
            round=round, kind=kind, actor=secretary(round), at=timezone.now()
        )
    return round


def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def winner_of(round):
    award = Award.objects.of_round(round).for_list().first()
    return award, award.row.proposal


def leave(proposal, service=submissions_services.disqualify_proposal):
    return service(
        proposal=proposal,
        reason=REASON,
        actor=secretary(proposal.round),
        at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("service", "public_reason"),
    [
        (submissions_services.disqualify_proposal, "The proposal was disqualified."),
        (submissions_services.take_out_proposal, "The proposal was withdrawn."),
    ],
)
def test_awards_and_certificates_end_and_whoever_checks_them_reads_it(
    round, service, public_reason, client
):
    with translation.override("id"):
        public_reason = gettext(public_reason)
    award, proposal = winner_of(round)

    leave(proposal, service)

    award.refresh_from_db()
    ended = IssuedDocument.objects.filter(state=IssuedDocument.State.REVOKED)
    assert award.is_revoked
    assert {paper.kind for paper in ended} == {"certificate", "participant"}
    assert {paper.end_reason for paper in ended} == {public_reason}
    for paper in ended:
        page = client.get(reverse("documents:verify_code", args=[paper.code]))
        assert public_reason in page.content.decode()
        assert REASON not in page.content.decode()
    assert AuditEntry.objects.filter(action="document.revoked").count() == 2


def test_papers_of_others_stay_valid(round):
    _award, proposal = winner_of(round)

    leave(proposal)

    assert Award.objects.of_round(round).standing().count() == 2
    assert IssuedDocument.objects.filter(state="issued").count() == 4


def test_page_says_before_what_ends(round, client):
    _award, proposal = winner_of(round)
    paper = IssuedDocument.objects.get(
        kind="participant", subject_key=f"proposal:{proposal.pk}"
    )
    client.force_login(secretary(round))

    for name in ("proposal_disqualify", "proposal_take_out"):
        page = client.get(reverse(f"submissions:{name}", args=[proposal.code]))
        sentences = [sentence for _label, sentence in page.context["concerns"]]
        assert any(paper.number in sentence for sentence in sentences)
        assert paper.number in page.content.decode()
        # The reason typed there goes to the institution alone.
        assert not any("with your reason" in sentence for sentence in sentences)


def test_page_of_who_has_nothing_names_nothing(round, client):
    proposal = Proposal.objects.filter(round=round).last()
    Award.objects.filter(row__proposal=proposal).update(
        revoked_at=timezone.now(),
        revoked_by=secretary(round),
        revoke_reason="-",
    )
    IssuedDocument.objects.filter(state="issued").update(
        state="revoked", ended_at=timezone.now(), end_reason="-"
    )
    client.force_login(secretary(round))

    page = client.get(reverse("submissions:proposal_disqualify", args=[proposal.code]))
    assert page.context["concerns"] == []


def test_failure_on_the_way_leaves_everything(round, monkeypatch):
    award, proposal = winner_of(round)

    def broken(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("documents.services.revoke_document", broken)
    with pytest.raises(RuntimeError):
        leave(proposal)

    award.refresh_from_db()
    assert not award.is_revoked
    assert Proposal.objects.get(pk=proposal.pk).has_passed


def test_nothing_is_given_to_who_left_after_the_result_was_sealed():
    round = sealed_round(jurors=1, proposals=2)
    proposal = round.proposal_set.first()
    leave(proposal)

    with pytest.raises(services.AwardsNotGiven, match=proposal.title):
        services.give_awards(round=round, actor=secretary(round), at=timezone.now())
    assert not Award.objects.of_round(round).exists()


def test_second_press_after_a_winner_left_is_no_refusal(round):
    _award, proposal = winner_of(round)
    leave(proposal)

    again = services.give_awards(round=round, actor=secretary(round), at=timezone.now())
    assert again == []
