"""What this app keeps of a person, for the copy of their data."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from core.personal_data import Portion, section
from notifications.models import Delivery, Message

COVERS = frozenset({"notifications.Message.recipient"})


def collect(user: AbstractBaseUser) -> Portion:
    """Messages to the person and the mails they went out as."""
    messages = Message.objects.visible_to(user).order_by("created_at", "pk")
    deliveries = Delivery.objects.filter(message__recipient_id=user.pk)
    return Portion(
        [
            section(
                "pemberitahuan",
                (
                    {
                        _("Written at"): message.created_at,
                        _("Subject"): message.subject,
                        _("Text"): message.body_text,
                        _("Read at"): message.read_at,
                    }
                    for message in messages.defer("body_html").iterator()
                ),
            ),
            section(
                "surel-terkirim",
                (
                    {
                        _("Subject"): delivery.message.subject,
                        _("Address"): delivery.address,
                        _("State"): delivery.get_state_display(),
                        _("Sent at"): delivery.sent_at,
                    }
                    for delivery in deliveries.select_related("message")
                    .defer("message__body_html", "message__body_text")
                    .order_by("pk")
                    .iterator()
                ),
            ),
        ]
    )
