"""Field verification: claims, what a juror finds of them, photos."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import ScoringStage
from core import audit
from core.background import enqueue
from core.errors import DomainError
from documents.files import let_go, stored_bytes
from documents.tasks import inspect_file
from documents.uploads import CheckedFile
from judging import queries, visiting
from judging import scoring as scoring_rules
from judging.models import (
    FieldVisit,
    ScoreSheet,
    VisitClaim,
    VisitFinding,
    VisitPhoto,
)
from judging.services import scoring
from judging.visiting import Found
from submissions.models import Proposal

MOST_CLAIMS = 40
MOST_PHOTOS = 30


class ClaimNotAdded(DomainError):
    """There are too many claims, or the result is sealed."""


class ClaimNotRemoved(DomainError):
    """Somebody has found something of it already, or the result is sealed."""


class PhotoNotTaken(DomainError):
    """There are as many photos as a sheet takes."""


@dataclass(frozen=True)
class VisitData:
    """What a juror wrote down on the spot; findings are by key of the claim."""

    visited_date: date | None
    place: str
    visitors: str
    findings: Mapping[str, Found]


def save_visit(
    *,
    sheet: ScoreSheet,
    data: VisitData,
    verdict: str,
    note: str,
    base_version: int,
    actor: User,
    at: datetime,
) -> ScoreSheet:
    """Write what was found, and the verdict, into a draft sheet of a gate.

    Claims not named stay as they are. Raises SheetLocked, or SheetConflict if
    `base_version` is no longer the sheet's.
    """
    with transaction.atomic():
        sheet = scoring.save_verdict(
            sheet=sheet,
            verdict=verdict,
            note=note,
            base_version=base_version,
            actor=actor,
            at=at,
        )
        is_new = _write_facts(sheet, data)
        is_new |= _write_findings(sheet, data.findings)
        if is_new and sheet.version == base_version:
            sheet.version += 1
            sheet.saved_at = at
            sheet.save(update_fields=["version", "saved_at"])
    return sheet


def finish_visit(
    *, sheet: ScoreSheet, base_version: int, actor: User, at: datetime
) -> ScoreSheet:
    """Declare the sheet of a gate finished; from then on it is locked.

    Raises SheetLocked, SheetConflict, or SheetIncomplete while a claim has no finding,
    or a verdict or an explanation is missing.
    Source: rules SCO-13 and SCO-23 in docs/rules.md.
    """
    with transaction.atomic():
        sheet = _writable(sheet, actor, at)
        findings = queries.findings_of(sheet)
        missing = scoring_rules.missing_at_gate(sheet) | visiting.missing_of(
            queries.claims_of(sheet), findings
        )
        if missing:
            raise scoring.SheetIncomplete(_("This sheet is not finished yet."), missing)
        return scoring.finalise_sheet(
            sheet=sheet, base_version=base_version, actor=actor, at=at
        )


def add_claims(
    *,
    sheet: ScoreSheet,
    claims: Sequence[tuple[str, str]],
    actor: User,
    at: datetime,
) -> list[VisitClaim]:
    """Let a juror look at more claims, for their own sheet; known ones are left out.

    `claims` are pairs of text and title of the section. Raises SheetLocked and
    ClaimNotAdded.
    """
    with transaction.atomic():
        sheet = _writable(sheet, actor, at)
        assignment = sheet.assignment
        return _add(
            claims,
            known=queries.claims_of(sheet),
            stage=assignment.scoring_stage,
            proposal=assignment.proposal,
            sheet=sheet,
            actor=actor,
            at=at,
        )


def add_claims_for_all(
    *,
    stage: ScoringStage,
    proposal: Proposal,
    claims: Sequence[tuple[str, str]],
    actor: User,
    at: datetime,
) -> list[VisitClaim]:
    """Ask every juror who visits `proposal` to look at these claims.

    `claims` are pairs of text and title of the section. Raises ClaimNotAdded.
    """
    with transaction.atomic():
        # Two who add together wait for one another, and for the seal.
        stage = (
            ScoringStage.objects.select_for_update(of=("self",))
            .select_related("round__competition__government")
            .get(pk=stage.pk)
        )
        if queries.sealed_result(stage.round):
            raise ClaimNotAdded(_("The result of this round is sealed."))
        known = VisitClaim.objects.for_all().filter(
            scoring_stage=stage, proposal=proposal
        )
        return _add(
            claims,
            known=list(known),
            stage=stage,
            proposal=proposal,
            sheet=None,
            actor=actor,
            at=at,
        )


def remove_claim(*, claim: VisitClaim, actor: User, at: datetime) -> None:
    """Take a claim out of which nobody has found anything.

    A juror their own, the secretariat those for all. Raises ClaimNotRemoved, and
    SheetLocked for a juror's own.
    """
    with transaction.atomic():
        stage = (
            ScoringStage.objects.select_for_update(of=("self",))
            .select_related("round__competition__government")
            .get(pk=claim.scoring_stage_id)
        )
        if claim.sheet is not None:
            _writable(claim.sheet, actor, at)
        if queries.sealed_result(stage.round):
            raise ClaimNotRemoved(_("The result of this round is sealed."))
        findings = VisitFinding.objects.filter(claim=claim)
        photos = VisitPhoto.objects.filter(claim=claim)
        if (not claim.is_own and findings.exists()) or photos.exists():
            raise ClaimNotRemoved(
                _("Something was found of this claim already. It stays.")
            )
        audit.record(
            "visit_claim.removed",
            actor=actor,
            target=claim,
            at=at,
            scope=stage.round.competition.government.code,
        )
        findings.delete()
        claim.delete()


def add_photos(
    *,
    sheet: ScoreSheet,
    uploads: Sequence[CheckedFile],
    claim: VisitClaim | None = None,
    actor: User,
    at: datetime,
) -> list[VisitPhoto]:
    """Keep pictures taken on the spot; one that is there already is left out.

    Raises SheetLocked, and PhotoNotTaken for more than a sheet takes.
    """
    with transaction.atomic():
        sheet = _writable(sheet, actor, at)
        known = set(
            VisitPhoto.objects.filter(sheet=sheet).values_list("sha256", flat=True)
        )
        new = {each.sha256: each for each in uploads if each.sha256 not in known}
        if len(known) + len(new) > MOST_PHOTOS:
            raise PhotoNotTaken(
                _("A sheet takes at most %(number)d photos. Remove some first.")
                % {"number": MOST_PHOTOS}
            )
        return [
            _keep(VisitPhoto(sheet=sheet, claim=claim), each, actor, at)
            for each in new.values()
        ]


def remove_photo(*, photo: VisitPhoto, actor: User, at: datetime) -> None:
    """Take a picture away. Raises SheetLocked."""
    with transaction.atomic():
        sheet = _writable(photo.sheet, actor, at)
        audit.record(
            "visit_photo.removed",
            actor=actor,
            target=photo,
            at=at,
            scope=sheet.assignment.scoring_stage.round.competition.government.code,
            changes={"sha256": photo.sha256},
        )
        let_go(photo.file.name or "", photo.key)
        photo.delete()


def _writable(sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """Lock the sheet, and ask what every save asks; nothing is written."""
    current = ScoreSheet.objects.select_for_update().get(pk=sheet.pk)
    return scoring.save_verdict(
        sheet=current,
        verdict=current.verdict,
        note=current.note,
        base_version=current.version,
        actor=actor,
        at=at,
    )


def _write_facts(sheet: ScoreSheet, data: VisitData) -> bool:
    """Store when, where and who; tell whether anything changed."""
    facts = {
        "visited_date": data.visited_date,
        "place": data.place,
        "visitors": data.visitors,
    }
    visit = FieldVisit.objects.filter(sheet=sheet).first() or FieldVisit(sheet=sheet)
    if all(getattr(visit, name) == value for name, value in facts.items()):
        return False
    for name, value in facts.items():
        setattr(visit, name, value)
    visit.save()
    return True


def _write_findings(sheet: ScoreSheet, findings: Mapping[str, Found]) -> bool:
    """Store what differs from the stored; tell whether anything did."""
    stored = {each.claim_id: each for each in VisitFinding.objects.filter(sheet=sheet)}
    is_new = False
    for claim in queries.claims_of(sheet):
        found = findings.get(claim.key)
        row = stored.get(claim.pk) or VisitFinding(sheet=sheet, claim=claim)
        if found is None or (row.outcome, row.note) == (found.outcome, found.note):
            continue
        row.outcome, row.note = found.outcome, found.note
        row.save()
        is_new = True
    return is_new


def _add(
    claims: Sequence[tuple[str, str]],
    *,
    known: Sequence[VisitClaim],
    stage: ScoringStage,
    proposal: Proposal,
    sheet: ScoreSheet | None,
    actor: User,
    at: datetime,
) -> list[VisitClaim]:
    taken = {each.text for each in known}
    new = {text: source for text, source in claims if text not in taken}
    if len(taken) + len(new) > MOST_CLAIMS:
        raise ClaimNotAdded(
            _("At most %(number)d claims are checked. Keep to what matters most.")
            % {"number": MOST_CLAIMS}
        )
    added = []
    for text, source in new.items():
        claim = VisitClaim.objects.create(
            key=secrets.token_hex(8),
            scoring_stage=stage,
            proposal=proposal,
            sheet=sheet,
            source=source[:200],
            text=text,
            added_by=actor,
            added_at=at,
        )
        audit.record(
            "visit_claim.added",
            actor=actor,
            target=claim,
            at=at,
            scope=stage.round.competition.government.code,
            changes={"proposal": proposal.code},
        )
        added.append(claim)
    return added


def _keep(
    photo: VisitPhoto, upload: CheckedFile, actor: User, at: datetime
) -> VisitPhoto:
    stage = photo.sheet.assignment.scoring_stage
    with stored_bytes(photo, upload, actor, at, shared=True):
        photo.save(force_insert=True)
        audit.record(
            "visit_photo.added",
            actor=actor,
            target=photo,
            at=at,
            scope=stage.round.competition.government.code,
            changes={"sha256": photo.sha256},
        )
    enqueue(inspect_file, photo.key)
    return photo
