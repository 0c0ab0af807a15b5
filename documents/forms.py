from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from documents import codes
from documents.uploads import CheckedFile, UploadRefused, check_upload
from documents.uploads.checking import FileType


class CheckedFileField(forms.FileField):
    """An upload checked by its content; gives a CheckedFile."""

    def __init__(
        self, *, max_bytes: int, types: Sequence[FileType], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.max_bytes = max_bytes
        self.types = types
        self.widget.attrs["accept"] = ",".join(kind.extension for kind in types)

    def to_python(self, data: UploadedFile | None) -> CheckedFile | None:  # type: ignore[override]
        # Django's own check knows only "empty" and "name too long": ours says more.
        if data is None:
            return None
        try:
            return check_upload(data, max_bytes=self.max_bytes, types=self.types)
        except UploadRefused as refusal:
            raise ValidationError(refusal.message) from refusal


class VerifyForm(forms.Form):
    kode = forms.CharField(
        label=_("Verification code"),
        max_length=40,
        help_text=_("16 letters and digits beside the QR code, as in 7K3M-9QXT-…"),
        error_messages={"required": _("Type the code that stands on the paper.")},
        widget=forms.TextInput(
            {
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )

    def clean_kode(self) -> str:
        code = codes.normalise(self.cleaned_data["kode"])
        if not code:
            raise forms.ValidationError(
                _(
                    "A code has 16 letters and digits. Type the code beside the QR "
                    "code, not the number of the document."
                )
            )
        return code


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it revoked?"),
        max_length=500,
        help_text=_("One sentence. Whoever verifies the document reads it."),
        error_messages={"required": _("Write why the document is revoked.")},
        widget=forms.Textarea({"rows": 3}),
    )
