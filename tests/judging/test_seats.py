"""Taking a seat in the panel, refusing it, and who leads."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry
from judging import queries, services
from judging.models import Conflict, Juror
from notifications.models import Message
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
)
from tests.factories.competitions import CategoryFactory, small_round
from tests.factories.judging import JurorFactory, sealed_round, staged_round
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def round():
    return small_round(phase="scoring")


@pytest.fixture
def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def invited(round, **fields):
    return JurorFactory(round=round, signed_at=None, **fields)


def decline(juror, reason="Sedang bertugas di luar kota."):
    return services.decline_panel(
        juror=juror, reason=reason, actor=juror.user, at=timezone.now()
    )


def accept(juror):
    return services.accept_panel(juror=juror, actor=juror.user, at=timezone.now())


def test_secretariat_is_told_who_joined(round, secretary):
    juror = accept(invited(round))

    (message,) = Message.objects.all()
    assert (message.recipient, message.kind) == (secretary, "judging.juror_accepted")
    assert juror.user.name in message.subject
    assert message.path.endswith(f"/juri/{juror.key}/")


def test_refusal_keeps_its_reason_and_tells_the_secretariat(round, secretary):
    juror = decline(invited(round))
    decline(juror)

    juror.refresh_from_db()
    assert (juror.is_sitting, juror.decline_reason) == (
        False,
        "Sedang bertugas di luar kota.",
    )
    (message,) = Message.objects.all()
    assert (message.recipient, message.kind) == (secretary, "judging.juror_declined")
    assert "Sedang bertugas di luar kota." in message.body_text
    assert AuditEntry.objects.filter(action="juror.declined").count() == 1


def test_secretary_whose_institution_competes_is_not_told(round):
    entry = ProposalFactory(round=round, state="submitted")
    competing = AuthorFactory(institution=entry.institution)
    SecretariatFactory(government=round.competition.government)
    MembershipFactory(
        user=competing, role="secretariat", government=round.competition.government
    )

    decline(invited(round))

    assert competing not in [each.recipient for each in Message.objects.all()]
    assert Message.objects.count() == 1


def test_seat_that_was_refused_is_not_taken_and_the_other_way_round(round):
    refused, taken = invited(round), accept(invited(round))
    decline(refused)

    with pytest.raises(services.SeatSettled, match="secretariat"):
        accept(refused)
    with pytest.raises(services.SeatSettled, match="secretariat"):
        decline(taken)

    refused.refresh_from_db()
    taken.refresh_from_db()
    assert (refused.accepted_at, taken.declined_at) == (None, None)


def test_who_refused_can_be_invited_again(round, secretary):
    juror = decline(invited(round))

    services.invite_again(juror=juror, actor=secretary, at=timezone.now())

    juror.refresh_from_db()
    assert (juror.is_sitting, juror.decline_reason) == (True, "")
    assert Message.objects.filter(kind="judging.juror_invited").count() == 1
    assert accept(juror).has_signed


def test_who_is_silent_is_invited_again_the_next_day(round, secretary):
    juror = invited(round, invited_at=NOW)

    with pytest.raises(services.JurorNotAdded, match="today"):
        services.invite_again(juror=juror, actor=secretary, at=NOW)
    services.invite_again(juror=juror, actor=secretary, at=NOW + timedelta(days=1))
    with pytest.raises(services.JurorNotAdded, match="answered"):
        services.invite_again(juror=accept(juror), actor=secretary, at=NOW)

    assert Message.objects.filter(kind="judging.juror_invited").count() == 1


def test_person_who_refused_is_not_added_a_second_time(round, secretary):
    juror = decline(invited(round))

    with pytest.raises(services.JurorNotAdded, match="refused"):
        services.add_juror(
            round=round,
            email=juror.user.email,
            name="x",
            background="ngo",
            actor=secretary,
            at=NOW,
        )


def test_secretariat_does_not_judge(round, secretary):
    with pytest.raises(services.JurorNotAdded, match="secretariat"):
        services.add_juror(
            round=round,
            email=secretary.email,
            name="x",
            background="birokrat",
            actor=secretary,
            at=NOW,
        )

    assert not Juror.objects.exists()


def test_sealed_panel_is_called_and_changed_no_more():
    round = sealed_round(jurors=1, proposals=1)
    secretary = SecretariatFactory(government=round.competition.government)
    juror = Juror.objects.get(round=round)

    with pytest.raises(services.JurorNotAdded, match="sealed"):
        services.add_juror(
            round=round,
            email="baru@contoh.example",
            name="Baru",
            background="ngo",
            actor=secretary,
            at=NOW,
        )
    with pytest.raises(services.JurorNotChanged, match="sealed"):
        services.name_chair(juror=juror, actor=secretary, at=NOW)
    with pytest.raises(services.JurorNotChanged, match="sealed"):
        change(juror, secretary)


def change(juror, secretary, **fields):
    given = {
        "background": "jurnalis",
        "affiliation": "Harian Contoh",
        "capacity": 12,
        "categories": [],
        "scoring_stages": [],
    }
    return services.change_juror(juror=juror, **given | fields, actor=secretary, at=NOW)


def test_change_is_told_to_the_trail_from_old_to_new(round, secretary):
    juror = JurorFactory(round=round)
    category = CategoryFactory(round=round, code="pilihan")

    change(juror, secretary, categories=[category])
    change(juror, secretary, categories=[category])

    juror.refresh_from_db()
    assert (juror.background, juror.capacity) == ("jurnalis", 12)
    (entry,) = AuditEntry.objects.filter(action="juror.changed")
    assert entry.changes["background"] == ["akademisi", "jurnalis"]
    assert entry.changes["categories"] == [[], ["pilihan"]]


def test_juror_sits_in_the_stages_named_or_in_all(secretary):
    round = staged_round(jurors=2)
    desk, talk, _gate = queries.scoring_stages_of(round)
    everywhere, talker = Juror.objects.filter(round=round).order_by("pk")
    change(talker, secretary, scoring_stages=[talk])
    refused = decline(invited(round))

    assert list(Juror.objects.for_stage(desk)) == [everywhere]
    assert set(Juror.objects.for_stage(talk)) == {everywhere, talker}
    assert refused not in Juror.objects.for_stage(talk)


def test_there_is_one_chair_and_they_are_told(round, secretary):
    first, second = JurorFactory.create_batch(2, round=round)

    services.name_chair(juror=first, actor=secretary, at=NOW)
    services.name_chair(juror=second, actor=secretary, at=NOW)
    services.name_chair(juror=second, actor=secretary, at=NOW)

    assert list(Juror.objects.filter(is_chair=True)) == [second]
    told = Message.objects.filter(kind="judging.juror_chair")
    assert {each.recipient for each in told} == {first.user, second.user}
    assert told.count() == 2


def test_who_has_not_signed_is_no_chair(round, secretary):
    with pytest.raises(services.JurorNotChanged, match="signed"):
        services.name_chair(juror=invited(round), actor=secretary, at=NOW)


def test_database_knows_one_chair(round):
    JurorFactory(round=round, is_chair=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        JurorFactory(round=round, is_chair=True)


def test_where_a_juror_works_is_a_conflict_from_the_start(round, secretary):
    house = InstitutionFactory(government=round.competition.government)
    user = AuthorFactory(institution=house)

    juror = services.add_juror(
        round=round,
        email=user.email,
        name=user.name,
        background="birokrat",
        actor=secretary,
        at=NOW,
    )

    conflict = Conflict.objects.get(juror=juror)
    assert (conflict.kind, conflict.institution) == ("employer", house)
    assert conflict.declared_by is None


def test_panel_is_held_against_the_rules(round):
    round.jury_minimum, round.jury_backgrounds = 4, {"akademisi": 2, "ngo": 1}
    JurorFactory(round=round, background="akademisi")
    invited(round, background="akademisi")
    decline(invited(round, background="ngo"))

    everybody, academics, ngo = queries.composition_of(
        round, Juror.objects.filter(round=round)
    )

    assert (everybody.joined, everybody.called, everybody.lacking) == (1, 1, 2)
    assert (academics.is_met, academics.may_be_met) == (False, True)
    assert (ngo.is_met, ngo.may_be_met, ngo.lacking) == (False, False, 1)


def test_failure_half_way_leaves_nothing(round, monkeypatch):
    juror = invited(round)
    monkeypatch.setattr("judging.notices.juror_declined", _fail)

    with pytest.raises(RuntimeError):
        decline(juror)

    juror.refresh_from_db()
    assert juror.declined_at is None


def _fail(*args, **kwargs):
    raise RuntimeError
