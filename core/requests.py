"""The request as our middleware leaves it, for annotations in views."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class PortalRequest(HttpRequest):
    """A request that passed our middleware."""

    received_at: datetime
    htmx: HtmxDetails
