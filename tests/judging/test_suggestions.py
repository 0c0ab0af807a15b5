"""Conflicts the portal suspects, and what a person says to them."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from judging import services, suggesting
from judging.models import Conflict, ConflictSuggestion, ScoreSheet
from notifications.models import Message
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.competitions import small_round
from tests.factories.judging import (
    ConflictFactory,
    JurorFactory,
    sealed_round,
)
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    return small_round(phase="scoring")


@pytest.fixture
def government(round):
    return round.competition.government


@pytest.fixture
def secretary(government):
    return SecretariatFactory(government=government)


def found(round):
    return [
        (each.juror, each.source, each.kind, each.subject)
        for each in suggesting.find(round, timezone.now())
    ]


def institution(government, name, short_name=None, **fields):
    return InstitutionFactory(
        government=government, name=name, short_name=short_name or name, **fields
    )


def test_role_that_is_over_is_a_former_posting(round, government):
    house = institution(government, "Dinas Sosial")
    user = AuthorFactory(institution=house)
    user.membership_set.update(from_date=date(2020, 1, 1), to_date=date(2021, 12, 31))
    juror = JurorFactory(round=round, user=user)

    assert found(round) == [(juror, "membership", "former_posting", house)]


def test_role_in_force_is_no_suggestion_once_it_is_a_conflict(round, government):
    house = institution(government, "Dinas Sosial")
    juror = JurorFactory(round=round, user=AuthorFactory(institution=house))

    services.note_own_institutions([juror], timezone.now())

    assert found(round) == []


def test_affiliation_that_names_an_institution(round, government):
    clinic = institution(government, "Dinas Kesehatan", "Dinkes")
    institution(government, "Dinas Sosial", "Dinsos")
    juror = JurorFactory(round=round, affiliation="Mantan kepala Dinas Kesehatan")

    assert found(round) == [(juror, "affiliation", "former_posting", clinic)]


def test_address_of_an_institution_but_not_of_the_whole_government(round, government):
    hospital = institution(government, "RSUD Contoh", email="info@rsud.example")
    for number in range(4):
        institution(government, f"Kantor {number}", email=f"k{number}@kota.example")
    institution(government, "Surat Bersama", email="kantor@gmail.com")
    juror = JurorFactory(round=round, user=UserFactory(email="ani@rsud.example"))
    JurorFactory(round=round, user=UserFactory(email="budi@kota.example"))
    JurorFactory(round=round, user=UserFactory(email="cici@gmail.com"))

    assert found(round) == [(juror, "address", "employer", hospital)]


def test_institution_above_the_employer(round, government):
    above = institution(government, "Dinas Pendidikan")
    school = institution(government, "SMP Contoh", parent=above)
    juror = JurorFactory(round=round, user=AuthorFactory(institution=school))
    services.note_own_institutions([juror], timezone.now())

    assert found(round) == [(juror, "tree", "supervision", above)]


def test_who_wrote_endorsed_or_sent_the_innovation(round, government):
    writer, endorser, sender = UserFactory.create_batch(3)
    proposal = ProposalFactory(
        round=round,
        state="screened_passed",
        created_by=writer,
        endorsed_by=endorser,
        submitted_by=sender,
    )
    jurors = {JurorFactory(round=round, user=each) for each in (writer, endorser)}
    JurorFactory(round=round)

    told = found(round)

    assert {each[0] for each in told} == jurors
    assert {each[1:] for each in told} == {("proposal", "own_proposal", proposal)}


def test_who_wrote_it_in_an_earlier_year(round, government):
    proposal = ProposalFactory(round=round, state="screened_passed")
    writer = UserFactory()
    ProposalFactory(
        round=small_round(
            phase="plenary", competition=round.competition, year=2019, edition=90
        ),
        innovation=proposal.innovation,
        institution=proposal.institution,
        created_by=writer,
    )
    juror = JurorFactory(round=round, user=writer)

    assert found(round) == [(juror, "proposal", "own_proposal", proposal)]


def test_known_conflicts_and_people_who_left_are_not_suggested(round, government):
    house = institution(government, "Dinas Kesehatan")
    unit = institution(government, "Laboratorium Anggrek", parent=house)
    told = JurorFactory(round=round, affiliation="Laboratorium Anggrek")
    ConflictFactory(juror=told, institution=house)
    JurorFactory(
        round=round,
        affiliation="Laboratorium Anggrek",
        signed_at=None,
        declined_at=timezone.now(),
        decline_reason="Sibuk.",
    )

    assert unit.path.startswith(house.path)
    assert found(round) == []


@pytest.fixture
def suspicion(round, government):
    house = institution(government, "Dinas Kesehatan")
    JurorFactory(round=round, affiliation="Dinas Kesehatan")
    ProposalFactory(round=round, institution=house, state="screened_passed")
    (suggestion,) = suggesting.find(round, timezone.now())
    return suggestion


def decide(round, suspicion, secretary, *, is_confirmed=True, note=""):
    return services.decide_suggestion(
        round=round,
        key=suspicion.key,
        is_confirmed=is_confirmed,
        note=note,
        actor=secretary,
        at=timezone.now(),
    )


def test_confirmed_it_is_a_conflict(round, suspicion, secretary):
    colleague = SecretariatFactory(government=round.competition.government)

    decide(round, suspicion, secretary, note="Sudah ditanyakan.")

    conflict = Conflict.objects.get()
    assert (conflict.juror, conflict.institution, conflict.kind) == (
        suspicion.juror,
        suspicion.institution,
        "employer",
    )
    assert "Sudah ditanyakan." in conflict.reason
    assert conflict.declared_by == secretary
    assert [each.recipient for each in Message.objects.all()] == [colleague]
    assert suggesting.find(round, timezone.now()) == []


def test_dismissed_it_stays_away_with_its_note(round, suspicion, secretary):
    with pytest.raises(services.SuggestionNotDecided, match="why"):
        decide(round, suspicion, secretary, is_confirmed=False)

    decided = decide(round, suspicion, secretary, is_confirmed=False, note="Nama sama.")

    assert (decided.outcome, decided.note) == ("dismissed", "Nama sama.")
    assert not Conflict.objects.exists()
    assert suggesting.find(round, timezone.now()) == []


def test_it_is_decided_once(round, suspicion, secretary):
    decide(round, suspicion, secretary)

    with pytest.raises(services.SuggestionNotDecided, match="already"):
        decide(round, suspicion, secretary, is_confirmed=False, note="x")

    assert ConflictSuggestion.objects.count() == 1


def test_made_up_suggestion_is_not_decided(round, suspicion, secretary):
    for key in ("", "apa", f"{suspicion.juror.key}:tree:X", "\x00"):
        with pytest.raises(services.SuggestionNotDecided):
            services.decide_suggestion(
                round=round,
                key=key,
                is_confirmed=True,
                actor=secretary,
                at=timezone.now(),
            )


def test_sealed_round_takes_no_decision():
    round = sealed_round(jurors=1, proposals=1)
    secretary = SecretariatFactory(government=round.competition.government)

    with pytest.raises(services.SuggestionNotDecided, match="sealed"):
        services.decide_suggestion(
            round=round,
            key="x",
            is_confirmed=True,
            actor=secretary,
            at=timezone.now(),
        )


def test_failure_half_way_leaves_nothing(round, suspicion, secretary, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("judging.notices.conflict_declared", fail)

    with pytest.raises(RuntimeError):
        decide(round, suspicion, secretary)

    assert not ConflictSuggestion.objects.exists()
    assert not Conflict.objects.exists()


def stored(suspicion, secretary, **fields):
    given = {
        "juror": suspicion.juror,
        "institution": suspicion.institution,
        "source": "affiliation",
        "kind": "employer",
        "reason": "x",
        "outcome": "confirmed",
        "decided_by": secretary,
        "decided_at": timezone.now(),
    }
    return ConflictSuggestion.objects.create(**given | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"institution": None}, "of_institution_or_proposal"),
        ({"outcome": "dismissed"}, "dismissed_with_note"),
    ],
)
def test_constraints(suspicion, secretary, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        stored(suspicion, secretary, **fields)


def test_constraints_of_uniqueness(round, suspicion, secretary):
    proposal = round.proposal_set.get()
    for subject in ({}, {"institution": None, "proposal": proposal}):
        stored(suspicion, secretary, **subject)
        with pytest.raises(IntegrityError, match="once"), transaction.atomic():
            stored(suspicion, secretary, **subject)


def test_decision_is_never_changed(suspicion, secretary):
    decided = stored(suspicion, secretary)

    with pytest.raises(DatabaseError), transaction.atomic():
        ConflictSuggestion.objects.filter(pk=decided.pk).update(note="lain")
    with pytest.raises(DatabaseError), transaction.atomic():
        ConflictSuggestion.objects.filter(pk=decided.pk).delete()


@pytest.mark.parametrize("row_count", [1, 3])
def test_search_takes_as_many_queries_however_many_there_are(
    round, government, django_assert_num_queries, row_count
):
    for name in ("Anggrek", "Kenanga", "Melati")[:row_count]:
        house = institution(government, f"Dinas {name}")
        JurorFactory(round=round, affiliation=house.name)
        ProposalFactory(round=round, institution=house, state="screened_passed")

    with django_assert_num_queries(8):
        # jurors, proposals and answers they wrote, roles, decided, conflicts,
        # institutions, former names; nothing of proposals that nobody is near
        assert len(suggesting.find(round, timezone.now())) == row_count


def test_several_conflicts_are_declared_for_one_reason(round, government, secretary):
    house = institution(government, "Dinas Kesehatan")
    proposal = ProposalFactory(round=round, state="screened_passed")
    juror = JurorFactory(round=round)
    ConflictFactory(juror=juror, institution=house)

    declared = services.declare_conflicts(
        juror=juror,
        institutions=[house],
        proposals=[proposal],
        kind="kinship",
        reason="Saudara kandung.",
        actor=juror.user,
        at=timezone.now(),
    )

    assert [(each.proposal, each.kind) for each in declared] == [(proposal, "kinship")]
    assert not ScoreSheet.objects.exists()
