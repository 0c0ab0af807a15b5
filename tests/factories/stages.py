"""Presentations and visits, minimal and valid."""

from datetime import timedelta
from hashlib import sha256

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from judging.models import (
    FieldVisit,
    PresentationBreak,
    PresentationDay,
    PresentationPlan,
    PresentationSlot,
    VisitClaim,
    VisitFinding,
    VisitPhoto,
)
from submissions.models import ProposalState
from tests.factories.accounts import UserFactory
from tests.factories.competitions import ScoringStageFactory
from tests.factories.judging import ScoreSheetFactory
from tests.factories.submissions import ProposalFactory


class PresentationPlanFactory(DjangoModelFactory):
    class Meta:
        model = PresentationPlan

    scoring_stage = factory.SubFactory(ScoringStageFactory, kind="presentation")


class PresentationDayFactory(DjangoModelFactory):
    class Meta:
        model = PresentationDay

    plan = factory.SubFactory(PresentationPlanFactory)
    key = factory.Sequence("hari-{}".format)
    begins_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))
    place = "Pendopo"


class PresentationBreakFactory(DjangoModelFactory):
    class Meta:
        model = PresentationBreak

    day = factory.SubFactory(PresentationDayFactory)
    starts_at = factory.SelfAttribute("day.begins_at")
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=1))
    label = "Ishoma"


class PresentationSlotFactory(DjangoModelFactory):
    """A proposal that passed, with its time on a day."""

    class Meta:
        model = PresentationSlot

    key = factory.Sequence("waktu-{}".format)
    day = factory.SubFactory(PresentationDayFactory)
    plan = factory.SelfAttribute("day.plan")
    proposal = factory.LazyAttribute(
        lambda o: ProposalFactory(
            round=o.day.plan.scoring_stage.round, state=ProposalState.SCREENED_PASSED
        )
    )
    position = factory.Sequence(lambda n: n + 1)
    planned_at = factory.LazyAttribute(
        lambda o: o.day.begins_at + timedelta(minutes=20)
    )


class FieldVisitFactory(DjangoModelFactory):
    class Meta:
        model = FieldVisit

    sheet = factory.SubFactory(ScoreSheetFactory)
    place = "Puskesmas"


class VisitClaimFactory(DjangoModelFactory):
    """A claim for all who visit; give `sheet` for one of a juror's own."""

    class Meta:
        model = VisitClaim

    key = factory.Sequence("klaim-{}".format)
    text = factory.Sequence("Melayani {} warga setiap hari.".format)
    source = "Kebaruan"
    added_by = factory.SubFactory(UserFactory)
    added_at = factory.LazyFunction(timezone.now)


class VisitFindingFactory(DjangoModelFactory):
    class Meta:
        model = VisitFinding

    outcome = VisitFinding.Outcome.CONFIRMED


class VisitPhotoFactory(DjangoModelFactory):
    """A picture as stored; its bytes are no real JPEG."""

    class Meta:
        model = VisitPhoto

    sheet = factory.SubFactory(ScoreSheetFactory)
    name = "foto.jpg"
    key = factory.Sequence("foto-{}".format)
    content_type = "image/jpeg"
    size = 6
    uploaded_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.SelfAttribute("sheet.assignment.juror.user")
    file = factory.LazyFunction(lambda: ContentFile(b"gambar", "foto.jpg"))
    sha256 = factory.Sequence(lambda n: sha256(str(n).encode()).hexdigest())
