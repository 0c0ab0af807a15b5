"""Roles that end, accounts that close, and who cannot vanish."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from accounts import services
from accounts.models import Invitation, Membership
from core.models import AuditEntry
from notifications.models import Message
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)

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


class TestSecretariat:
    def test_last_member_cannot_vanish(self):
        city = GovernmentFactory()
        last = SecretariatFactory(government=city)
        SecretariatFactory()  # of another government
        membership = last.membership_set.get()
        actor = UserFactory()
        end = {"membership": membership, "reason": "Mutasi", "at": AT}

        with pytest.raises(services.LastSecretariat):
            services.end_role(to_date=None, actor=actor, **end)
        with pytest.raises(services.LastSecretariat):
            services.end_role(to_date=date(2022, 12, 31), actor=last, **end)
        with pytest.raises(services.LastSecretariat):
            services.deactivate_user(user=last, reason="Mutasi", actor=actor, at=AT)
        with pytest.raises(services.LastSecretariat):
            hand_over(last, city, email="baru@tegal.example", name="Ibu Baru")

        last.refresh_from_db()
        assert last.is_active
        assert roles_on(last, date(2030, 1, 1)) == ["secretariat"]
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize(
        "second",
        [
            {"to_date": date(2022, 12, 31)},
            {"from_date": date(2022, 6, 1)},
            {"user__is_active": False},
        ],
    )
    def test_who_will_not_stay_or_is_not_there_yet_does_not_count(self, second):
        city = GovernmentFactory()
        last = SecretariatFactory(government=city)
        MembershipFactory(role=Role.SECRETARIAT, government=city, **second)

        with pytest.raises(services.LastSecretariat):
            services.end_role(
                membership=last.membership_set.get(),
                to_date=None,
                reason="Mutasi",
                actor=UserFactory(),
                at=AT,
            )

    def test_last_member_hands_over_to_somebody_with_an_account(self):
        city = GovernmentFactory()
        last, successor = SecretariatFactory(government=city), UserFactory()

        hand_over(last, city, successor)

        assert [roles_on(last, NEXT), roles_on(successor, NEXT)] == [
            [],
            ["secretariat"],
        ]


class TestEnd:
    def end(self, membership, to_date=None, actor=None):
        return services.end_role(
            membership=membership,
            to_date=to_date,
            reason="Mutasi",
            actor=actor or UserFactory(),
            at=AT,
        )

    def test_at_once_and_told(self):
        held = MembershipFactory()

        self.end(held)

        message = Message.objects.get()
        assert (message.recipient, message.kind) == (held.user, "accounts.role_ended")
        assert roles_on(held.user, DAY) == []

    def test_leaving_tells_the_secretariat(self):
        held = MembershipFactory()
        keeper = SecretariatFactory(government=held.institution.government)

        self.end(held, DAY, actor=held.user)

        message = Message.objects.get()
        assert (message.recipient, message.kind) == (keeper, "accounts.role_left")
        assert (roles_on(held.user, DAY), roles_on(held.user, NEXT)) == (["author"], [])

    def test_role_yet_to_begin_never_does(self):
        held = MembershipFactory(from_date=date(2022, 3, 1))

        ended = self.end(held)

        assert ended.period_at(AT) == Membership.Period.OVER
        assert roles_on(held.user, date(2022, 3, 1)) == []

    def test_twice_and_past_days_are_refused(self):
        held = MembershipFactory()

        with pytest.raises(services.MembershipNotEnded):
            self.end(held, date(2022, 1, 30))
        self.end(held)
        for to_date in (None, DAY):
            with pytest.raises(services.MembershipNotEnded):
                self.end(held, to_date)

        assert AuditEntry.objects.filter(action="membership.ended").count() == 1

    def test_planned_end_can_come_at_once(self):
        held = MembershipFactory(to_date=DAY)

        self.end(held)

        assert roles_on(held.user, DAY) == []


class TestAccounts:
    def test_closed_account_is_powerless_at_the_next_request(self, client):
        person = AuthorFactory()
        client.force_login(person)
        before = client.get(reverse("dashboard")).status_code

        services.deactivate_user(
            user=person, reason="Pensiun", actor=UserFactory(), at=AT
        )

        assert (before, client.get(reverse("dashboard")).status_code) == (200, 302)
        entry = AuditEntry.objects.get(action="user.deactivated")
        government = person.membership_set.get().institution.government
        assert (entry.reason, entry.scope) == ("Pensiun", government.code)

    def test_twice_and_oneself_are_refused_and_it_opens_again(self):
        person, actor = AuthorFactory(), UserFactory()
        change = {"reason": "Pensiun", "actor": actor, "at": AT}

        with pytest.raises(services.AccountNotChanged):
            services.reactivate_user(user=person, **change)
        with pytest.raises(services.AccountNotChanged):
            services.deactivate_user(user=actor, **change)
        services.deactivate_user(user=person, **change)
        with pytest.raises(services.AccountNotChanged):
            services.deactivate_user(user=person, **change)
        services.reactivate_user(user=person, **change)

        person.refresh_from_db()
        assert person.is_active


class TestGiveRole:
    def test_further_role_is_told_and_a_colleague_too(self):
        city = GovernmentFactory()
        actor, second = SecretariatFactory.create_batch(2, government=city)
        person = AuthorFactory()

        services.give_role(
            user=person,
            role=Role.SECRETARIAT,
            body=city,
            reason="Surat tugas",
            actor=actor,
            at=AT,
        )

        told = Message.objects.order_by("pk").values_list("recipient", "kind")
        assert list(told) == [
            (person.pk, "accounts.role_given"),
            (second.pk, "accounts.colleague_joins"),
        ]

    def test_to_oneself_is_refused(self):
        actor = InstitutionAdminFactory()

        with pytest.raises(services.MembershipNotGranted):
            services.give_role(
                user=actor,
                role=Role.AUTHOR,
                body=actor.membership_set.get().institution,
                reason="",
                actor=actor,
                at=AT,
            )


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def together(self, *calls):
        barrier = Barrier(len(calls))

        def run(call):
            barrier.wait()
            try:
                return type(call()).__name__
            except Exception as error:
                return type(error).__name__
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            return sorted(pool.map(run, calls))

    def test_two_members_end_each_other(self):
        city = GovernmentFactory()
        one, two = SecretariatFactory.create_batch(2, government=city)

        def end(person, actor):
            return services.end_role(
                membership=person.membership_set.get(),
                to_date=None,
                reason="Mutasi",
                actor=actor,
                at=AT,
            )

        found = self.together(lambda: end(one, two), lambda: end(two, one))

        assert found == ["LastSecretariat", "Membership"]

    def test_closing_one_account_while_the_other_role_ends(self):
        city = GovernmentFactory()
        one, two = SecretariatFactory.create_batch(2, government=city)

        found = self.together(
            lambda: services.deactivate_user(
                user=one, reason="Pensiun", actor=two, at=AT
            ),
            lambda: services.end_role(
                membership=two.membership_set.get(),
                to_date=None,
                reason="Mutasi",
                actor=one,
                at=AT,
            ),
        )

        assert found in (["LastSecretariat", "User"], ["LastSecretariat", "Membership"])

    def test_two_presses_hand_over_once(self):
        institution = InstitutionFactory()
        giver, successor = AuthorFactory(institution=institution), UserFactory()

        found = self.together(
            *[lambda: hand_over(giver, institution, successor, last_date=None)] * 2
        )

        assert found == ["Handover", "NotHandedOver"]
        assert successor.membership_set.count() == 1
