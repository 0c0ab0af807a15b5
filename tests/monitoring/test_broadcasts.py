"""Broadcasts: whom they reach, ordered, called back, sent once, also in a race."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from core.models import AuditEntry
from monitoring import broadcasting, sending, services
from monitoring.models import (
    BROADCAST_KINDS,
    UNDO_TIME,
    Broadcast,
    BroadcastGroup,
    BroadcastRecipient,
)
from monitoring.periodic import sweep_broadcasts
from monitoring.tasks import send_broadcast
from notifications.models import Delivery, Message
from submissions.models import ProposalState
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    MembershipFactory,
)
from tests.factories.judging import JurorFactory
from tests.factories.messages import PreferenceFactory
from tests.factories.monitoring import BroadcastFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.conftest import AT, make_city

SECOND = timedelta(seconds=1)


@pytest.fixture
def city(db):
    return make_city()


def written(city, group="authors", **fields):
    needs_round = group not in {"authors", "admins", "institution"}
    return BroadcastFactory(
        government=city.government,
        group=group,
        round=city.round if needs_round else None,
        written_by=city.secretary,
        **fields,
    )


def order(broadcast, city, *, at=AT):
    seen = len(broadcasting.group_of(broadcast, at))
    return services.order_broadcast(
        broadcast=broadcast, seen=seen, actor=city.secretary, at=at
    )


def send_all(at):
    services.start_broadcasts(at=at)
    for broadcast in Broadcast.objects.filter(state="sending"):
        sending.send(broadcast_id=broadcast.pk, at=at)


# Groups ------------------------------------------------------------------------------


def people(broadcast):
    return {person.email for person in broadcasting.group_of(broadcast, AT)}


def emails(*persons):
    return {person.email for person in persons}


def test_groups_of_the_government(city):
    other = make_city()
    unit = InstitutionFactory(government=city.government)
    writer = AuthorFactory(institution=unit)
    MembershipFactory(user=city.author, institution=unit)
    AuthorFactory(institution=unit, is_active=False)

    assert people(written(city)) == emails(city.author, city.head, writer)
    assert people(written(city, "admins")) == emails(city.head)
    one = written(city, "institution", institution=unit)
    assert people(one) == emails(writer, city.author)
    assert other.author.email not in people(written(city))


@pytest.mark.parametrize(
    ("state", "groups"),
    [
        (None, {"waiting"}),
        (ProposalState.DRAFT, {"waiting", "drafts"}),
        (ProposalState.SUBMITTED, {"submitted"}),
        (ProposalState.SCREENED_FAILED, {"submitted"}),
        (ProposalState.WITHDRAWN, {"waiting"}),
    ],
)
def test_groups_of_a_round_follow_the_proposals(city, state, groups):
    if state:
        ProposalFactory(round=city.round, institution=city.institution, state=state)

    for group in ("waiting", "drafts", "submitted"):
        found = people(written(city, group))
        assert found == (emails(city.author, city.head) if group in groups else set())


def test_jurors_are_those_who_sit_and_finalists_wait_for_the_seal(city):
    juror, gone = JurorFactory.create_batch(2, round=city.round)
    gone.ended_at, gone.end_reason = gone.invited_at, "Pindah tugas."
    gone.save(update_fields=["ended_at", "end_reason"])

    assert people(written(city, "jurors")) == emails(juror.user)
    assert people(written(city, "finalists")) == set()


def test_clock_sends_what_is_due(city, settings):
    entry = settings.CELERY_BEAT_SCHEDULE[sweep_broadcasts.name]
    assert entry["schedule"] <= 60
    broadcast = order(written(city), city)

    with time_machine.travel(AT + UNDO_TIME, tick=False):
        assert sweep_broadcasts() == 1
        assert send_broadcast(broadcast.pk) == 2
        assert send_broadcast(broadcast.pk) == 0
        assert sweep_broadcasts() == 0


# Ordering ----------------------------------------------------------------------------


def test_nobody_gets_it_before_the_time_to_call_it_back_is_over(city):
    broadcast = order(written(city), city)

    send_all(AT + UNDO_TIME - SECOND)
    assert not Message.objects.exists()

    send_all(AT + UNDO_TIME)
    send_all(AT + 2 * UNDO_TIME)

    broadcast.refresh_from_db()
    assert broadcast.is_sent
    assert Message.objects.count() == 2
    assert set(Message.objects.values_list("scope", flat=True)) == {
        city.government.code
    }
    assert Delivery.objects.count() == 2


def test_called_back_reaches_nobody_and_may_be_ordered_again(city):
    broadcast = order(written(city), city)
    services.undo_broadcast(
        broadcast=broadcast, actor=city.secretary, at=AT + UNDO_TIME - SECOND
    )

    send_all(AT + UNDO_TIME)
    assert not Message.objects.exists()
    assert not BroadcastRecipient.objects.exists()

    order(broadcast, city, at=AT + UNDO_TIME)
    send_all(AT + 2 * UNDO_TIME)
    assert Message.objects.count() == 2
    assert list(
        AuditEntry.objects.filter(action__startswith="broadcast.")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == ["broadcast.ordered", "broadcast.undone", "broadcast.ordered"]


@pytest.mark.parametrize("when", [UNDO_TIME, UNDO_TIME + SECOND])
def test_too_late_to_call_back(city, when):
    broadcast = order(written(city), city)

    with pytest.raises(services.BroadcastRefused):
        services.undo_broadcast(broadcast=broadcast, actor=city.secretary, at=AT + when)


def test_ordered_is_neither_changed_nor_thrown_away_nor_ordered_again(city):
    broadcast = order(written(city), city)
    text = services.BroadcastText("authors", None, None, "Lain", "Lain")

    for refused in (
        lambda: order(broadcast, city),
        lambda: services.change_broadcast(
            broadcast=broadcast, text=text, actor=city.secretary, at=AT
        ),
        lambda: services.delete_broadcast(
            broadcast=broadcast, actor=city.secretary, at=AT
        ),
    ):
        with pytest.raises(services.BroadcastRefused):
            refused()


def test_group_that_grew_since_it_was_shown_is_shown_again(city):
    broadcast = written(city)
    AuthorFactory(institution=city.institution)

    with pytest.raises(services.BroadcastRefused, match="3"):
        services.order_broadcast(
            broadcast=broadcast, seen=2, actor=city.secretary, at=AT
        )


def test_empty_group_is_refused(city):
    with pytest.raises(services.BroadcastRefused):
        order(written(city, "finalists"), city)


def test_who_left_the_group_meanwhile_is_left_out_and_who_came_is_not_added(city):
    order(written(city, "waiting"), city)
    ProposalFactory(
        round=city.round, institution=city.institution, state=ProposalState.SUBMITTED
    )
    late = AuthorFactory(institution=InstitutionFactory(government=city.government))

    send_all(AT + UNDO_TIME)

    assert not Message.objects.filter(recipient=late).exists()
    assert not Message.objects.exists()
    assert BroadcastRecipient.objects.filter(left_out=True).count() == 2


def test_trying_reaches_oneself_alone_and_counts_for_nothing(city):
    broadcast = written(city)
    for seconds in range(2):
        services.try_broadcast(
            broadcast=broadcast, actor=city.secretary, at=AT + seconds * SECOND
        )

    assert Message.objects.filter(recipient=city.secretary).count() == 2
    order(broadcast, city)
    send_all(AT + UNDO_TIME)
    assert Message.objects.exclude(recipient=city.secretary).count() == 2


@pytest.mark.parametrize("mail", ["daily", "portal"])
def test_test_mail_comes_at_once_whatever_was_chosen_for_broadcasts(city, mail):
    for kind in BROADCAST_KINDS:
        PreferenceFactory(user=city.secretary, kind=kind, mail=mail)

    services.try_broadcast(broadcast=written(city), actor=city.secretary, at=AT)

    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.next_attempt_at) == ("email", AT)
    assert not delivery.is_skipped


def test_hostile_text_is_escaped(city):
    broadcast = written(city, body="<script>{{ 1 }}{% now %}</script>\n\n{nama}")
    services.try_broadcast(broadcast=broadcast, actor=city.secretary, at=AT)

    message = Message.objects.get()
    assert "<script>" not in message.body_html
    assert "<script>{{ 1 }}{% now %}</script>\n\n{nama}" in message.body_text


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "scheduled"}, "ordered_unless_draft"),
        ({"finished_at": AT}, "finished_when_sent"),
        ({"group": "institution"}, "institution_for_its_people"),
        ({"group": "drafts"}, "round_for_its_groups"),
    ],
)
def test_row_that_cannot_be(city, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BroadcastFactory(government=city.government, **fields)


def test_recipient_once_and_told_or_left_out(city):
    broadcast = written(city)
    row = {"broadcast": broadcast, "user": city.author}
    BroadcastRecipient.objects.create(**row)

    with pytest.raises(IntegrityError, match="recipient_once"), transaction.atomic():
        BroadcastRecipient.objects.create(**row)
    with pytest.raises(IntegrityError, match="told_or_left"), transaction.atomic():
        BroadcastRecipient.objects.update(told_at=AT, left_out=True)


def test_groups_have_each_their_meaning(city):
    for group in BroadcastGroup:
        institution = city.institution if group == "institution" else None
        broadcast = written(city, group.value, institution=institution)
        assert isinstance(broadcasting.group_of(broadcast, AT), list)
