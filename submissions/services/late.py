"""What arrives after the closing: kept and marked, counted only by a decision.

Source: rule SUB-09 in docs/rules.md.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions as account_permissions
from accounts.models import User
from competitions.models import Category, Cluster, Section, Stage, Track
from competitions.phases import stage_of_kind
from competitions.services import create_announcement
from core import audit
from core.dates import as_local, format_datetime
from core.errors import DomainError
from submissions import notices
from submissions.dossier import HEADER_STEP
from submissions.models import Answer, LateAdmission, LateText, Proposal
from submissions.openings import opening_of
from submissions.services.drafting import HeaderDraft
from submissions.services.locking import locked, locked_for_writing
from submissions.services.submitting import enter_proposal
from submissions.services.versions import bring_up_to_date


class NothingLate(DomainError):
    """There is no late text at this place any more."""


class LateNotAdmissible(DomainError):
    """What came late cannot be counted as it is."""


def keep_late(
    *,
    proposal: Proposal,
    part: str,
    actor: User,
    at: datetime,
    text: str = "",
    html: str = "",
    values: Mapping[str, Any] | None = None,
) -> LateText | None:
    """Keep what was saved or sent after the closing; give None if it is not that.

    `part` is the key of a step, or LateText.SENDING. One row per place and person is
    kept up to date, its history has every version. What equals the standing text is no
    late text.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        window = opening_of(proposal)
        if not proposal.is_unsent or window is None or not window.is_over(at):
            return None
        waiting = LateText.objects.waiting().filter(proposal=proposal, part=part)
        late = waiting.filter(saved_by=actor).first()
        if late is None:
            if _stands_already(proposal, part, text, html):
                return None
            late = LateText(
                proposal=proposal, part=part, saved_by=actor, first_at=at, saved_at=at
            )
            is_new = True
        else:
            is_new = False
        late.text, late.html, late.values = text, html, dict(values or {})
        late.saved_at = at
        late.save()
        if is_new:
            _record("proposal.came_late", proposal, actor, at, changes={"part": part})
    return late


def _stands_already(proposal: Proposal, part: str, text: str, html: str) -> bool:
    if part in (HEADER_STEP, LateText.SENDING):
        return False
    standing = Answer.objects.filter(proposal=proposal, section__code=part).first()
    if standing is None:
        return not text
    return text == standing.text and html in (standing.html, "")


def values_of(draft: HeaderDraft) -> dict[str, Any]:
    """The general data of a late page as plain values, for `LateText.values`."""
    return {
        "title": draft.title,
        "track": draft.track.pk,
        "category": draft.category.pk if draft.category else None,
        "cluster": draft.cluster.pk if draft.cluster else None,
        "values": dict(draft.values),
    }


def take_late(*, proposal: Proposal, part: str, actor: User, at: datetime) -> LateText:
    """Put the newest late text of one part into a proposal that is open once more.

    Raises NotWritable and NothingLate.
    """
    with transaction.atomic():
        proposal = locked_for_writing(proposal, at)
        late = (
            LateText.objects.waiting()
            .filter(proposal=proposal, part=part)
            .order_by("-saved_at", "-pk")
            .first()
        )
        if late is None or late.is_sending:
            raise NothingLate(_("This late text was taken over already."))
        _put(proposal, late, at)
        _settle(LateText.objects.filter(proposal=proposal, part=part), actor, at)
        proposal.save(update_fields=["last_saved_at"])
        _record("proposal.late_taken", proposal, actor, at, changes={"part": part})
    return late


def admit_late(
    *, proposal: Proposal, reason: str, actor: User, at: datetime
) -> Proposal:
    """Count a proposal that was sent after the closing, with what was typed until then.

    The reason is announced to the public. It is submitted in the name of who sent it,
    at the time of this decision. Raises LateNotAdmissible, and ProposalIncomplete.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        sending = sending_of(proposal)
        if sending is None:
            raise LateNotAdmissible(
                _(
                    "Nobody who may submit this proposal has sent it. Give its "
                    "institution more time instead."
                )
            )
        _refuse_too_late(proposal, at)
        if proposal.is_editable:
            bring_up_to_date(proposal, at)
            _take_all(proposal, sending.saved_at, actor, at)
        LateAdmission.objects.create(
            proposal=proposal,
            reason=reason,
            arrived_at=sending.first_at,
            decided_by=actor,
            decided_at=at,
        )
        _settle(LateText.objects.filter(pk=sending.pk), actor, at)
        proposal = enter_proposal(proposal, sending.saved_by, at)
        announcement = _announce(proposal, sending, reason, actor, at)
        _record(
            "proposal.late_admitted",
            proposal,
            actor,
            at,
            reason=reason,
            changes={
                "arrived_at": sending.first_at.isoformat(),
                "announcement": announcement,
            },
        )
        notices.proposal_late_admitted(proposal, reason=reason, at=at)
    return proposal


def sending_of(proposal: Proposal) -> LateText | None:
    """The first late press by somebody whose press would have submitted `proposal`."""
    if not proposal.is_unsent:
        return None
    presses = (
        LateText.objects.waiting()
        .filter(proposal=proposal, part=LateText.SENDING)
        .select_related("saved_by")
        .order_by("first_at", "pk")
    )
    return next(
        (
            press
            for press in presses
            if not proposal.round.endorsement_required
            or account_permissions.administers(press.saved_by, proposal.institution)
        ),
        None,
    )


def _refuse_too_late(proposal: Proposal, at: datetime) -> None:
    window = opening_of(proposal)
    if window is None or not window.is_over(at):
        raise LateNotAdmissible(
            _("Submission is open for this institution: it can send by itself.")
        )
    stages = list(Stage.objects.filter(round=proposal.round_id))
    scoring = stage_of_kind(stages, Stage.Kind.SCORING)
    if scoring and at >= scoring.opens_at:
        raise LateNotAdmissible(
            _("The jury has begun. Nothing that came late can be counted any more.")
        )


def _take_all(proposal: Proposal, until: datetime, actor: User, at: datetime) -> None:
    """Put the newest late text of each part that was there when it was sent."""
    waiting = LateText.objects.waiting().filter(proposal=proposal, saved_at__lte=until)
    newest: dict[str, LateText] = {}
    for late in waiting.exclude(part=LateText.SENDING).order_by("saved_at", "pk"):
        newest[late.part] = late
    for late in newest.values():
        _put(proposal, late, at)
    proposal.save(update_fields=["last_saved_at"])
    _settle(waiting.exclude(part=LateText.SENDING), actor, at)


def _put(proposal: Proposal, late: LateText, at: datetime) -> None:
    """Write one late text where it belongs, as of who typed it."""
    proposal.last_saved_at = at
    if late.part == HEADER_STEP:
        _put_header(proposal, late, at)
        return
    section = Section.objects.filter(form=proposal.form_id, code=late.part).first()
    if section is None:
        raise LateNotAdmissible(
            _("The form does not ask for this part any more: %(part)s.")
            % {"part": late.part}
        )
    answer = Answer.objects.filter(proposal=proposal, section=section).first()
    if answer is None:
        answer = Answer(proposal=proposal, section=section, version=0)
    answer.text, answer.html = late.text, late.html
    answer.version += 1
    answer.saved_by, answer.saved_at = late.saved_by, at
    answer.save()


def _put_header(proposal: Proposal, late: LateText, at: datetime) -> None:
    kept = late.values
    own = {"round": proposal.round_id}
    proposal.title = kept["title"]
    proposal.track = Track.objects.get(pk=kept["track"], **own)
    proposal.category = Category.objects.filter(pk=kept["category"], **own).first()
    proposal.cluster = Cluster.objects.filter(pk=kept["cluster"], **own).first()
    proposal.header = {**proposal.header, **kept["values"]}
    proposal.header_version += 1
    proposal.header_saved_by, proposal.header_saved_at = late.saved_by, at
    proposal.save(
        update_fields=[
            "title",
            "track",
            "category",
            "cluster",
            "header",
            "header_version",
            "header_saved_by",
            "header_saved_at",
        ]
    )


def _settle(rows: Iterable[LateText], actor: User, at: datetime) -> None:
    for late in rows:
        if late.taken_at is None:
            late.taken_by, late.taken_at = actor, at
            late.save(update_fields=["taken_by", "taken_at"])


def _announce(
    proposal: Proposal, sending: LateText, reason: str, actor: User, at: datetime
) -> str:
    """Tell the public that a late proposal counts, and why; give the notice's slug."""
    zone = proposal.round.zone
    announcement = create_announcement(
        round=proposal.round,
        number="",
        issued_date=as_local(at, zone).date(),
        title=_("A proposal that came late is counted: %(institution)s")
        % {"institution": proposal.institution.short_name},
        body=_(
            "A proposal of %(institution)s arrived on %(moment)s, after submission had "
            "closed. The secretariat has decided to count it. Reason: %(reason)s"
        )
        % {
            "institution": proposal.institution.name,
            "moment": format_datetime(sending.first_at, "seconds", zone),
            "reason": reason,
        },
        publish_at=at,
        actor=actor,
        at=at,
    )
    return announcement.slug


def _record(
    action: str,
    proposal: Proposal,
    actor: User,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        action,
        actor=actor,
        target=proposal,
        at=at,
        scope=proposal.scope,
        reason=reason,
        changes=changes,
    )
