"""The mailbox of the demonstration."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.requests import PortalRequest
from notifications import mailbox

PAGE_SIZE = 50


@require_GET
@login_not_required
@never_cache
def demo_mailbox(request: PortalRequest) -> HttpResponse:
    """Read the mails of the demo, where nothing leaves the machine.

    Public, because it holds the mails one needs when one cannot sign in; exists in
    the demo only, whose people and mails are invented.
    """
    if not settings.DEMO:
        raise Http404
    directory = Path(settings.MAIL_SINK_DIR)
    if name := request.GET.get("surat"):
        try:
            mail = mailbox.read(directory, name)
        except FileNotFoundError as error:
            raise Http404 from error
        return render(request, "notifications/demo_mail.html", {"mail": mail})
    page = Paginator(mailbox.names(directory), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    mails = [mailbox.read(directory, name) for name in page]
    context = {"page": page, "mails": mails}
    return render(request, "notifications/demo_mailbox.html", context)
