"""Inviting, sending again, withdrawing and accepting."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import services
from accounts.models import Invitation, Membership, User
from core.models import AuditEntry
from notifications import delivering
from notifications.models import Delivery, Message
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.invitations import InvitationFactory

AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
Role = Membership.Role

pytestmark = pytest.mark.django_db


def invite(**details):
    given = {
        "email": "Baru@Tegal.example",
        "name": "Ibu Baru",
        "role": Role.AUTHOR,
        "actor": None,
        "at": AT,
        **details,
    }
    return services.invite(
        body=given.pop("body", None) or InstitutionFactory(), **given
    )


def mailed_secret(mailoutbox):
    return re.search(r"/undangan/buka/([^/]+)/", mailoutbox[-1].body)[1]


def found_by(secret):
    return services.find_invitation(services.digest_of(secret))


def deliver_all(at=LATER):
    for delivery in Delivery.objects.filter(state="pending"):
        delivering.deliver(delivery_id=delivery.pk, at=at)


class TestInvite:
    def test_mail_says_who_what_until_when_and_whom_to_ask(self, mailoutbox):
        city = GovernmentFactory(
            secretariat_name="Bagian Organisasi", contact="0283 123456"
        )
        admin = SecretariatFactory(government=city, name="Ibu Sekretaris")
        institution = InstitutionFactory(government=city, name="Dinas Kesehatan")

        invitation = invite(body=institution, actor=admin)
        deliver_all()

        mail = mailoutbox[0]
        assert mail.to == ["baru@tegal.example"]
        for words in (
            "Ibu Baru",
            "Ibu Sekretaris",
            "Dinas Kesehatan",
            "14 Februari 2022",
            "Bagian Organisasi, 0283 123456",
            admin.email,
        ):
            assert words in mail.body
            assert words in mail.alternatives[0].content
        assert found_by(mailed_secret(mailoutbox)).invitation == (invitation)

    def test_secret_is_stored_nowhere_once_the_mail_has_left(self, mailoutbox):
        invite()
        waiting = Delivery.objects.get().secret
        deliver_all()

        secret = mailed_secret(mailoutbox)
        assert waiting == secret
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s',
                    [f"%{secret}%"],
                )
                assert (table, cursor.fetchone()[0]) == (table, 0)

    def test_secret_waits_while_the_mail_server_is_away(self, mailoutbox, monkeypatch):
        def fail(self):
            raise ConnectionRefusedError

        invite()
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.EmailMessage.send", fail)
            deliver_all(AT)
        waiting = Delivery.objects.get().secret
        deliver_all(LATER)

        assert mailed_secret(mailoutbox) == waiting
        assert Delivery.objects.get().secret == ""

    def test_message_shows_to_the_government_and_to_nobody_else(self):
        invitation = invite()

        message = Message.objects.get()
        assert (message.recipient, message.recipient_name, message.scope) == (
            None,
            "Ibu Baru",
            invitation.institution.government.code,
        )

    def test_second_invitation_for_the_same_is_refused(self):
        institution = InstitutionFactory()
        invite(body=institution)

        with pytest.raises(services.NotInvited):
            invite(body=institution, email="BARU@tegal.example")
        invite(body=institution, role=Role.INSTITUTION_ADMIN)
        invite(body=InstitutionFactory())

        assert Invitation.objects.count() == 3

    def test_expired_invitation_is_renewed(self):
        institution = InstitutionFactory()
        old = invite(body=institution)

        new = invite(body=institution, at=AT + timedelta(days=14))

        old.refresh_from_db()
        assert (old.state, new.state) == ("withdrawn", "open")

    def test_holder_of_the_role_is_not_invited(self):
        held = MembershipFactory()

        with pytest.raises(services.NotInvited):
            invite(body=held.institution, email=held.user.email.upper())

    def test_own_address_is_not_invited(self):
        actor = UserFactory(is_system_admin=True)

        with pytest.raises(services.NotInvited):
            invite(
                body=GovernmentFactory(),
                role=Role.SECRETARIAT,
                actor=actor,
                email=actor.email.upper(),
            )

    def test_second_member_is_told_of_a_new_colleague(self):
        city = GovernmentFactory()
        actor, second = SecretariatFactory.create_batch(2, government=city)

        invite(body=city, role=Role.SECRETARIAT, actor=actor)
        invite(body=city, role=Role.LEADER, actor=actor, email="wali@tegal.example")
        invite(body=InstitutionFactory(government=city), actor=actor)

        told = Message.objects.filter(kind="accounts.colleague_joins")
        assert [message.recipient for message in told] == [second, second]

    def test_failure_half_way_leaves_nothing(self, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("accounts.notices.invitation_sent", fail)

        with pytest.raises(RuntimeError):
            invite()

        assert not Invitation.objects.exists()
        assert not AuditEntry.objects.exists()


class TestResend:
    def test_old_link_says_there_is_a_newer_one(self, mailoutbox):
        invitation = invite()
        deliver_all()
        first = mailed_secret(mailoutbox)

        services.resend_invitation(invitation=invitation, actor=UserFactory(), at=LATER)
        deliver_all()

        found = [found_by(secret) for secret in (first, mailed_secret(mailoutbox))]
        assert [each.is_latest for each in found] == [False, True]
        assert found[1].invitation.expires_at == LATER + timedelta(days=14)

    def test_second_press_sends_no_second_mail(self):
        invitation = invite()
        actor = UserFactory()
        services.resend_invitation(invitation=invitation, actor=actor, at=LATER)

        with pytest.raises(services.InvitationNotResent):
            services.resend_invitation(
                invitation=invitation, actor=actor, at=LATER + timedelta(seconds=59)
            )

        assert Delivery.objects.count() == 2

    def test_closed_invitation_is_not_sent_again(self):
        invitation = InvitationFactory()
        actor = UserFactory()
        services.withdraw_invitation(
            invitation=invitation, reason="Keliru", actor=actor, at=LATER
        )

        with pytest.raises(services.InvitationClosed):
            services.resend_invitation(invitation=invitation, actor=actor, at=LATER)
        with pytest.raises(services.InvitationClosed):
            services.withdraw_invitation(
                invitation=invitation, reason="Lagi", actor=actor, at=LATER
            )

        invitation.refresh_from_db()
        assert invitation.withdrawal_reason == "Keliru"


def accept_new(invitation, at=LATER):
    return services.accept_with_account(
        invitation=invitation,
        name="Ibu Baru, S.Kom.",
        employee_number="",
        phone="0283 1",
        password="empat-kata-yang-panjang",
        at=at,
    )


class TestAccept:
    def test_account_and_role_from_today_on(self):
        inviter = InstitutionAdminFactory()
        invitation = InvitationFactory(
            invited_by=inviter, institution=inviter.membership_set.get().institution
        )

        user = accept_new(invitation)

        membership = user.membership_set.get()
        assert (membership.role, membership.institution, membership.from_date) == (
            Role.AUTHOR,
            invitation.institution,
            date(2022, 1, 31),
        )
        assert user.email == invitation.email
        assert user.check_password("empat-kata-yang-panjang")
        assert Message.objects.get().recipient == inviter
        actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == [
            "user.created",
            "user.agreed_to_privacy_notice",
            "membership.granted",
            "invitation.accepted",
        ]

    def test_role_begins_by_the_clock_of_its_government(self):
        late = datetime(2022, 1, 31, 16, 0, tzinfo=UTC)  # 1 February in Jayapura
        city = GovernmentFactory(time_zone="Asia/Jayapura")
        invitation = InvitationFactory(institution=InstitutionFactory(government=city))

        user = accept_new(invitation, at=late)

        assert user.membership_set.get().from_date == date(2022, 2, 1)

    def test_known_person_gets_a_further_role(self):
        held = MembershipFactory()
        invitation = InvitationFactory(email=held.user.email)

        services.accept_invitation(invitation=invitation, user=held.user, at=LATER)

        assert held.user.membership_set.count() == 2

    def test_invitation_of_another_is_refused(self):
        invitation = InvitationFactory()

        with pytest.raises(services.InvitationOfAnother):
            services.accept_invitation(
                invitation=invitation, user=UserFactory(), at=LATER
            )

        assert not Membership.objects.exists()

    def test_works_once(self):
        invitation = InvitationFactory()
        user = accept_new(invitation)

        with pytest.raises(services.InvitationClosed):
            services.accept_invitation(invitation=invitation, user=user, at=LATER)
        with pytest.raises(services.InvitationClosed):
            accept_new(invitation)

        assert User.objects.count() == 1

    @pytest.mark.parametrize(("seconds", "is_taken"), [(-1, True), (0, False)])
    def test_expires_to_the_second(self, seconds, is_taken):
        invitation = InvitationFactory()
        at = invitation.expires_at + timedelta(seconds=seconds)

        if is_taken:
            accept_new(invitation, at)
        else:
            with pytest.raises(services.InvitationClosed):
                accept_new(invitation, at)

        assert User.objects.exists() == is_taken

    def test_withdrawn_is_refused(self):
        invitation = InvitationFactory()
        services.withdraw_invitation(
            invitation=invitation, reason="Keliru", actor=UserFactory(), at=LATER
        )

        with pytest.raises(services.InvitationClosed):
            accept_new(invitation)


class TestConstraints:
    @pytest.mark.parametrize(
        ("name", "fields"),
        [
            ("accounts_invitation_role_fits_body", {"institution": None}),
            ("accounts_invitation_email_in_lower_case", {"email": "A@b.example"}),
            ("accounts_invitation_digest", {"digest": "x" * 64}),
            ("accounts_invitation_expires_later", {"expires_at": AT}),
            ("accounts_invitation_accepted_is_complete", {"state": "accepted"}),
            ("accounts_invitation_accepted_is_complete", {"accepted_at": AT}),
            (
                "accounts_invitation_withdrawn_is_complete",
                {"state": "withdrawn", "withdrawn_at": AT},
            ),
        ],
    )
    def test_is_refused(self, name, fields):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            InvitationFactory(**fields)

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.SECRETARIAT])
    def test_one_open_for_each_person_role_and_body(self, role):
        first = InvitationFactory(role=role)
        same = {
            "role": role,
            "email": first.email,
            "institution": first.institution,
            "government": first.government,
        }

        with (
            pytest.raises(IntegrityError, match="accounts_invitation_one_open"),
            transaction.atomic(),
        ):
            InvitationFactory(**same)
        services.withdraw_invitation(
            invitation=first, reason="Keliru", actor=UserFactory(), at=LATER
        )
        InvitationFactory(**same)

    def test_closed_stays_closed(self):
        invitation = InvitationFactory()
        accept_new(invitation)

        with pytest.raises(Exception, match=r"transition"):
            Invitation.objects.update(state="open", accepted_at=None, accepted_by=None)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def together(self, *calls):
        """Start all at one moment; tell what each gave or raised."""
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

    def test_two_presses_make_one_account(self):
        invitation = InvitationFactory()

        found = self.together(*[lambda: accept_new(invitation)] * 3)

        assert found == ["InvitationClosed", "InvitationClosed", "User"]
        assert Membership.objects.count() == 1

    def test_accepting_against_withdrawing(self):
        invitation, actor = InvitationFactory(), UserFactory()

        found = self.together(
            lambda: accept_new(invitation),
            lambda: services.withdraw_invitation(
                invitation=invitation, reason="Keliru", actor=actor, at=LATER
            ),
        )

        invitation.refresh_from_db()
        assert found.count("InvitationClosed") == 1
        assert invitation.is_accepted == Membership.objects.exists()

    def test_two_tabs_invite_once(self):
        institution = InstitutionFactory()

        found = self.together(*[lambda: invite(body=institution)] * 3)

        assert found == ["Invitation", "NotInvited", "NotInvited"]
        assert Delivery.objects.count() == 1
