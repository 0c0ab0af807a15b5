from django import forms
from django.utils.translation import gettext_lazy as _

from documents import codes


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
