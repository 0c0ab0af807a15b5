"""The register: owners, achievements, yearly states, retiring and merging."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from core.models import AuditEntry
from documents.uploads import LETTER_TYPES, check_upload
from innovations import services
from innovations.models import (
    Achievement,
    AchievementFile,
    Innovation,
    JointOwner,
    YearStatus,
)
from notifications.models import Message
from submissions.models import Proposal, ProposalState
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.competitions import small_round
from tests.factories.innovations import InnovationFactory
from tests.factories.register import (
    AchievementFactory,
    JointOwnerFactory,
    YearStatusFactory,
)
from tests.factories.submissions import ProposalFactory, tiny_pdf

pytestmark = pytest.mark.django_db
DATA = services.AchievementData("Top 45", "KIPP Nasional", 2021)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def innovation():
    return InnovationFactory(title="Antre Daring")


@pytest.fixture
def actor(innovation):
    return AuthorFactory(institution=innovation.institution)


@pytest.fixture
def given(actor):
    return {"actor": actor, "at": timezone.now()}


@pytest.fixture
def other(innovation):
    return InstitutionFactory(government=innovation.institution.government)


def sees(user, innovation):
    return Innovation.objects.visible_to(user).filter(pk=innovation.pk).exists()


def proof(name="piagam.pdf"):
    return check_upload(
        SimpleUploadedFile(name, tiny_pdf(name)), max_bytes=10**6, types=LETTER_TYPES
    )


# Who reads --------------------------------------------------------------------------


def test_joint_owner_reads_once_its_admin_has_agreed(innovation, other, given):
    author, admin = (
        AuthorFactory(institution=other),
        InstitutionAdminFactory(institution=other),
    )
    proposal = ProposalFactory(
        innovation=innovation,
        institution=innovation.institution,
        round=small_round(government=innovation.institution.government),
    )

    joint = services.ask_joint_owner(
        innovation=innovation, institution=other, from_date=date(2021, 1, 4), **given
    )

    assert [message.recipient for message in Message.objects.all()] == [admin]
    assert sees(admin, innovation)  # who is asked knows what about
    assert not sees(author, innovation)
    assert not Proposal.objects.visible_to(admin).exists()
    services.confirm_joint_owner(joint=joint, actor=admin, at=given["at"])
    assert sees(author, innovation)
    assert list(Proposal.objects.visible_to(author)) == [proposal]
    # Whose institution owns it jointly competes with it.
    assert Proposal.objects.competing_for(author).exists()
    services.end_joint_owner(joint=joint, actor=admin, at=given["at"])
    for each in (author, admin):
        assert not sees(each, innovation)
        assert not Proposal.objects.visible_to(each).exists()
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "joint_owner.asked",
        "joint_owner.confirmed",
        "joint_owner.ended",
    ]


def test_secretary_who_works_for_an_institution_sees_its_own_only(innovation, other):
    government = innovation.institution.government
    secretary = SecretariatFactory(government=government)
    assert sees(secretary, innovation)

    MembershipFactory(user=secretary, institution=other)
    del secretary.current_memberships

    assert not sees(secretary, innovation)
    assert sees(secretary, InnovationFactory(institution=other))


def test_joint_owner_is_refused(innovation, other, given):
    ask = {"innovation": innovation, "from_date": date(2021, 1, 4), **given}
    services.ask_joint_owner(institution=other, **ask)

    for wrong in (other, innovation.institution, InstitutionFactory()):
        with pytest.raises(services.OwnerNotPossible):
            services.ask_joint_owner(institution=wrong, **ask)
    joint = JointOwner.objects.get()
    services.confirm_joint_owner(joint=joint, **given)
    with pytest.raises(services.OwnerNotPossible, match="agreed already"):
        services.confirm_joint_owner(joint=joint, **given)
    services.end_joint_owner(joint=joint, **given)
    with pytest.raises(services.OwnerNotPossible, match="meanwhile"):
        services.end_joint_owner(joint=joint, **given)


# Achievements -----------------------------------------------------------------------


def test_typed_achievement_counts_once_it_is_confirmed(innovation, given):
    achievement = services.type_achievement(
        innovation=innovation, data=DATA, proof=proof(), **given
    )
    assert not Achievement.objects.counting().exists()
    first = achievement.proof.key

    services.change_achievement(
        achievement=achievement,
        data=services.AchievementData("Top 15", "KIPP Nasional", 2022),
        proof=proof("lain.pdf"),
        **given,
    )
    services.confirm_achievement(achievement=achievement, **given)

    stored = Achievement.objects.counting().get()
    assert str(stored) == "Top 15, KIPP Nasional 2022"
    assert AchievementFile.objects.get().key != first
    for change in (
        lambda: services.change_achievement(
            achievement=achievement, data=DATA, **given
        ),
        lambda: services.remove_achievement(achievement=achievement, **given),
        lambda: services.confirm_achievement(achievement=achievement, **given),
    ):
        with pytest.raises(services.AchievementFixed, match="has confirmed it"):
            change()


def test_removed_achievement_is_gone_with_its_proof(innovation, given):
    achievement = services.type_achievement(
        innovation=innovation, data=DATA, proof=proof(), **given
    )

    services.remove_achievement(achievement=achievement, **given)

    assert not Achievement.objects.exists()
    assert not AchievementFile.objects.exists()
    with pytest.raises(services.AchievementFixed, match="removed meanwhile"):
        services.confirm_achievement(achievement=achievement, **given)


def test_award_of_the_portal_is_not_touched(innovation, given):
    award = services.record_achievement(
        innovation=innovation,
        level="Juara I",
        competition="KIPP",
        year=2022,
        public_from=given["at"],
        at=given["at"],
        source_key="award:1",
    )

    assert list(Achievement.objects.counting()) == [award]
    with pytest.raises(services.AchievementFixed, match="portal gave"):
        services.remove_achievement(achievement=award, **given)


# How it fares -----------------------------------------------------------------------


def test_status_of_a_year_is_replaced_by_a_later_word(innovation, given):
    state = YearStatus.State
    services.note_status(
        innovation=innovation, year=2022, state=state.RUNNING, note="", **given
    )
    services.note_status(
        innovation=innovation, year=2022, state=state.STOPPED, note="Habis", **given
    )
    services.note_status(
        innovation=innovation, year=2023, state=state.REPLICATED, note="", **given
    )

    assert list(
        YearStatus.objects.order_by("year").values_list("year", "state", "note")
    ) == [(2022, "berhenti", "Habis"), (2023, "bereplikasi", "")]


def test_retired_innovation_takes_no_change_until_it_is_revived(innovation, given):
    services.retire_innovation(innovation=innovation, reason="Digantikan", **given)

    with pytest.raises(services.NotInForce, match="out of use"):
        services.retire_innovation(innovation=innovation, reason="Lagi", **given)
    with pytest.raises(services.NotInForce):
        services.type_achievement(innovation=innovation, data=DATA, **given)
    services.note_status(
        innovation=innovation, year=2022, state="berhenti", note="", **given
    )
    services.revive_innovation(innovation=innovation, **given)
    with pytest.raises(services.NotInForce, match="in use already"):
        services.revive_innovation(innovation=innovation, **given)
    assert AuditEntry.objects.get(action="innovation.retired").reason == "Digantikan"


# Merging ----------------------------------------------------------------------------


def test_merged_entries_keep_everything_under_one(innovation, given):
    city = innovation.institution.government
    double = InnovationFactory(institution=innovation.institution, title="Antri")
    older = InnovationFactory(institution=innovation.institution)
    services.merge_innovations(double=older, into=double, reason="Sama", **given)
    AchievementFactory(innovation=double)
    YearStatusFactory(innovation=double, year=2021, state="berhenti")
    YearStatusFactory(innovation=double, year=2022, state="berhenti")
    YearStatusFactory(innovation=innovation, year=2022)
    JointOwnerFactory(innovation=double)
    ProposalFactory(
        innovation=double,
        institution=double.institution,
        round=small_round(government=city),
        state=ProposalState.SUBMITTED,
    )

    services.merge_innovations(double=double, into=innovation, reason="Sama", **given)

    assert set(innovation.doubles.all()) == {double, older}
    assert innovation.achievement_set.count() == 1
    assert innovation.jointowner_set.count() == 1
    assert list(
        innovation.yearstatus_set.order_by("year").values_list("year", "state")
    ) == [(2021, "berhenti"), (2022, "berjalan")]
    assert set(Innovation.objects.family_of(older.pk)) == {innovation, double, older}
    assert list(Innovation.objects.standing()) == [innovation]
    entry = AuditEntry.objects.filter(action="innovation.merged").last()
    assert (entry.reason, entry.changes) == ("Sama", {"replaced_by": "Antre Daring"})


def test_merge_is_refused(innovation, given):
    round = small_round(government=innovation.institution.government)
    double = InnovationFactory(institution=innovation.institution)
    merge = {"double": double, "into": innovation, "reason": "Sama", **given}
    withdrawn, _standing = (
        ProposalFactory(round=round, innovation=each, institution=each.institution)
        for each in (double, innovation)
    )

    with pytest.raises(services.NotMergeable, match="Both have a proposal"):
        services.merge_innovations(**merge)
    with pytest.raises(services.NotMergeable, match="same one"):
        services.merge_innovations(**merge | {"into": double})
    with pytest.raises(services.NotMergeable, match="different governments"):
        services.merge_innovations(**merge | {"into": InnovationFactory()})
    Proposal.objects.filter(pk=withdrawn.pk).update(state=ProposalState.WITHDRAWN)
    services.merge_innovations(**merge)
    with pytest.raises(services.NotMergeable, match="merged before"):
        services.merge_innovations(**merge)


def test_failure_half_way_leaves_nothing(innovation, given, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    double = InnovationFactory(institution=innovation.institution)
    AchievementFactory(innovation=double)
    monkeypatch.setattr("core.audit.record", broken)

    for act in (
        lambda: services.merge_innovations(
            double=double, into=innovation, reason="Sama", **given
        ),
        lambda: services.type_achievement(innovation=innovation, data=DATA, **given),
        lambda: services.retire_innovation(innovation=innovation, reason="A", **given),
    ):
        with pytest.raises(RuntimeError), transaction.atomic():
            act()

    assert not innovation.doubles.exists()
    assert double.achievement_set.count() == 1
    assert not Innovation.objects.filter(retired_at__isnull=False).exists()


# What can never be ------------------------------------------------------------------


def test_constraints(innovation, other):
    person = UserFactory()
    now = timezone.now()
    joint = JointOwnerFactory(innovation=innovation, institution=other)
    status = YearStatusFactory(innovation=innovation)

    def refused(act):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()

    def change(**fields):
        Innovation.objects.filter(pk=innovation.pk).update(**fields)

    refused(lambda: change(merged_into=innovation))
    refused(lambda: change(retired_at=now, retired_by=person))  # no reason
    refused(lambda: change(retirement_reason="Digantikan"))
    refused(lambda: AchievementFactory(source_key="award:7"))  # not confirmed
    refused(lambda: AchievementFactory(key=AchievementFactory().key))
    refused(lambda: JointOwnerFactory(innovation=innovation, institution=other))
    refused(lambda: JointOwner.objects.update(confirmed_by=None))
    refused(lambda: JointOwnerFactory(key=joint.key))
    refused(lambda: YearStatusFactory(innovation=innovation, year=status.year))
    refused(lambda: YearStatusFactory(innovation=innovation, year=1899))
    given = AchievementFactory(
        source_key="award:8", confirmed_at=now, public_from=now + timedelta(days=1)
    )
    refused(lambda: AchievementFactory(source_key="award:8", confirmed_at=now))
    assert given not in Achievement.objects.counting()
