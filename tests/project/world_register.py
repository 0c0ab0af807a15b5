"""The register of innovations of a city of `world`: who owns what, and what it won."""

from types import SimpleNamespace

from tests.factories import accounts, innovations, register, submissions
from tests.project.city import IMPARTIAL, OTHER, OWN, City


def build_register(city: City, size: int) -> None:
    """Give the draft's innovation an achievement, a state and joint owners."""
    innovation = city.draft.innovation
    asked = accounts.InstitutionFactory(government=city.government)
    city.things |= {
        "achievement": register.AchievementFactory(
            innovation=innovation,
            level=city.mark("prestasi", *OWN, IMPARTIAL),
        ),
        "status": register.YearStatusFactory(
            innovation=innovation, note=city.mark("keadaan", *OWN, IMPARTIAL)
        ),
        # The one above is asked whether it owns it jointly; another one has agreed.
        "joint_asked": register.JointOwnerFactory(
            innovation=innovation,
            institution=city.above,
            confirmed_at=None,
            confirmed_by=None,
        ),
        "joint": register.JointOwnerFactory(innovation=innovation, institution=asked),
        "retired": innovations.InnovationFactory(
            institution=city.own,
            title=city.mark("usai", *OWN, IMPARTIAL),
            retired_at=city.draft.created_at,
            retired_by=city.people["admin"],
            retirement_reason=city.mark("alasanusai", *OWN, IMPARTIAL),
        ),
        "rival": SimpleNamespace(slug=city.other_draft.innovation.slug),
    }
    register.AchievementFileFactory(
        achievement=city.achievement,
        name=f"{city.mark('piagam', *OWN, IMPARTIAL)}.pdf",
    )
    register.AchievementFactory(
        innovation=city.other_draft.innovation,
        level=city.mark("prestasisaingan", *OTHER, IMPARTIAL),
    )
    source = submissions.ProposalFactory(
        round=city.scored,
        innovation=innovation,
        institution=city.own,
        title=city.mark("dahulu", *OWN, IMPARTIAL),
        state="withdrawn",
    )
    submissions.EvidenceFactory(
        proposal=source,
        section=source.form.section_set.get(code="kebaruan"),
        name=f"{city.mark('berkasdahulu', *OWN, IMPARTIAL)}.pdf",
        content=b"%PDF-1.4 dahulu",
    )
    submissions.TakeOverFactory(proposal=city.draft, source=source)
    for number in range(2 * size - 2):
        more = innovations.InnovationFactory(institution=city.own)
        for each in (more, innovation):
            register.AchievementFactory(innovation=each)
            register.YearStatusFactory(innovation=each, year=2010 + number)
            register.JointOwnerFactory(innovation=each)
