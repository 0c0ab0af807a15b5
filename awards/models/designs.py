"""How the certificates of a government look, by kind."""

from __future__ import annotations

from typing import Any, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Signatory, User
from awards.looks import Language, Layout, Motif, Palette
from awards.phrases import BUILT_IN, CertificateKind, Texts
from documents.models import IssuedDocument

MAX_SIGNERS = 3


class CertificateDesignQuerySet(models.QuerySet["CertificateDesign"]):
    def run_by(self, user: User) -> Self:
        """Keep the designs of the governments `user` runs as secretariat."""
        return self.filter(government__in=Government.objects.run_by(user))


@pghistory.track()
class CertificateDesign(models.Model):
    """How one kind of certificate of a government looks and what it says.

    Without a row, and in every field that says nothing, it is the built-in design.
    Papers keep what they were issued with: a later change concerns none of them.
    """

    government = models.ForeignKey(Government, models.PROTECT)
    kind = models.CharField(_("kind"), max_length=40, choices=CertificateKind)
    layout = models.CharField(
        _("layout"), max_length=20, choices=Layout, default=Layout.FRAME
    )
    palette = models.CharField(
        _("colours"), max_length=20, choices=Palette, default=Palette.NILA
    )
    motif = models.CharField(
        _("motif"), max_length=20, choices=Motif, default=Motif.KAWUNG
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Language, default=Language.INDONESIAN
    )
    letterhead = models.CharField(
        _("line above the title"),
        max_length=120,
        blank=True,
        help_text="Empty: the name of the government.",
    )
    shows_emblem = models.BooleanField(_("print the emblem"), default=True)
    first_logo = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of its PNG, see accounts.emblems"
    )
    second_logo = models.CharField(max_length=64, blank=True)
    texts = models.JSONField(
        default=dict,
        blank=True,
        help_text="By language and part; what is not there is built in.",
    )
    version = models.PositiveIntegerField(
        default=0, help_text="Raised by each change; a change names the one it saw."
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CertificateDesignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind"], name="awards_certificatedesign_once"
            ),
            models.CheckConstraint(
                condition=Q(layout__in=Layout.values)
                & Q(palette__in=Palette.values)
                & Q(motif__in=Motif.values)
                & Q(language__in=Language.values)
                & Q(kind__in=CertificateKind.values),
                name="awards_certificatedesign_is_drawable",
            ),
            models.CheckConstraint(
                condition=Q(first_logo__regex=r"^([0-9a-f]{64})?$")
                & Q(second_logo__regex=r"^([0-9a-f]{64})?$"),
                name="awards_certificatedesign_logos_by_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def get_absolute_url(self) -> str:
        return reverse(
            "awards:design_edit",
            args=[self.government.slug, CertificateKind(self.kind).slug],
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """Its languages, the one that is printed large first."""
        return ("id", "en") if self.language == Language.BOTH else (self.language,)

    @property
    def logos(self) -> list[str]:
        """The digests of its logos, the left one first."""
        return [each for each in (self.first_logo, self.second_logo) if each]

    def texts_in(self, language: str) -> Texts:
        """Its texts in `language` by part; empty ones are there as well."""
        return {**BUILT_IN[self.kind][language], **self.texts.get(language, {})}

    def look(self) -> dict[str, Any]:
        """What a paper keeps of the design beside the texts."""
        return {
            "layout": self.layout,
            "palette": self.palette,
            "motif": self.motif,
            "languages": list(self.languages),
            "shows_emblem": self.shows_emblem,
            "logos": self.logos,
        }


@pghistory.track()
class CertificateSigner(models.Model):
    """Who signs a kind of certificate, in the order of the page from the left."""

    class Role(models.TextChoices):
        SIGNS = "", _("Signs")
        KNOWS = "knows", _("Mengetahui (has taken note)")
        APPROVES = "approves", _("Menyetujui (approves)")

    design = models.ForeignKey(
        CertificateDesign, models.CASCADE, related_name="signers"
    )
    signatory = models.ForeignKey(Signatory, models.PROTECT)
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, choices=Role, blank=True, default=Role.SIGNS)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["design", "order"],
                name="awards_certificatesigner_one_at_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["design", "signatory"],
                name="awards_certificatesigner_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(order__gte=1, order__lte=MAX_SIGNERS),
                name="awards_certificatesigner_three_at_most",
            ),
        ]

    def __str__(self) -> str:
        return str(self.signatory)


class CertificateNotice(models.Model):
    """That the holder of a certificate was told of it; winners by their award."""

    document = models.OneToOneField(IssuedDocument, models.PROTECT)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.document)
