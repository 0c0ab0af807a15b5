"""How a person wants to be told, and by which number."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
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

    def proved(self) -> Self:
        """Keep those whose number the portal itself may write to."""
        return self.given().exclude(proved_at=None)


class ChatConsent(models.Model):
    """That a person agreed to be written to by WhatsApp, under which number.

    Until a code has come back from it the number is only what somebody typed: people
    may write there, who see whom they write to, but not the portal.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    number = models.CharField(
        max_length=15, blank=True, help_text="Digits with the country first."
    )
    given_at = models.DateTimeField()
    proved_at = models.DateTimeField(
        null=True, help_text="When a code sent to the number came back."
    )
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
            models.CheckConstraint(
                condition=Q(proved_at=None) | Q(proved_at__gte=F("given_at")),
                name="notifications_consent_proved_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.given_at:%Y-%m-%d}"

    @property
    def is_proved(self) -> bool:
        return self.proved_at is not None


CODE_MINUTES = 15
CODE_MISSES = 5
# What is counted against guessing and against flooding a stranger looks back so far.
CODE_WINDOW = timedelta(days=1)


class ChatCodeQuerySet(models.QuerySet["ChatCode"]):
    def counted(self, at: datetime) -> Self:
        """Keep what still counts against the limits."""
        return self.filter(created_at__gt=at - CODE_WINDOW)

    def usable(self, at: datetime) -> Self:
        """Keep what may still be typed in."""
        return self.filter(
            created_at__gt=at - timedelta(minutes=CODE_MINUTES),
            misses__lt=CODE_MISSES,
        )


class ChatCode(models.Model):
    """A code that was sent to a number, to be typed into the portal.

    A row in the database, not in the cache: a cache that is away must not let anybody
    guess, nor write to a stranger over and over.
    """

    consent = models.ForeignKey(ChatConsent, models.CASCADE)
    digest = models.CharField(max_length=64, help_text="Of the code, under our key.")
    created_at = models.DateTimeField()
    misses = models.PositiveSmallIntegerField(default=0)

    objects = ChatCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(misses__lte=CODE_MISSES),
                name="notifications_code_misses_are_few",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.created_at:%Y-%m-%d %H:%M}"


class ChatScope(models.Model):
    """A government whose messages may also go out by WhatsApp."""

    scope = models.CharField(
        max_length=40, unique=True, help_text="Code of the government."
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.scope
