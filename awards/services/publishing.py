"""The announcement as an issued paper."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from awards import announcing, queries
from awards.models import Award
from awards.services.giving import locked_round
from competitions.models import Round
from core import audit
from core.errors import DomainError
from documents import rendering
from documents import services as documents_services
from documents.models import IssuedDocument


class AnnouncementNotIssued(DomainError):
    """Decree or signatory are missing, no award stands, or the number is taken."""


def issue_announcement(
    *, round: Round, number: str, actor: User, at: datetime
) -> IssuedDocument:
    """Issue the announcement of the winners, or replace one that says less.

    `number` is the registry's, or empty for the next one. What the paper says is what
    stands now; one that says the same is given as it is. Nobody outside gets it before
    the winners are public. Raises AnnouncementNotIssued.
    Source: rule AWD-11 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        values = _values(round, at)
        paper = queries.announcement_of(round)
        if paper is not None and paper.values == values:
            return paper
        try:
            # A number that is taken undoes only this.
            with transaction.atomic():
                if paper is not None:
                    reason = _("The list of winners changed.")
                    return _replaced(paper, values, reason, actor, at, number)
                return _issued(round, values, number, actor, at)
        except documents_services.NumberTaken as refusal:
            raise AnnouncementNotIssued(refusal.message) from refusal


def refresh_announcement(
    *, round: Round, reason: str, actor: User, at: datetime
) -> IssuedDocument | None:
    """Replace an announcement that was issued by one that says what stands now.

    Gives None where there is none to replace, or nobody any more who would sign.
    """
    with transaction.atomic():
        paper = queries.announcement_of(round)
        if paper is None:
            return None
        try:
            values = _values(round, at)
        except AnnouncementNotIssued:
            documents_services.revoke_document(
                document=paper, actor=actor, reason=reason, at=at
            )
            return None
        if paper.values == values:
            return paper
        return _replaced(paper, values, reason, actor, at)


def _values(round: Round, at: datetime) -> dict[str, object]:
    decree = queries.decree_of(round)
    if decree is None:
        raise AnnouncementNotIssued(_("Record the decree first."))
    signatory = queries.signatory_of(round)
    if signatory is None:
        raise AnnouncementNotIssued(
            _("No signatory is set for %(government)s.")
            % {"government": round.competition.government}
        )
    awards = list(Award.objects.of_round(round).for_list())
    if not awards:
        raise AnnouncementNotIssued(_("Give the awards first."))
    paper = queries.announcement_of(round)
    # What was announced keeps its day, so that the same winners are the same paper.
    government = round.competition.government
    day = paper.issued_date if paper else government.day_of(at)
    with rendering.as_printed(government):  # whatever language the actor works in
        return announcing.values_of(
            round, decree=decree, awards=awards, signatory=signatory, day=day
        )


def _issued(
    round: Round, values: dict[str, object], number: str, actor: User, at: datetime
) -> IssuedDocument:
    with rendering.as_printed(round.competition.government):
        title = announcing.title_of(round)[:200]
    document = documents_services.issue_document(
        government=round.competition.government,
        kind=announcing.KIND,
        subject_key=announcing.subject_key(round),
        title=title,
        template=announcing.TEMPLATE,
        values=values,
        issued_date=round.competition.government.day_of(at),
        at=at,
        number=number,
        number_pattern=announcing.NUMBER_PATTERN,
        is_public=True,
        actor=actor,
    )
    audit.record(
        "winners_announcement.issued",
        actor=actor,
        target=round,
        at=at,
        scope=round.competition.government.code,
        changes={"number": document.number},
    )
    return document


def _replaced(
    paper: IssuedDocument,
    values: dict[str, object],
    reason: str,
    actor: User,
    at: datetime,
    number: str = "",
) -> IssuedDocument:
    document = documents_services.replace_document(
        document=paper,
        values=values,
        actor=actor,
        reason=reason,
        at=at,
        issued_date=paper.issued_date,
        number=number,
        number_pattern=announcing.NUMBER_PATTERN,
    )
    audit.record(
        "winners_announcement.replaced",
        actor=actor,
        target=paper,
        at=at,
        scope=paper.government.code,
        reason=reason,
        changes={"number": [paper.number, document.number]},
    )
    return document
