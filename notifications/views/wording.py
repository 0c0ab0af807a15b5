"""The texts of messages, in the words of a government."""

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.requests import PortalRequest
from notifications import emails, kinds, permissions, queries, services, wording
from notifications.kinds import Group, MessageKind
from notifications.models import Message, MessageTemplate
from notifications.wording_forms import WordingForm

UNPROCESSABLE = 422


@dataclass(frozen=True)
class KindRow:
    """A kind, and the government's own words for it, if it has any."""

    kind: MessageKind
    template: MessageTemplate | None


@dataclass(frozen=True)
class KindGroup:
    label: str
    key: str
    rows: list[KindRow]


@require_GET
def wording_list(request: PortalRequest) -> HttpResponse:
    """All kinds whose text a government may word itself, with what it has changed."""
    scope = _acting_scope(request)
    own = {
        each.kind: each
        for each in MessageTemplate.objects.filter(scope=scope).select_related(
            "changed_by"
        )
    }
    groups = [
        KindGroup(
            str(Group(group).label),
            group,
            [
                KindRow(kind, own.get(kind.key))
                for kind in wording.editable_kinds()
                if kind.group == group
            ],
        )
        for group in Group.values
    ]
    context = {
        "scope": scope,
        "government": _governments(request)[scope],
        "groups": [group for group in groups if group.rows],
        "own_count": len(own),
    }
    return render(request, "notifications/wording_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def wording_edit(request: PortalRequest, scope: str, kind: str) -> HttpResponse:
    """Change the words of one kind; the button "preview" shows them without saving."""
    declared = _kind(request, scope, kind)
    template = MessageTemplate.objects.filter(scope=scope, kind=kind).first()
    initial = {"subject": template.subject, "body": template.body} if template else None
    is_sent = request.method == "POST"
    form = WordingForm(
        request.POST if is_sent else None, kind=declared, initial=initial
    )
    shown = initial
    if is_sent and form.is_valid():
        shown = form.cleaned_data
        if "pratinjau" not in request.POST:
            try:
                services.save_wording(
                    scope=scope,
                    kind=kind,
                    **form.cleaned_data,
                    actor=cast(AbstractBaseUser, request.user),
                    at=request.received_at,
                )
            except services.WordingRefused as refusal:
                form.add_error("body", refusal.message)
            else:
                messages.success(
                    request, _("The text is saved and used from the next message on.")
                )
                return redirect("notifications:wording_edit", scope, kind)
    elif is_sent:
        shown = None
    last = _last_message(request, scope, kind)
    context = {
        "scope": scope,
        "government": _governments(request)[scope],
        "last": last,
        "last_text": emails.as_shown(last.body_text) if last else "",
        "kind": declared,
        "template": template,
        "form": form,
        "placeholders": wording.placeholders_of(declared),
        "preview": wording.write(
            declared, shown["subject"], shown["body"], wording.samples_of(declared)
        )
        if shown
        else None,
        "is_preview": is_sent and not form.errors,
    }
    return render(
        request,
        "notifications/wording_edit.html",
        context,
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_POST
def wording_reset(request: PortalRequest, scope: str, kind: str) -> HttpResponse:
    """Go back to the text that comes with the portal."""
    _kind(request, scope, kind)
    services.reset_wording(
        scope=scope,
        kind=kind,
        actor=cast(AbstractBaseUser, request.user),
        at=request.received_at,
    )
    messages.success(request, _("The text that comes with the portal is used again."))
    return redirect(f"{reverse('notifications:wording_list')}#{kind}")


def _last_message(request: PortalRequest, scope: str, kind: str) -> Message | None:
    """The newest mail of a kind that this person may see among those sent."""
    user = cast(permissions.RoleHolder, request.user)
    sent = queries.deliveries_overseen_by(user).filter(
        message__scope=scope, message__kind=kind
    )
    newest = sent.exclude(message__body_text="").select_related("message")
    delivery = newest.order_by("-message__created_at", "-pk").first()
    return delivery.message if delivery else None


def _governments(request: PortalRequest) -> dict[str, str]:
    user = cast(permissions.RoleHolder, request.user)
    return permissions.governments_run_by(user)


def _acting_scope(request: PortalRequest) -> str:
    """The code of the government that the person acts for now; else 404."""
    user = cast(permissions.RoleHolder, request.user)
    acting = import_string(settings.ACTING_AS)(request, user, "secretariat")
    codes = permissions.codes_run_by(acting)
    if not codes:
        raise Http404
    return codes[0]


def _kind(request: PortalRequest, scope: str, key: str) -> MessageKind:
    """The kind, if the person runs the government and may word it; else 404."""
    kind = kinds.find(key)
    if (
        scope not in _governments(request)
        or kind is None
        or not wording.is_editable(kind)
    ):
        raise Http404
    return kind
