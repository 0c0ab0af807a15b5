"""Inviting many people at once: upload, look at what it would do, press once."""

from dataclasses import astuple
from datetime import date
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import invitation_table, services
from accounts.forms.people import InvitationTableForm
from accounts.institution_table.columns import Fault, TableUnreadable
from accounts.invitation_table import Row
from accounts.people_lists import PeopleScope
from accounts.requests import SignedInRequest
from accounts.views.people import UNPROCESSABLE, find_scope
from core.spreadsheets import XLSX_TYPE, XlsxWriter

SALT = "accounts.invitation_table"
LASTS = 3600  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_import(request: SignedInRequest, government: str) -> HttpResponse:
    """Take a table, show what each row would do; then do just that.

    What was shown goes along with the page, signed: nothing lies about on the server,
    and the second press does what the first page said or shows it anew.
    """
    scope = find_scope(request, government)
    if request.method == "POST" and "plan" in request.POST:
        return _apply(request, scope)
    form = InvitationTableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows, faults = invitation_table.read_table(
                upload.name, upload.read(), today=_today(request, scope)
            )
        except TableUnreadable as refusal:
            form.add_error("file", refusal.message)
        else:
            return _show_plan(request, scope, rows, faults)
    return _page(request, scope, form)


def _show_plan(
    request: SignedInRequest,
    scope: PeopleScope,
    rows: list[Row],
    faults: list[Fault],
) -> HttpResponse:
    plan = services.plan_invitations(
        government=scope.government,
        rows=rows,
        faults=faults,
        actor=request.user,
        at=request.received_at,
    )
    shown = {
        "government": scope.government.pk,
        "user": request.user.pk,
        "rows": [astuple(row) for row in rows],
        "outcomes": plan.outcomes,
    }
    return render(
        request,
        "accounts/invitation_plan.html",
        {
            "scope": scope,
            "plan": plan,
            "counts": {name: plan.outcomes.count(name) for name in set(plan.outcomes)},
            "signed": signing.dumps(shown, salt=SALT, compress=True),
            "import_url": scope.url("invitation_import"),
            "list_url": scope.url("invitation_list"),
        },
        status=200 if plan.is_clean else UNPROCESSABLE,
    )


def _apply(request: SignedInRequest, scope: PeopleScope) -> HttpResponse:
    shown = _read_plan(request, scope)
    if shown is None:
        messages.error(
            request, _("This page was open for too long. Upload the table once more.")
        )
        return redirect(scope.url("invitation_import"))
    rows = [Row(*values) for values in shown["rows"]]
    try:
        plan = services.invite_many(
            government=scope.government,
            rows=rows,
            outcomes=shown["outcomes"],
            actor=request.user,
            at=request.received_at,
        )
    except services.PlanChanged as refusal:
        messages.error(request, refusal.message)
        faults = invitation_table.check_rows(rows, today=_today(request, scope))
        return _show_plan(request, scope, rows, faults)
    done = sum(each in ("new", "given") for each in plan.outcomes)
    messages.success(
        request,
        ngettext("%(n)d person was told.", "%(n)d people were told.", done)
        % {"n": done},
    )
    return redirect(scope.url("invitation_list"))


def _today(request: SignedInRequest, scope: PeopleScope) -> date:
    return scope.government.day_of(request.received_at)


def _read_plan(request: SignedInRequest, scope: PeopleScope) -> dict[str, Any] | None:
    """What was shown to this person for this government; None if it is too old."""
    try:
        shown = signing.loads(request.POST["plan"], salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    mine = (scope.government.pk, request.user.pk)
    return shown if (shown["government"], shown["user"]) == mine else None


def _page(
    request: SignedInRequest, scope: PeopleScope, form: InvitationTableForm
) -> HttpResponse:
    return render(
        request,
        "accounts/invitation_import.html",
        {
            "scope": scope,
            "form": form,
            "list_url": scope.url("invitation_list"),
            "template_url": scope.url("invitation_template"),
            "limit": invitation_table.MOST_ROWS,
        },
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_safe
def invitation_template(request: SignedInRequest, government: str) -> HttpResponse:
    """The empty table to fill in."""
    find_scope(request, government)
    writer, target = XlsxWriter(), BytesIO()
    writer.add_sheet(
        invitation_table.SHEET, invitation_table.COLUMNS, (34, 34, 18, 18, 24)
    )
    writer.save(target)
    return HttpResponse(
        target.getvalue(),
        content_type=XLSX_TYPE,
        headers={"Content-Disposition": 'attachment; filename="templat-undangan.xlsx"'},
    )
