"""What was saved of a section before: read, compare, bring back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from competitions.models import Section
from submissions import differences, history, permissions, queries, services
from submissions.history import Version
from submissions.models import Answer, Proposal
from submissions.openings import opening_of
from submissions.views import shared

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def section_history(request: SignedInRequest, code: str, section: str) -> HttpResponse:
    """Show the versions of one section, compare two of them, restore one."""
    proposal = shared.visible_proposal(request, code)
    found = get_object_or_404(queries.sections_of(proposal), code=section)
    if request.method == "POST":
        return _restore(request, proposal, found)
    shows_all = "semua" in request.GET
    versions = (
        history.versions_of(proposal, section)
        if shows_all
        else history.sittings_of(proposal, section)
    )
    page = Paginator(versions, PAGE_SIZE).get_page(request.GET.get("halaman"))
    standing = Answer.objects.filter(
        proposal=proposal, section__code=section
    ).select_related("saved_by")
    answer = standing.first()
    window = opening_of(proposal)
    is_open = window is not None and window.is_open(request.received_at)
    return render(
        request,
        "submissions/section_history.html",
        {
            "proposal": proposal,
            "section": found,
            "page": page,
            "versions": [Version(event) for event in page],
            "shows_all": shows_all,
            "current": answer,
            "is_writable": proposal.is_editable
            and is_open
            and permissions.can_write(request.user, proposal),
            "writes": permissions.can_write(request.user, proposal),
            **_chosen(request, proposal, section, answer),
        },
    )


def _chosen(
    request: SignedInRequest, proposal: Proposal, section: str, answer: Answer | None
) -> dict[str, Any]:
    """The version asked for, and what sets it apart from another or the newest."""
    name, other = request.GET.get("versi", ""), request.GET.get("dengan", "")
    if not name:
        return {}
    chosen = history.find_version(proposal, section, name)
    newest = str(answer.version) if answer else ""
    against = history.find_version(proposal, section, other or newest)
    if chosen is None or against is None:
        raise Http404
    return {
        "chosen": chosen,
        "against": against,
        "difference": differences.compare_formatted(
            chosen.content.markup, against.content.markup
        ),
    }


def _restore(
    request: SignedInRequest, proposal: Proposal, section: Section
) -> HttpResponse:
    if not permissions.can_write(request.user, proposal):
        raise PermissionDenied
    try:
        services.restore_answer(
            proposal=proposal,
            section=section,
            name=request.POST.get("restore", ""),
            base_version=shared.base_version(request),
            actor=request.user,
            at=request.received_at,
        )
    except (services.NotWritable, services.VersionGone) as refusal:
        messages.error(request, refusal.message)
    except services.AnswerConflict as conflict:
        messages.warning(
            request,
            _(
                "%(name)s saved a newer version after you opened this page. Nothing "
                "was changed; look at it first."
            )
            % {"name": conflict.current.saved_by.name},
        )
    else:
        messages.success(
            request, _("The earlier text stands again. The one before it is kept here.")
        )
        return redirect("submissions:section_edit", proposal.code, section.code)
    return redirect("submissions:section_history", proposal.code, section.code)
