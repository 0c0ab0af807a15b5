"""What came after the closing, as it is shown and decided about."""

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from competitions.models import Round
from submissions.models import LateAdmission, LateText, Proposal


def late_texts_of(proposal: Proposal) -> list[LateText]:
    """What came after the closing for `proposal`, in the order in which it came."""
    texts = LateText.objects.filter(proposal=proposal)
    return list(texts.select_related("saved_by", "taken_by").order_by("first_at", "pk"))


def admission_of(proposal: Proposal) -> LateAdmission | None:
    """The decision that counted `proposal` although it came late, if there is one."""
    return LateAdmission.objects.filter(proposal=proposal).first()


def late_in(round: Round) -> QuerySet[Proposal]:
    """The proposals of `round` for which something came late, the newest first.

    Adds `late_count`, `late_at` (of the last) and `was_sent_late`.
    """
    texts = LateText.objects.filter(proposal=OuterRef("pk"))
    newest = texts.order_by("-saved_at", "-pk").values("saved_at")[:1]
    counted = texts.order_by().values("proposal").annotate(number=Count("pk"))
    return (
        Proposal.objects.filter(round=round)
        .filter(Exists(texts))
        .annotate(
            late_count=Subquery(counted.values("number")),
            late_at=Subquery(newest),
            was_sent_late=Exists(texts.filter(part=LateText.SENDING)),
        )
        .select_related("institution", "lateadmission")
        .defer("header")
        .order_by("-late_at", "pk")
    )
