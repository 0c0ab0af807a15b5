"""The later stages of judging in a city of `world`: presentations and visits."""

from datetime import timedelta

from django.utils import timezone

from judging.models import ScoreSheet
from submissions.models import Proposal, ProposalState
from tests.factories import accounts, judging
from tests.factories.competitions import (
    CriterionFactory,
    ScoringStageFactory,
    StageFactory,
)
from tests.factories.stages import (
    FieldVisitFactory,
    PresentationDayFactory,
    PresentationSlotFactory,
    VisitClaimFactory,
    VisitFindingFactory,
    VisitPhotoFactory,
)
from tests.factories.submissions import AnswerFactory, ProposalFactory
from tests.project.city import DAY, IMPARTIAL, OWN, City

JURY = ("juror", "juror_conflicted", "juror_unassigned", "juror_unsigned")


def build_stages(city: City, size: int) -> None:
    """The desk is over; institutions present, and jurors look at places."""
    round = city.staged
    desk = round.scoringstage_set.get()
    desk.share = 70
    desk.save()
    talk = ScoringStageFactory(
        round=round,
        code="presentasi",
        kind="presentation",
        calendar_kind="presentation",
        share=30,
        order=desk.order + 1,
    )
    CriterionFactory(scoring_stage=talk, code="paparan", name="Paparan")
    gate = ScoringStageFactory(
        round=round,
        code="lapangan",
        kind="field_gate",
        calendar_kind="field_visit",
        share=0,
        order=desk.order + 2,
    )
    now = timezone.now()
    round.stage_set.filter(kind__in=["presentation", "field_visit"]).delete()
    for kind in ("presentation", "field_visit"):
        StageFactory(round=round, kind=kind, opens_at=now - DAY, closes_at=now + DAY)
    jurors = {name: _juror(city, name) for name in (*JURY, "juror_second")}
    own = _proposal(
        city, city.own, city.mark("judulpresentasi", *OWN, "juror", IMPARTIAL)
    )
    other = _proposal(
        city,
        city.other,
        city.mark(
            "judulpresentasilain",
            "author_other",
            "admin_other",
            "secretariat_competing",
            "juror",
            IMPARTIAL,
        ),
    )
    judging.ConflictFactory(juror=jurors["juror_conflicted"], proposal=own)
    for proposal in (own, other):
        _score(_sheet(jurors["juror"], proposal, desk), "70")
        _sheet(jurors["juror"], proposal, talk)
    _sheet(jurors["juror_conflicted"], own, talk)
    for name, juror in jurors.items():
        if name in ("juror", "juror_second"):
            city.things[f"{name}_visit"] = _visit(city, name, juror, own, gate)
    city.things |= {"staged_own": own, "staged_other": other}
    _build_day(city, talk, own, other)
    VisitClaimFactory(
        scoring_stage=gate,
        proposal=own,
        text=city.mark("klaimsemua", "juror", IMPARTIAL),
    )
    _more(city, size, desk, talk, gate, jurors["juror"])


def _build_day(city: City, talk, own: Proposal, other: Proposal) -> None:
    """One was told of its time, another not; one was postponed."""
    day = PresentationDayFactory(
        plan__scoring_stage=talk,
        place=city.mark("tempatrencana", "juror", *JURY[1:3], IMPARTIAL),
    )
    slot = PresentationSlotFactory(
        day=day,
        proposal=own,
        told_at=timezone.now(),
        told_time=day.begins_at,
        told_place=city.mark("tempatdikabari", *OWN, IMPARTIAL),
    )
    PresentationSlotFactory(day=day, proposal=other)
    PresentationSlotFactory(
        day=day,
        proposal=other,
        state="postponed",
        note=city.mark("alasantunda", IMPARTIAL),
    )
    city.things |= {
        "staged_day": day,
        "staged_slot": slot,
        "empty_day": PresentationDayFactory(
            plan=day.plan, begins_at=day.begins_at + 2 * DAY, place="Aula"
        ),
    }


def _visit(city: City, name: str, juror, proposal: Proposal, gate) -> ScoreSheet:
    """What a juror found on the spot: nobody else sees it while others are at it."""
    sheet = _sheet(juror, proposal, gate)
    claim = VisitClaimFactory(
        scoring_stage=gate,
        proposal=proposal,
        sheet=sheet,
        text=city.mark(f"klaim{name}", name),
    )
    VisitFindingFactory(sheet=sheet, claim=claim, note=city.mark(f"temuan{name}", name))
    FieldVisitFactory(sheet=sheet, visitors=city.mark(f"hadir{name}", name))
    city.things[f"{name}_photo"] = VisitPhotoFactory(
        sheet=sheet, name=city.mark(f"foto{name}", name) + ".jpg"
    )
    return sheet


def _juror(city: City, name: str):
    more = {"signed_at": None} if name == "juror_unsigned" else {}
    return judging.JurorFactory(round=city.staged, user=city.people[name], **more)


def _proposal(city: City, institution, title: str) -> Proposal:
    proposal = ProposalFactory(
        round=city.staged,
        institution=institution,
        state=ProposalState.SCREENED_PASSED,
        title=f"Inovasi {title}",
    )
    section = proposal.form.section_set.order_by("order").first()
    AnswerFactory(
        proposal=proposal, section=section, text=f"Melayani 1.200 warga ({title})."
    )
    return proposal


def _sheet(juror, proposal: Proposal, stage) -> ScoreSheet:
    return judging.ScoreSheetFactory(
        key=f"{stage.code[:3]}-{juror.key}-{proposal.pk}"[:24],
        assignment__juror=juror,
        assignment__proposal=proposal,
        assignment__scoring_stage=stage,
    )


def _score(sheet: ScoreSheet, value: str) -> None:
    criteria = sheet.assignment.scoring_stage.criterion_set.count()
    judging.write_sheet(sheet, *([value] * criteria))


def _more(city: City, size: int, desk, talk, gate, juror) -> None:
    """More proposals that present and are visited."""
    for number in range(2 * size - 2):
        body = accounts.InstitutionFactory(government=city.government)
        proposal = _proposal(city, body, f"tambahan {number}")
        _score(_sheet(juror, proposal, desk), "60")
        _sheet(juror, proposal, talk)
        sheet = _sheet(juror, proposal, gate)
        PresentationSlotFactory(
            day=city.staged_day,
            proposal=proposal,
            told_at=timezone.now(),
            told_time=city.staged_day.begins_at + timedelta(minutes=20 * number),
        )
        for target in (sheet, city.juror_visit):
            claim = VisitClaimFactory(
                scoring_stage=gate, proposal=target.assignment.proposal, sheet=target
            )
            VisitFindingFactory(sheet=target, claim=claim)
            VisitPhotoFactory(sheet=target)
        VisitClaimFactory(scoring_stage=gate, proposal=city.staged_own)
