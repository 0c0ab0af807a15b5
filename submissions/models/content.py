from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models import User
from competitions.models import LetterKind, Section
from documents.models import StoredFile
from submissions.models.proposals import EDITABLE_STATES, Proposal


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
    """The text of one section; each save raises `version`, history keeps them all."""

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    section = models.ForeignKey(Section, models.PROTECT)
    text = models.TextField(blank=True)
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
        ]
        triggers = [while_editable()]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.section}"


@pghistory.track()
class Evidence(StoredFile):
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


@pghistory.track()
class StatementLetter(StoredFile):
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
