"""The request as our middleware leaves it, for annotations in views."""

from contextvars import ContextVar
from datetime import datetime, timedelta

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

# The address of who asks, for the audit trail and nothing else: it decides no rule,
# so it need not be handed from view to service. None outside of requests.
client_address: ContextVar[str | None] = ContextVar("client_address", default=None)

# How long the request lay in this process before a thread had time for it.
waited: ContextVar[timedelta] = ContextVar("waited", default=timedelta())


class PortalRequest(HttpRequest):
    """A request that passed our middleware."""

    received_at: datetime
    htmx: HtmxDetails
