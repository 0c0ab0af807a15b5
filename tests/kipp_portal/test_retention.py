from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import services as accounts_services
from accounts.models import AccessEntry, DataExport, RetentionRun, User
from accounts.models.privacy import ACCESS_KEPT
from core.models import AuditEntry
from judging.models import Result
from judging.proof import check_chain
from kipp_portal import retention
from notifications.models import Message
from tests.factories.accounts import AuthorFactory, UserFactory
from tests.factories.judging import JurorFactory, sealed_round
from tests.factories.notifications import DeliveryFactory, MessageFactory
from tests.factories.privacy import AccessEntryFactory, ready_export

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


def only(counts):
    return {name: number for name, number in counts.items() if number}


def test_nothing_due_leaves_no_trace(now):
    AuthorFactory()

    assert only(retention.run(at=now)) == {}

    assert not RetentionRun.objects.exists()
    assert not AuditEntry.objects.exists()


def test_old_access_goes_and_young_stays(now):
    AccessEntryFactory(at=now - ACCESS_KEPT - DAY)
    young = AccessEntryFactory(at=now - ACCESS_KEPT + DAY)

    assert only(retention.run(at=now)) == {"access_log": 1}

    assert list(AccessEntry.objects.all()) == [young]


def test_log_is_kept_a_year_at_least(settings):
    assert settings.ACCESS_LOG_KEPT >= ACCESS_KEPT


def test_expired_copy_loses_its_file(now, django_capture_on_commit_callbacks):
    export = ready_export(user=UserFactory(), at=now - 8 * DAY)
    storage, name = export.file.storage, export.file.name

    with django_capture_on_commit_callbacks(execute=True):
        assert only(retention.run(at=now)) == {"data_exports": 1}

    assert DataExport.objects.get().state == DataExport.State.EXPIRED
    assert not storage.exists(name)


def test_read_messages_lose_their_words_after_two_years(now):
    old = MessageFactory(read_at=now - retention.MESSAGES_KEPT - DAY)
    unread = MessageFactory()
    waiting = DeliveryFactory(
        message=MessageFactory(read_at=now - retention.MESSAGES_KEPT - DAY)
    ).message

    assert only(retention.run(at=now)) == {"message_bodies": 1}

    old.refresh_from_db()
    assert (old.body_text, old.body_html) == ("", "")
    assert old.subject
    kept = Message.objects.filter(pk__in=[unread.pk, waiting.pk]).exclude(body_text="")
    assert kept.count() == 2


def test_account_nobody_ever_used_is_closed_after_a_year(now):
    joined = now - retention.UNUSED_KEPT - DAY
    unused = UserFactory(date_joined=joined, name="Tak Pernah Masuk")
    used = UserFactory(date_joined=joined, last_login=now)
    with_role = AuthorFactory(date_joined=joined)
    admin = UserFactory(date_joined=joined, is_system_admin=True)
    young = UserFactory(date_joined=now - DAY)
    juror = JurorFactory(
        user=UserFactory(date_joined=joined), invited_at=now - DAY
    ).user

    assert only(retention.run(at=now)) == {"unused_accounts": 1}

    unused.refresh_from_db()
    assert unused.pseudonymised_at == now
    stays = [used, with_role, admin, young, juror]
    assert (
        User.objects.filter(pk__in=[u.pk for u in stays], is_active=True).count() == 5
    )


def test_last_mail_of_a_forgotten_person_is_emptied_once_it_has_left(now):
    user = UserFactory()
    delivery = DeliveryFactory(message=MessageFactory(recipient=user))
    accounts_services.pseudonymise(user=user, actor=None, at=now)
    assert only(retention.run(at=now)) == {}
    delivery.refresh_from_db()
    delivery.state, delivery.sent_at = "sent", now
    delivery.save()

    assert only(retention.run(at=now)) == {"mails_of_forgotten": 1}

    delivery.refresh_from_db()
    assert delivery.address.endswith("@dihapus.invalid")
    assert delivery.message.body_text == ""
    assert only(retention.run(at=now)) == {}


def test_run_is_one_entry_with_counts_and_a_second_run_does_nothing(now):
    AccessEntryFactory.create_batch(3, at=now - ACCESS_KEPT - DAY)
    ready_export(user=UserFactory(), at=now - 8 * DAY)

    retention.run(at=now)
    retention.run(at=now)

    entry = AuditEntry.objects.get()
    assert entry.action == "retention.applied"
    assert entry.changes == {"access_log": 3, "data_exports": 1}


def test_rows_go_in_batches(now, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    AccessEntryFactory.create_batch(5, at=now - ACCESS_KEPT - DAY)

    assert only(retention.run(at=now)) == {"access_log": 5}


def test_run_that_was_cut_off_goes_on(now, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 1)
    joined = now - retention.UNUSED_KEPT - DAY
    UserFactory.create_batch(2, date_joined=joined)
    closed = accounts_services.pseudonymise
    calls = []

    def fall_at_second(**kwargs):
        calls.append(kwargs)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return closed(**kwargs)

    monkeypatch.setattr(accounts_services, "pseudonymise", fall_at_second)
    with pytest.raises(KeyboardInterrupt):
        retention.run(at=now)

    assert User.objects.exclude(pseudonymised_at=None).count() == 1
    monkeypatch.setattr(accounts_services, "pseudonymise", closed)
    assert only(retention.run(at=now)) == {"unused_accounts": 1}


def test_command_counts_without_touching(now):
    AccessEntryFactory(at=now - ACCESS_KEPT - DAY)
    out = StringIO()

    call_command("forget", "--dry-run", stdout=out)

    assert "access_log: 1" in out.getvalue()
    assert AccessEntry.objects.count() == 1


def test_sealed_results_stand_when_their_people_are_forgotten(now):
    round = sealed_round()
    digest = Result.objects.get().digest
    jurors = [juror.user for juror in round.juror_set.all()]

    for user in jurors:
        accounts_services.pseudonymise(user=user, actor=None, at=now)

    checked = list(check_chain(round.competition.government))
    assert [(result.digest, faults) for result, faults in checked] == [(digest, [])]
    assert not User.objects.filter(pk__in=[u.pk for u in jurors], is_active=True)
