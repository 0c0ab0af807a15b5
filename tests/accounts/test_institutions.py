"""Moving, renaming, ending and merging institutions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts import permissions, services
from accounts.models import FormerName, Institution, Membership
from core.models import AuditEntry
from notifications.models import Message
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.invitations import InvitationFactory

AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)
DAY = date(2022, 1, 31)
YESTERDAY = date(2022, 1, 30)
BY = {"reason": "Peraturan Daerah 1/2022", "actor": None, "at": AT}
Role = Membership.Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return GovernmentFactory()


def institution(city, code, parent=None, **fields):
    return InstitutionFactory(government=city, code=code, parent=parent, **fields)


def paths():
    return dict(Institution.objects.values_list("code", "path"))


def last_entry(action):
    return AuditEntry.objects.filter(action=action).order_by("pk").last()


def merge(*predecessors, into, memberships=(), first_day=DAY, at=AT):
    return services.merge_institutions(
        predecessors=predecessors,
        successor=into,
        first_day=first_day,
        memberships=memberships,
        reason="Perangkat daerah baru",
        actor=None,
        at=at,
    )


class TestEditing:
    def edit(self, found, parent=None, **fields):
        return services.edit_institution(
            institution=found, fields=fields, parent=parent, **BY
        )

    def test_moving_takes_along_all_below(self, city):
        above, moved = institution(city, "SETDA"), institution(city, "DINKES")
        institution(city, "POS", institution(city, "PKM", moved))

        self.edit(moved, parent=above)

        assert paths()["POS"] == "SETDA/DINKES/PKM/POS/"
        entry = last_entry("institution.moved")
        assert entry.changes == {"parent": ["", above.short_name]}
        assert (entry.scope, entry.reason) == (city.code, BY["reason"])

    def test_moving_below_itself_is_refused(self, city):
        above = institution(city, "A")
        below = institution(city, "B", institution(city, "M", above))

        with pytest.raises(services.TreeRefused):
            self.edit(above, parent=below)

        assert paths()["A"] == "A/"

    @pytest.mark.parametrize("kind", ["elsewhere", "ended", "succeeded"])
    def test_moving_below_what_is_no_parent_is_refused(self, city, kind):
        found, other = institution(city, "A"), institution(city, "B")
        parent = {
            "elsewhere": lambda: InstitutionFactory(),
            "ended": lambda: institution(city, "C", active_to=YESTERDAY),
            "succeeded": lambda: institution(
                city, "C", active_to=YESTERDAY, successor=other
            ),
        }[kind]()

        with pytest.raises(services.TreeRefused):
            self.edit(found, parent=parent)

    def test_contact_changes_and_nothing_else(self, city):
        above = institution(city, "A")
        found = institution(city, "B", above)

        edited = self.edit(found, parent=above, email="b@contoh.example", phone="1")

        assert (edited.email, edited.phone, edited.path) == (
            "b@contoh.example",
            "1",
            "A/B/",
        )
        assert last_entry("institution.edited").changes == {
            "email": ["", "b@contoh.example"],
            "phone": ["", "1"],
        }

    def test_saving_what_stands_leaves_no_trace(self, city):
        self.edit(institution(city, "A"))

        assert AuditEntry.objects.count() == 0

    def test_beginning_cannot_lie_after_the_end(self, city):
        found = institution(city, "A", active_to=YESTERDAY)

        with pytest.raises(services.InstitutionNotChanged):
            self.edit(found, active_from=DAY)


class TestRenaming:
    def rename(self, found, name="Dinas Baru", from_day=DAY):
        return services.rename_institution(
            institution=found, name=name, short_name="Baru", from_day=from_day, **BY
        )

    def test_old_name_stays_with_its_last_day_and_reason(self, city):
        found = institution(city, "A", name="Dinas Lama", short_name="Lama")

        self.rename(found)

        kept = FormerName.objects.get()
        assert (kept.name, kept.short_name, kept.until_date, kept.reason) == (
            "Dinas Lama",
            "Lama",
            YESTERDAY,
            BY["reason"],
        )
        assert last_entry("institution.renamed").changes["name"] == [
            "Dinas Lama",
            "Dinas Baru",
        ]

    def test_mended_misspelling_keeps_no_former_name(self, city):
        self.rename(institution(city, "A"), from_day=None)

        assert FormerName.objects.count() == 0
        assert last_entry("institution.corrected")

    @pytest.mark.parametrize(
        ("active_from", "from_day"),
        [(None, DAY + timedelta(days=1)), (DAY, DAY)],
        ids=["to come", "before it began"],
    )
    def test_impossible_day_is_refused(self, city, active_from, from_day):
        found = institution(city, "A", active_from=active_from)

        with pytest.raises(services.InstitutionNotChanged):
            self.rename(found, from_day=from_day)

    def test_second_name_cannot_begin_before_the_first(self, city):
        found = self.rename(institution(city, "A"))

        with pytest.raises(services.InstitutionNotChanged):
            self.rename(found, "Dinas Terbaru", from_day=YESTERDAY)

    def test_same_name_is_refused(self, city):
        found = self.rename(institution(city, "A"))

        with pytest.raises(services.InstitutionNotChanged):
            self.rename(found)


class TestEnding:
    def end(self, found, last_day=YESTERDAY, lifts_children=False):
        return services.end_institution(
            institution=found, last_day=last_day, lifts_children=lifts_children, **BY
        )

    def test_roles_end_with_it(self, city):
        found = institution(city, "A")
        author = AuthorFactory(institution=found)

        self.end(found)

        assert author.membership_set.get().to_date == YESTERDAY
        assert last_entry("membership.ended").reason == BY["reason"]

    def test_role_that_begins_later_never_does(self, city):
        found = institution(city, "A")
        role = MembershipFactory(institution=found, from_date=DAY)

        self.end(found)

        role.refresh_from_db()
        assert role.period_at(AT) == Membership.Period.OVER

    def test_children_end_the_same_day(self, city):
        above = institution(city, "A")
        below = institution(city, "C", institution(city, "B", above))
        earlier = institution(city, "D", above, active_to=date(2020, 1, 1))

        self.end(above)

        below.refresh_from_db()
        earlier.refresh_from_db()
        assert (below.active_to, earlier.active_to) == (YESTERDAY, date(2020, 1, 1))

    def test_children_move_up_and_go_on(self, city):
        top = institution(city, "T")
        above = institution(city, "A", top)
        institution(city, "C", institution(city, "B", above))

        self.end(above, lifts_children=True)

        assert paths()["C"] == "T/B/C/"
        assert Institution.objects.get(code="B").active_to is None

    def test_ended_one_is_refused(self, city):
        found = self.end(institution(city, "A"))

        with pytest.raises(services.InstitutionNotChanged):
            self.end(found, DAY)

    def test_end_before_the_beginning_of_a_child_is_refused_whole(self, city):
        above = institution(city, "A")
        institution(city, "B", above, active_from=DAY)

        with pytest.raises(services.InstitutionNotChanged):
            self.end(above)

        above.refresh_from_db()
        assert above.active_to is None

    def test_reactivating_brings_back_no_role(self, city):
        found = institution(city, "A")
        author = AuthorFactory(institution=found)
        self.end(found)

        services.reactivate_institution(institution=found, **BY)

        found.refresh_from_db()
        assert found.active_to is None
        assert author.membership_set.get().to_date == YESTERDAY

    def test_reactivating_below_an_ended_one_is_refused(self, city):
        above = institution(city, "A")
        below = institution(city, "B", above)
        self.end(above)

        with pytest.raises(services.TreeRefused):
            services.reactivate_institution(institution=below, **BY)

    def test_reactivating_what_is_active_is_refused(self, city):
        with pytest.raises(services.InstitutionNotChanged):
            services.reactivate_institution(institution=institution(city, "A"), **BY)


class TestNobodyBeginsWhereItIsOver:
    """Roles, invitations and handovers in an institution that has ended."""

    @pytest.fixture(params=["ended", "merged"])
    def over(self, request, city):
        found = institution(city, "LAMA")
        if request.param == "merged":
            merge(found, into=institution(city, "BARU", short_name="Dinas Baru"))
        else:
            services.end_institution(
                institution=found, last_day=YESTERDAY, lifts_children=False, **BY
            )
        # As a page has it that was opened before.
        found.active_to = found.successor = None
        return found

    def refusal(self, kind, call):
        with pytest.raises(kind) as refused:
            call()
        return refused.value.message

    def expected(self, over):
        over.refresh_from_db()
        return "Dinas Baru" if over.successor else over.short_name

    def test_no_role_is_given(self, over):
        message = self.refusal(
            services.MembershipNotGranted,
            lambda: services.grant_membership(
                user=UserFactory(), role=Role.AUTHOR, body=over, from_date=DAY, **BY
            ),
        )

        assert self.expected(over) in message
        assert not Membership.objects.exists()

    def test_nobody_is_invited(self, over):
        message = self.refusal(
            services.NotInvited,
            lambda: services.invite(
                email="a@contoh.example", name="A", role=Role.AUTHOR, body=over, **BY
            ),
        )

        assert self.expected(over) in message
        assert not Message.objects.exists()

    def test_nothing_is_handed_over(self, over):
        giver = AuthorFactory(institution=over)

        message = self.refusal(
            services.NotHandedOver,
            lambda: services.hand_over(
                giver=giver,
                body=over,
                successor=services.Successor(UserFactory()),
                last_date=DAY,
                **BY,
            ),
        )

        assert self.expected(over) in message

    def test_earlier_invitation_leads_nowhere(self, over):
        person = UserFactory()
        invitation = InvitationFactory(
            institution=over,
            email=person.email,
            role=Role.AUTHOR,
            invited_at=AT - timedelta(days=1),
            sent_at=AT - timedelta(days=1),
            expires_at=AT + timedelta(days=1),
        )

        accepting = self.refusal(
            services.InvitationClosed,
            lambda: services.accept_invitation(
                invitation=invitation, user=person, at=AT
            ),
        )
        resending = self.refusal(
            services.InvitationNotResent,
            lambda: services.resend_invitation(
                invitation=invitation, actor=person, at=AT
            ),
        )

        assert accepting == resending
        assert self.expected(over) in accepting
        assert not person.membership_set.exists()


class TestMerging:
    def test_predecessors_end_and_children_move(self, city):
        old, other = institution(city, "LAMA"), institution(city, "LAIN")
        new = institution(city, "BARU", institution(city, "SETDA"))
        institution(city, "PKM", old)

        merge(old, other, into=new)

        assert paths() == {
            "SETDA": "SETDA/",
            "BARU": "SETDA/BARU/",
            "LAMA": "SETDA/BARU/<LAMA/",
            "LAIN": "SETDA/BARU/<LAIN/",
            "PKM": "SETDA/BARU/PKM/",
        }
        old.refresh_from_db()
        assert (old.active_to, old.successor) == (YESTERDAY, new)
        assert last_entry("institutions.merged").changes == {
            "predecessors": ["LAMA", "LAIN"],
            "from": "2022-01-31",
            "roles": 0,
        }

    def test_merging_into_its_own_child_lifts_the_child(self, city):
        old = institution(city, "LAMA", institution(city, "SETDA"))
        new = institution(city, "BARU", old)

        merge(old, into=new)

        assert paths()["BARU"] == "SETDA/BARU/"
        assert paths()["LAMA"] == "SETDA/BARU/<LAMA/"

    def test_merging_a_child_into_its_parent(self, city):
        above = institution(city, "ATAS")

        merge(institution(city, "BAWAH", above), into=above)

        assert paths()["BAWAH"] == "ATAS/<BAWAH/"

    def test_chosen_roles_go_over_and_the_others_end(self, city):
        old, new = institution(city, "LAMA"), institution(city, "BARU")
        goes, stays = (AuthorFactory(institution=old) for _ in range(2))

        merge(old, into=new, memberships=[goes.membership_set.get()])

        assert goes.membership_set.get(institution=new).from_date == DAY
        assert [each.to_date for each in stays.membership_set.all()] == [YESTERDAY]
        assert goes.membership_set.get(institution=old).to_date == YESTERDAY

    def test_everybody_is_told_once_what_became_of_their_roles(self, city):
        old, other = institution(city, "LAMA"), institution(city, "LAIN")
        new = institution(city, "BARU", name="Dinas Baru")
        goes, stays = AuthorFactory(institution=old), AuthorFactory(institution=old)
        MembershipFactory(user=goes, institution=other)
        AuthorFactory(institution=old, is_active=False)
        AuthorFactory(institution=new)

        merge(
            old,
            other,
            into=new,
            memberships=goes.membership_set.filter(institution=old),
        )

        told = {each.recipient: each.body_text for each in Message.objects.all()}
        assert told.keys() == {goes, stays}
        assert Message.objects.count() == 2
        roles = [line for line in told[goes].splitlines() if line.startswith("- ")]
        assert [each.rpartition(", ")[2] for each in roles] == [old.name, other.name]
        assert all(text in told[goes] for text in ("Dinas Baru", "Perangkat daerah"))
        assert other.name not in told[stays]

    def test_role_held_in_the_successor_already_stays_one(self, city):
        old, new = institution(city, "LAMA"), institution(city, "BARU")
        author = AuthorFactory(institution=old)
        MembershipFactory(user=author, institution=new)

        merge(old, into=new, memberships=author.membership_set.filter(institution=old))

        assert author.membership_set.filter(institution=new).count() == 1

    def test_role_of_another_institution_never_goes_over(self, city):
        old, new = institution(city, "LAMA"), institution(city, "BARU")
        stranger = AuthorFactory()

        merge(old, into=new, memberships=stranger.membership_set.all())

        assert stranger.membership_set.get().institution != new

    @pytest.mark.parametrize(
        "fault",
        ["future", "itself", "none", "elsewhere", "ended", "young", "successor"],
    )
    def test_impossible_merger_is_refused_whole(self, city, fault):
        new, old = institution(city, "BARU"), institution(city, "LAMA")
        first_day, merged = DAY, [old]
        if fault == "future":
            first_day += timedelta(days=1)
        elif fault == "itself":
            merged.append(new)
        elif fault == "none":
            merged = []
        elif fault == "elsewhere":
            merged.append(InstitutionFactory())
        elif fault == "ended":
            merged.append(institution(city, "X", active_to=date(2021, 1, 1)))
        elif fault == "young":
            merged.append(institution(city, "X", active_from=DAY))
        else:
            Institution.objects.filter(pk=new.pk).update(active_to=YESTERDAY)

        with pytest.raises((services.InstitutionsNotMerged, services.TreeRefused)):
            merge(*merged, into=new, first_day=first_day)

        old.refresh_from_db()
        assert (old.active_to, old.successor) == (None, None)

    def test_failure_half_way_leaves_nothing(self, city, monkeypatch):
        old, new = institution(city, "LAMA"), institution(city, "BARU")
        author = AuthorFactory(institution=old)

        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("accounts.services.trees.rebuild_paths", fail)
        with pytest.raises(RuntimeError):
            merge(old, into=new)

        old.refresh_from_db()
        assert old.active_to is None
        assert author.membership_set.get().to_date is None


class TestWhoReachesWhat:
    """Who works for a successor carries on what its predecessors wrote."""

    @pytest.fixture
    def merged(self, city):
        """A -> B -> C, one after the other, with an institution below C."""
        now = timezone.now()
        today = timezone.localdate()
        a, b, c = (institution(city, code) for code in "ABC")
        below = institution(city, "D", c)
        merge(a, into=b, first_day=today - timedelta(days=9), at=now)
        merge(b, into=c, first_day=today, at=now)
        return [Institution.objects.get(pk=each.pk) for each in (a, b, c, below)]

    def test_author_of_the_successor(self, merged, django_assert_num_queries):
        a, b, c, _below = merged
        author = AuthorFactory(institution=c)

        with django_assert_num_queries(2):  # memberships, institutions
            found = set(Institution.objects.managed_by(author))

        assert found == {a, b, c}
        assert [permissions.works_for(author, each) for each in merged] == [
            True,
            True,
            True,
            False,
        ]
        assert not permissions.administers(author, a)

    def test_paths_of_those_that_carry_on(self, merged):
        assert [each.successor_paths for each in merged] == [
            ["C/", "C/<B/"],
            ["C/"],
            [],
            [],
        ]

    def test_admin_of_the_successor(self, merged):
        admin = InstitutionAdminFactory(institution=merged[2])

        assert set(Institution.objects.managed_by(admin)) == set(merged)
        assert all(permissions.administers(admin, each) for each in merged)

    def test_author_below_the_successor_reaches_none_of_it(self, merged):
        author = AuthorFactory(institution=merged[3])

        assert list(Institution.objects.managed_by(author)) == [merged[3]]
        assert not permissions.works_for(author, merged[0])

    def test_same_codes_elsewhere_are_out_of_reach(self, merged):
        elsewhere = InstitutionFactory(code="C")
        author = AuthorFactory(institution=elsewhere)

        assert list(Institution.objects.managed_by(author)) == [elsewhere]
        assert not permissions.works_for(author, merged[0])

    def test_people_of_the_predecessor_reach_nothing_any_more(self, city):
        old, new = institution(city, "X"), institution(city, "Y")
        author = AuthorFactory(institution=old)
        merge(old, into=new, first_day=timezone.localdate(), at=timezone.now())

        assert list(Institution.objects.managed_by(author)) == []

    def test_code_with_wildcards_reaches_no_other(self, city):
        admin = InstitutionAdminFactory(institution=institution(city, "A_B"))
        institution(city, "AXB")

        codes = Institution.objects.managed_by(admin).values_list("code", flat=True)

        assert list(codes) == ["A_B"]

    def test_nobody_reaches_nothing(self, merged):
        assert list(Institution.objects.managed_by(UserFactory())) == []


class TestConstraints:
    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"code": "A/B"}, "code_fits_paths"),
            ({"code": "<A"}, "code_fits_paths"),
            ({"name": ""}, "names_filled"),
            ({"short_name": ""}, "names_filled"),
            ({"kind": ""}, "names_filled"),
            ({"active_from": DAY, "active_to": YESTERDAY}, "period_in_order"),
        ],
    )
    def test_impossible_institutions(self, city, fields, name):
        found = institution(city, "A")

        with pytest.raises(IntegrityError, match=name):
            Institution.objects.filter(pk=found.pk).update(**fields)

    @pytest.mark.parametrize(
        ("field", "end", "name"),
        [
            ("parent", None, "not_below_itself"),
            ("successor", DAY, "successor_of_ended_one"),
        ],
    )
    def test_never_above_or_after_itself(self, city, field, end, name):
        found = institution(city, "A", active_to=end)

        with pytest.raises(IntegrityError, match=name):
            Institution.objects.filter(pk=found.pk).update(**{field: found})

    def test_successor_only_of_what_has_ended(self, city):
        found, other = institution(city, "A"), institution(city, "B")

        with pytest.raises(IntegrityError, match="successor_of_ended_one"):
            Institution.objects.filter(pk=found.pk).update(successor=other)

    def test_code_once_per_government(self, city):
        institution(city, "A")

        with pytest.raises(IntegrityError, match="code_once_per_government"):
            institution(city, "A")

    def test_one_former_name_a_day(self, city):
        found = institution(city, "A")
        name = {"name": "X", "short_name": "X", "until_date": DAY, "reason": "X"}
        found.former_names.create(**name)

        with pytest.raises(IntegrityError, match="one_a_day"):
            found.former_names.create(**name)
