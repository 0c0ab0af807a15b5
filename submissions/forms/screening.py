"""The form of the administrative check."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.models import Requirement
from core.fields import ProseField
from submissions.models import ReasonCode
from submissions.requirements import Finding
from submissions.services import Verdict

LONGEST_NOTE = 2_000
# What is mostly written for each reason; a first wording, to be made precise.
CANNED: Mapping[str, Any] = {
    ReasonCode.TOO_YOUNG: gettext_lazy(
        "On the closing day the innovation has not been used as long as required. It "
        "may enter again next year."
    ),
    ReasonCode.INCOMPLETE: gettext_lazy("These parts of the form are not filled in: "),
    ReasonCode.CARELESS: gettext_lazy("The answers do not say what is asked, as in: "),
    ReasonCode.OVER_WORD_LIMIT: gettext_lazy(
        "These sections are longer than the form allows: "
    ),
    ReasonCode.SAME_TITLE: gettext_lazy(
        "The same title was used for another proposal: "
    ),
    ReasonCode.DOCUMENTS_MISSING: gettext_lazy("These documents are missing: "),
    ReasonCode.AGE_EVIDENCE: gettext_lazy(
        "The evidence of the starting date is not valid, because "
    ),
    ReasonCode.WRONG_TRACK: gettext_lazy(
        "The innovation does not belong to the group that was chosen, because "
    ),
    ReasonCode.WRONG_CATEGORY: gettext_lazy(
        "The category or goal does not fit the content. More fitting would be: "
    ),
    ReasonCode.OVER_QUOTA: gettext_lazy(
        "The institution has submitted more proposals than it may."
    ),
    ReasonCode.OUT_OF_SCOPE: gettext_lazy(
        "The proposal does not describe an innovation of public service that this "
        "government answers for, because "
    ),
    ReasonCode.LATE: gettext_lazy("The proposal arrived after the closing."),
    ReasonCode.BROKEN_FILE: gettext_lazy("These files or links cannot be opened: "),
}
MET, NOT_MET = "met", "not_met"


@dataclass(frozen=True)
class ScreeningRow:
    """One requirement: what the machine says, and the fields for the verdict."""

    finding: Finding
    verdict: BoundField
    reason: BoundField
    note: BoundField

    @property
    def options(self) -> list[tuple[str, str, str, bool]]:
        """The two verdicts: id, value, label, and whether it is chosen."""
        chosen = self.verdict.value()
        return [
            (f"{self.verdict.auto_id}_{at}", value, label, value == chosen)
            for at, (value, label) in enumerate(self.verdict.field.choices)  # type: ignore[attr-defined]
        ]

    @property
    def reasons(self) -> SafeString:
        """The options of the reason."""
        drawn: SafeString = self.reason.field.widget.drawn(self.reason.value())
        return drawn

    @property
    def is_refused(self) -> bool:
        """Whether the reason stands open: chosen, or suggested by the machine."""
        return bool(self.verdict.value() == NOT_MET)


class ReasonSelect(forms.Select):
    """Reason codes, each with the sentence that static/js/screening.js offers.

    The options of a page are written once, in `ScreeningForm`: every requirement has
    the same, and they took longer than the rest of the page.
    """

    offered: Mapping[str, tuple[str, str]]

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(self.build_attrs(self.attrs, attrs)),
            self.drawn(value),
        )

    def drawn(self, value: Any) -> SafeString:
        """The options alone."""
        chosen = str(value or "")
        options = "".join(
            f"{begin}{' selected' if code == chosen else ''}{end}"
            for code, (begin, end) in self.offered.items()
        )
        return mark_safe(options)  # noqa: S308  escaped piece by piece


def _option(code: str, label: str) -> tuple[str, str]:
    """An option in two halves; between them one says that it is chosen."""
    canned = f' data-note="{escape(CANNED[code])}"' if code in CANNED else ""
    return f'<option value="{escape(code)}"{canned}', f">{escape(label)}</option>"


class ScreeningForm(forms.Form):
    """A verdict for each requirement; a refusal needs its reason and a note.

    The machine's findings are filled in as a suggestion; what needs a look is left
    open. A saved `draft` goes before both.
    """

    note = ProseField(
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        findings: Sequence[Finding],
        draft: Mapping[str, Mapping[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.findings = findings
        self.reasons = {code.value: str(code.label) for code in ReasonCode}
        self.options = {
            code: _option(code, said) for code, said in self.reasons.items()
        }
        self.fields["note"].label = _("Note to the institution")
        for finding in findings:
            self._add(finding)
        for code, values in (draft or {}).items():
            prefix = f"{code}-" if code else ""
            for name, value in values.items():
                self.initial[f"{prefix}{name}"] = value

    def _add(self, finding: Finding) -> None:
        code = finding.requirement.code
        self.fields[f"{code}-verdict"] = forms.ChoiceField(
            label=finding.requirement.title,
            choices=[(MET, _("Met")), (NOT_MET, _("Not met"))],
            widget=forms.RadioSelect,
            error_messages={"required": _("Decide whether this is met.")},
        )
        self.fields[f"{code}-reason"] = self._reason(finding.requirement)
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

    def _reason(self, requirement: Requirement) -> forms.ChoiceField:
        """All reasons; a code that the round brought along stands among them."""
        reasons, options = self.reasons, self.options
        own = requirement.reason_code
        if own not in reasons:
            reasons = {own: own} | reasons
            options = {own: _option(own, own)} | options
        widget = ReasonSelect(attrs={"data-reason-for": f"id_{requirement.code}-note"})
        widget.offered = options
        return forms.ChoiceField(
            label=_("Reason"),
            choices=list(reasons.items()),
            required=False,
            widget=widget,
        )

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

    @property
    def may_be_draft(self) -> bool:
        """Whether all that is typed can be kept; what is open does not matter."""
        return not any(
            error.code == "max_length"
            for errors in self.errors.as_data().values()
            for error in errors
        )

    def draft(self) -> dict[str, dict[str, str]]:
        """What stands in the form, whole or not, as the service keeps it."""
        cleaned = self.cleaned_data
        kept = {
            each.requirement.code: {
                name: cleaned.get(f"{each.requirement.code}-{name}", "")
                for name in ("verdict", "reason", "note")
            }
            for each in self.findings
        }
        # A note that fails only for being missing is no longer among the clean values.
        return kept | {"": {"note": cleaned.get("note", "")}}


def _urgency(finding: Finding) -> tuple[int, int]:
    rank = 0 if finding.is_not_met else 1 if finding.needs_look else 2
    return rank, finding.requirement.order
