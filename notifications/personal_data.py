"""What this app keeps of a person, for the copy of their data."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from core.personal_data import Portion, section
from notifications import emails, kinds
from notifications.models import ChatConsent, Delivery, Message, Preference

COVERS = frozenset(
    {
        "notifications.ChatConsent.user",
        "notifications.Message.recipient",
        "notifications.Preference.user",
    }
)


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
                        _("Text"): emails.as_shown(message.body_text),
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
                        _("Channel"): delivery.get_channel_display(),
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
            section("pilihan-pemberitahuan", _wishes(user)),
            section("persetujuan-whatsapp", _consents(user)),
        ]
    )


def _wishes(user: AbstractBaseUser) -> Iterator[dict[str, Any]]:
    for wish in Preference.objects.filter(user_id=user.pk).order_by("pk"):
        kind = kinds.find(wish.kind)
        yield {
            _("Kind of message"): str(kind.label) if kind else wish.kind,
            _("Way"): wish.get_mail_display(),
            _("By WhatsApp as well"): wish.by_whatsapp,
        }


def _consents(user: AbstractBaseUser) -> Iterator[dict[str, Any]]:
    for consent in ChatConsent.objects.filter(user_id=user.pk).order_by("pk"):
        yield {
            _("Number"): consent.number,
            _("Agreed at"): consent.given_at,
            _("Ended at"): consent.ended_at,
        }
