"""What was ever saved as the answer of one section: by whom, when, and which texts.

Autosave makes a version of every pause. Saves by one person that follow each other
within minutes are one sitting, and the list shows its last version.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Window,
)
from django.db.models.functions import Lead, RowNumber

from core.rich_text import RichText
from submissions.models import Answer, Proposal

SITTING = timedelta(minutes=10)
KEPT = "conflict"
_Event: Any = Answer._meta.get_field("events").related_model  # made by pghistory


@dataclass(frozen=True)
class Version:
    """One saved text of a section; `name` is its address within the section."""

    event: Any

    @property
    def name(self) -> str:
        number: int = self.event.version
        return f"{number}-{self.event.place}" if self.is_kept else str(number)

    @property
    def is_kept(self) -> bool:
        """Whether it never stood: somebody else had saved meanwhile."""
        return bool(self.event.pgh_label == KEPT)

    @property
    def content(self) -> RichText:
        return RichText(self.event.text, self.event.html)


def versions_of(proposal: Proposal, section: str) -> QuerySet[Any]:
    """All versions of the answer to the section of this code, newest first.

    Each has `place` among the kept texts of its version. That a draft moved to a newer
    form is no version.
    """
    events = _Event.objects.filter(proposal=proposal, section__code=section)
    same = events.filter(pgh_obj=OuterRef("pgh_obj"), version=OuterRef("version"))
    moved = same.filter(pgh_id__lt=OuterRef("pgh_id")).exclude(pgh_label=KEPT)
    places = Window(
        RowNumber(), partition_by=["version", "pgh_label"], order_by="pgh_id"
    )
    found: QuerySet[Any] = (
        events.filter(Q(pgh_label=KEPT) | ~Exists(moved))
        .annotate(place=places)
        .select_related("saved_by")
        .order_by("-pgh_id")
    )
    return found


def sittings_of(proposal: Proposal, section: str) -> QuerySet[Any]:
    """The last version of each sitting, newest first, and every kept text."""
    kept = Q(pgh_label=KEPT)
    found: QuerySet[Any] = (
        versions_of(proposal, section)
        .annotate(next_by=_of_the_next("saved_by_id"), next_at=_of_the_next("saved_at"))
        .filter(
            kept
            | Q(next_by=None)
            | ~Q(next_by=F("saved_by_id"))
            | Q(next_at__gt=F("saved_at") + SITTING)
        )
    )
    return found


def _of_the_next(field: str) -> Window:
    """The field of the version that followed, kept texts aside."""
    is_kept = ExpressionWrapper(Q(pgh_label=KEPT), BooleanField())
    return Window(Lead(field), partition_by=[is_kept], order_by="pgh_id")


def find_version(proposal: Proposal, section: str, name: str) -> Version | None:
    """The version of this name, if there is one."""
    number, dash, place = name.partition("-")
    if not all(each.isascii() and each.isdigit() for each in (number, place or "1")):
        return None
    if max(len(number), len(place)) > len("999999999"):
        return None
    found = versions_of(proposal, section).filter(version=int(number))
    if dash:
        found = found.filter(pgh_label=KEPT, place=int(place or 0))
    else:
        found = found.exclude(pgh_label=KEPT)
    event = found.first()
    return Version(event) if event else None
