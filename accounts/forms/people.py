"""Inviting people, ending and handing over what they do."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import people_lists
from accounts.forms.fields import EmployeeNumberField
from accounts.forms.lines import plausible_year
from accounts.models import Institution, User
from accounts.models.roles import Role
from accounts.people_lists import PeopleScope
from core.fields import LineField

# Beyond so many a list to choose from is no help; the code is typed instead.
CHOOSABLE = 200
IN_INSTITUTIONS = (Role.AUTHOR, Role.INSTITUTION_ADMIN)


class InstitutionField(forms.ModelChoiceField):
    """An institution by its code: chosen from a list, or typed where it is long."""

    def __init__(self, queryset: QuerySet[Institution], **options: Any) -> None:
        super().__init__(queryset, to_field_name="code", **options)
        self.error_messages["invalid_choice"] = _(
            "There is no active institution with this code here."
        )
        if queryset.count() > CHOOSABLE:
            self.widget = forms.TextInput({"autocomplete": "off"})
            self.help_text = _("Write its code, as in the list of institutions.")
        self.widget.attrs["data-depends"] = "role"

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip() if isinstance(value, str) else value)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


class PeopleFilterForm(forms.Form):
    """What the list of people is narrowed by."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    peran = forms.ChoiceField(label=_("Role"), required=False)
    instansi = forms.CharField(label=_("Institution"), required=False, max_length=100)
    keadaan = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            (people_lists.ACTIVE, _("Role in force")),
            (people_lists.NEVER, _("Never signed in")),
            (people_lists.COMING, _("Role yet to begin")),
            (people_lists.OVER, _("All roles ended")),
            (people_lists.CLOSED, _("Account closed")),
        ],
    )

    def __init__(self, data: Any, *, scope: PeopleScope) -> None:
        super().__init__(data)
        choices = [("", _("All roles")), *((each, each.label) for each in scope.roles)]
        self.fields["peran"].choices = choices  # type: ignore[attr-defined]


class InvitationForm(forms.Form):
    """Whom to invite, as what, and where."""

    name = LineField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_(
            "The invitation goes there. Use an address only this person reads."
        ),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("As in Decree 800/12/2022. It is kept in the log."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        scope: PeopleScope,
        institutions: QuerySet[Institution],
        person: User | None = None,
    ) -> None:
        self.scope = scope
        known = {"name": person.name, "email": person.email} if person else {}
        super().__init__(data, initial={"role": scope.roles[0], **known})
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role, f"{role.label}: {_HINTS[role]}") for role in scope.roles
        ]
        if len(scope.roles) == 1:
            del self.fields["role"]
        if any(role in IN_INSTITUTIONS for role in scope.roles):
            self.fields["institution"] = InstitutionField(
                institutions,
                label=_("Institution"),
                required=False,
                empty_label=gettext("Choose an institution"),
            )
            self.fields["institution"].initial = (
                scope.institution.code if scope.institution else None
            )
            self.order_fields(["name", "email", "role", "institution", "reason"])

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.setdefault("role", self.scope.roles[0])
        in_institution = cleaned["role"] in IN_INSTITUTIONS
        institution = cleaned.get("institution")
        if in_institution and not institution and "institution" not in self.errors:
            self.add_error("institution", _("Choose the institution."))
        cleaned["body"] = institution if in_institution else self.scope.government
        return cleaned


_HINTS = {
    Role.AUTHOR: _("writes and sends proposals of the institution"),
    Role.INSTITUTION_ADMIN: _("also endorses them, and invites authors"),
    Role.SECRETARIAT: _("runs the competitions of the government"),
    Role.LEADER: _("watches the figures, changes nothing"),
}


class InvitationTableForm(forms.Form):
    """A table of people to invite."""

    file = forms.FileField(
        label=_("Table of people"),
        help_text=_("XLSX or CSV, at most 1 MB."),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )


class ReasonForm(forms.Form):
    """A reason that will be read later."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


class EndForm(ReasonForm):
    """When a role ends, and why; `last_date` is None to end it at once."""

    NOW, AFTER = "now", "after"

    when = forms.ChoiceField(
        label=_("When"),
        widget=forms.RadioSelect,
        initial=AFTER,
        choices=[
            (AFTER, _("At the end of the last day")),
            (NOW, _("At once")),
        ],
    )
    last_date = forms.DateField(
        label=_("Last day"),
        required=False,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        validators=[plausible_year],
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "data-depends": "when"}
        ),
        help_text=_("Only for the first choice."),
    )

    field_order = ["when", "last_date", "reason"]

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"last_date": today})
        self.today = today
        self.fields["last_date"].widget.attrs["min"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == self.NOW:
            cleaned["last_date"] = None
        elif "last_date" not in self.errors:
            if not cleaned.get("last_date"):
                self.add_error("last_date", _("Enter the last day."))
            elif cleaned["last_date"] < self.today:
                self.add_error("last_date", _("Choose today or a day to come."))
        return cleaned


class HandoverForm(EndForm):
    """Who carries on, from when, and why."""

    successor = forms.ModelChoiceField(
        label=_("Successor"),
        queryset=User.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("Somebody else, by invitation"),
        widget=forms.Select({"data-depends": "name"}),
    )
    name = LineField(
        label=_("Name of the successor"),
        max_length=150,
        required=False,
        help_text=_("Only for somebody else."),
        widget=forms.TextInput({"autocomplete": "off", "data-depends": "successor"}),
    )
    email = forms.EmailField(
        label=_("E-mail of the successor"),
        required=False,
        help_text=_("Only for somebody else: the invitation goes there."),
        widget=forms.EmailInput({"autocomplete": "off", "data-depends": "successor"}),
    )

    field_order = ["successor", "name", "email", "when", "last_date", "reason"]

    def __init__(
        self, data: Any = None, *, today: date, colleagues: QuerySet[User]
    ) -> None:
        super().__init__(data, today=today)
        self.fields["successor"].queryset = colleagues  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("successor") and "successor" not in self.errors:
            for name in ("name", "email"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(
                        name,
                        _("Choose a successor above, or write name and e-mail."),
                    )
        return cleaned


class AcceptForm(forms.Form):
    """The account of somebody who was invited."""

    name = LineField(
        label=_("Full name"),
        max_length=150,
        help_text=_("With title, as it shall stand on papers."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    employee_number = EmployeeNumberField()
    phone = LineField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. Several words are easier to remember."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    agreed = forms.BooleanField(
        label=_("I have read the privacy notice and agree to it."),
        error_messages={
            "required": _("Read the privacy notice and tick this box to go on.")
        },
    )

    def __init__(
        self, data: Any = None, *, email: str, name: str, employee_number: str = ""
    ) -> None:
        super().__init__(
            data, initial={"name": name, "employee_number": employee_number}
        )
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            # Not like the name or the address.
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
