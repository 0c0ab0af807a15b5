"""The form of the administrative check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from competitions.models import Requirement
from core.fields import ProseField
from submissions.models import ReasonCode
from submissions.requirements import Finding
from submissions.services import Verdict

LONGEST_NOTE = 2_000
MET, NOT_MET = "met", "not_met"


@dataclass(frozen=True)
class ScreeningRow:
    """One requirement: what the machine says, and the fields for the verdict."""

    finding: Finding
    verdict: BoundField
    reason: BoundField
    note: BoundField

    @property
    def is_refused(self) -> bool:
        """Whether the reason stands open: chosen, or suggested by the machine."""
        return bool(self.verdict.value() == NOT_MET)


class ScreeningForm(forms.Form):
    """A verdict for each requirement; a refusal needs its reason and a note.

    The machine's findings are filled in as a suggestion; what needs a look is left
    open.
    """

    note = ProseField(
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, findings: Sequence[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings = findings
        self.fields["note"].label = _("Note to the institution")
        for finding in findings:
            self._add(finding)

    def _add(self, finding: Finding) -> None:
        code = finding.requirement.code
        self.fields[f"{code}-verdict"] = forms.ChoiceField(
            label=finding.requirement.title,
            choices=[(MET, _("Met")), (NOT_MET, _("Not met"))],
            widget=forms.RadioSelect,
            error_messages={"required": _("Decide whether this is met.")},
        )
        self.fields[f"{code}-reason"] = forms.ChoiceField(
            label=_("Reason"),
            choices=_reasons(finding.requirement),
            required=False,
        )
        self.fields[f"{code}-note"] = ProseField(
            label=_("Note"),
            required=False,
            max_length=LONGEST_NOTE,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.initial[f"{code}-reason"] = finding.requirement.reason_code
        if finding.is_not_met:
            self.initial[f"{code}-verdict"] = NOT_MET
            self.initial[f"{code}-note"] = finding.in_full
        elif finding.is_met:
            self.initial[f"{code}-verdict"] = MET

    def rows(self) -> Iterator[ScreeningRow]:
        """The requirements with what the machine found wrong first."""
        for finding in sorted(self.findings, key=_urgency):
            code = finding.requirement.code
            yield ScreeningRow(
                finding=finding,
                verdict=self[f"{code}-verdict"],
                reason=self[f"{code}-reason"],
                note=self[f"{code}-note"],
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for finding in self.findings:
            code = finding.requirement.code
            if cleaned.get(f"{code}-verdict") != NOT_MET:
                continue
            if not cleaned.get(f"{code}-reason"):
                self.add_error(f"{code}-reason", _("Choose a reason."))
            if f"{code}-note" in cleaned and not cleaned[f"{code}-note"]:
                self.add_error(
                    f"{code}-note", _("Write what is wrong, so that it can be mended.")
                )
        return cleaned

    def verdicts(self) -> dict[Requirement, Verdict]:
        """The verdicts as the service takes them."""
        cleaned = self.cleaned_data
        return {
            finding.requirement: Verdict(
                is_met=cleaned[f"{finding.requirement.code}-verdict"] == MET,
                reason_code=cleaned[f"{finding.requirement.code}-reason"],
                note=cleaned[f"{finding.requirement.code}-note"],
            )
            for finding in self.findings
        }


def _reasons(requirement: Requirement) -> list[tuple[str, str]]:
    """All reasons; a code that the round brought along stands among them."""
    known = [(code.value, str(code.label)) for code in ReasonCode]
    if requirement.reason_code not in ReasonCode.values:
        known.insert(0, (requirement.reason_code, requirement.reason_code))
    return known


def _urgency(finding: Finding) -> tuple[int, int]:
    rank = 0 if finding.is_not_met else 1 if finding.needs_look else 2
    return rank, finding.requirement.order
