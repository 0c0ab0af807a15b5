from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import LetterKind, Section
from core import rich_text
from core.rich_text import RichText
from documents.models import StoredFile
from submissions.models.proposals import Proposal
from submissions.models.states import EDITABLE_STATES


def while_editable() -> pgtrigger.Trigger:
    """A trigger that refuses every change of content once its proposal was sent on."""
    states = ", ".join(f"'{state.value}'" for state in EDITABLE_STATES)
    return pgtrigger.Trigger(
        name="while_editable",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("proposal_state", "TEXT"), ("proposal_pk", "BIGINT")],
        func=f"""
            IF TG_OP = 'DELETE' THEN
                proposal_pk := OLD.proposal_id;
            ELSE
                proposal_pk := NEW.proposal_id;
            END IF;
            SELECT state INTO proposal_state
                FROM submissions_proposal WHERE id = proposal_pk;
            IF proposal_state NOT IN ({states}) THEN
                RAISE EXCEPTION
                    'pgtrigger: content of a proposal that is % cannot change',
                    proposal_state;
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the states are constants of ours
    )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    # What a stale save would have written.
    pghistory.ManualEvent("conflict"),  # type: ignore[no-untyped-call]
)
class Answer(models.Model):
    """The text of one section; each save raises `version`, history keeps them all.

    `text` is the plain text of `html`, which is empty where there is no formatting.
    Source: rule FRM-07 in docs/rules.md.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    section = models.ForeignKey(Section, models.PROTECT)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="As core.rich_text writes it.")
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "section"], name="submissions_answer_once"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="submissions_answer_version_from_one"
            ),
            models.CheckConstraint(
                condition=Q(html="")
                | Q(html__startswith="<", html__regex=rich_text.CANONICAL),
                name="submissions_answer_html_is_clean",
            ),
        ]
        triggers = [while_editable()]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.section}"

    @property
    def content(self) -> RichText:
        return RichText(self.text, self.html)

    @property
    def body(self) -> SafeString:
        """The text with its formats, ready to be shown."""
        return self.content.body


class PagedFile(StoredFile):
    """A stored file that may have pages."""

    pages = models.PositiveSmallIntegerField(null=True, help_text="Of a PDF.")

    class Meta:
        abstract = True


@pghistory.track()
class Evidence(PagedFile):
    """A file that supports the answer of one section."""

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    section = models.ForeignKey(Section, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "section", "sha256"],
                name="submissions_evidence_file_once_per_section",
            )
        ]
        triggers = [while_editable()]


class LinkOutcome(models.TextChoices):
    """What came of calling up an address. Source: rule EVD-03 in docs/rules.md."""

    WAITING = "waiting", _("Being checked")
    OK = "ok", _("Opens for everybody")
    SIGN_IN = "sign_in", _("Asks to sign in")
    NOT_FOUND = "not_found", _("Not found")
    UNREACHABLE = "unreachable", _("Does not answer")
    REFUSED = "refused", _("Not called up")
    UNKNOWN = "unknown", _("Could not be checked")


class EvidenceLinkQuerySet(models.QuerySet["EvidenceLink"]):
    def with_latest_check(self) -> Self:
        """Load the latest check of each, if any, as the only one of `latest_checks`.

        It is a query of its own, and none where there is no link, as mostly.
        """
        latest = LinkCheck.objects.order_by("link", "-day").distinct("link")
        return self.prefetch_related(
            models.Prefetch("checks", latest, to_attr="latest_checks")
        )


@pghistory.track()
class EvidenceLink(models.Model):
    """An address of the web that supports the answer of one section."""

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    section = models.ForeignKey(Section, models.PROTECT)
    url = models.CharField(max_length=500)
    label = models.CharField(max_length=150, blank=True)
    key = models.CharField(max_length=24, unique=True, help_text="Its address here.")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = EvidenceLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "section", "url"],
                name="submissions_evidencelink_once_per_section",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="submissions_evidencelink_is_of_the_web",
            ),
        ]
        triggers = [while_editable()]

    def __str__(self) -> str:
        return self.label or self.url


class LinkCheck(models.Model):
    """What came of calling up an address of evidence on one day."""

    link = models.ForeignKey(EvidenceLink, models.CASCADE, related_name="checks")
    day = models.DateField()
    outcome = models.CharField(
        max_length=20, choices=LinkOutcome, default=LinkOutcome.WAITING
    )
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link", "day"], name="submissions_linkcheck_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting") ^ Q(checked_at__isnull=False),
                name="submissions_linkcheck_checked_unless_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link}: {self.outcome}"


@pghistory.track()
class StatementLetter(PagedFile):
    """A signed statement letter; a new upload takes the place of the old."""

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    kind = models.ForeignKey(LetterKind, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "kind"], name="submissions_statementletter_once"
            )
        ]
        triggers = [while_editable()]
