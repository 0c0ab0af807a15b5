import pytest

from competitions.models import Requirement, Round
from core.models import AuditEntry
from notifications.models import Message
from submissions import screenings, services
from submissions.models import Proposal, ProposalState, Screening, ScreeningItem
from submissions.services import Verdict
from submissions.services import screening as screening_services
from tests.factories.accounts import SecretariatFactory
from tests.factories.screening import publish
from tests.factories.submissions import ProposalFactory
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
REFUSED = Verdict(is_met=False, reason_code="UMUR_KURANG", note="Baru enam bulan.")


@pytest.fixture
def proposal(city):
    return ProposalFactory(
        round=city.round, institution=city.institution, state=ProposalState.SUBMITTED
    )


def verdicts(round, **others):
    return {
        each: others.get(each.code, Verdict(is_met=True))
        for each in Requirement.objects.filter(round=round)
    }


def screen(city, proposal, given, **fields):
    return services.screen_proposal(
        proposal=proposal, verdicts=given, actor=city.secretary, at=AT, **fields
    )


def test_passes_only_when_everything_is_met(city, proposal):
    screening = screen(city, proposal, verdicts(city.round))

    assert screening.passed
    assert Proposal.objects.get().state == ProposalState.SUBMITTED
    assert ScreeningItem.objects.filter(verdict="met").count() == 4
    entry = AuditEntry.objects.get(action="proposal.screened")
    assert (entry.actor, entry.changes["passed"]) == (city.secretary, True)


def test_one_refusal_fails_the_proposal_with_its_reason(city, proposal):
    screening = screen(
        city, proposal, verdicts(city.round, umur=REFUSED), note="Ikut tahun depan."
    )

    assert not screening.passed
    assert Proposal.objects.get().state == ProposalState.SUBMITTED
    item = ScreeningItem.objects.get(verdict="not_met")
    assert (item.requirement.code, item.reason_code, item.note) == (
        "umur",
        "UMUR_KURANG",
        "Baru enam bulan.",
    )


def test_nobody_is_told_before_it_is_published(city, proposal):
    screen(city, proposal, verdicts(city.round, umur=REFUSED))

    assert not Message.objects.exists()
    assert screenings.screening_of(Proposal.objects.get()) is None


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(is_met=False),
        Verdict(is_met=False, reason_code="UMUR_KURANG"),
        Verdict(is_met=False, note="Kurang."),
        Verdict(is_met=False, reason_code="UMUR_KURANG", note="  "),
    ],
)
def test_refusal_without_reason_or_note_is_refused(city, proposal, verdict):
    with pytest.raises(services.ScreeningIncomplete):
        screen(city, proposal, verdicts(city.round, umur=verdict))

    assert not Screening.objects.exists()


def test_every_requirement_needs_a_verdict(city, proposal):
    given = verdicts(city.round)
    given.popitem()

    with pytest.raises(services.ScreeningIncomplete):
        screen(city, proposal, given)


@pytest.mark.parametrize(
    "state",
    [ProposalState.DRAFT, ProposalState.ENDORSING, ProposalState.SCREENED_FAILED],
    ids=str,
)
def test_only_a_submitted_proposal_is_checked(city, state):
    proposal = ProposalFactory(round=city.round, state=state)

    with pytest.raises(services.ScreeningNotPossible):
        screen(city, proposal, verdicts(city.round))


def test_nothing_stays_when_it_fails_half_way(city, proposal, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(screening_services.audit, "record", fail)

    with pytest.raises(RuntimeError):
        screen(city, proposal, verdicts(city.round))

    assert not Screening.objects.exists()


def test_second_decision_is_refused_and_names_the_first(city, proposal):
    screen(city, proposal, verdicts(city.round))

    with pytest.raises(services.ScreeningNotPossible, match=city.secretary.name):
        screen(city, proposal, verdicts(city.round, umur=REFUSED))

    assert Screening.objects.get().passed


def test_for_many_at_once_a_refusal_alone_will_do(city, proposal):
    (age,) = Requirement.objects.filter(round=city.round, code="umur")

    screening = screen(city, proposal, {age: REFUSED}, only_refusals=True)

    assert not screening.passed
    assert ScreeningItem.objects.get().requirement == age
    other = ProposalFactory(round=city.round, state=ProposalState.SUBMITTED)
    with pytest.raises(services.ScreeningIncomplete):
        screen(city, other, {age: Verdict(is_met=True)}, only_refusals=True)


def test_decision_after_reopening_takes_the_place_of_the_first(city, proposal):
    screen(city, proposal, verdicts(city.round, umur=REFUSED))
    publish(city.round, actor=city.secretary, at=AT)
    Proposal.objects.update(state=ProposalState.SUBMITTED)

    second = screen(city, proposal, verdicts(city.round))

    assert Screening.objects.get() == second
    assert second.passed
    assert second.published_at is None
    assert ScreeningItem.objects.filter(screening=second).count() == 4


def test_draft_is_kept_and_a_stale_one_refused(city, proposal):
    def save(base, verdict, actor=city.secretary):
        return services.save_screening_draft(
            proposal=proposal,
            values={"umur": {"verdict": verdict, "reason": "", "note": ""}},
            base_version=base,
            actor=actor,
            at=AT,
        )

    first = save(0, "met")

    assert (first.draft_version, first.passed, first.is_draft) == (1, None, True)
    with pytest.raises(services.DraftOutdated, match=city.secretary.name):
        save(0, "not_met")
    assert Screening.objects.get().draft["umur"]["verdict"] == "met"
    assert screen(city, proposal, verdicts(city.round)).draft == {}
    with pytest.raises(services.ScreeningNotPossible):
        save(1, "met")


def test_decision_is_taken_back_with_its_verdicts_until_it_is_public(city, proposal):
    screen(city, proposal, verdicts(city.round, umur=REFUSED), note="Ikut lagi.")

    again = services.take_back_screening(
        proposal=proposal, reason="Keliru membaca.", actor=city.secretary, at=AT
    )

    assert again.is_draft
    assert again.draft["umur"] == {
        "verdict": "not_met",
        "reason": "UMUR_KURANG",
        "note": "Baru enam bulan.",
    }
    assert again.draft[""] == {"note": "Ikut lagi."}
    assert AuditEntry.objects.get(action="screening.taken_back").reason
    with pytest.raises(services.ScreeningNotPossible):
        services.take_back_screening(
            proposal=proposal, reason="Lagi.", actor=city.secretary, at=AT
        )


@pytest.mark.parametrize(
    ("rule", "given", "waits"),
    [
        ("none", {"umur": REFUSED}, False),
        ("failed", {"umur": REFUSED}, True),
        ("failed", {}, False),
        ("all", {}, True),
    ],
)
def test_second_person_confirms_what_the_round_says(city, proposal, rule, given, waits):
    Round.objects.update(screening_four_eyes=rule)
    second = SecretariatFactory(government=city.government)

    screening = screen(city, proposal, verdicts(city.round, **given))

    assert screening.needs_second(rule) == waits
    with pytest.raises(services.SecondPersonNeeded):
        services.confirm_screening(proposal=proposal, actor=city.secretary, at=AT)
    if not waits:
        with pytest.raises(services.SecondPersonNeeded):
            services.confirm_screening(proposal=proposal, actor=second, at=AT)
        return
    with pytest.raises(services.NotPublishable):
        publish(city.round, actor=second, at=AT)
    confirmed = services.confirm_screening(proposal=proposal, actor=second, at=AT)
    assert (confirmed.confirmed_by, confirmed.is_confirmed) == (second, True)
    publish(city.round, actor=second, at=AT)
    assert not Proposal.objects.get().is_submitted


def test_second_person_sends_back_with_a_reason(city, proposal):
    Round.objects.update(screening_four_eyes="all")
    second = SecretariatFactory(government=city.government)
    screen(city, proposal, verdicts(city.round))

    back = services.send_back_screening(
        proposal=proposal, reason="Surat belum dibaca.", actor=second, at=AT
    )

    assert (back.is_draft, back.sent_back_note) == (True, "Surat belum dibaca.")
    assert screen(city, proposal, verdicts(city.round)).sent_back_note == ""
