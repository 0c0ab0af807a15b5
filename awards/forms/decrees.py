"""How the decree is worded, and its signed paper."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards import decrees
from awards.decrees import Wording
from documents.forms import CheckedFileField
from documents.uploads.checking import PDF

SCAN_BYTES = 10 * 1024 * 1024
_LONGEST = 6000


def _clauses(label: Any, rows: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_LONGEST,
        required=required,
        widget=forms.Textarea({"rows": rows}),
        help_text=gettext_lazy("One clause a line."),
    )


class DecreeTextForm(forms.Form):
    """The wording of the draft; words in braces are checked as they are typed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    official = forms.CharField(
        label=gettext_lazy("Who decides"),
        max_length=120,
        help_text=gettext_lazy("As in Wali Kota Tegal; it stands in the head."),
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=400,
        widget=forms.Textarea({"rows": 2}),
    )
    considering = _clauses(gettext_lazy("Considering (Menimbang)"), 6)
    remembering = _clauses(gettext_lazy("Legal basis (Mengingat)"), 6)
    noting = _clauses(gettext_lazy("Taking note of (Memperhatikan)"), 2, required=False)
    rulings = _clauses(gettext_lazy("What is decided (KESATU …)"), 8)
    copies = _clauses(gettext_lazy("Copies to (Tembusan)"), 4, required=False)

    def __init__(
        self, data: Any = None, *, wording: Wording | None = None, version: int = 0
    ) -> None:
        initial = asdict(wording) if wording else {}
        super().__init__(data, initial=initial | {"version": version})

    def clean_rulings(self) -> str:
        text = str(self.cleaned_data["rulings"])
        if len(decrees.lines_of(text)) > len(decrees.ORDINALS):
            raise ValidationError(
                _("At most %(count)d clauses are counted in words.")
                % {"count": len(decrees.ORDINALS)}
            )
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, text in list(data.items()):
            if isinstance(text, str) and (mistake := decrees.mistake_in(text)):
                self.add_error(name, mistake)
        return data

    @property
    def wording(self) -> Wording:
        """What was typed."""
        data = {
            name: text.replace("\r\n", "\n")
            for name, text in self.cleaned_data.items()
            if name != "version"
        }
        return Wording(**data)


class AnnouncementForm(forms.Form):
    """The number of the announcement, where the registry has given one."""

    number = forms.CharField(
        label=gettext_lazy("Number of the announcement"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "As the registry gave it. Empty: the next one of your pattern."
        ),
    )


class ScanForm(forms.Form):
    """The signed decree as PDF, and whether everybody may read it."""

    file = CheckedFileField(
        max_bytes=SCAN_BYTES,
        types=[PDF],
        label=gettext_lazy("Signed decree"),
        required=False,
        help_text=gettext_lazy("PDF, at most 10 MB. Another one takes its place."),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Offer it on the page of the winners"),
        required=False,
        help_text=gettext_lazy(
            "From the moment of publication. Hide addresses and numbers of persons "
            "that are nobody's business first."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        has_scan: bool,
        is_public: bool = False,
    ) -> None:
        super().__init__(data, files, initial={"is_public": is_public})
        self.has_scan = has_scan

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.has_scan and not data.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose the PDF of the signed decree."))
        return data
