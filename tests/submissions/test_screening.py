import pytest

from competitions.models import Requirement
from core.models import AuditEntry
from notifications.models import Message
from submissions import services
from submissions.models import Proposal, ProposalState, Screening, ScreeningItem
from submissions.services import Verdict
from submissions.services import screening as screening_services
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
    assert Proposal.objects.get().state == ProposalState.SCREENED_PASSED
    assert ScreeningItem.objects.filter(verdict="met").count() == 4
    entry = AuditEntry.objects.get(action="proposal.screened")
    assert (entry.actor, entry.changes["passed"]) == (city.secretary, True)


def test_one_refusal_fails_the_proposal_with_its_reason(city, proposal):
    screening = screen(
        city, proposal, verdicts(city.round, umur=REFUSED), note="Ikut tahun depan."
    )

    assert not screening.passed
    assert Proposal.objects.get().state == ProposalState.SCREENED_FAILED
    item = ScreeningItem.objects.get(verdict="not_met")
    assert (item.requirement.code, item.reason_code, item.note) == (
        "umur",
        "UMUR_KURANG",
        "Baru enam bulan.",
    )


def test_institution_is_told_why(city, proposal):
    screen(city, proposal, verdicts(city.round, umur=REFUSED))

    messages = Message.objects.filter(kind="proposal.screened")

    assert set(messages.values_list("recipient", flat=True)) == {
        city.author.pk,
        city.head.pk,
    }
    assert "Baru enam bulan." in messages[0].body_text


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

    monkeypatch.setattr(screening_services.notices, "proposal_screened", fail)

    with pytest.raises(RuntimeError):
        screen(city, proposal, verdicts(city.round))

    assert Proposal.objects.get().state == ProposalState.SUBMITTED
    assert not Screening.objects.exists()


def test_decision_after_reopening_takes_the_place_of_the_first(city, proposal):
    screen(city, proposal, verdicts(city.round, umur=REFUSED))
    Proposal.objects.update(state=ProposalState.SUBMITTED)

    second = screen(city, proposal, verdicts(city.round))

    assert Screening.objects.get() == second
    assert second.passed
    assert ScreeningItem.objects.filter(screening=second).count() == 4
    assert list(second.events.order_by("pgh_id").values_list("passed", flat=True)) == [
        False,
        True,
    ]
