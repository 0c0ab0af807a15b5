"""Who gets a certificate of which kind, once, and who hears of it when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from awards import holders, periodic, personal_data, services
from awards.models import Award, CertificateNotice, CommitteeMember
from awards.phrases import CertificateKind
from competitions.models import ScoringStage
from core.models import AuditEntry
from documents import rendering
from documents.models import IssuedDocument
from notifications.models import Message
from submissions.models import Proposal
from tests.factories.accounts import (
    AuthorFactory,
    SecretariatFactory,
    SignatoryFactory,
)
from tests.factories.awards import awarded_round
from tests.factories.events import EventFactory, RegistrationFactory
from tests.factories.judging import sealed_round
from tests.factories.submissions import ProposalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AGO, LATER = timedelta(hours=-1), timedelta(days=2)


@pytest.fixture
def round():
    """Three proposals of which the first wins and the others are shortlisted."""
    made = sealed_round(jurors=1, proposals=3)
    SignatoryFactory(government=made.competition.government)
    made.awardlevel_set.exclude(rank_from=1).delete()
    ScoringStage.objects.filter(round=made).update(shortlist_size=2)
    actor, at = secretary(made), timezone.now()
    services.give_awards(round=made, actor=actor, at=at)
    services.record_decree(
        round=made,
        number="000.8/112/2022",
        decree_date=date(2022, 6, 10),
        publish_at=at + LATER,
        actor=actor,
        at=at,
    )
    return made


def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def issue(round, kind, **choice):
    return services.issue_certificates(
        round=round, kind=kind, actor=secretary(round), at=timezone.now(), **choice
    )


def render(at=None):
    for paper in IssuedDocument.objects.filter(rendered_at=None).order_by("pk"):
        rendering.render(document_id=paper.pk, at=at or timezone.now())


def names(round, kind):
    return [each.name for each in holders.holders_of(round, kind)]


def checked_in(round, name="Siti", **fields):
    event = EventFactory(round=round, name="Lokakarya")
    made = RegistrationFactory(
        event=event,
        user=AuthorFactory(name=name),
        attended_at=timezone.now(),
        attendance_noted_by=secretary(round),
        **fields,
    )
    RegistrationFactory(event=event)  # who did not come gets nothing
    return made


def test_winners_and_finalists_part_the_shortlist(round):
    rows = list(Award.objects.get().row.result.resultrow_set.all())
    rows.sort(key=lambda row: row.position)

    winners = holders.holders_of(round, CertificateKind.WINNER)
    finalists = holders.holders_of(round, CertificateKind.FINALIST)

    shortlisted = [row.title for row in rows if row.is_shortlisted]
    assert [each.values["innovation"] for each in winners] == [rows[0].title]
    assert [each.values["innovation"] for each in finalists] == [
        title for title in shortlisted if title != rows[0].title
    ]


def test_who_lost_an_award_is_a_finalist_only_if_somebody_says_so(round):
    services.revoke_award(
        award=Award.objects.get(),
        reason="Data keliru.",
        actor=secretary(round),
        at=timezone.now(),
    )

    found = holders.holders_of(round, CertificateKind.FINALIST)
    batch = issue(round, CertificateKind.FINALIST)

    doubtful = [each.subject_key for each in found if each.is_doubtful]
    issued = {paper.subject_key for paper in batch.issueddocument_set.all()}
    assert len(doubtful) == 1
    assert issued == {each.subject_key for each in found} - set(doubtful)


def test_round_without_a_line_has_no_finalists(round):
    ScoringStage.objects.filter(round=round).update(shortlist_size=None)

    assert holders.holders_of(round, CertificateKind.FINALIST) == []


def test_everybody_entered_takes_part_and_later_arrivals_only_add(round):
    issue(round, CertificateKind.PARTICIPANT)
    with pytest.raises(services.CertificatesNotIssued, match="already"):
        issue(round, CertificateKind.PARTICIPANT)
    before = set(IssuedDocument.objects.values_list("number", flat=True))

    late = ProposalFactory(round=round, state=Proposal.State.SCREENED_FAILED)
    ProposalFactory(round=round)  # a draft takes no part
    batch = issue(round, CertificateKind.PARTICIPANT)

    assert len(before) == 3
    (paper,) = batch.issueddocument_set.all()
    assert paper.subject_key == f"proposal:{late.pk}"
    assert paper.number not in before
    assert paper.number == f"000.8/004/KIPP-P/{paper.year}"


def test_jurors_get_one_for_finished_sheets(round):
    (juror,) = holders.holders_of(round, CertificateKind.JUROR)

    assert juror.values["role"] in {"Juri", "Ketua Juri"}
    assert juror.remark == ""
    issue(round, CertificateKind.JUROR)
    (paper,) = IssuedDocument.objects.all()
    assert paper.kind == "juror"
    assert paper.value("holder") == juror.name


def test_only_those_who_came_get_one(round):
    registration = checked_in(round)

    (holder,) = holders.holders_of(round, CertificateKind.PRESENCE)

    assert (holder.name, holder.group) == ("Siti", "Lokakarya")
    registration.event.cancelled_at = timezone.now()
    registration.event.cancel_reason = "Banjir."
    registration.event.save()
    assert holders.holders_of(round, CertificateKind.PRESENCE) == []


def test_without_a_name_nothing_is_issued(round):
    checked_in(round, name=" ")

    (holder,) = holders.holders_of(round, CertificateKind.PRESENCE)

    assert (holder.is_due, bool(holder.remark)) == (False, True)
    with pytest.raises(services.CertificatesNotIssued):
        issue(round, CertificateKind.PRESENCE)


def test_committee_is_named_once_and_leaves_only_without_certificate(round):
    actor, at = secretary(round), timezone.now()
    people = [("Siti", "Ketua"), ("Budi", "Anggota"), ("Siti", "Ketua")]

    assert services.add_committee(round=round, members=people, actor=actor, at=at) == 2
    assert services.add_committee(round=round, members=people, actor=actor, at=at) == 0
    siti = CommitteeMember.objects.get(name="Siti")
    budi = CommitteeMember.objects.get(name="Budi")
    (key,) = (
        each.subject_key
        for each in holders.holders_of(round, CertificateKind.COMMITTEE)
        if each.name == "Siti"
    )
    issue(round, CertificateKind.COMMITTEE, keys={key}, day=date(2022, 7, 1))

    with pytest.raises(services.CommitteeNotChanged, match="Siti"):
        services.remove_committee_member(member=siti, actor=actor, at=at)
    services.remove_committee_member(member=budi, actor=actor, at=at)
    (paper,) = IssuedDocument.objects.all()
    assert paper.issued_date == date(2022, 7, 1)
    assert paper.value("place_and_date").endswith("1 Juli 2022")
    assert names(round, CertificateKind.COMMITTEE) == ["Siti"]
    assert AuditEntry.objects.filter(action="committee.removed").count() == 1


@pytest.mark.parametrize("empty", ["name", "role"])
def test_committee_member_has_name_and_role(round, empty):
    fields = {"name": "Siti", "role": "Ketua", empty: ""}

    with pytest.raises(IntegrityError), transaction.atomic():
        CommitteeMember.objects.create(
            round=round, added_at=timezone.now(), added_by=secretary(round), **fields
        )


def test_values_of_the_past_stay_with_the_paper(round):
    issue(round, CertificateKind.PARTICIPANT)
    paper = IssuedDocument.objects.order_by("pk").first()
    government = round.competition.government
    services.save_design(
        government=government,
        kind=CertificateKind.PARTICIPANT,
        version=0,
        fields={"palette": "sogan", "texts": {"id": {"title": "Lain"}}},
        signers=[],
        actor=secretary(round),
        at=timezone.now(),
    )

    paper.refresh_from_db()

    assert paper.value("design")["palette"] == "nila"
    assert paper.value("texts")["id"]["title"] == "Sertifikat Peserta"


def test_failure_half_way_leaves_nothing(round, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("awards.rolls.Roll.values_of", fail)

    with pytest.raises(RuntimeError):
        issue(round, CertificateKind.PARTICIPANT)

    assert not IssuedDocument.objects.exists()
    assert not AuditEntry.objects.filter(action="batch.created").exists()


# Who hears of it ----------------------------------------------------------------------


def author_of(round, position=0):
    proposal = Proposal.objects.filter(round=round).order_by("pk")[position]
    return AuthorFactory(institution=proposal.institution)


def told(user):
    return Message.objects.filter(
        recipient=user, kind="awards.certificate_issued"
    ).count()


def test_participants_and_jurors_hear_at_once_and_once(round):
    author = author_of(round)
    (juror,) = round.juror_set.all()
    issue(round, CertificateKind.PARTICIPANT)
    issue(round, CertificateKind.JUROR)

    render()
    periodic.announce_awards()

    assert told(author) == 1
    assert told(juror.user) == 1
    assert CertificateNotice.objects.count() == 4


def test_finalists_hear_when_the_winners_are_public(round):
    finalist, *_others = holders.holders_of(round, CertificateKind.FINALIST)
    proposal = Proposal.objects.get(pk=finalist.subject_key.partition(":")[2])
    author = AuthorFactory(institution=proposal.institution)
    issue(round, CertificateKind.FINALIST)
    now = timezone.now()

    render(now)
    assert told(author) == 0
    assert not holders.papers_held_by(author, now).exists()
    for pk in holders.certificates_to_announce(now + 2 * LATER):
        services.announce_certificate(document_id=pk, at=now + 2 * LATER)

    assert told(author) == 1
    assert holders.papers_held_by(author, now + 2 * LATER).exists()


def test_people_hold_their_own_certificates_only(round):
    registration = checked_in(round)
    for kind in (
        CertificateKind.PARTICIPANT,
        CertificateKind.JUROR,
        CertificateKind.PRESENCE,
    ):
        issue(round, kind)
    (juror,) = round.juror_set.all()
    now = timezone.now()

    def kinds(user):
        held = holders.papers_held_by(user, now).order_by("pk")
        return list(held.values_list("kind", flat=True))

    assert kinds(juror.user) == ["juror"]
    assert kinds(registration.user) == ["presence"]
    assert kinds(author_of(round)) == ["participant"]
    assert kinds(secretary(round)) == []


def test_copy_of_ones_data_names_ones_certificates(round):
    registration = checked_in(round)
    issue(round, CertificateKind.PRESENCE)
    paper = IssuedDocument.objects.get()

    texts = str(personal_data.collect(registration.user))

    assert paper.number in texts
    assert paper.number not in str(personal_data.collect(AuthorFactory()))


# Together -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_order_one_batch():
    round = awarded_round(publish_in=LATER, proposals=3)
    actor = secretary(round)
    barrier = Barrier(2)

    def press(_number):
        barrier.wait()
        try:
            services.issue_certificates(
                round=round,
                kind=CertificateKind.PARTICIPANT,
                actor=actor,
                at=timezone.now(),
            )
        except services.CertificatesNotIssued:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(press, range(2)))

    assert sorted(done) == [0, 1]
    assert IssuedDocument.objects.count() == 3
