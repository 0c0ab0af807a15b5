"""A plenary that sits, with a decision that waits."""

from decimal import Decimal
from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils import timezone

from competitions.models import Round
from judging import minutes, recaps, services, sheet_papers
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
    first = Juror.objects.filter(round=round).order_by("pk")[0]
    for kind, subject_key, number in (
        (
            minutes.KIND,
            minutes.subject_key(result),
            city.mark("nomorberita", IMPARTIAL),
        ),
        (recaps.KIND, recaps.subject_key(result), city.mark("nomorrekap", IMPARTIAL)),
        (
            sheet_papers.KIND,
            sheet_papers.subject_key(stage, first),
            city.mark("nomorlembar", IMPARTIAL, "juror"),
        ),
    ):
        _paper(round, kind, subject_key, number)
    city.things |= {
        "scored_juror": first,
        "plenary": plenary,
        "sealed_result": Result.objects.get(round=city.things["sealed"]),
    }


def _paper(round: Round, kind: str, subject_key: str, number: str) -> None:
    """A paper with a file, as a worker leaves it."""
    paper = documents.IssuedDocumentFactory(
        government=round.competition.government,
        kind=kind,
        subject_key=subject_key,
        number=number,
        title="Berita acara",
        is_public=False,
        values={"public": []},
    )
    content = b"%PDF-1.7"
    paper.file.save(f"{paper.code}.pdf", ContentFile(content), save=False)
    paper.sha256, paper.rendered_at = sha256(content).hexdigest(), timezone.now()
    paper.save(update_fields=["file", "sha256", "rendered_at"])
