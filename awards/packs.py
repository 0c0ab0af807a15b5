"""The pack for the national site: texts, the whole proposal, evidence, a checklist.

Source: rules FRM-08 and AWD-14 in docs/rules.md.
"""

import shutil
from collections.abc import Sequence
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.cleaning import clean_file_name
from submissions import archives, national_forms, proposal_paper
from submissions.archives import Entry
from submissions.dossier import Dossier, load_dossier
from submissions.models import Proposal
from submissions.national_forms import PackedField

CHECKLIST = "PERIKSA DAHULU.txt"


def write(target: IO[bytes], proposal: Proposal, *, form: str, at: datetime) -> None:
    """Write the pack of `proposal` for the national form called `form` as ZIP.

    A text that is too long goes as it is, since nobody but its author can shorten it;
    the checklist names it.
    """
    dossier = load_dossier(proposal, rules=False)
    national = national_forms.form_named(form, dossier)
    fields = national_forms.packed(dossier, national)
    entries = archives.entries_of([proposal])
    with translation.override("id"), ZipFile(target, "w", ZIP_DEFLATED) as archive:
        missing = _write_files(archive, entries)
        lines = _checklist(dossier, national, fields, entries, missing)
        archive.writestr(CHECKLIST, "\n".join(lines) + "\n")
        archive.writestr(
            f"{proposal.code} proposal.pdf", proposal_paper.draw(dossier, at)
        )
        context = {
            "proposal": proposal,
            "dossier": dossier,
            "form": national,
            "fields": fields,
            "rest": national_forms.left_over(dossier, national),
            "over_count": sum(bool(each.over) for each in fields),
            "empty_count": sum(not each.words for each in fields),
        }
        archive.writestr(
            f"{proposal.code} teks.html",
            render_to_string("submissions/pack/texts.html", context),
        )
        for number, each in enumerate(fields, start=1):
            title = each.title.replace("/", ", ")
            name = clean_file_name(f"{number:02} {title}", ".txt")
            archive.writestr(f"teks/{name}", each.text)


def _write_files(archive: ZipFile, entries: Sequence[Entry]) -> set[str]:
    """Copy the files into the pack; give the paths of those that are not to be had."""
    missing = set()
    for entry in entries:
        if entry.file is None:
            continue
        stored = entry.file.file
        if entry.held_back or not stored.storage.exists(stored.name or ""):
            missing.add(entry.path)
            continue
        with (
            stored.open("rb") as source,
            archive.open(f"data dukung/{entry.path.partition('/')[2]}", "w") as copy,
        ):
            shutil.copyfileobj(source, copy)
    return missing


def _checklist(
    dossier: Dossier,
    form: national_forms.NationalForm,
    fields: Sequence[PackedField],
    entries: Sequence[Entry],
    missing: set[str],
) -> list[str]:
    proposal = dossier.proposal
    lines = [
        _("Checklist for the national site, form %(form)s") % {"form": form.name},
        f"{proposal.code}: {proposal.title}",
        str(proposal.institution.name),
        "",
        _("TEXTS"),
        *(_field_line(each) for each in fields),
    ]
    if rest := national_forms.left_over(dossier, form):
        lines += ["", _("TEXTS WITHOUT A FIELD THERE")]
        lines += [f"[ ] {part.section.title}" for part in rest]
    if gaps := dossier.header_gaps:
        lines += ["", _("GENERAL DATA THAT ARE MISSING")]
        lines += [f"[ ] {gap.label}" for gap in gaps]
    lines += ["", _("LETTERS")]
    lines += [
        f"[{' ' if part.letter is None else 'x'}] {part.kind.title}"
        for part in dossier.letters
    ] or [_("None are asked for here.")]
    lines += ["", _("SUPPORTING FILES AND LINKS")]
    lines += [_entry_line(entry, missing) for entry in entries] or [
        f"[ ] {_('None. The national form asks for evidence.')}"
    ]
    return lines


def _field_line(each: PackedField) -> str:
    words = ngettext(
        "%(words)d word of at most %(limit)d",
        "%(words)d words of at most %(limit)d",
        each.words,
    ) % {"words": each.words, "limit": each.limit}
    mark = "x" if each.words and not each.over else " "
    return f"[{mark}] {each.title}: {words}. {each.state_label}."


def _entry_line(entry: Entry, missing: set[str]) -> str:
    if entry.file is None:
        return f"[x] {entry.place}: {entry.name}"
    if entry.path in missing:
        problem = _("not in this pack; fetch it from the portal")
        return f"[ ] {entry.place}: {entry.name} ({problem})"
    return f"[x] {entry.place}: {entry.name}"
