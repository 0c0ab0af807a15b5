"""Winners sent on, minimal and valid."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Government
from awards import services
from awards.models import Award, Forwarding
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionAdminFactory,
    SecretariatFactory,
)
from tests.factories.awards import awarded_round
from tests.factories.competitions import CompetitionFactory, small_round
from tests.factories.submissions import AnswerFactory, EvidenceFactory


def winner(**fields) -> Award:
    """The first award of a round whose winners are public, with texts and a file."""
    round = awarded_round(publish_in=timedelta(hours=-1), proposals=1, **fields)
    award = Award.objects.of_round(round).for_list().get()
    proposal = award.row.proposal
    for section in proposal.form.section_set.order_by("order"):
        AnswerFactory(proposal=proposal, section=section, text=f"Isi {section.code}.")
    EvidenceFactory(proposal=proposal, section=section, name="bukti.pdf")
    return award


def higher_round(award: Award, *, phase: str = "submission", accepts: bool = True):
    """A round of a province that takes the winners of the government of `award`."""
    province = GovernmentFactory(kind=Government.Kind.PROVINCE)
    round = small_round(
        phase=phase, competition=CompetitionFactory(government=province)
    )
    if accepts:
        services.accept_governments(
            round=round,
            governments=[award.row.result.government],
            actor=SecretariatFactory(government=province),
            at=timezone.now(),
        )
    return round


def ask(award: Award, round=None, **changes) -> Forwarding:
    """Ask the institution of `award` to be sent on to `round`, or outside."""
    place = (
        {"round": round, "track": round.track_set.get(code="umum")}
        if round
        else {"destination": "KIPP Nasional (SINOVIK)"}
    )
    fields = {
        "actor": SecretariatFactory(government=award.row.result.government),
        "at": timezone.now(),
    }
    return services.ask_forwarding(award=award, **place | fields | changes)


def admin_of(award: Award):
    return InstitutionAdminFactory(institution=award.row.proposal.institution)


def agree(forwarding: Forwarding, **changes) -> Forwarding:
    """Agree to it as head of the institution."""
    fields = {"actor": admin_of(forwarding.award), "at": timezone.now()}
    return services.agree_forwarding(forwarding=forwarding, **fields | changes)
