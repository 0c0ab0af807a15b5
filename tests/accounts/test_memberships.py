"""Periods of roles, by the government's clock, and never twice at a time."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Membership
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    MembershipFactory,
    UserFactory,
)

Role = Membership.Role
Period = Membership.Period
AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def holds(membership, at):
    return Membership.objects.current(at).filter(pk=membership.pk).exists()


class TestDays:
    # 31 January 2022 ends at 17.00 UTC in WIB, at 16.00 in WITA, at 15.00 in WIT.
    @pytest.mark.parametrize(
        ("zone", "last_moment"),
        [
            ("Asia/Jakarta", datetime(2022, 1, 31, 16, 59, 59, tzinfo=UTC)),
            ("Asia/Makassar", datetime(2022, 1, 31, 15, 59, 59, tzinfo=UTC)),
            ("Asia/Jayapura", datetime(2022, 1, 31, 14, 59, 59, tzinfo=UTC)),
        ],
    )
    @pytest.mark.parametrize("in_institution", [True, False])
    def test_role_ends_and_begins_at_midnight_of_its_government(
        self, zone, last_moment, in_institution
    ):
        government = GovernmentFactory(time_zone=zone)
        place = (
            {"institution": InstitutionFactory(government=government)}
            if in_institution
            else {"government": government, "role": Role.LEADER}
        )
        ending = MembershipFactory(to_date=date(2022, 1, 31), **place)
        beginning = MembershipFactory(from_date=date(2022, 2, 1), **place)
        midnight = last_moment.replace(hour=last_moment.hour + 1, minute=0, second=0)

        held = [
            (holds(ending, at), holds(beginning, at)) for at in (last_moment, midnight)
        ]
        periods = [
            (ending.period_at(at), beginning.period_at(at))
            for at in (last_moment, midnight)
        ]

        assert held == [(True, False), (False, True)]
        assert periods == [
            (Period.CURRENT, Period.COMING),
            (Period.OVER, Period.CURRENT),
        ]

    def test_role_ended_at_once_is_over_at_that_moment(self):
        held = MembershipFactory(to_date=date(2022, 1, 31), ended_at=AT)
        before = AT.replace(hour=1)

        assert (holds(held, before), holds(held, AT)) == (True, False)
        assert [held.period_at(at) for at in (before, AT)] == [
            Period.CURRENT,
            Period.OVER,
        ]

    def test_standing_keeps_what_is_or_will_be(self):
        current, coming, _over, _ended = (
            MembershipFactory(**period)
            for period in (
                {},
                {"from_date": date(2022, 3, 1)},
                {"to_date": date(2022, 1, 30)},
                {"to_date": date(2022, 1, 31), "ended_at": AT},
            )
        )

        standing = Membership.objects.standing(AT).order_by("pk")

        assert list(standing) == [current, coming]


class TestConstraints:
    def breaks(self, name, **fields):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            MembershipFactory(**fields)

    def test_same_role_twice_at_a_time_is_refused(self):
        held = MembershipFactory(to_date=date(2022, 1, 31))

        self.breaks(
            "accounts_membership_once_at_a_time",
            user=held.user,
            institution=held.institution,
            from_date=date(2022, 1, 31),
        )
        MembershipFactory(
            user=held.user, institution=held.institution, from_date=date(2022, 2, 1)
        )

    def test_same_role_in_a_government_twice_at_a_time_is_refused(self):
        held = MembershipFactory(role=Role.LEADER)

        self.breaks(
            "accounts_membership_once_at_a_time",
            user=held.user,
            role=Role.LEADER,
            government=held.government,
            from_date=date(2030, 1, 1),
        )

    def test_other_role_other_place_other_person_may_overlap(self):
        held = MembershipFactory()

        MembershipFactory(
            user=held.user, institution=held.institution, role=Role.INSTITUTION_ADMIN
        )
        MembershipFactory(user=held.user)
        MembershipFactory(institution=held.institution)

        assert Membership.objects.count() == 4

    def test_what_ended_at_once_makes_room_the_same_day(self):
        ended = MembershipFactory(to_date=date(2022, 1, 31), ended_at=AT)

        again = MembershipFactory(
            user=ended.user,
            institution=ended.institution,
            from_date=date(2022, 1, 31),
        )

        assert holds(again, AT)

    def test_ended_at_once_has_a_last_day(self):
        self.breaks("accounts_membership_ended_has_last_day", ended_at=AT)

    def test_end_before_the_beginning_is_refused(self):
        self.breaks("accounts_membership_period_in_order", to_date=date(2019, 12, 31))

    def test_role_must_fit_its_body(self):
        self.breaks(
            "accounts_membership_role_fits_body",
            role=Role.SECRETARIAT,
            government=None,
            institution=InstitutionFactory(),
        )

    def test_keys_are_given_by_the_database(self):
        held, other = MembershipFactory(), MembershipFactory()

        assert len({held.key, other.key, UserFactory().key, UserFactory().key}) == 4
