"""What people of the test world ask about their data, and who looked at them."""

from datetime import timedelta

from django.utils import timezone

from accounts import employee_numbers
from accounts.models import DataRequest
from tests.factories.privacy import (
    AccessEntryFactory,
    DataRequestFactory,
    ready_export,
)
from tests.project.city import RUNNERS, City, Marker


def build_privacy(city: City, size: int) -> None:
    """Let the author ask, order a copy and be looked at; others ask too."""
    now = timezone.now()
    author = city.people["author"]
    city.things["data_request"] = _ask(city, "author", DataRequest.Kind.CORRECTION)
    _give_numbers(city)
    city.things["export"] = ready_export(
        user=author, content=b"salinan", at=now - timedelta(days=1)
    )
    for name in ["admin_above", "author_other", "admin"][: 1 if size == 1 else 3]:
        _ask(city, name, DataRequest.Kind.OTHER)
    looked = city.mark("dilihat", "author")
    for _number in range(size):
        AccessEntryFactory(
            at=now,
            actor=city.people["secretariat"],
            actor_label="Sekretariat",
            subjects=[author.pk],
            what=looked,
        )


def _give_numbers(city: City) -> None:
    """Numbers hold the date of birth: only those who run things see them in full."""
    author, last = city.people["author"], 2 if city.suffix else 1
    author.employee_number = f"198706052010011{last:03}"
    author.save(update_fields=["employee_number"])
    _mark_number(city, author.employee_number, "author", "admin", "admin_above")
    signatory = city.government.signatory_set.get(is_default=True)
    signatory.employee_number = f"196504031990032{last:03}"
    signatory.save(update_fields=["employee_number"])
    _mark_number(city, signatory.employee_number)


def _mark_number(city: City, number: str, *seen_by: str) -> None:
    for text in (number, employee_numbers.printed(number)):
        city.mark_text(text, *seen_by, *RUNNERS)
        _show_to_system_admin(city)


def _show_to_system_admin(city: City) -> None:
    """System admins answer for every government, and mend its data."""
    marker = city.markers.pop()
    seen_by = marker.seen_by | {"system_admin"}
    city.markers.append(Marker(marker.word, seen_by))


def _ask(city: City, name: str, kind: str) -> DataRequest:
    word = city.mark(f"permintaan{name.replace('_', '')}", name, *RUNNERS)
    _show_to_system_admin(city)
    return DataRequestFactory(
        user=city.people[name],
        kind=kind,
        text=word,
        created_at=timezone.now() - timedelta(hours=1),
        governments=[city.government],
    )
