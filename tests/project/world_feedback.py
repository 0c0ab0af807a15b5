"""What authors are told: released where the winners are public, and where not yet."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils import timezone

from awards import feedback_letters, services
from awards.models import FeedbackNote, FeedbackPlan
from documents.models import IssuedDocument
from judging.models import Score
from tests.project.city import IMPARTIAL, City


def build_feedback(city: City) -> None:
    """Release both, with a note that nobody but the secretariat goes on seeing."""
    at, actor = timezone.now(), city.people["secretariat"]
    for name in ("decreed", "finished"):
        round = city.things[name]
        services.release_feedback(round=round, actor=actor, at=at)
        services.announce_feedback(
            plan_id=FeedbackPlan.objects.get(round=round).pk, at=at
        )
    score = Score.objects.filter(
        sheet__assignment__proposal=city.finished_first
    ).earliest("pk")
    services.decide_note(
        round=city.finished,
        score=score,
        choice=FeedbackNote.Choice.WITHHELD,
        text="",
        reason=city.mark("alasantahan", IMPARTIAL),
        actor=actor,
        at=at,
    )
    for paper in IssuedDocument.objects.filter(
        kind=feedback_letters.KIND, government=city.government
    ):
        paper.file.save(f"{paper.code}.pdf", ContentFile(b"%PDF-1.7"), save=False)
        paper.sha256, paper.rendered_at = sha256(b"%PDF-1.7").hexdigest(), at
        paper.save(update_fields=["file", "sha256", "rendered_at"])
