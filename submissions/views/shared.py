"""What the pages of one proposal have in common."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from core.dates import as_local, format_date, format_time
from core.requests import PortalRequest
from documents.models import StoredFile
from submissions import permissions, requirements, services, signals
from submissions.dossier import (
    CONSENTS_STEP,
    HEADER_STEP,
    LETTERS_STEP,
    Completeness,
    Dossier,
    Step,
)
from submissions.models import (
    EvidenceLink,
    LateText,
    LinkOutcome,
    Proposal,
    ProposalQuerySet,
    SectionNote,
)
from submissions.requirements import Finding, Place

UNPROCESSABLE = 422
CONFLICT = 409
# In an address: with what reads like it. It is also the id that htmx fills.
SIMILAR = "serupa"


def visible_proposal(request: SignedInRequest, code: str) -> Proposal:
    """The proposal `code` as far as the person may read it; else 404."""
    # Asking the database who may read costs more than the row: the roles of who writes
    # say so alone, and all others are asked about without what the page loads.
    proposal = next(iter(Proposal.objects.for_page().filter(code=code)), None)
    if proposal is None or not permissions.can_write(request.user, proposal):
        # Of one that is not there it is asked too: time must not tell the difference.
        readable = Proposal.objects.visible_to(request.user)
        get_object_or_404(readable.only("pk"), code=code)
    if proposal is None:
        raise Http404
    return proposal


def current_proposal(request: SignedInRequest, code: str) -> Proposal:
    """The same; a draft is first brought to the newest version of its form."""
    return _brought_up_to_date(request, visible_proposal(request, code))


def checkable_proposal(
    request: SignedInRequest, code: str, *, rows: ProposalQuerySet | None = None
) -> Proposal:
    """The proposal `code` as its secretariat checks it.

    Who competes reads their own only, and is told why they do not check it. `rows`
    loads it with something else than most pages show.
    """
    rows = Proposal.objects.for_page() if rows is None else rows
    proposal = get_object_or_404(rows.run_by(request.user), code=code)
    if competition_permissions.competes_in(request.user, proposal.round):
        visible_proposal(request, code)  # 404 for those of their rivals
        raise PermissionDenied(competition_permissions.why_shut_out(proposal.round))
    return proposal


def own_proposal(
    request: SignedInRequest, code: str, *, rows: ProposalQuerySet | None = None
) -> Proposal:
    """The proposal `code` of an institution the person writes for.

    `rows` loads it with less than a page shows.
    """
    # Autosave comes here every second: who writes is known by the roles alone, and half
    # the time of a save went into asking the database who may read.
    rows = Proposal.objects.for_page() if rows is None else rows
    proposal = next(iter(rows.filter(code=code)), None)
    if proposal is None or not permissions.can_write(request.user, proposal):
        visible_proposal(request, code)  # 404 to whom it does not concern
        raise PermissionDenied
    return _brought_up_to_date(request, proposal)


def _brought_up_to_date(request: SignedInRequest, proposal: Proposal) -> Proposal:
    if (
        services.is_behind(proposal)
        and proposal.is_editable
        and permissions.can_write(request.user, proposal)
        and services.brought_up_to_date(proposal, request.received_at)
    ):
        return Proposal.objects.for_page().get(pk=proposal.pk)
    return proposal


def is_autosave(request: PortalRequest) -> bool:
    """Whether static/js/autosave.js asks, which wants JSON."""
    return request.headers.get("X-Requested-With") == "autosave"


def is_upload(request: PortalRequest) -> bool:
    """Whether static/js/upload.js asks, which wants JSON."""
    return request.headers.get("X-Requested-With") == "upload"


def base_version(request: PortalRequest) -> int:
    """The version the page was made from; after a conflict, the one it overrules."""
    sent = request.POST
    text = sent.get("use_mine") or sent.get("use_both") or sent.get("version") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def saved_at(moment: datetime | None, now: datetime, zone: tzinfo) -> str:
    """When something was saved: "10.42", with the day unless that is today."""
    if moment is None:
        return ""
    time = format_time(moment, "bare", zone)
    if as_local(moment, zone).date() == as_local(now, zone).date():
        return time
    return f"{format_date(moment, 'day_month', zone)}, {time}"


def url_of_part(proposal: Proposal, part: str) -> str:
    """The page on which one part is written, by the key of its step."""
    pages = {
        HEADER_STEP: "submissions:header_edit",
        LETTERS_STEP: "submissions:letter_list",
        CONSENTS_STEP: "submissions:consent_edit",
    }
    if part in pages:
        return reverse(pages[part], args=[proposal.code])
    return reverse("submissions:section_edit", args=[proposal.code, part])


def notes_at(proposal: Proposal, part: str) -> dict[str, Any]:
    """What submissions/notes.html shows on the page where one part is written."""
    notes = SectionNote.objects.filter(proposal=proposal, part=part)
    return {
        "notes": list(notes.for_list()),
        "can_settle": proposal.is_editable,
    }


def late_at(dossier: Dossier, part: str) -> dict[str, Any]:
    """What submissions/late_texts.html shows on the page where one part is written."""
    texts = LateText.objects.waiting().filter(proposal=dossier.proposal, part=part)
    return {
        "late_texts": list(
            # Mostly there is none, and then no name is asked for.
            texts.prefetch_related("saved_by").order_by("-saved_at", "-pk")
        )
    }


def open_notes(dossier: Dossier) -> list[dict[str, Any]]:
    """What is still to be mended, each with the name and address of its place.

    A note on a part that the form asks for no more has no page to go to.
    """
    steps = {step.key: step for step in dossier.steps}
    notes = SectionNote.objects.filter(proposal=dossier.proposal).open().for_list()
    return [
        {
            "note": note,
            "label": steps[note.part].label if note.part in steps else "",
            "url": f"{steps[note.part].url}#catatan" if note.part in steps else "",
        }
        for note in notes
    ]


def check_step(proposal: Proposal) -> Step:
    """The last page of the path: check and send."""
    return Step(
        key="periksa",
        label=_("Check and send"),
        url=reverse("submissions:proposal_check", args=[proposal.code]),
        completeness=Completeness.EMPTY,
        is_required=False,
    )


def steps_around(dossier: Dossier, key: str) -> tuple[Step | None, Step]:
    """The pages before and after the one named `key`."""
    steps = [*dossier.steps, check_step(dossier.proposal)]
    place = next((n for n, step in enumerate(steps) if step.key == key), 0)
    return (steps[place - 1] if place else None), steps[place + 1]


def navigation(dossier: Dossier, current: str = "") -> dict[str, Any]:
    """Groups and summary for components/section_nav.html."""
    steps = dossier.steps
    groups = [
        (_("Prepare"), [dossier.header_step]),
        (_("Contents"), dossier.section_steps),
        (_("Letters and statements"), dossier.last_steps),
    ]
    place = next((n for n, step in enumerate(steps, 1) if step.key == current), 0)
    return {
        "nav_groups": [
            {"label": label, "items": [_nav_item(step, current) for step in items]}
            for label, items in groups
            if items
        ]
        + [
            {
                "label": _("Send"),
                "items": [
                    _nav_item(check_step(dossier.proposal), current) | {"state": "send"}
                ],
            }
        ],
        "nav_summary": _("Part %(place)d of %(total)d: %(label)s")
        % {"place": place, "total": len(steps), "label": steps[place - 1].label}
        if place
        else _("All parts"),
    }


def _nav_item(step: Step, current: str) -> dict[str, Any]:
    return {
        "label": step.label,
        "url": step.url,
        "state": step.completeness.value,
        "current": step.key == current,
    }


def task_items(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as lines of components/task_list.html."""
    return [
        {"label": step.label, "url": step.url, "hint": step.hint, **_state_of(step)}
        for step in steps
    ]


def _state_of(step: Step) -> dict[str, str]:
    if step.is_over:
        return {
            "state_label": _("Too long"),
            "variant": "bad",
            "icon_name": "exclamation-circle-fill",
        }
    if step.is_done:
        return {"state_label": _("Complete"), "variant": "ok"}
    if step.is_part:
        return {
            "state_label": _("Begun"),
            "variant": "warn",
            "icon_name": "circle-half",
        }
    if not step.is_required:
        return {"state_label": _("Optional"), "variant": "mute"}
    return {"state_label": _("Not begun"), "variant": "mute"}


def file_items(
    files: Iterable[StoredFile], *, deletable: bool = False
) -> list[dict[str, Any]]:
    """Files as lines of components/file_list.html."""
    return [
        {
            "label": file.name,
            "url": reverse("submissions:evidence_file", args=[file.key]),
            "size": file.size,
            "kind": _icon_of(file),
            "note": _pages_of(file),
            "preview": reverse("submissions:evidence_preview", args=[file.key])
            if file.has_preview
            else "",
            "delete_url": reverse("submissions:evidence_delete", args=[file.key])
            if deletable
            else "",
        }
        for file in files
    ]


def link_items(
    links: Iterable[EvidenceLink], *, deletable: bool = False
) -> list[dict[str, Any]]:
    """Links as lines of components/file_list.html."""
    return [
        {
            "label": str(link),
            "url": link.url,
            "note": link.url if link.label else "",
            "kind": "link-45deg",
            "is_outside": True,
            **_outcome_of(link),
            "delete_url": reverse("submissions:link_delete", args=[link.key])
            if deletable
            else "",
        }
        for link in links
    ]


def _pages_of(file: StoredFile) -> str:
    pages = getattr(file, "pages", None)
    if not pages:
        return ""
    return ngettext("%(number)d page", "%(number)d pages", pages) % {"number": pages}


# What the author reads about a link that was called up, and what helps.
_ADVICE = {
    LinkOutcome.SIGN_IN: gettext_lazy(
        "Whoever opens it is asked to sign in. Open its sharing to everybody who has "
        "the link, so that the jury can read it."
    ),
    LinkOutcome.NOT_FOUND: gettext_lazy(
        "There is no page at this address. Copy the address again."
    ),
    LinkOutcome.UNREACHABLE: gettext_lazy(
        "The site does not answer. Try it yourself, and choose another place if it "
        "stays away."
    ),
    LinkOutcome.REFUSED: gettext_lazy(
        "This address lies in a closed network, where the jury cannot open it. Use one "
        "of the public web."
    ),
    LinkOutcome.UNKNOWN: gettext_lazy(
        "The portal could not find out. Open the link yourself, signed out."
    ),
}


def _outcome_of(link: EvidenceLink) -> dict[str, Any]:
    """What the latest check of a link found; nothing where there was none."""
    check = next(iter(getattr(link, "latest_checks", ())), None)
    if check is None:
        return {}
    found, checked_at = LinkOutcome(check.outcome), check.checked_at
    variant = {LinkOutcome.OK: "ok", LinkOutcome.WAITING: "mute"}.get(found, "warn")
    return {
        "tag_label": found.label,
        "tag_variant": variant,
        "advice": _ADVICE.get(found, ""),
        "checked": format_date(as_local(checked_at)) if checked_at else "",
    }


def _icon_of(file: StoredFile) -> str:
    if file.is_pdf:
        return "file-earmark-pdf"
    return "file-earmark-image" if file.is_image else "file-earmark-text"


def leaving_concerns(proposal: Proposal, at: datetime) -> list[tuple[str, str]]:
    """What would change besides if `proposal` left its round now."""
    answers = signals.leaving_concerns.send(Proposal, proposal=proposal, at=at)
    return [
        pair
        for _receiver, pairs in answers
        for pair in cast(list[tuple[str, str]], pairs)
    ]


def checks_of(dossier: Dossier) -> dict[str, Any]:
    """What submissions/checks.html shows of a proposal that is being written."""
    findings = requirements.evaluate_all(dossier)
    return {
        "findings": finding_items(dossier, findings),
        "open_count": sum(each.is_not_met for each in findings),
        "check_url": check_step(dossier.proposal).url,
    }


def finding_items(
    dossier: Dossier, findings: Iterable[Finding]
) -> list[dict[str, Any]]:
    """Findings with the address of every place that is to be mended."""
    urls = {step.key: step.url for step in dossier.steps}
    return [
        {
            "finding": finding,
            "places": [
                {"place": place, "url": _address(urls.get(place.step, ""), place)}
                for place in finding.places
            ],
        }
        for finding in findings
    ]


def _address(url: str, place: Place) -> str:
    return f"{url}#{place.anchor}" if url and place.anchor else url
