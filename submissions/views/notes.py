"""Notes of what is to be mended, ticked off where it was."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.requests import SignedInRequest
from submissions import permissions, services
from submissions.models import SectionNote
from submissions.views import shared


@require_POST
@vary_on_headers("HX-Request")
def note_settle(request: SignedInRequest, key: str) -> HttpResponse:
    """Tick a note off as mended, or take the tick back."""
    notes = SectionNote.objects.visible_to(request.user)
    note = get_object_or_404(notes.select_related("proposal__institution"), key=key)
    if not permissions.can_write(request.user, note.proposal):
        raise PermissionDenied
    try:
        services.settle_note(
            note=note,
            is_done=not request.POST.get("undo"),
            actor=request.user,
            at=request.received_at,
        )
    except services.NoteStandsStill as refusal:
        messages.info(request, refusal.message)
        return redirect(note.proposal)
    if request.htmx:
        context = shared.notes_at(note.proposal, note.part)
        return render(request, "submissions/notes.html", context)
    return redirect(f"{shared.url_of_part(note.proposal, note.part)}#catatan")
