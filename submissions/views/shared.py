"""What the pages of one proposal have in common."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from core.dates import as_local, format_date, format_time
from core.requests import PortalRequest
from documents.models import StoredFile
from submissions import permissions, services
from submissions.dossier import Completeness, Dossier, Step
from submissions.models import EvidenceLink, Proposal
from submissions.requirements import Finding

UNPROCESSABLE = 422
CONFLICT = 409


def visible_proposal(request: SignedInRequest, code: str) -> Proposal:
    """The proposal `code` as far as the person may read it; else 404."""
    proposals = Proposal.objects.visible_to(request.user).for_page()
    return get_object_or_404(proposals, code=code)


def current_proposal(request: SignedInRequest, code: str) -> Proposal:
    """The same; a draft is first brought to the newest version of its form."""
    proposal = visible_proposal(request, code)
    if (
        services.is_behind(proposal)
        and proposal.is_editable
        and permissions.can_write(request.user, proposal)
        and services.brought_up_to_date(proposal, request.received_at)
    ):
        return visible_proposal(request, code)
    return proposal


def checkable_proposal(request: SignedInRequest, code: str) -> Proposal:
    """The proposal `code` as its secretariat checks it.

    Who competes reads their own only, and is told why they do not check it.
    """
    proposals = Proposal.objects.visible_to(request.user).run_by(request.user)
    proposal = get_object_or_404(proposals.for_page(), code=code)
    competition_permissions.require_no_part(request.user, proposal.round)
    return proposal


def own_proposal(request: SignedInRequest, code: str) -> Proposal:
    """The proposal `code` of an institution the person writes for."""
    proposal = current_proposal(request, code)
    if not permissions.can_write(request.user, proposal):
        raise PermissionDenied
    return proposal


def is_autosave(request: PortalRequest) -> bool:
    """Whether static/js/autosave.js asks, which wants JSON."""
    return request.headers.get("X-Requested-With") == "autosave"


def is_upload(request: PortalRequest) -> bool:
    """Whether static/js/upload.js asks, which wants JSON."""
    return request.headers.get("X-Requested-With") == "upload"


def base_version(request: PortalRequest) -> int:
    """The version the page was made from; after a conflict, the one it overrules."""
    text = request.POST.get("use_mine") or request.POST.get("version") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def saved_at(moment: datetime | None, now: datetime, zone: tzinfo) -> str:
    """When something was saved: "10.42", with the day unless that is today."""
    if moment is None:
        return ""
    time = format_time(moment, "bare", zone)
    if as_local(moment, zone).date() == as_local(now, zone).date():
        return time
    return f"{format_date(moment, 'day_month', zone)}, {time}"


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
            "delete_url": reverse("submissions:link_delete", args=[link.key])
            if deletable
            else "",
        }
        for link in links
    ]


def _icon_of(file: StoredFile) -> str:
    if file.is_pdf:
        return "file-earmark-pdf"
    return "file-earmark-image" if file.is_image else "file-earmark-text"


def finding_items(
    dossier: Dossier, findings: Iterable[Finding]
) -> list[dict[str, Any]]:
    """Findings with the address of every place that is to be mended."""
    urls = {step.key: step.url for step in dossier.steps}
    return [
        {
            "finding": finding,
            "places": [
                {"place": place, "url": urls.get(place.step, "")}
                for place in finding.places
            ],
        }
        for finding in findings
    ]
