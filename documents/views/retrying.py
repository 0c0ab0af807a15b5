"""Having failed papers made again, from whichever page shows them."""

from django.contrib import messages
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.requests import SignedInRequest
from documents import services
from documents.models import IssuedDocument


def retry(request: SignedInRequest, documents: QuerySet[IssuedDocument]) -> None:
    count = services.retry_documents(
        documents=documents, actor=request.user, at=request.received_at
    )
    if not count:  # pressed twice, or somebody else was quicker
        messages.info(request, _("Nothing has to be made again."))
        return
    messages.success(
        request,
        ngettext(
            "%(count)s document is being made again.",
            "%(count)s documents are being made again.",
            count,
        )
        % {"count": count},
    )
