"""Proposing an innovation again: the new draft starts from what was written last."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from competitions.models import HeaderField, Section
from core import audit
from documents import files
from submissions import sources
from submissions.models import Answer, Evidence, Proposal, TakeOver
from submissions.services.locking import locked_for_writing


def take_over(
    *, proposal: Proposal, source: Proposal, actor: User, at: datetime
) -> TakeOver:
    """Fill a new draft with what `source` says where codes match.

    Values of fields of the same code and kind, the category of the same code, and the
    answers of sections of the same code with their formats. Letters and statements are
    signed anew, and files are ticked by hand. Source: rule INN-07 in docs/rules.md.
    """
    with transaction.atomic():
        _take_header(proposal, source)
        wanted = {
            section.code: section
            for section in Section.objects.filter(form=proposal.form_id)
            if section.is_for(proposal.track.code)
        }
        Answer.objects.bulk_create(
            Answer(
                proposal=proposal,
                section=wanted[answer.section.code],
                text=answer.text,
                html=answer.html,
                saved_by=actor,
                saved_at=at,
            )
            for answer in Answer.objects.filter(
                proposal=source, section__code__in=wanted, text__regex=r"\S"
            ).select_related("section")
        )
        taken = TakeOver.objects.create(proposal=proposal, source=source, taken_at=at)
        audit.record(
            "proposal.taken_over",
            actor=actor,
            target=proposal,
            at=at,
            scope=proposal.scope,
            changes={"from": source.code},
        )
    return taken


def _take_header(proposal: Proposal, source: Proposal) -> None:
    kinds = dict(
        HeaderField.objects.filter(form=source.form_id).values_list("code", "kind")
    )
    proposal.header = {
        field.code: source.header[field.code]
        for field in HeaderField.objects.filter(form=proposal.form_id)
        if field.code in source.header and kinds.get(field.code) == field.kind
    }
    if source.category:
        proposal.category = proposal.round.category_set.filter(
            code=source.category.code
        ).first()
    proposal.save(update_fields=["header", "category"])


def take_over_files(
    *, proposal: Proposal, keys: Collection[str], actor: User, at: datetime
) -> list[Evidence]:
    """Take the files `keys` of the source over into the sections of the same code.

    The bytes are shared, not copied. What would be one too many for its section is left
    out, as is what is there already. Raises NotWritable.
    """
    with transaction.atomic():
        row = locked_for_writing(proposal, at)
        sections = {
            each.code: each for each in Section.objects.filter(form=row.form_id)
        }
        counts = {
            code: Evidence.objects.filter(proposal=row, section__code=code).count()
            + row.evidencelink_set.filter(section__code=code).count()
            for code in sections
        }
        made = []
        for found in sources.files_to_take(row, row.takeover):
            section = sections[found.section.code]
            if found.key not in keys or counts[section.code] >= (
                section.evidence_max_files
            ):
                continue
            counts[section.code] += 1
            twin = Evidence(proposal=row, section=section, pages=found.pages)
            twin.key = secrets.token_urlsafe(12)
            files.share_bytes(twin, found, actor, at)
            twin.save(force_insert=True)
            made.append(twin)
            audit.record(
                "evidence.added",
                actor=actor,
                target=twin,
                at=at,
                scope=proposal.scope,
                changes={"proposal": proposal.code, "sha256": twin.sha256},
            )
        if made:
            row.last_saved_at = at
            row.save(update_fields=["last_saved_at"])
    return made
