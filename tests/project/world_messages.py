"""What the secretariat of a city of `world` writes to many, and in its own words."""

from types import SimpleNamespace

from django.utils import timezone

from monitoring import services
from notifications.models import MessageTemplate
from tests.factories.monitoring import BroadcastFactory
from tests.project.city import DAY, IMPARTIAL, RUNNERS, City


def build_writing(city: City, size: int) -> None:
    """Broadcasts to everybody and to a group of a round, a test, and own words."""

    def broadcast(word: str, *who: str, **fields: object) -> object:
        return BroadcastFactory(
            **{
                "government": city.government,
                "subject": city.mark(word, *who),
                "written_by": city.people["secretariat"],
            }
            | fields
        )

    for _number in range(size):
        city.things |= {
            "broadcast": broadcast("siaranumum", *RUNNERS),
            "broadcast_drafts": broadcast(
                "siarandraf", IMPARTIAL, group="drafts", round=city.running
            ),
        }
    told = broadcast("siaranterbaca", "author", *RUNNERS)
    services.try_broadcast(
        broadcast=told, actor=city.people["author"], at=timezone.now() - DAY
    )
    city.things |= {
        "broadcast_told": told,
        "kind": SimpleNamespace(
            worded="proposal.submitted", fixed="account.password_changed"
        ),
    }
    MessageTemplate.objects.create(
        scope=city.government.code,
        kind="proposal.submitted",
        subject=city.mark("katasendiri", *RUNNERS),
        body="Halo {nama}.",
        changed_by=city.people["secretariat"],
        changed_at=timezone.now(),
    )
