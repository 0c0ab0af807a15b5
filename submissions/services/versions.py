"""Bringing a draft to the newest version of its round's form, without losing a word."""

from datetime import datetime

from competitions.models import FormTemplate, LetterKind, Section
from core import audit
from submissions.models import (
    Answer,
    Evidence,
    EvidenceLink,
    Proposal,
    StatementLetter,
)


def is_behind(proposal: Proposal) -> bool:
    """Whether its form has a newer version; it was read `with_newest_form`."""
    newest: int | None = proposal.newest_form  # type: ignore[attr-defined]
    return newest is not None and newest != proposal.form_id


def bring_up_to_date(proposal: Proposal, at: datetime) -> bool:
    """Move a locked draft to the newest form; tell whether there was a newer one.

    Answers, files, links and letters go to the part of the same code. What belongs to
    a part that is no more stays where it is, and stays readable. Who calls has locked
    the row of `proposal`, and knows that it may be written.

    Source: rule FRM-06 in docs/rules.md.
    """
    if not is_behind(proposal):
        return False
    newest = FormTemplate.objects.get(pk=proposal.newest_form)  # type: ignore[attr-defined]
    sections = dict(Section.objects.filter(form=newest).values_list("code", "pk"))
    kinds = dict(LetterKind.objects.filter(form=newest).values_list("code", "pk"))
    for model in (Answer, Evidence, EvidenceLink):
        rows = model._default_manager.filter(proposal=proposal).exclude(
            section__form=newest
        )
        for row in rows.select_related("section"):
            if wanted := sections.get(row.section.code):
                row.section_id = wanted
                row.save(update_fields=["section"])
    letters = StatementLetter.objects.filter(proposal=proposal).select_related("kind")
    for letter in letters.exclude(kind__form=newest):
        if wanted := kinds.get(letter.kind.code):
            letter.kind_id = wanted
            letter.save(update_fields=["kind"])
    earlier = proposal.form
    proposal.earlier_form, proposal.form = earlier, newest
    proposal.form_since = at
    proposal.save(update_fields=["earlier_form", "form", "form_since"])
    audit.record(
        "proposal.form_changed",
        actor=None,
        target=proposal,
        at=at,
        scope=proposal.scope,
        changes={"version": [earlier.version, newest.version]},
    )
    return True


def counterpart(section: Section, proposal: Proposal) -> Section:
    """The section of the same code in the form of `proposal`, or else `section`.

    A page that was opened before the form changed still saves what was typed.
    """
    if section.form_id == proposal.form_id:
        return section
    same = Section.objects.filter(form=proposal.form_id, code=section.code)
    return same.first() or section
