"""A plenary that sits, with a decision that waits."""

from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from judging import minutes, services
from judging.models import Juror, Result
from tests.factories import documents
from tests.project.city import IMPARTIAL, City


def build_plenary(city: City) -> None:
    """Call the plenary of the round that is scored; the city's juror is absent."""
    round = city.things["scored"]
    proposal = city.things["scored_first"]
    stage = round.scoringstage_set.get()
    second = Juror.objects.filter(round=round).order_by("pk")[1]
    details = {"actor": city.people["secretariat"], "at": timezone.now()}
    plenary = services.open_plenary(
        scoring_stage=stage,
        held_at=timezone.now(),
        place=city.mark("ruangpleno", IMPARTIAL, "juror"),
        chair=second,
        quorum=1,
        names_jurors=False,
        **details,
    )
    services.agree_on(
        plenary=plenary,
        proposal=proposal,
        scores={stage.criterion_set.order_by("order").first(): Decimal("92.00")},
        reason=city.mark("alasanpleno", IMPARTIAL),
        agreeing_jurors=[second],
        notes={},
        **details,
    )
    result = Result.objects.get(round=city.things["decreed"])
    paper = documents.IssuedDocumentFactory(
        government=round.competition.government,
        kind=minutes.KIND,
        subject_key=minutes.subject_key(result),
        number=city.mark("nomorberita", IMPARTIAL),
        title="Berita acara",
        is_public=False,
        values={"public": []},
    )
    paper.file.save(f"{paper.code}.pdf", ContentFile(b"%PDF-1.7"), save=False)
    paper.sha256, paper.rendered_at = "a" * 64, timezone.now()
    paper.save(update_fields=["file", "sha256", "rendered_at"])
    city.things |= {
        "plenary": plenary,
        "sealed_result": Result.objects.get(round=city.things["sealed"]),
    }
