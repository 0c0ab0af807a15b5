from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import permissions, services
from accounts.models import AccessEntry, DataRequest, Membership, User
from accounts.models.privacy import ACCESS_KEPT
from core.models import AuditEntry
from notifications.models import Delivery, Message
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.notifications import DeliveryFactory, MessageFactory
from tests.factories.privacy import (
    AccessEntryFactory,
    DataRequestFactory,
    ready_export,
)

pytestmark = pytest.mark.django_db
Kind = DataRequest.Kind
State = DataRequest.State
AT = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def city():
    return GovernmentFactory()


@pytest.fixture
def author(city):
    return AuthorFactory(
        institution=InstitutionFactory(government=city),
        name="Budi Santoso",
        email="budi@contoh.example",
        phone="081234567890",
        employee_number="198001012005011001",
    )


@pytest.fixture
def secretariat(city):
    return SecretariatFactory(government=city)


def ask(user, kind=Kind.CORRECTION, at=AT):
    return services.make_data_request(user=user, kind=kind, text="Mohon.", at=at)


def answer(data_request, state, actor, at=AT + HOUR):
    return services.answer_data_request(
        data_request=data_request,
        state=state,
        answer="Sudah kami kerjakan.",
        actor=actor,
        at=at,
    )


def told(user):
    return list(
        Message.objects.filter(recipient=user)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


# Own data -----------------------------------------------------------------------------


def test_profile_change_is_in_the_trail_without_numbers_in_full(author):
    services.update_profile(
        user=author,
        name="Budi Santoso, S.T.",
        employee_number="198001012005011002",
        phone="081234567890",
        language="en",
        actor=author,
        at=AT,
    )

    author.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (author.name, author.employee_number) == (
        "Budi Santoso, S.T.",
        "198001012005011002",
    )
    assert entry.changes == {
        "name": ["Budi Santoso", "Budi Santoso, S.T."],
        "employee_number": ["*" * 15 + "001", "*" * 15 + "002"],
        "language": ["", "en"],
    }


def test_profile_saved_unchanged_leaves_no_entry(author):
    services.update_profile(
        user=author,
        name=author.name,
        employee_number=author.employee_number,
        phone=author.phone,
        language=author.language,
        actor=author,
        at=AT,
    )

    assert not AuditEntry.objects.exists()


# Requests -----------------------------------------------------------------------------


def test_request_is_due_in_three_days_and_goes_to_the_secretariat(
    author, secretariat, city
):
    others = SecretariatFactory()
    admin = UserFactory(is_system_admin=True)

    made = ask(author)

    assert made.due_at == AT + timedelta(days=3)
    assert list(made.governments.all()) == [city]
    assert told(secretariat) == ["data_request.made"]
    assert told(author) == ["data_request.received"]
    assert told(others) == told(admin) == []
    assert AuditEntry.objects.get().scope == city.code


def test_request_of_somebody_without_roles_goes_to_the_system_admin(secretariat):
    admin = UserFactory(is_system_admin=True)

    made = ask(UserFactory())

    assert told(admin) == ["data_request.made"]
    assert told(secretariat) == []
    assert permissions.can_answer(admin, made)


def test_request_of_somebody_in_two_cities_is_seen_by_both_and_answered_by_the_admin(
    author, secretariat
):
    other = MembershipFactory(user=author).institution.government
    foreign = SecretariatFactory(government=other)
    admin = UserFactory(is_system_admin=True)

    made = ask(author)

    for person in (secretariat, foreign):
        assert told(person) == ["data_request.made"]
        assert made in DataRequest.objects.put_before(person)
        assert not permissions.can_answer(person, made)
    assert permissions.can_answer(admin, made)


def test_request_after_the_last_role_has_ended_still_finds_its_secretariat(
    author, secretariat
):
    author.membership_set.update(to_date=datetime(2022, 1, 1, tzinfo=UTC).date())

    made = ask(author)

    assert permissions.can_answer(secretariat, made)


def test_nobody_answers_their_own_request(secretariat, city):
    admin = UserFactory(is_system_admin=True)
    made, own = ask(secretariat), ask(admin)

    assert not permissions.can_answer(secretariat, made)
    assert not permissions.can_answer(admin, own)
    assert made not in DataRequest.objects.put_before(secretariat)
    assert permissions.can_answer(admin, made)


def test_second_open_request_of_a_kind_is_refused(author):
    ask(author)

    with pytest.raises(services.DataRequestNotTaken):
        ask(author)

    assert ask(author, kind=Kind.OTHER)
    assert DataRequest.objects.count() == 2


def test_request_taken_back_cannot_be_answered(author, secretariat):
    made = ask(author)
    services.cancel_data_request(data_request=made, actor=author, at=AT)

    with pytest.raises(services.DataRequestClosed):
        answer(made, State.GRANTED, secretariat)

    made.refresh_from_db()
    assert made.state == State.CANCELLED


def test_answer_is_told_with_its_reason(author, secretariat):
    made = answer(ask(author), State.REFUSED, secretariat)

    assert (made.state, made.answered_by) == (State.REFUSED, secretariat)
    message = Message.objects.get(kind="data_request.answered")
    assert message.recipient == author
    assert "Sudah kami kerjakan." in message.body_text
    author.refresh_from_db()
    assert author.is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(author, secretariat):
    city = author.membership_set.get().institution.government
    colleague = SecretariatFactory(government=city)
    made, barrier, refused = ask(author), Barrier(2), []

    def decide(actor, state):
        barrier.wait()
        try:
            answer(made, state, actor)
        except services.DataRequestClosed:
            refused.append(actor)
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=pair)
        for pair in [(secretariat, State.GRANTED), (colleague, State.REFUSED)]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert AuditEntry.objects.filter(action="data_request.answered").count() == 1


# Deletion and withdrawal --------------------------------------------------------------


def test_granted_deletion_takes_the_person_out_of_the_account(author, secretariat):
    DeliveryFactory(message=MessageFactory(recipient=author), state="sent", sent_at=AT)
    made = ask(author, Kind.DELETION)

    answer(made, State.GRANTED, secretariat)

    author.refresh_from_db()
    assert author.name.startswith("Pengguna dihapus #") or "#" in author.name
    assert author.email.endswith("@dihapus.invalid")
    assert (author.phone, author.employee_number, author.is_active) == ("", "", False)
    assert not author.has_usable_password()
    assert not Membership.objects.current(AT + HOUR).filter(user=author).exists()
    sent = Delivery.objects.get(state="sent")
    assert sent.address == author.email
    assert (sent.message.body_text, sent.message.body_html) == ("", "")


def test_answer_still_reaches_the_person_whose_data_go(author, secretariat):
    answer(ask(author, Kind.DELETION), State.GRANTED, secretariat)

    last = Delivery.objects.get(message__kind="data_request.answered")
    assert last.address == "budi@contoh.example"
    assert last.message.body_text


def test_partly_granted_deletion_closes_the_account_and_keeps_the_name(
    author, secretariat
):
    answer(ask(author, Kind.DELETION), State.PARTLY, secretariat)

    author.refresh_from_db()
    assert author.name == "Budi Santoso"
    assert (author.phone, author.employee_number) == ("", "")
    assert not author.is_active
    assert author.pseudonymised_at is None


def test_refused_deletion_changes_nothing(author, secretariat):
    answer(ask(author, Kind.DELETION), State.REFUSED, secretariat)

    author.refresh_from_db()
    assert (author.name, author.is_active) == ("Budi Santoso", True)
    assert author.membership_set.current().exists()


def test_open_session_is_powerless_after_deletion(client, author, secretariat):
    client.force_login(author)
    assert client.get("/beranda/").status_code == 200

    answer(ask(author, Kind.DELETION), State.GRANTED, secretariat)

    assert client.get("/beranda/").status_code == 302


def test_last_secretariat_cannot_vanish(city):
    last = SecretariatFactory(government=city)
    admin = UserFactory(is_system_admin=True)
    made = ask(last, Kind.DELETION)

    with pytest.raises(services.DataRequestNotAnswered):
        answer(made, State.GRANTED, admin)

    made.refresh_from_db()
    last.refresh_from_db()
    assert (made.state, last.is_active) == (State.OPEN, True)


def test_new_account_may_use_the_address_that_was_freed(author, secretariat):
    answer(ask(author, Kind.DELETION), State.GRANTED, secretariat)

    again = services.create_user(
        email="budi@contoh.example", name="Budi", actor=None, at=AT
    )

    assert again.pk != author.pk


def test_withdrawal_nobody_answers_takes_effect_when_the_term_ends(author, secretariat):
    made = ask(author, Kind.WITHDRAWAL)
    ask(author, Kind.DELETION)

    assert services.settle_withdrawals(at=AT + timedelta(hours=71, minutes=59)) == 0
    assert services.settle_withdrawals(at=AT + timedelta(hours=72)) == 1
    assert services.settle_withdrawals(at=AT + timedelta(hours=73)) == 0

    made.refresh_from_db()
    author.refresh_from_db()
    assert (made.state, made.answered_by) == (State.GRANTED, None)
    assert (author.is_active, author.name) == (False, "Budi Santoso")


# Reminders ----------------------------------------------------------------------------


def test_reminded_once_a_day_before_the_term(author, secretariat):
    ask(author)

    assert services.remind_of_data_requests(at=AT + timedelta(hours=47)) == 0
    assert services.remind_of_data_requests(at=AT + timedelta(hours=48)) == 1
    assert services.remind_of_data_requests(at=AT + timedelta(hours=49)) == 0

    assert told(secretariat) == ["data_request.made", "data_request.due"]


def test_answered_request_is_not_reminded_of(author, secretariat):
    answer(ask(author), State.GRANTED, secretariat)

    assert services.remind_of_data_requests(at=AT + timedelta(hours=60)) == 0


# The access log -----------------------------------------------------------------------


def test_one_row_names_all_people_of_a_list(django_assert_num_queries, secretariat):
    people = UserFactory.create_batch(3)

    with django_assert_num_queries(1):
        services.note_access(
            actor=secretariat,
            subjects=[secretariat.pk, *(each.pk for each in people)],
            what="daftar orang",
            at=AT,
            is_export=True,
        )

    entry = AccessEntry.objects.get()
    assert entry.subjects == sorted(each.pk for each in people)
    assert [entry] == list(AccessEntry.objects.about(people[1]))
    assert not AccessEntry.objects.about(secretariat).exists()


def test_looking_at_oneself_is_not_noted(author):
    assert (
        services.note_access(actor=author, subjects=[author.pk], what="profil", at=AT)
        is None
    )


def test_access_log_finds_a_person_by_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = AccessEntry.objects.filter(subjects__contains=[1]).explain()

    assert "accounts_accessentry_subjects" in plan


def refused(query):
    with pytest.raises(DatabaseError), transaction.atomic():
        query()


def test_young_access_entry_can_neither_change_nor_go():
    now = datetime.now(UTC)
    entry = AccessEntryFactory(at=now - ACCESS_KEPT + HOUR)
    own = AccessEntry.objects.filter(pk=entry.pk)

    refused(lambda: own.update(what="lain"))
    refused(own.delete)


def test_old_access_entry_cannot_change_but_may_go():
    entry = AccessEntryFactory(at=datetime.now(UTC) - ACCESS_KEPT - HOUR)
    own = AccessEntry.objects.filter(pk=entry.pk)

    refused(lambda: own.update(what="lain"))
    assert own.delete()[0] == 1


# Constraints --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"due_at": datetime(2022, 3, 31, 9, 0, tzinfo=UTC)},
        {"state": State.GRANTED, "answer": "Ya."},
        {"state": State.GRANTED, "answered_at": AT},
        {"answered_at": AT},
    ],
)
def test_request_that_cannot_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequestFactory(**fields)


def test_request_answered_by_its_author_cannot_be(author):
    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequestFactory(
            user=author,
            state=State.GRANTED,
            answer="Ya.",
            answered_at=AT,
            answered_by=author,
        )


def test_two_open_requests_of_a_kind_cannot_be(author):
    DataRequestFactory(user=author)

    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequestFactory(user=author)


def test_request_keeps_its_words_and_its_answer(author, secretariat):
    made = answer(ask(author), State.REFUSED, secretariat)
    own = DataRequest.objects.filter(pk=made.pk)

    refused(lambda: own.update(text="lain"))
    refused(lambda: own.update(answer="lain"))
    refused(lambda: own.update(state=State.GRANTED))
    refused(own.delete)


def test_access_entry_is_about_somebody():
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessEntryFactory(subjects=[])


def test_pseudonymised_account_holds_no_numbers(author):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=author.pk).update(pseudonymised_at=AT, is_active=False)


@pytest.mark.parametrize(
    "fields", [{"file": ""}, {"expires_at": None}, {"state": "expired"}]
)
def test_copy_that_cannot_be(author, fields):
    export = ready_export(user=author)

    with pytest.raises(IntegrityError), transaction.atomic():
        type(export).objects.filter(pk=export.pk).update(**fields)


def test_mail_of_a_request_tells_the_term(
    author, secretariat, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(author)

    assert mail.outbox == []  # the worker sends; the rows are what counts here
    body = Message.objects.get(kind="data_request.made").body_text
    assert "Budi Santoso" in body
    assert "18 Juni 2026" in body
