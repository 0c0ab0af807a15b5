"""Two people act on one seat at the same moment."""

import pytest
from django.utils import timezone

from core.models import AuditEntry
from judging import services, suggesting
from judging.models import Conflict, ConflictSuggestion, Juror
from notifications.models import Message
from tests.factories.accounts import InstitutionFactory, SecretariatFactory
from tests.factories.competitions import small_round
from tests.factories.judging import JurorFactory, ScoreSheetFactory
from tests.judging.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def round():
    return small_round(phase="scoring")


def test_seat_is_taken_or_refused_never_both(round):
    juror = JurorFactory(round=round, signed_at=None)
    ScoreSheetFactory(assignment__juror=juror)
    at = timezone.now()

    answers = at_once(
        lambda: services.accept_panel(juror=juror, actor=juror.user, at=at),
        lambda: services.decline_panel(
            juror=juror, reason="Sakit.", actor=juror.user, at=at
        ),
    )

    juror.refresh_from_db()
    assert juror.has_signed != bool(juror.declined_at)
    assert sorted(type(each).__name__ for each in answers) == ["Juror", "SeatSettled"]
    released = juror.assignment_set.exclude(released_at=None).exists()
    assert released == bool(juror.declined_at)


def test_two_secretaries_name_two_chairs(round):
    first, second = JurorFactory.create_batch(2, round=round)
    one, other = SecretariatFactory.create_batch(
        2, government=round.competition.government
    )

    answers = at_once(
        lambda: services.name_chair(juror=first, actor=one, at=timezone.now()),
        lambda: services.name_chair(juror=second, actor=other, at=timezone.now()),
    )

    assert all(isinstance(each, Juror) for each in answers)
    assert Juror.objects.filter(round=round, is_chair=True).count() == 1
    assert AuditEntry.objects.filter(action="juror.named_chair").count() == 2


def test_two_secretaries_decide_one_suggestion(round):
    house = InstitutionFactory(
        government=round.competition.government, name="Dinas Anggrek"
    )
    JurorFactory(round=round, affiliation=house.name)
    secretary = SecretariatFactory(government=round.competition.government)
    at = timezone.now()
    (suspicion,) = suggesting.find(round, at)

    def decide(*, is_confirmed):
        return lambda: services.decide_suggestion(
            round=round,
            key=suspicion.key,
            is_confirmed=is_confirmed,
            note="Nama sama.",
            actor=secretary,
            at=at,
        )

    answers = at_once(decide(is_confirmed=True), decide(is_confirmed=False))

    assert sorted(type(each).__name__ for each in answers) == [
        "ConflictSuggestion",
        "SuggestionNotDecided",
    ]
    decided = ConflictSuggestion.objects.get()
    assert Conflict.objects.exists() == (decided.outcome == "confirmed")


def test_two_presses_remind_once(round):
    juror = JurorFactory(round=round)
    ScoreSheetFactory(assignment__juror=juror)
    secretary = SecretariatFactory(government=round.competition.government)
    at = timezone.now()

    answers = at_once(
        lambda: services.remind_all(round=round, actor=secretary, at=at),
        lambda: services.remind_all(round=round, actor=secretary, at=at),
    )

    assert sorted(type(each).__name__ for each in answers) == [
        "JurorNotReminded",
        "list",
    ]
    assert Message.objects.filter(kind="judging.juror_reminded").count() == 1
