"""What the secretariat chooses before certificates are issued."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.forms import TextDateField

# Between a name and the role: a tab from a spreadsheet, a semicolon, or a dash.
_BETWEEN = re.compile(r"\t+|\s*;\s*|\s+[–—-]\s+")
_MAX_NAME, _MAX_ROLE = 150, 120
MAX_MEMBERS = 300


class IssueForm(forms.Form):
    """Who gets a certificate now, and the date that is printed on it."""

    day = TextDateField(
        label=gettext_lazy("Date of the certificates"),
        help_text=gettext_lazy("Such as 10 Jun 2022."),
    )
    holder = forms.MultipleChoiceField(
        label=gettext_lazy("Who gets one"),
        error_messages={"required": gettext_lazy("Tick at least one name.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        keys: Sequence[str],
        day: date,
        is_day_fixed: bool,
    ) -> None:
        super().__init__(data, initial={"day": day})
        who = self.fields["holder"]
        assert isinstance(who, forms.MultipleChoiceField)
        who.choices = [(key, key) for key in keys]
        if is_day_fixed:
            del self.fields["day"]


class CommitteeForm(forms.Form):
    """Names with their roles, one on each line."""

    members = forms.CharField(
        label=gettext_lazy("Names and roles"),
        max_length=40_000,
        widget=forms.Textarea(
            {"rows": 6, "placeholder": gettext_lazy("Siti Aminah; Ketua Panitia")}
        ),
        help_text=gettext_lazy(
            "One person a line: the name, a semicolon or a tab, the role. Two columns "
            "of a spreadsheet can be pasted as they are."
        ),
    )

    def clean_members(self) -> list[tuple[str, str]]:
        found, mistakes = [], []
        lines = str(self.cleaned_data["members"]).splitlines()
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            name, role = [*_BETWEEN.split(line.strip(), maxsplit=1), ""][:2]
            if reason := _mistake(name.strip(), role.strip()):
                mistakes.append(
                    _("Line %(line)d: %(reason)s") % {"line": number, "reason": reason}
                )
            found.append((" ".join(name.split()), " ".join(role.split())))
        if len(found) > MAX_MEMBERS:
            mistakes.append(
                _("At most %(count)d people at once.") % {"count": MAX_MEMBERS}
            )
        if mistakes:
            raise ValidationError(mistakes[:10])
        return found


def _mistake(name: str, role: str) -> str:
    if not name:
        return _("the name is missing.")
    if not role:
        return _("the role is missing. Write it after a semicolon.")
    if len(name) > _MAX_NAME or len(role) > _MAX_ROLE:
        return _("the name or the role is too long.")
    return ""
