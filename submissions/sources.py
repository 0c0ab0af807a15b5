"""What a proposal can start from: the last one of its innovation, of the same house."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Institution
from innovations.models import Innovation
from submissions.models import Evidence, Proposal, TakeOver


def known_innovations(institutions: Iterable[Institution]) -> QuerySet[Innovation]:
    """The innovations that any of `institutions` may propose again.

    Their own and those of the institutions they have succeeded, not what is retired.
    """
    listed = list(institutions)
    own = Q(institution__in=[each.pk for each in listed])
    for each in listed:
        own |= Q(
            institution__government=each.government_id,
            institution__path__startswith=each.line_path,
        )
    return (
        Innovation.objects.standing()
        .filter(own, retired_at=None)
        .select_related("institution")
        .order_by("title", "pk")
    )


def entry_in(innovation: Innovation, round_id: int) -> Proposal | None:
    """What `innovation` has entered in a round under any of its entries, if it has."""
    return (
        Proposal.objects.filter(
            round=round_id,
            innovation__in=Innovation.objects.family_of(innovation.pk),
        )
        .exclude(state=Proposal.State.WITHDRAWN)
        .first()
    )


def source_of(innovation: Innovation, institution: Institution) -> Proposal | None:
    """The last proposal of `innovation` that `institution` or a predecessor wrote.

    What a joint owner or anybody else wrote is not theirs to start from.
    """
    return (
        Proposal.objects.filter(
            Q(institution=institution.pk)
            | Q(
                institution__government=institution.government_id,
                institution__path__startswith=institution.line_path,
            ),
            innovation__in=Innovation.objects.family_of(innovation.pk),
        )
        .select_related("round", "form")
        .order_by("-round__year", "-round__edition", "-created_at", "-pk")
        .first()
    )


def files_to_take(proposal: Proposal, taken: TakeOver) -> list[Evidence]:
    """The files of the source that have a place in `proposal` and are not there yet."""
    there = {
        (code, sha256)
        for code, sha256 in Evidence.objects.filter(proposal=proposal).values_list(
            "section__code", "sha256"
        )
    }
    places = set(
        proposal.form.section_set.filter(
            Q(tracks=[]) | Q(tracks__contains=[proposal.track.code]),
            evidence_max_files__gt=0,
        ).values_list("code", flat=True)
    )
    return [
        each
        for each in Evidence.objects.filter(proposal=taken.source_id)
        .select_related("section")
        .order_by("section__order", "uploaded_at", "pk")
        if each.section.code in places and (each.section.code, each.sha256) not in there
    ]


def taken_from(proposal: Proposal, saved_at: datetime | None) -> str:
    """Where a part saved at `saved_at` came from, while nobody has changed it; or "".

    Reads the take-over that `for_page()` has loaded.
    """
    taken = getattr(proposal, "takeover", None)
    if taken is None or saved_at != taken.taken_at:
        return ""
    return str(taken.source.round)
