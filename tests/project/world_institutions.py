"""What happened to the institutions of a city: renamed, merged, ended, imported."""

from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image

from accounts import institution_table, services
from submissions.models import ProposalState
from tests.factories.accounts import InstitutionFactory, SignatoryFactory
from tests.project import world_rounds
from tests.project.city import IMPARTIAL, OWN, RUNNERS, City

FAULTY = b"kode,jenis,nama,nama_singkat\nBARU,opd,Dinas %s,Baru\nRUSAK,apa,Rusak,R\n"
SOUND = b"kode,jenis,nama,nama_singkat\nBARU,opd,Dinas %s,Baru\n"


def emblem(colour: str = "navy", side: int = 200) -> bytes:
    out = BytesIO()
    Image.new("RGBA", (side, side), colour).save(out, "PNG")
    return out.getvalue()


def build_history(city: City, size: int) -> None:
    """Give the city a past: after the rounds, whose proposals a successor inherits."""
    at, today = timezone.now(), timezone.localdate()
    old = InstitutionFactory(government=city.government, code="PENDAHULU")
    city.things["predecessor"] = old
    city.things["inherited"] = world_rounds._proposal(
        city, "waris", city.running, old, ProposalState.DRAFT, (*OWN, IMPARTIAL)
    )
    services.merge_institutions(
        predecessors=[old],
        successor=city.own,
        first_day=today,
        memberships=[],
        reason="Perangkat daerah baru",
        actor=None,
        at=at,
    )
    for number in range(size):
        _build_ended(city, number)
    secretary = city.people["secretariat"]
    for name, content in (("faulty_import", FAULTY), ("sound_import", SOUND)):
        word = city.mark(name.replace("_", ""), *RUNNERS)
        city.things[name] = services.check_import(
            government=city.government,
            file_name="instansi.csv",
            table=institution_table.read_table("d.csv", content % word.encode()),
            actor=secretary,
            at=at,
        )
    services.set_emblem(
        government=city.government, content=emblem(), actor=secretary, at=at
    )
    city.things["signatory"] = city.government.signatory_set.get(is_default=True)
    for _number in range(size - 1):
        SignatoryFactory(government=city.government, is_default=False)


def _build_ended(city: City, number: int) -> None:
    """An institution that was renamed, then ended."""
    institution = InstitutionFactory(
        government=city.government,
        code=f"BUBAR-{number}",
        name=f"Dinas {city.mark(f'dahulu{number}', *RUNNERS)}",
    )
    city.things.setdefault("ended", institution)
    renamed = services.rename_institution(
        institution=institution,
        name=f"Dinas Terakhir {number}",
        short_name="Terakhir",
        from_day=timezone.localdate() - timedelta(days=10),
        reason="Peraturan baru",
        actor=None,
        at=timezone.now(),
    )
    services.end_institution(
        institution=renamed,
        last_day=timezone.localdate() - timedelta(days=1),
        lifts_children=False,
        reason="Dibubarkan",
        actor=None,
        at=timezone.now(),
    )
