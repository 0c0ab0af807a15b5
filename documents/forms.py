from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts import employee_numbers
from accounts.models import Signatory
from core.cleaning import clean_line
from core.fields import LineField
from documents import codes, numbering
from documents.signing import reading
from documents.signing.offers import Offer
from documents.signing.provider import Secret, Signer
from documents.uploads import CheckedFile, UploadRefused, check_upload
from documents.uploads.checking import PDF, FileType

NIK_LENGTH = 16


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


class ReplaceForm(RevokeForm):
    """Lines of a paper that read otherwise on the one that takes its place."""

    number = forms.CharField(
        label=_("Number of the new document"),
        max_length=80,
        required=False,
        help_text=_("Empty for the next one. The old number is not given again."),
    )

    def __init__(
        self, data: Any = None, *, lines: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(data, **options)
        reason = self.fields["reason"]
        reason.label = _("Why is it replaced?")
        reason.error_messages["required"] = _("Write why the document is replaced.")
        self.labels = {}
        for place, (label, text) in enumerate(lines):
            name = f"line_{place}"
            self.labels[name] = label
            self.fields[name] = LineField(
                label=label,
                initial=text,
                max_length=300,
                error_messages={"required": _("Write what shall stand here.")},
            )
        self.order_fields([*self.labels, "reason", "number"])

    def clean_number(self) -> str:
        return clean_line(self.cleaned_data["number"])

    @property
    def corrections(self) -> dict[str, str]:
        """The texts of valid lines, by their labels."""
        return {
            label: self.cleaned_data[name]
            for name, label in self.labels.items()
            if name in self.cleaned_data
        }


class PatternForm(forms.Form):
    """How the numbers of a kind are written."""

    pattern = LineField(
        label=_("Pattern"),
        max_length=60,
        error_messages={"required": _("Write how the numbers look.")},
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )
    unit = LineField(
        label=_("Unit"),
        max_length=20,
        required=False,
        help_text=_("What {unit} stands for, as in OR."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "pattern" in cleaned:
            try:
                numbering.check_pattern(cleaned["pattern"], cleaned.get("unit", ""))
            except numbering.PatternMistaken as mistake:
                self.add_error("pattern", mistake.message)
        return cleaned


class SignedUploadForm(forms.Form):
    file = CheckedFileField(
        label=_("Choose the signed PDF"),
        max_bytes=reading.MOST_BYTES,
        types=(PDF,),
        help_text=_("The downloaded document with its electronic signature."),
        error_messages={"required": _("Choose the signed PDF.")},
    )


class SigningForm(forms.Form):
    """How, in whose name, and with which secret is signed; the secret never returns."""

    way = forms.ChoiceField(label=_("Signed with"), widget=forms.RadioSelect)
    signatory = forms.ChoiceField(
        label=_("Signed in the name of"),
        error_messages={"required": _("Choose who signs.")},
    )
    nik = forms.CharField(
        label=_("NIK of the signer"),
        required=False,
        max_length=24,
        help_text=_("16 digits. Used for this act and not kept."),
        widget=forms.TextInput(
            {"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        strip=False,
        max_length=200,
        help_text=_("Typed for each act by the signer. The portal does not keep it."),
        error_messages={"required": _("Type the passphrase.")},
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        offers: Sequence[Offer],
        signatories: Sequence[Signatory],
    ) -> None:
        self.offers = {offer.value: offer for offer in offers}
        self.signatories = {str(each.key): each for each in signatories}
        ways = [(offer.value, offer.label) for offer in offers]
        initial = {"way": ways[0][0] if ways else ""}
        if data is None and signatories:
            initial["signatory"] = str(signatories[0].key)
        super().__init__(data, initial=initial)
        self._choose_from("way", ways)
        self._choose_from(
            "signatory", [(key, str(each)) for key, each in self.signatories.items()]
        )
        if not any(offer.provider.asks_nik for offer in offers):
            del self.fields["nik"]

    def _choose_from(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_nik(self) -> str:
        return "".join(self.cleaned_data["nik"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        offer = self.offers.get(cleaned.get("way", ""))
        if offer and offer.provider.asks_nik and "nik" in cleaned:
            nik = cleaned["nik"]
            if len(nik) != NIK_LENGTH or not nik.isdecimal():
                self.add_error("nik", _("A NIK has 16 digits. Check it."))
        return cleaned

    @property
    def offer(self) -> Offer:
        return self.offers[self.cleaned_data["way"]]

    @property
    def signer(self) -> Signer:
        found = self.signatories[self.cleaned_data["signatory"]]
        return Signer(
            name=found.name,
            position=found.position,
            rank_grade=found.rank_grade,
            employee_number=_numbered(found.employee_number),
        )

    @property
    def secret(self) -> Secret:
        return Secret(
            passphrase=self.cleaned_data["passphrase"],
            nik=self.cleaned_data.get("nik", ""),
        )


def _numbered(number: str) -> str:
    """A personnel number with its name, as papers print it; nothing without one."""
    if not number:
        return ""
    return f"{employee_numbers.name_of(number)} {employee_numbers.printed(number)}"


class CheckedPdfForm(forms.Form):
    """A PDF that somebody wants to be told about; it is read and not kept."""

    berkas = forms.FileField(
        label=_("Choose a PDF"),
        help_text=_("At most 8 MB. It is read and not kept."),
        error_messages={
            "required": _("Choose a PDF."),
            "empty": _("This file is empty. Choose the file again."),
        },
        widget=forms.FileInput({"accept": ".pdf"}),
    )
