"""Panels, sheets and results, minimal and valid."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from judging import services
from judging.models import (
    Assignment,
    Conflict,
    ConflictSuggestion,
    Juror,
    Result,
    Score,
    ScoreSheet,
)
from submissions.models import ProposalState
from tests.factories.accounts import SecretariatFactory, UserFactory
from tests.factories.competitions import (
    CriterionFactory,
    RoundFactory,
    ScoringStageFactory,
    StageFactory,
    small_round,
)
from tests.factories.submissions import ProposalFactory


class JurorFactory(DjangoModelFactory):
    """A juror who has signed; `signed_at=None` makes one who has not."""

    class Meta:
        model = Juror

    key = factory.Sequence("juri-{}".format)
    round = factory.SubFactory(RoundFactory)
    user = factory.SubFactory(UserFactory)
    background = Juror.Background.ACADEMIC
    invited_at = factory.LazyFunction(timezone.now)
    accepted_at = factory.SelfAttribute("signed_at")
    signed_at = factory.LazyFunction(timezone.now)
    statement = factory.LazyAttribute(lambda o: "Saya jujur." if o.signed_at else "")


class ConflictFactory(DjangoModelFactory):
    """A conflict; give `proposal` or `institution`."""

    class Meta:
        model = Conflict

    juror = factory.SubFactory(JurorFactory)
    reason = "Atasan langsung."
    declared_by = factory.SelfAttribute("juror.user")
    declared_at = factory.LazyFunction(timezone.now)


class ConflictSuggestionFactory(DjangoModelFactory):
    """A suggestion that was dismissed; give `institution` or `proposal`."""

    class Meta:
        model = ConflictSuggestion

    juror = factory.SubFactory(JurorFactory)
    source = ConflictSuggestion.Source.AFFILIATION
    kind = Conflict.Kind.EMPLOYER
    reason = "Afiliasinya serupa."
    outcome = ConflictSuggestion.Outcome.DISMISSED
    note = "Nama yang sama saja."
    decided_by = factory.SubFactory(UserFactory)
    decided_at = factory.LazyFunction(timezone.now)


class AssignmentFactory(DjangoModelFactory):
    """A proposal that passed, with a juror of its round."""

    class Meta:
        model = Assignment

    juror = factory.SubFactory(JurorFactory)
    scoring_stage = factory.LazyAttribute(
        lambda o: o.juror.round.scoringstage_set.order_by("order").first()
    )
    proposal = factory.LazyAttribute(
        lambda o: ProposalFactory(
            round=o.juror.round, state=ProposalState.SCREENED_PASSED
        )
    )
    assigned_at = factory.LazyFunction(timezone.now)


class ScoreSheetFactory(DjangoModelFactory):
    """An empty draft."""

    class Meta:
        model = ScoreSheet

    assignment = factory.SubFactory(AssignmentFactory)
    key = factory.Sequence("lembar-{}".format)


class ScoreFactory(DjangoModelFactory):
    class Meta:
        model = Score

    sheet = factory.SubFactory(ScoreSheetFactory)
    criterion = factory.LazyAttribute(
        lambda o: o.sheet.assignment.scoring_stage.criterion_set.first()
    )
    value = Decimal(80)


def scoring_round(*, jurors: int = 3, proposals: int = 2, **fields):
    """A `small_round` in its scoring: `jurors` who signed, proposals that passed.

    Every juror has a draft sheet for every proposal.
    """
    round = small_round(phase=fields.pop("phase", "scoring"), **fields)
    stage = round.scoringstage_set.get()
    panel = JurorFactory.create_batch(jurors, round=round)
    entries = ProposalFactory.create_batch(
        proposals, round=round, state=ProposalState.SCREENED_PASSED
    )
    for juror in panel:
        for entry in entries:
            ScoreSheetFactory(
                assignment__juror=juror,
                assignment__proposal=entry,
                assignment__scoring_stage=stage,
            )
    return round


def staged_round(*, jurors: int = 2, proposals: int = 3, phase: str = "scoring"):
    """A `scoring_round` with two stages more: presentation of two (1 to 5), a gate.

    The proposals count 70, the presentations 30 percent; all three stages lie one
    after the other, and `phase` (scoring, presentation, field_visit, plenary) is now.
    """
    round = scoring_round(jurors=jurors, proposals=proposals, phase="plenary")
    desk = round.scoringstage_set.get()
    desk.share, desk.shortlist_size = 70, 2
    desk.save()
    talk = ScoringStageFactory(
        round=round,
        code="presentasi",
        name="Presentasi",
        kind="presentation",
        calendar_kind="presentation",
        share=30,
        scale_min=1,
        scale_max=5,
        scale_step=1,
        note_below=2,
        note_above=None,
        order=desk.order + 1,
    )
    CriterionFactory(scoring_stage=talk, code="paparan", name="Paparan")
    ScoringStageFactory(
        round=round,
        code="lapangan",
        name="Verifikasi lapangan",
        kind="field_gate",
        calendar_kind="field_visit",
        share=0,
        order=desk.order + 2,
    )
    at, day = timezone.now(), timedelta(days=1)
    kinds = ["scoring", "presentation", "field_visit", "plenary"]
    begin = at - day / 2 - kinds.index(phase) * day
    round.stage_set.filter(kind__in=kinds).delete()
    for place, kind in enumerate(kinds):
        StageFactory(
            round=round,
            kind=kind,
            name=kind,
            opens_at=begin + place * day,
            closes_at=begin + (place + 1) * day,
        )
    return round


def write_sheet(sheet: ScoreSheet, *values, is_final: bool = True) -> ScoreSheet:
    """Give `sheet` one value per criterion in their order, and finish it."""
    criteria = sheet.assignment.scoring_stage.criterion_set.order_by("order")
    for criterion, value in zip(criteria, values, strict=True):
        ScoreFactory(sheet=sheet, criterion=criterion, value=value, note="Catatan.")
    sheet.version, sheet.saved_at = 1, timezone.now()
    if is_final:
        sheet.state = ScoreSheet.State.FINAL
        sheet.finalised_at = sheet.saved_at
    sheet.save()
    return sheet


def sealed_round(*, jurors: int = 3, proposals: int = 3, **fields):
    """A round whose result is sealed; the first proposal stands first."""
    round = scoring_round(jurors=jurors, proposals=proposals, **fields)
    sheets = ScoreSheet.objects.filter(assignment__juror__round=round)
    for sheet in sheets.select_related("assignment__scoring_stage").order_by("pk"):
        place = list(round.proposal_set.order_by("pk")).index(sheet.assignment.proposal)
        write_sheet(sheet, 90 - place, 88 - place)
    seal(round)
    return round


def seal(round) -> Result:
    """Seal the result of `round`."""
    return services.seal_result(
        round=round,
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )
