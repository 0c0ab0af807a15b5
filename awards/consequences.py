"""All that taking an award back changes, told before it is done.

Source: rule AWD-04 in docs/rules.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.utils.translation import gettext as _

from awards import prizes, queries, signals
from awards.models import Award, Forwarding
from competitions.models import Round
from core import numbers
from judging.models import ResultRow
from submissions.models import Proposal


@dataclass(frozen=True)
class Consequence:
    """One thing that changes: what it is, and what becomes of it."""

    label: str
    sentence: str


def of_revoking(
    award: Award, at: datetime, *, with_reason: bool = True
) -> list[Consequence]:
    """What changes if `award` is revoked now, the certificate first.

    Without `with_reason` the reason typed is not the one that others read.
    """
    round = award.row.result.round
    return [
        *_certificate(award),
        *_announcement(award, round, at, with_reason),
        *_prize(award),
        Consequence(
            _("Register of innovations"),
            _("The achievement %(award)s %(year)d is taken out.")
            % {"award": award.name, "year": round.year},
        ),
        *_above(award),
        *(_forwarding(each) for each in queries.open_forwardings_of(award)),
        *_people(round, at, with_reason),
    ]


def of_leaving(proposal: Proposal, at: datetime) -> list[Consequence]:
    """What changes if `proposal` is withdrawn or disqualified now: awards, papers.

    Source: rule AWD-17 in docs/rules.md.
    """
    found: list[Consequence] = []
    standing = Award.objects.standing().filter(row__proposal=proposal.pk)
    for award in standing.for_list():
        award.row.result.round = proposal.round
        found.append(
            Consequence(
                award.name,
                _(
                    "The award is revoked, with all below. Everybody reads that the "
                    "proposal takes part no more, not your reason."
                ),
            )
        )
        found += of_revoking(award, at, with_reason=False)
    found += (
        Consequence(
            paper.get_kind_display(),
            _(
                "Number %(number)s is revoked. Whoever scans it reads that the "
                "proposal takes part no more."
            )
            % {"number": paper.number},
        )
        for paper in queries.papers_of_taking_part(proposal)
    )
    return found


def next_in_line(award: Award) -> ResultRow | None:
    """Who came next after the ranks of the award's level; nobody moves up by itself."""
    level = award.level
    if not level.is_by_rank or award.rank is None:
        return None
    group = award.row.group_of(level.per)
    held = queries.awarded_rows(award.row.result.round)
    rows = award.row.result.resultrow_set.filter(rank__isnull=False, passes=True)
    for row in rows.order_by("position"):
        rank = row.ranks.get(level.per, row.rank)
        is_after = rank is not None and rank > award.rank
        if is_after and row.group_of(level.per) == group and row.pk not in held:
            return row
    return None


def _certificate(award: Award) -> Iterator[Consequence]:
    paper = queries.certificates_of([award]).get(award.subject_key)
    if paper is None or not paper.is_valid:
        yield Consequence(_("Certificate"), _("None is issued, and none will be."))
        return
    yield Consequence(
        _("Certificate"),
        _(
            "Number %(number)s is revoked. Whoever scans it reads that it was revoked, "
            "when and why."
        )
        % {"number": paper.number},
    )


def _announcement(
    award: Award, round: Round, at: datetime, with_reason: bool
) -> Iterator[Consequence]:
    decree = queries.decree_of(round)
    if decree and decree.is_published(at):
        said = (
            _("It stays there, marked as revoked, with the day and your reason.")
            if with_reason
            else _("It stays there, marked as revoked, with the day.")
        )
    else:
        said = (
            _("It will be named there among the revoked ones, with your reason.")
            if with_reason
            else _("It will be named there among the revoked ones.")
        )
    yield Consequence(_("Page of the winners"), said)
    if paper := queries.announcement_of(round):
        yield Consequence(
            _("Announcement"),
            _(
                "Number %(number)s is replaced by a new one, with a new number, that "
                "names the revocation."
            )
            % {"number": paper.number},
        )
    if decree:
        yield Consequence(
            _("Decree"),
            _(
                "Number %(number)s stays as it was signed. Prepare its amendment with "
                "the legal section."
            )
            % {"number": decree.number},
        )


def _prize(award: Award) -> Iterator[Consequence]:
    amount = prizes.amount_of(award.level.prize)
    if amount is None:
        return
    yield Consequence(
        _("List of prizes"),
        _("%(amount)s less; the row stays, marked as revoked.")
        % {"amount": numbers.rupiah(amount)},
    )


def _above(award: Award) -> Iterator[Consequence]:
    answers: list[tuple[str, str]] = []
    for _receiver, answer in signals.revocation_concerns.send(Award, award=award):
        answers += cast(list[tuple[str, str]], answer)
    yield from (Consequence(label, sentence) for label, sentence in answers)


def _forwarding(forwarding: Forwarding) -> Consequence:
    if forwarding.has_draft:
        sentence = _("The forwarding to %(place)s stops, and its draft is withdrawn.")
    elif forwarding.has_arrived:
        sentence = _(
            "The forwarding to %(place)s stops. The proposal is submitted there: its "
            "secretariat is told, and decides."
        )
    else:
        sentence = _("The forwarding to %(place)s stops.")
    return Consequence(_("Forwarding"), sentence % {"place": forwarding.place})


def _people(round: Round, at: datetime, with_reason: bool) -> Iterator[Consequence]:
    decree = queries.decree_of(round)
    if decree and decree.is_published(at):
        yield Consequence(
            _("The institution"),
            _("Its people are told by e-mail and in the portal, with your reason.")
            if with_reason
            else _("Its people are told by e-mail and in the portal."),
        )
    else:
        yield Consequence(
            _("The institution"),
            _("It is told nothing: the winners are not public yet."),
        )
