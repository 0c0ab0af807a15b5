"""The decree: how its draft is worded, its number and date, the signed paper."""

from contextlib import ExitStack
from dataclasses import asdict
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from awards import queries, signals
from awards.decrees import Wording
from awards.models import Award, Decree, DecreeScan, DecreeText
from awards.services.giving import locked_round
from competitions.models import Round
from core import audit
from core.errors import DomainError
from documents.files import stored_bytes
from documents.uploads import CheckedFile
from innovations.services import record_achievement


class DecreeNotRecorded(DomainError):
    """There is no award to decree, or the winners are public already."""


class WordingStale(DomainError):
    """Somebody worded the decree anew after the page was opened."""


class ScanNotKept(DomainError):
    """There is no decree that it could be the paper of."""


def record_decree(
    *,
    round: Round,
    number: str,
    decree_date: date,
    publish_at: datetime,
    actor: User,
    at: datetime,
) -> Decree:
    """Record the decree that fixes the winners, and when the public hears of it.

    May be corrected until then. Raises DecreeNotRecorded without awards, or once the
    winners are public.
    Source: rule AWD-02 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        if not Award.objects.of_round(round).standing().exists():
            raise DecreeNotRecorded(_("Give the awards first."))
        decree = queries.decree_of(round)
        if decree and decree.is_published(at):
            raise DecreeNotRecorded(
                _("The winners are public already; the decree stands.")
            )
        decree = decree or Decree(round=round)
        decree.number, decree.decree_date = number, decree_date
        decree.publish_at = publish_at
        decree.recorded_by, decree.recorded_at = actor, at
        decree.save()
        audit.record(
            "decree.recorded",
            actor=actor,
            target=decree,
            at=at,
            scope=round.competition.government.code,
            changes={
                "number": number,
                "decree_date": decree_date,
                "publish_at": publish_at,
            },
        )
        _note_achievements(round, decree, at)
        signals.decree_recorded.send(Decree, decree=decree, actor=actor, at=at)
    return decree


def _note_achievements(round: Round, decree: Decree, at: datetime) -> None:
    """Enter the winners into the register of innovations, known once they are public.

    Source: rule REQ-05 in docs/rules.md.
    """
    awards = Award.objects.of_round(round).standing()
    for award in awards.select_related("level", "row__proposal__innovation"):
        record_achievement(
            innovation=award.row.proposal.innovation,
            level=award.level.name,
            competition=round.name,
            year=round.year,
            public_from=decree.publish_at,
            source_key=award.subject_key,
            at=at,
        )


def word_decree(
    *,
    round: Round,
    wording: Wording,
    base_version: int,
    actor: User,
    at: datetime,
) -> DecreeText:
    """Keep how the draft of the decree is worded, and give the text as it stands.

    `base_version` is the version the page was made from, 0 for none. Raises
    WordingStale for a page that is not the newest. Source: rule AWD-09 in
    docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        text = DecreeText.objects.filter(round=round).first()
        if (text.version if text else 0) != base_version:
            raise WordingStale(
                _(
                    "Somebody saved another wording after you opened this page. Yours "
                    "stands below: compare, and save again."
                )
            )
        text = text or DecreeText(round=round, version=0)
        for name, value in asdict(wording).items():
            setattr(text, name, value)
        text.version += 1
        text.edited_by, text.edited_at = actor, at
        text.save()
        audit.record(
            "decree.worded",
            actor=actor,
            target=text,
            at=at,
            scope=round.competition.government.code,
        )
    return text


def keep_scan(
    *, round: Round, upload: CheckedFile, is_public: bool, actor: User, at: datetime
) -> DecreeScan:
    """Keep the signed decree; another one takes the place of what was there.

    Raises ScanNotKept while no decree is recorded. Source: rule AWD-10 in
    docs/rules.md.
    """
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        round = locked_round(round)
        decree = queries.decree_of(round)
        if decree is None:
            raise ScanNotKept(_("Record number and date of the decree first."))
        if old := queries.scan_of(decree):
            _discard(old)
        scan = DecreeScan(decree=decree, is_public=is_public)
        stack.enter_context(stored_bytes(scan, upload, actor, at))
        scan.save(force_insert=True)
        _note_scan("decree.scan_kept", scan, round, actor, at)
    return scan


def show_scan(
    *, round: Round, is_public: bool, actor: User, at: datetime
) -> DecreeScan | None:
    """Offer the signed decree to the public with the winners, or no longer."""
    with transaction.atomic():
        round = locked_round(round)
        decree = queries.decree_of(round)
        scan = queries.scan_of(decree) if decree else None
        if scan is None or scan.is_public == is_public:
            return scan
        scan.is_public = is_public
        scan.save(update_fields=["is_public"])
        _note_scan("decree.scan_shown", scan, round, actor, at)
    return scan


def _discard(scan: DecreeScan) -> None:
    delete = partial(scan.file.storage.delete, scan.file.name or "")
    transaction.on_commit(delete, robust=True)
    scan.delete()


def _note_scan(
    action: str, scan: DecreeScan, round: Round, actor: User, at: datetime
) -> None:
    audit.record(
        action,
        actor=actor,
        target=scan,
        at=at,
        scope=round.competition.government.code,
        changes={"sha256": scan.sha256, "is_public": scan.is_public},
    )
