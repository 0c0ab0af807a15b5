"""Titles and texts that are like others: a hint, never a verdict.

PostgreSQL compares the groups of three letters that two texts have in common. Authors
are shown their own institution's proposals of all years and what is public, the
secretariat all that was submitted to its government.

Source: rule SUB-10 in docs/rules.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django.contrib.postgres.search import TrigramDistance, TrigramSimilarity
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from accounts.models import Government, User
from submissions.dossier import Dossier
from submissions.models import Gist, Proposal
from submissions.signals import public_titles

# Of all letter groups, those in common; below it people see no likeness any more.
TITLE_LIMIT = 0.35
TEXT_LIMIT = 0.5
NAME_SHARE = 0.9
LONG_WORD = 8
MOST = 5
# So many texts of the whole portal are weighed, the nearest first.
WEIGHED = 10


@dataclass(frozen=True)
class Likeness:
    """Something that is like a proposal; `share` of 0 to 1 says how much.

    `is_public` is an entry of the catalogue, all else a proposal that the person may
    read. `innovation` is the id in the register, to go on from there.
    """

    title: str
    year: int
    institution: str
    url: str
    share: float
    innovation: int
    is_public: bool = False
    by_text: bool = False

    @property
    def percent(self) -> int:
        return round(self.share * 100)


def gist_of(text: str) -> str:
    """The beginning of a text as it is compared: small letters, single blanks."""
    return " ".join(text.split()).lower()[: Gist.COMPARED]


def first_text(dossier: Dossier) -> str:
    """The first answered section, by which proposals are compared."""
    return next((part.text for part in dossier.sections if part.is_answered), "")


def like_own(
    *,
    title: str,
    government: Government,
    user: User,
    at: datetime,
    text: str = "",
    without: Proposal | None = None,
) -> list[Likeness]:
    """What an author is shown: proposals of their institutions, and public entries.

    `text` is how the proposal begins, if that is compared too; `without` is the
    proposal itself. Drafts of others and what is not public yet are never told.
    """
    own = Proposal.objects.of_institutions_of(user)
    found = [
        *_by_title(_others(own, government, without), title),
        *_public(title, at),
    ]
    if gist := gist_of(text):
        found += _by_text(_others(own, government, without), gist)
    return _best(found)


def like_submitted(
    *, proposal: Proposal, text: str, most: int = MOST
) -> list[Likeness]:
    """What the secretariat is shown: all that was submitted to its government.

    `text` is how the proposal begins; see `first_text`. It costs two queries.
    """
    government = proposal.round.competition.government
    entered = _others(Proposal.objects.entered(), government, proposal)
    found = _by_title(entered, proposal.title)
    if gist := gist_of(text):
        found += _by_text(entered, gist)
    return _best(found, most)


def _others(
    proposals: QuerySet[Proposal], government: Government, without: Proposal | None
) -> QuerySet[Proposal]:
    proposals = proposals.filter(round__competition__government=government)
    # Of the same innovation it is no news that it is alike: the register leads there.
    return proposals.exclude(innovation=without.innovation_id) if without else proposals


def _by_title(proposals: QuerySet[Proposal], title: str) -> list[Likeness]:
    if not title.strip():
        return []
    rows = proposals.filter(alike_title(title)).annotate(share=share_of_title(title))
    return [_of(row) for row in _closest(rows, TITLE_LIMIT)]


def alike_title(title: str) -> Q:
    """A condition on `title`, for an index: like this one, or holding its name."""
    like = Q(title__trigram_similar=title)
    held = _held(title)
    return like | held if held else like


def share_of_title(title: str) -> Combinable:
    """How like `title` is, 0 to 1; what holds its name is so for the most part."""
    whole = TrigramSimilarity("title", title)
    held = _held(title)
    if held is None:
        return whole
    part = Case(When(held, then=Value(NAME_SHARE)), default=Value(0.0))
    return Greatest(whole, part)


def _held(title: str) -> Q | None:
    """Whether the name in `title` stands in another, word by word."""
    name = _name_in(title)
    return Q(title__iregex=re.escape(name)) if name else None


def _name_in(title: str) -> str:
    """What stands before the colon, as in "Pulang Bawa Akta: dokumen bayi terbit".

    One short word is no name: it stands in many titles.
    """
    name = title.partition(":")[0].strip()
    return name if " " in name or len(name) >= LONG_WORD else ""


def _by_text(proposals: QuerySet[Proposal], gist: str) -> list[Likeness]:
    nearest = Gist.objects.order_by(TrigramDistance("text", gist)).values("pk")
    rows = proposals.filter(gist__in=nearest[:WEIGHED]).annotate(
        share=TrigramSimilarity("gist__text", gist)
    )
    return [replace(_of(row), by_text=True) for row in _closest(rows, TEXT_LIMIT)]


def _closest(rows: QuerySet[Proposal, Any], limit: float) -> QuerySet[Proposal, Any]:
    """Keep the likest; `rows` have their `share`."""
    return (
        rows.filter(share__gte=limit)  # type: ignore[misc]  # annotated
        .select_related("round", "institution")
        .only("code", "title", "innovation", "round__year", "institution__short_name")
        .order_by("-share", "-pk")[:MOST]
    )


def _of(proposal: Proposal) -> Likeness:
    return Likeness(
        title=proposal.title,
        year=proposal.round.year,
        institution=proposal.institution.short_name,
        url=proposal.get_absolute_url(),
        share=proposal.share,  # type: ignore[attr-defined]  # annotated
        innovation=proposal.innovation_id,
    )


def _public(title: str, at: datetime) -> list[Likeness]:
    if not title.strip():
        return []
    found: list[Mapping[str, Any]] = []
    for _who, answer in public_titles.send(Proposal, title=title, at=at):
        found += cast(list[Mapping[str, Any]], answer)
    return [
        Likeness(**each, is_public=True)
        for each in found
        if each["share"] >= TITLE_LIMIT
    ]


def _best(found: Iterable[Likeness], most: int = MOST) -> list[Likeness]:
    """The likest of each innovation, those a person may read before public copies."""
    best: dict[int, Likeness] = {}
    for each in sorted(found, key=lambda like: (like.is_public, -like.share)):
        best.setdefault(each.innovation, each)
    return sorted(best.values(), key=lambda like: -like.share)[:most]
