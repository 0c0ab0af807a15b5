"""What this app keeps of a person, for the copy of their data."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Registration
from core.personal_data import Portion, section

COVERS = frozenset({"competitions.Registration.user"})


def collect(user: User) -> Portion:
    """The events the person has registered for, and whether they came."""
    return Portion([section("acara", _registrations(user))])


def _registrations(user: User) -> Iterator[dict[str, Any]]:
    own = Registration.objects.filter(user=user).select_related("event", "institution")
    for registration in own.order_by("registered_at", "pk"):
        yield {
            _("Event"): registration.event.name,
            _("Institution"): registration.institution.name,
            _("State"): registration.get_state_display(),
            _("Registered at"): registration.registered_at,
            _("Attended at"): registration.attended_at,
        }
