"""Requests about personal data: asked by people, answered by those in charge."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import permissions, services
from accounts.forms.privacy import DataAnswerForm, DataRequestForm
from accounts.models import DataRequest, Government
from accounts.models.privacy import DataRequestQuerySet
from accounts.requests import SignedInRequest

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def data_request_list(request: SignedInRequest) -> HttpResponse:
    """What the person has asked about their data, and a form to ask."""
    form = DataRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_data_request(
                user=request.user, at=request.received_at, **form.cleaned_data
            )
        except services.DataRequestNotTaken as refusal:
            form.add_error("kind", refusal.message)
        else:
            messages.success(request, _("Your request was sent."))
            return redirect(f"{request.path}#{made.code}")
    own = DataRequest.objects.filter(user=request.user).for_list()
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {"form": form, "page": page, "now": request.received_at}
    return render(request, "accounts/data_request_list.html", context)


@require_POST
def data_request_cancel(request: SignedInRequest, code: UUID) -> HttpResponse:
    data_request = get_object_or_404(DataRequest, code=code, user=request.user)
    try:
        services.cancel_data_request(
            data_request=data_request, actor=request.user, at=request.received_at
        )
    except services.DataRequestClosed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your request was taken back."))
    return redirect("accounts:data_request_list")


@require_safe
def data_request_queue(request: SignedInRequest, government: str) -> HttpResponse:
    """What the people of one government ask, for its secretariat."""
    body = get_object_or_404(Government.objects.run_by(request.user), slug=government)
    requests = DataRequest.objects.exclude(user=request.user).filter(governments=body)
    return _queue(request, requests, str(body), body.code)


@require_safe
def data_request_admin_list(request: SignedInRequest) -> HttpResponse:
    """All requests, for system admins."""
    if not request.user.is_system_admin:
        raise Http404
    requests = DataRequest.objects.put_before(request.user)
    return _queue(request, requests, _("all governments"), "")


@require_http_methods(["GET", "HEAD", "POST"])
def data_request_answer(request: SignedInRequest, code: UUID) -> HttpResponse:
    """One request with the person's contact, and the form of the answer."""
    data_request = get_object_or_404(
        DataRequest.objects.put_before(request.user).select_related(
            "user", "answered_by"
        ),
        code=code,
    )
    may_answer = permissions.can_answer(request.user, data_request)
    form = DataAnswerForm(
        request.POST or None,
        closes=data_request.asks_for_deletion or data_request.asks_to_close,
    )
    if request.method == "POST":
        if not may_answer:
            raise PermissionDenied
        if form.is_valid() and (answered := _answer(request, data_request, form)):
            return answered
    else:
        services.note_access(
            actor=request.user,
            subjects=[data_request.user_id],
            what=_("your request about your data"),
            at=request.received_at,
        )
    context = {
        "data_request": data_request,
        "form": form,
        "may_answer": may_answer and data_request.is_open,
        "now": request.received_at,
        "is_late": data_request.is_late(request.received_at),
    }
    return render(request, "accounts/data_request_answer.html", context)


def _answer(
    request: SignedInRequest, data_request: DataRequest, form: DataAnswerForm
) -> HttpResponse | None:
    try:
        services.answer_data_request(
            data_request=data_request,
            state=form.cleaned_data["state"],
            answer=form.cleaned_data["answer"],
            actor=request.user,
            at=request.received_at,
        )
    except services.DataRequestClosed as refusal:
        messages.error(request, refusal.message)
    except services.DataRequestNotAnswered as refusal:
        form.add_error("state", refusal.message)
        return None
    else:
        messages.success(request, _("The answer was sent."))
    return redirect("accounts:data_request_answer", code=data_request.code)


def _queue(
    request: SignedInRequest, requests: DataRequestQuerySet, place: str, scope: str
) -> HttpResponse:
    page = Paginator(requests.for_list(), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    services.note_access(
        actor=request.user,
        subjects=[each.user_id for each in page.object_list],
        what=_("the list of requests about data, %(place)s") % {"place": place},
        at=request.received_at,
        scope=scope,
    )
    context = {"page": page, "place": place, "now": request.received_at}
    return render(request, "accounts/data_request_queue.html", context)
