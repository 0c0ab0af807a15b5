"""Handing work over to a successor."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Handover, Invitation, Membership
from core.models import AuditEntry
from notifications.models import Message
from submissions.models import Proposal
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.invitations import HandoverFactory
from tests.factories.submissions import ProposalFactory

AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)
DAY = date(2022, 1, 31)
NEXT = date(2022, 2, 1)
Role = Membership.Role

pytestmark = pytest.mark.django_db


def roles_on(person, day):
    """The roles in force at noon, in the order they were given."""
    noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    held = person.membership_set.current(noon).order_by("pk")
    return list(held.values_list("role", flat=True))


def hand_over(giver, body, successor=None, *, last_date=DAY, at=AT, **details):
    return services.hand_over(
        giver=giver,
        body=body,
        successor=services.Successor(successor, **details),
        last_date=last_date,
        reason="Mutasi ke Dinas Pendidikan",
        actor=UserFactory(),
        at=at,
    )


def both_roles(institution):
    person = AuthorFactory(institution=institution)
    MembershipFactory(user=person, institution=institution, role=Role.INSTITUTION_ADMIN)
    return person


class TestHandover:
    def test_successor_begins_on_the_next_day(self):
        institution = InstitutionFactory()
        giver, successor = both_roles(institution), UserFactory()

        hand_over(giver, institution, successor)

        assert [roles_on(giver, day) for day in (DAY, NEXT)] == [
            ["author", "institution_admin"],
            [],
        ]
        assert [sorted(roles_on(successor, day)) for day in (DAY, NEXT)] == [
            [],
            ["author", "institution_admin"],
        ]

    def test_at_once(self):
        institution = InstitutionFactory()
        giver, successor = both_roles(institution), UserFactory()

        hand_over(giver, institution, successor, last_date=None)

        assert roles_on(giver, DAY) == []
        assert len(roles_on(successor, DAY)) == 2

    def test_other_bodies_of_the_giver_are_left_alone(self):
        institution = InstitutionFactory()
        giver = AuthorFactory(institution=institution)
        other = MembershipFactory(user=giver)

        hand_over(giver, institution, UserFactory(), last_date=None)

        assert [each.pk for each in giver.membership_set.current(AT)] == [other.pk]

    def test_roles_the_successor_holds_stay_as_they_are(self):
        institution = InstitutionFactory()
        giver = both_roles(institution)
        successor = AuthorFactory(institution=institution)

        hand_over(giver, institution, successor)

        assert sorted(roles_on(successor, NEXT)) == ["author", "institution_admin"]
        assert successor.membership_set.count() == 2

    def test_both_sides_stand_in_the_log_under_one_key(self):
        institution = InstitutionFactory()
        giver, successor = AuthorFactory(institution=institution), UserFactory()

        handover = hand_over(giver, institution, successor)

        entries = AuditEntry.objects.filter(action__startswith="handover.")
        given, received = entries.order_by("pk")
        assert (given.action, given.target_label, given.changes["to"]) == (
            "handover.given",
            giver.name,
            successor.name,
        )
        assert (received.action, received.target_label, received.changes["from"]) == (
            "handover.received",
            successor.name,
            giver.name,
        )
        assert {each.changes["handover"] for each in entries} == {str(handover.key)}
        assert {each.scope for each in entries} == {institution.government.code}
        assert {each.reason for each in entries} == {"Mutasi ke Dinas Pendidikan"}

    def test_both_are_told(self):
        institution = InstitutionFactory()
        giver, successor = AuthorFactory(institution=institution), UserFactory()

        hand_over(giver, institution, successor)

        told = Message.objects.order_by("pk").values_list("recipient", "kind")
        assert list(told) == [
            (giver.pk, "accounts.handover_given"),
            (successor.pk, "accounts.handover_received"),
        ]

    def test_by_invitation(self):
        institution = InstitutionFactory()
        giver = both_roles(institution)

        handover = hand_over(
            giver, institution, email="Baru@Tegal.example", name="Ibu Baru"
        )
        invitation = Invitation.objects.get()
        user = services.accept_with_account(
            invitation=invitation,
            name="Ibu Baru",
            employee_number="",
            phone="",
            password="empat-kata-yang-panjang",
            at=AT + timedelta(hours=1),
        )

        handover.refresh_from_db()
        assert (handover.receiver, invitation.role) == (user, "institution_admin")
        assert (roles_on(user, DAY), len(roles_on(user, NEXT))) == ([], 2)
        keys = AuditEntry.objects.filter(action__startswith="handover.").values_list(
            "changes__handover", flat=True
        )
        assert list(keys) == [str(handover.key)] * 2

    def test_invitation_accepted_late_counts_from_that_day(self):
        institution = InstitutionFactory()
        giver = AuthorFactory(institution=institution)
        hand_over(giver, institution, email="baru@tegal.example", name="Ibu Baru")
        user = UserFactory(email="baru@tegal.example")

        services.accept_invitation(
            invitation=Invitation.objects.get(),
            user=user,
            at=AT + timedelta(days=5),
        )

        assert user.membership_set.get().from_date == date(2022, 2, 5)

    def test_proposals_stay_with_the_institution(self, client):
        institution = InstitutionFactory()
        giver, successor = AuthorFactory(institution=institution), UserFactory()
        draft = ProposalFactory(institution=institution)
        endorsing = ProposalFactory(institution=institution)
        Proposal.objects.filter(pk=endorsing.pk).update(state="endorsing")
        before = Proposal.objects.order_by("pk").values()
        rows = list(before)

        hand_over(giver, institution, successor, last_date=None, at=timezone.now())

        assert list(before.all()) == rows
        client.force_login(successor)
        for each in (draft, endorsing):
            page = client.get(reverse("submissions:proposal_detail", args=[each.code]))
            assert page.status_code == 200

    def test_open_session_is_powerless_at_the_next_request(self, client):
        institution = InstitutionFactory()
        giver = AuthorFactory(institution=institution)
        draft = ProposalFactory(institution=institution)
        url = reverse("submissions:proposal_detail", args=[draft.code])
        client.force_login(giver)
        before = client.get(url).status_code

        hand_over(giver, institution, UserFactory(), last_date=None, at=timezone.now())

        assert (before, client.get(url).status_code) == (200, 404)

    @pytest.mark.parametrize("last_date", [date(2022, 1, 30), date(2020, 1, 1)])
    def test_past_day_is_refused(self, last_date):
        institution = InstitutionFactory()
        giver = AuthorFactory(institution=institution)

        with pytest.raises(services.NotHandedOver):
            hand_over(giver, institution, UserFactory(), last_date=last_date)

        assert roles_on(giver, NEXT) == ["author"]

    def test_to_oneself_is_refused(self):
        institution = InstitutionFactory()
        giver = AuthorFactory(institution=institution)

        with pytest.raises(services.NotHandedOver):
            hand_over(giver, institution, giver)
        with pytest.raises(services.NotHandedOver):
            hand_over(giver, institution, email=giver.email.upper(), name="Sama")

    def test_twice_is_refused(self):
        institution = InstitutionFactory()
        giver = AuthorFactory(institution=institution)
        hand_over(giver, institution, UserFactory())

        with pytest.raises(services.NotHandedOver):
            hand_over(giver, institution, UserFactory())

        assert Handover.objects.count() == 1

    def test_failure_half_way_leaves_nothing(self, monkeypatch):
        institution = InstitutionFactory()
        giver = AuthorFactory(institution=institution)

        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("accounts.notices.handed_over", fail)
        with pytest.raises(RuntimeError):
            hand_over(giver, institution, UserFactory(), last_date=None)

        assert roles_on(giver, NEXT) == ["author"]
        assert not Handover.objects.exists()
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize(
        ("name", "fields"),
        [
            ("accounts_handover_one_body", {"institution": None}),
            (
                "accounts_handover_to_somebody_else",
                {"giver_id": 1, "receiver_id": 1},
            ),
        ],
    )
    def test_constraints(self, name, fields):
        if "giver_id" in fields:
            person = UserFactory()
            fields = {"giver": person, "receiver": person}

        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            HandoverFactory(**fields)
