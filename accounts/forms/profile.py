"""What people write about themselves."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import EmployeeNumberField
from core.cleaning import clean_line

_PHONE = re.compile(r"\+?[0-9][0-9 ().-]*")
PHONE_DIGITS = range(6, 16)


class ProfileForm(forms.Form):
    """A person's own data; the address to sign in with is changed elsewhere."""

    name = forms.CharField(
        label=_("Name with titles"),
        max_length=150,
        help_text=_("As it shall stand on papers that name you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    employee_number = EmployeeNumberField()
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        help_text=_(
            "For the secretariat of your competition; the public never sees it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the pages and of the mails to you."),
    )

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not any(letter.isalpha() for letter in name):
            raise ValidationError(_("Write your name in letters."))
        return name

    def clean_phone(self) -> str:
        phone = clean_line(self.cleaned_data["phone"])
        digits = sum(letter.isdigit() for letter in phone)
        if phone and (not _PHONE.fullmatch(phone) or digits not in PHONE_DIGITS):
            raise ValidationError(
                _("Write the number in digits, as in 0812 3456 7890 or +62 283 355137.")
            )
        return phone
