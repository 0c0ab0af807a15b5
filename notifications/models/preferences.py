"""How a person wants to be told, and by which number."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MailMode(models.TextChoices):
    AT_ONCE = "at_once", _("E-mail at once")
    DAILY = "daily", _("In the daily digest")
    PORTAL = "portal", _("Only in the portal")


class Preference(models.Model):
    """How somebody is told of one kind of message, where it is not as for all."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    kind = models.CharField(max_length=60)
    mail = models.CharField(max_length=20, choices=MailMode, default=MailMode.AT_ONCE)
    by_whatsapp = models.BooleanField(default=False, help_text="Besides the mail.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="notifications_preference_once_per_person_and_kind",
            ),
            models.CheckConstraint(
                condition=~Q(mail="at_once", by_whatsapp=False),
                name="notifications_preference_differs_from_the_default",
            ),
            models.CheckConstraint(
                condition=Q(mail__in=MailMode.values),
                name="notifications_preference_mail_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.mail}"


class ChatConsentQuerySet(models.QuerySet["ChatConsent"]):
    def given(self) -> Self:
        """Keep those that hold."""
        return self.filter(ended_at=None)


class ChatConsent(models.Model):
    """That a person agreed to be written to by WhatsApp, under which number."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    number = models.CharField(
        max_length=15, blank=True, help_text="Digits with the country first."
    )
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ChatConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at=None),
                name="notifications_consent_one_that_holds",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[1-9]\d{9,14}$")
                | (Q(number="") & ~Q(ended_at=None)),
                name="notifications_consent_number_in_digits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.given_at:%Y-%m-%d}"


class ChatScope(models.Model):
    """A government whose messages may also go out by WhatsApp."""

    scope = models.CharField(
        max_length=40, unique=True, help_text="Code of the government."
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.scope
