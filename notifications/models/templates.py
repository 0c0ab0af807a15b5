"""The words a government has chosen for a kind of message."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class MessageTemplate(models.Model):
    """Subject and paragraphs of one kind, in the words of one government.

    Greeting, button and foot are the portal's. Where there is none, the text that
    comes with the portal is used.
    """

    scope = models.CharField(max_length=40, help_text="Code of the government.")
    kind = models.CharField(max_length=60)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=5000)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "kind"],
                name="notifications_template_once_per_government_and_kind",
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(body=""),
                name="notifications_template_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope}"
