"""What is typed about a government and who signs for it."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import emblems
from accounts.forms.fields import EmployeeNumberField
from accounts.forms.lines import ReasonField, day_field
from accounts.models import Government
from accounts.services.governments import ParentNotSet, check_parent
from core.fields import LineField

_PROVINCE_CODE = re.compile(r"[1-9][0-9]")
_LOCAL_CODE = re.compile(r"[1-9][0-9]\.[0-9]{2}")
_FIRST_CITY = 71  # below it are regencies


class GovernmentForm(forms.Form):
    """What its secretariat may change."""

    name = LineField(
        label=gettext_lazy("Full name"),
        max_length=120,
        help_text=gettext_lazy("As on papers, as in Pemerintah Kota Tegal."),
    )
    short_name = LineField(
        label=gettext_lazy("Short name"),
        max_length=60,
        help_text=gettext_lazy("As on pages, as in Kota Tegal."),
    )
    secretariat_name = LineField(
        label=gettext_lazy("Unit that runs the competition"),
        max_length=120,
        help_text=gettext_lazy("As in Bagian Organisasi Sekretariat Daerah."),
    )
    address = LineField(label=gettext_lazy("Address"), required=False, max_length=200)
    contact = LineField(
        label=gettext_lazy("Telephone, e-mail, website"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Stands below the address on papers."),
    )
    place = LineField(
        label=gettext_lazy("Place of signing"),
        max_length=60,
        help_text=gettext_lazy("Stands before the date on papers, as in Tegal."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=Government.TimeZone.choices,
        help_text=gettext_lazy("Deadlines are meant and shown in this zone."),
    )
    protection_officer_name = LineField(
        label=gettext_lazy("Data protection officer"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Name or position; stands in the privacy notice."),
    )
    protection_officer_contact = LineField(
        label=gettext_lazy("Contact of the officer"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("E-mail or telephone."),
    )


class EmblemForm(forms.Form):
    """The picture on papers."""

    emblem = forms.FileField(
        label=gettext_lazy("Emblem"),
        help_text=gettext_lazy(
            "PNG of at most 1 MB, 100 pixels a side at least; best with a transparent "
            "background."
        ),
        widget=forms.FileInput({"accept": "image/png"}),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )

    def clean_emblem(self) -> bytes:
        upload: UploadedFile = self.cleaned_data["emblem"]
        if (upload.size or 0) > emblems.MAX_BYTES:
            raise forms.ValidationError(
                _("The emblem is larger than 1 MB. Make it smaller.")
            )
        return bytes(upload.read())


class SignatoryForm(forms.Form):
    """An official who signs."""

    name = LineField(
        label=gettext_lazy("Name with titles"),
        max_length=120,
        help_text=gettext_lazy("As it stands below the signature."),
    )
    position = LineField(label=gettext_lazy("Position"), max_length=120)
    rank_grade = LineField(
        label=gettext_lazy("Rank"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("As in Pembina Utama Muda; empty for elected heads."),
    )
    employee_number = EmployeeNumberField()
    is_default = forms.BooleanField(
        label=gettext_lazy("Signs unless another one is chosen"), required=False
    )


class SignatoryEndForm(forms.Form):
    """The last day in office."""

    last_day = day_field(
        label=gettext_lazy("Last day in office"),
        help_text=gettext_lazy("Today at the latest."),
    )
    reason = ReasonField()


class GovernmentCreateForm(GovernmentForm):
    """A new government, by a system admin."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("Choose a kind")), *Government.Kind.choices],
    )
    code = LineField(
        label=gettext_lazy("Kemendagri code"),
        max_length=10,
        help_text=gettext_lazy(
            "Two digits for a province, four for a city or regency, as in 33.76. It "
            "cannot be changed later."
        ),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Name in addresses"),
        max_length=60,
        help_text=gettext_lazy(
            "Lower case with hyphens, as in kota-tegal. It cannot be changed later."
        ),
    )
    parent = forms.ModelChoiceField(
        Government.objects.none(),
        label=gettext_lazy("Province"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("None"),
    )

    field_order = ["kind", "code", "parent", "name", "short_name", "slug"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].queryset = provinces()  # type: ignore[attr-defined]
        for name in ("protection_officer_name", "protection_officer_contact"):
            del self.fields[name]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        kind = self.cleaned_data.get("kind", "")
        if kind and (reason := code_fault(kind, code)):
            raise forms.ValidationError(reason)
        if Government.objects.filter(code=code).exists():
            raise forms.ValidationError(_("A government has this code already."))
        return code

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        if Government.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("A government has this name already."))
        return slug

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"kind", "code", "parent"} <= data.keys():
            try:
                check_parent(data["kind"], data["code"], data["parent"])
            except ParentNotSet as refusal:
                self.add_error("parent", refusal.message)
        return data


class ParentForm(forms.Form):
    """The province above a city or regency."""

    parent = forms.ModelChoiceField(
        Government.objects.none(),
        label=gettext_lazy("Province"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("None"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].queryset = provinces()  # type: ignore[attr-defined]


def provinces() -> Any:
    return Government.objects.filter(kind=Government.Kind.PROVINCE).order_by(
        "name", "pk"
    )


def code_fault(kind: str, code: str) -> str:
    """Say what is wrong with a Kemendagri code for this kind, or "".

    Provinces have two digits; in a province regencies are counted from 01, cities
    from 71.
    """
    if kind == Government.Kind.PROVINCE:
        if _PROVINCE_CODE.fullmatch(code):
            return ""
        return _("The code of a province has two digits, as in 33.")
    if not _LOCAL_CODE.fullmatch(code) or code.endswith(".00"):
        return _("The code of a city or regency has four digits, as in 33.76.")
    is_city = int(code[3:]) >= _FIRST_CITY
    if is_city and kind == Government.Kind.REGENCY:
        return _("Codes from .71 on are those of cities.")
    if not is_city and kind == Government.Kind.CITY:
        return _("Codes below .71 are those of regencies.")
    return ""
