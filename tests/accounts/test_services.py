from datetime import UTC, date, datetime

import pytest

from accounts import permissions, services
from accounts.models import Government, Institution, Membership, Signatory, User
from core.models import AuditEntry
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    MembershipFactory,
    UserFactory,
)

AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)
DAY = date(2022, 1, 31)
Role = Membership.Role

pytestmark = pytest.mark.django_db


def make_institution(government: Government, code: str, parent=None) -> Institution:
    return services.create_institution(
        government=government,
        kind=Institution.Kind.AGENCY,
        code=code,
        name=f"Dinas {code}",
        short_name=code,
        parent=parent,
        actor=None,
        at=AT,
    )


def grant(user: User, role: str, body, from_date=DAY, **kwargs) -> Membership:
    return services.grant_membership(
        user=user,
        role=role,
        body=body,
        actor=None,
        at=AT,
        from_date=from_date,
        **kwargs,
    )


class TestUsers:
    def test_create_user_keeps_the_address_in_lower_case(self):
        user = services.create_user(
            email=" Dinsos@Tegal.Example ", name="Operator", actor=None, at=AT
        )

        assert (user.email, user.has_usable_password()) == (
            "dinsos@tegal.example",
            False,
        )

    def test_create_user_refuses_a_second_account(self):
        UserFactory(email="dinsos@tegal.example")

        with pytest.raises(services.EmailTaken):
            services.create_user(
                email="DINSOS@tegal.example", name="Lain", actor=None, at=AT
            )

        assert User.objects.count() == 1

    def test_ensure_user_finds_the_account_untouched(self):
        known = UserFactory(email="juri@tegal.example", name="Juri Akademisi 1")

        found = services.ensure_user(
            email="Juri@tegal.example", name="Nama lain", actor=None, at=AT
        )

        found.refresh_from_db()
        assert (found, found.name) == (known, "Juri Akademisi 1")

    def test_ensure_user_makes_a_missing_account(self):
        made = services.ensure_user(
            email="juri@tegal.example", name="Juri", actor=None, at=AT
        )

        assert User.objects.get() == made


class TestGovernments:
    def test_create_government_with_signatories(self):
        government = services.create_government(
            fields={
                "kind": "kota",
                "code": "33.76",
                "name": "Pemerintah Kota Tegal",
                "short_name": "Kota Tegal",
                "slug": "kota-tegal",
                "secretariat_name": "Bagian Organisasi",
                "place": "Tegal",
            },
            signatories=[{"name": "Nama", "position": "Wali Kota", "is_default": True}],
            actor=None,
            at=AT,
        )

        assert Signatory.objects.get().government == government
        assert AuditEntry.objects.get().action == "government.created"


class TestInstitutions:
    def test_path_follows_the_tree(self):
        government = GovernmentFactory()
        above = make_institution(government, "DINKES")

        below = make_institution(government, "PKM-1", parent=above)

        assert (above.path, below.path) == ("DINKES/", "DINKES/PKM-1/")

    def test_admin_of_the_same_code_elsewhere_reaches_nothing_here(self):
        here = make_institution(GovernmentFactory(), "DINKES")
        there = make_institution(GovernmentFactory(), "DINKES")
        admin = UserFactory()
        grant(admin, Role.INSTITUTION_ADMIN, there)

        assert permissions.administers(admin, there)
        assert not permissions.administers(admin, here)
        assert list(Institution.objects.managed_by(admin)) == [there]

    def test_refuses_a_code_twice_in_one_government(self):
        government = GovernmentFactory()
        make_institution(government, "DLH")

        with pytest.raises(services.CodeTaken):
            make_institution(government, "DLH")

    def test_refuses_a_parent_of_another_government(self):
        elsewhere = make_institution(GovernmentFactory(), "DINKES")

        with pytest.raises(services.TreeRefused):
            make_institution(GovernmentFactory(), "PKM-1", parent=elsewhere)


class TestMemberships:
    @pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.LEADER])
    def test_grant_in_a_government(self, role):
        government = GovernmentFactory()

        membership = grant(UserFactory(), role, government)

        assert membership.body == government

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.INSTITUTION_ADMIN])
    def test_grant_in_an_institution(self, role):
        institution = InstitutionFactory()

        membership = grant(UserFactory(), role, institution, reason="Surat tugas")

        assert membership.body == institution
        entry = AuditEntry.objects.get(action="membership.granted")
        assert (entry.scope, entry.reason) == (
            institution.government.code,
            "Surat tugas",
        )

    @pytest.mark.parametrize(
        ("held_from", "held_to", "from_date", "to_date", "is_refused"),
        [
            (date(2021, 1, 1), None, DAY, None, True),
            (date(2021, 1, 1), DAY, DAY, None, True),
            (date(2021, 1, 1), date(2022, 1, 30), DAY, None, False),
            (date(2022, 3, 1), None, DAY, date(2022, 3, 1), True),
            (date(2022, 3, 1), None, DAY, date(2022, 2, 28), False),
            (date(2022, 3, 1), None, DAY, None, True),
        ],
    )
    def test_grant_must_not_overlap_with_the_same_role(
        self, held_from, held_to, from_date, to_date, is_refused
    ):
        held = MembershipFactory(from_date=held_from, to_date=held_to)

        try:
            grant(held.user, held.role, held.body, from_date, to_date=to_date)
        except services.MembershipNotGranted:
            refused = True
        else:
            refused = False

        assert refused == is_refused

    def test_grant_beside_another_role_or_elsewhere(self):
        held = MembershipFactory()

        grant(held.user, Role.INSTITUTION_ADMIN, held.body)
        grant(held.user, held.role, InstitutionFactory())

        assert held.user.membership_set.count() == 3

    def test_grant_refuses_an_end_before_the_beginning(self):
        with pytest.raises(services.MembershipNotGranted):
            grant(
                UserFactory(),
                Role.AUTHOR,
                InstitutionFactory(),
                to_date=date(2022, 1, 30),
            )

    def test_end_keeps_the_last_day_and_the_reason(self):
        held = MembershipFactory()

        ended = services.end_membership(
            membership=held, to_date=DAY, reason="Mutasi", actor=None, at=AT
        )

        assert ended.to_date == DAY
        entry = AuditEntry.objects.get(action="membership.ended")
        assert (entry.reason, entry.changes) == (
            "Mutasi",
            {"to_date": [None, "2022-01-31"]},
        )

    def test_end_may_come_earlier_than_planned(self):
        held = MembershipFactory(to_date=date(2022, 12, 31))

        ended = services.end_membership(
            membership=held, to_date=DAY, reason="Mutasi", actor=None, at=AT
        )

        assert ended.to_date == DAY

    @pytest.mark.parametrize(
        ("held_to", "to_date"),
        [(DAY, DAY), (date(2021, 1, 1), DAY), (None, date(2019, 12, 31))],
    )
    def test_end_refuses_what_is_over_or_never_began(self, held_to, to_date):
        held = MembershipFactory(to_date=held_to)

        with pytest.raises(services.MembershipNotEnded):
            services.end_membership(
                membership=held, to_date=to_date, reason="Mutasi", actor=None, at=AT
            )
