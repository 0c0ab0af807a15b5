"""What tests of presentations use: a round whose proposals are judged, and a day."""

from datetime import timedelta

from django.utils import timezone

from judging import services
from judging.models import PresentationSlot, ScoreSheet
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import ScoreSheetFactory, staged_round, write_sheet
from tests.factories.submissions import ProposalFactory

HOUR = timedelta(hours=1)


def presentation_stage(*, proposals=3, phase="presentation"):
    """A stage whose candidates are all `proposals`; nobody is left by the one before.

    The proposals are scored 90, 89 … in their order.
    """
    round = staged_round(jurors=1, proposals=proposals, phase=phase)
    round.scoringstage_set.filter(code="proposal").update(shortlist_size=None)
    order = list(round.proposal_set.order_by("pk"))
    for sheet in sheets_of(round, "proposal"):
        value = 90 - order.index(sheet.assignment.proposal)
        write_sheet(sheet, value, value)
    return round.scoringstage_set.get(code="presentasi")


def sheets_of(round, code):
    return ScoreSheet.objects.filter(
        assignment__scoring_stage__round=round, assignment__scoring_stage__code=code
    ).select_related(
        "assignment__juror__user",
        "assignment__scoring_stage__round",
        "assignment__proposal",
    )


def secretary(stage):
    return SecretariatFactory(government=stage.round.competition.government)


def add_day(stage, *, begins_at=None, breaks=(), day=None, **fields):
    data = {
        "begins_at": begins_at or timezone.now().replace(microsecond=0) + HOUR,
        "presentation_minutes": 7,
        "questions_minutes": 13,
        "pause_minutes": 0,
        "capacity": None,
        "place": "Pendopo",
        "link": "",
    }
    return services.save_day(
        stage=stage,
        day=day,
        data=services.DayData(**data | fields),
        breaks=breaks,
        actor=secretary(stage),
        at=timezone.now(),
    )


def arrange(stage, order_by="lot", seed="benih"):
    return services.arrange_presentations(
        stage=stage,
        order_by=order_by,
        seed=seed,
        actor=secretary(stage),
        at=timezone.now(),
    )


def planned_stage(**fields):
    """A stage with one day on which all its proposals have their time."""
    stage = presentation_stage(**fields)
    day = add_day(stage)
    arrange(stage)
    return stage, day


def slots_of(day):
    return list(
        PresentationSlot.objects.filter(day=day)
        .select_related(
            "proposal__institution",
            "day",
            "plan__scoring_stage__round__competition__government",
        )
        .order_by("position")
    )


def call(day, after=""):
    day.refresh_from_db()
    return services.call_next(
        day=day, after=after, actor=secretary(day.plan.scoring_stage), at=timezone.now()
    )


def step(name, slot, at=None, **more):
    return getattr(services, name)(
        slot=slot,
        actor=secretary(slot.plan.scoring_stage),
        at=at or timezone.now(),
        **more,
    )


def new_candidate(stage, **fields):
    """A proposal that came through the stage before after all was arranged."""
    proposal = ProposalFactory(round=stage.round, state="screened_passed", **fields)
    sheet = ScoreSheetFactory(
        assignment__juror=stage.round.juror_set.first(),
        assignment__proposal=proposal,
        assignment__scoring_stage=stage.round.scoringstage_set.get(code="proposal"),
    )
    write_sheet(sheet, 80, 80)
    return proposal
