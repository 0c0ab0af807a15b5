"""What goes out with the winners of a city, and a winner sent on to another one."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils import timezone

from awards import announcing, services
from awards.models import Award
from documents.models import IssuedDocument
from documents.uploads import CheckedFile
from submissions.models import Proposal
from tests.project.city import IMPARTIAL, OWN, City


def build_publication(city: City) -> None:
    """The signed decree and the announcement, where it is time and where not yet."""
    at, actor = timezone.now(), city.people["secretariat"]
    for name in ("decreed", "finished"):
        file = "SK" if name == "finished" else city.mark("berkassk", IMPARTIAL)
        services.keep_scan(
            round=city.things[name],
            upload=CheckedFile(f"{file}.pdf", b"%PDF-1.4", "application/pdf", ".pdf"),
            is_public=True,
            actor=actor,
            at=at,
        )
        number = "" if name == "finished" else city.mark("nomorumum", IMPARTIAL)
        services.issue_announcement(
            round=city.things[name], number=number, actor=actor, at=at
        )
    for paper in IssuedDocument.objects.filter(
        kind=announcing.KIND, government=city.government
    ):
        paper.file.save(f"{paper.code}.pdf", ContentFile(b"%PDF-1.7"), save=False)
        paper.sha256, paper.rendered_at = sha256(b"%PDF-1.7").hexdigest(), at
        paper.save(update_fields=["file", "sha256", "rendered_at"])


def build_forwarding(city: City, taking: City) -> None:
    """A winner asked about, and one with a draft that `taking` knows nothing of."""
    at, actor = timezone.now(), city.people["secretariat"]
    services.accept_governments(
        round=taking.running,
        governments=[city.government],
        actor=taking.people["secretariat"],
        at=at,
    )
    award = Award.objects.get(pk=city.finished_award.pk)
    asked = services.ask_forwarding(
        award=award, destination="SINOVIK", actor=actor, at=at
    )
    sent = services.agree_forwarding(
        forwarding=services.ask_forwarding(
            award=award,
            round=taking.running,
            track=taking.running.track_set.get(code="umum"),
            actor=actor,
            at=at,
        ),
        actor=city.people["admin"],
        at=at,
    )
    packed = services.agree_forwarding(
        forwarding=services.ask_forwarding(
            award=award, destination="PKRI", actor=actor, at=at
        ),
        actor=city.people["admin"],
        at=at,
    )
    title = f"Inovasi {city.mark('judulterusan', *OWN)}"
    Proposal.objects.filter(pk=sent.proposal.pk).update(title=title)
    city.things |= {"sent_asked": asked, "sent_draft": sent, "sent_pack": packed}
