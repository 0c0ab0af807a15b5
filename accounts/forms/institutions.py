"""What is typed about institutions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.institution_fields import InstitutionField, InstitutionsField
from accounts.forms.lines import ReasonField, day_field
from accounts.models import Government, Institution, Membership
from accounts.models.bodies import CODE_PATTERN
from core.fields import LineField

LISTED = 300  # institutions that are offered while one types


class InstitutionFilterForm(forms.Form):
    """Narrows the list by words, kind, state, and to what stands below one."""

    ACTIVE, ENDED, ALL = "", "berakhir", "semua"

    cari = LineField(
        label=gettext_lazy("Name, former name or code"), required=False, max_length=100
    )
    jenis = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All kinds")), *Institution.Kind.choices],
    )
    keadaan = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            (ACTIVE, gettext_lazy("Active")),
            (ENDED, gettext_lazy("Ended")),
            (ALL, gettext_lazy("All")),
        ],
    )
    di = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def matching(
        self, institutions: QuerySet[Institution], *, today: date
    ) -> QuerySet[Institution]:
        """Keep the institutions asked for; an unknown choice keeps none."""
        if not self.is_valid():
            return institutions.none()
        asked = self.cleaned_data
        if words := asked["cari"]:
            institutions = institutions.filter(
                Q(name__icontains=words)
                | Q(short_name__icontains=words)
                | Q(code__icontains=words)
                | Q(pk__in=_formerly_called(words))
            )
        if kind := asked["jenis"]:
            institutions = institutions.filter(kind=kind)
        if asked["keadaan"] == self.ACTIVE:
            institutions = institutions.exclude(active_to__lt=today)
        elif asked["keadaan"] == self.ENDED:
            institutions = institutions.ended_before(today)  # type: ignore[attr-defined]
        return institutions

    @property
    def narrows(self) -> bool:
        return any(self.data.get(name) for name in ("cari", "jenis", "keadaan", "di"))


def _formerly_called(words: str) -> QuerySet[Any]:
    return Institution.objects.filter(
        Q(former_names__name__icontains=words)
        | Q(former_names__short_name__icontains=words)
    ).values("pk")


class _GovernmentForm(forms.Form):
    """A form whose institutions are those of one government that are active."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        government: Government,
        today: date,
        without: Iterable[int] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.government, self.today = government, today
        self.institutions = (
            Institution.objects.filter(government=government, successor=None)
            .exclude(active_to__lt=today)
            .exclude(pk__in=list(without))
        )
        for field in self.fields.values():
            if isinstance(field, InstitutionField | InstitutionsField):
                field.choices = self.institutions

    @property
    def offered(self) -> Sequence[tuple[str, str]]:
        """Codes and names for a list that helps typing: those higher up first."""
        return list(
            self.institutions.order_by("path", "pk").values_list("code", "name")[
                :LISTED
            ]
        )


class InstitutionForm(_GovernmentForm):
    """Kind, place in the tree and contact."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("Choose a kind")), *Institution.Kind.choices],
    )
    parent = InstitutionField(
        label=gettext_lazy("Stands below"),
        required=False,
        help_text=gettext_lazy(
            "Code or name of the institution above; empty at the top."
        ),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = LineField(label=gettext_lazy("Telephone"), required=False, max_length=40)
    address = LineField(label=gettext_lazy("Address"), required=False, max_length=200)
    active_from = day_field(
        label=gettext_lazy("Active from"),
        required=False,
        help_text=gettext_lazy("Its first day; empty if long ago."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].widget.attrs["list"] = "daftar-instansi"


class InstitutionCreateForm(InstitutionForm):
    """A new institution."""

    code = LineField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy(
            "Short and for good: letters, digits, dots and hyphens, as in DINKES."
        ),
    )
    name = LineField(label=gettext_lazy("Name"), max_length=150)
    short_name = LineField(
        label=gettext_lazy("Short name"),
        max_length=60,
        help_text=gettext_lazy("As people say it, as in Dinkes."),
    )

    field_order = ["kind", "name", "short_name", "code", "parent"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not re.fullmatch(CODE_PATTERN, code):
            raise forms.ValidationError(
                _("Write the code with letters, digits, dots and hyphens only.")
            )
        return code


class InstitutionEditForm(InstitutionForm):
    """Changes of an institution; its name has a form of its own."""

    reason = ReasonField(required=False)


class RenameForm(forms.Form):
    """Another name, from a day on or as a correction."""

    name = LineField(label=gettext_lazy("New name"), max_length=150)
    short_name = LineField(label=gettext_lazy("New short name"), max_length=60)
    is_correction = forms.BooleanField(
        label=gettext_lazy("Only a misspelling is mended"),
        required=False,
        help_text=gettext_lazy("Then no former name is kept."),
    )
    from_day = day_field(
        label=gettext_lazy("In use from"),
        required=False,
        help_text=gettext_lazy("The first day of the new name, today at the latest."),
    )
    reason = ReasonField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_correction"):
            data["from_day"] = None
        elif not data.get("from_day") and "from_day" not in self.errors:
            self.add_error("from_day", _("Write from when on the new name is in use."))
        return data


class EndForm(forms.Form):
    """The end of an institution's active period."""

    END, LIFT = "akhiri", "naikkan"

    last_day = day_field(label=gettext_lazy("Last day"))
    children = forms.ChoiceField(
        label=gettext_lazy("What becomes of those below it?"),
        choices=[
            (END, gettext_lazy("They end on the same day")),
            (LIFT, gettext_lazy("They move up a level, at once")),
        ],
        widget=forms.RadioSelect,
    )
    reason = ReasonField()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        has_children: bool,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        if not has_children:
            del self.fields["children"]

    @property
    def lifts_children(self) -> bool:
        return self.cleaned_data.get("children") == self.LIFT


class ReasonForm(forms.Form):
    """A step that needs its reason and nothing else."""

    reason = ReasonField()


class MergeChoiceForm(_GovernmentForm):
    """Which institutions become one."""

    asal = InstitutionsField(
        label=gettext_lazy("Institutions that end"),
        help_text=gettext_lazy("Codes or names, one a line. Two are usual."),
    )


class MergeForm(_GovernmentForm):
    """The successor, the day, and whose roles go on."""

    EXISTING, NEW = "ada", "baru"

    kind_of_successor = forms.ChoiceField(
        label=gettext_lazy("The successor"),
        choices=[
            (EXISTING, gettext_lazy("is an institution that exists")),
            (NEW, gettext_lazy("is a new institution")),
        ],
        widget=forms.RadioSelect,
    )
    successor = InstitutionField(
        label=gettext_lazy("Existing successor"), required=False
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Choose a kind")), *Institution.Kind.choices],
    )
    code = LineField(label=gettext_lazy("Code"), required=False, max_length=40)
    name = LineField(label=gettext_lazy("Name"), required=False, max_length=150)
    short_name = LineField(
        label=gettext_lazy("Short name"), required=False, max_length=60
    )
    parent = InstitutionField(label=gettext_lazy("Stands below"), required=False)
    first_day = day_field(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy(
            "The first day of the successor, today at the latest. The others end the "
            "day before."
        ),
    )
    memberships = forms.ModelMultipleChoiceField(
        Membership.objects.none(),
        label=gettext_lazy("Whose roles go over to the successor?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The roles of the others end with their institution."),
    )
    reason = ReasonField()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        roles: QuerySet[Membership],
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        field = self.fields["memberships"]
        field.queryset = roles  # type: ignore[attr-defined]
        field.label_from_instance = _role_label  # type: ignore[attr-defined]
        field.initial = [each.pk for each in roles]
        if not roles:
            del self.fields["memberships"]
        for name in ("successor", "parent"):
            self.fields[name].widget.attrs["list"] = "daftar-instansi"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind_of_successor") == self.EXISTING:
            self._need("successor", _("Write the code of the successor."))
        elif data.get("kind_of_successor") == self.NEW:
            for name in ("kind", "code", "name", "short_name"):
                self._need(name, _("Fill this in for a new institution."))
            if data.get("code") and not re.fullmatch(CODE_PATTERN, data["code"]):
                self.add_error(
                    "code",
                    _("Write the code with letters, digits, dots and hyphens only."),
                )
        return data

    def _need(self, name: str, message: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    @property
    def is_new(self) -> bool:
        return bool(self.cleaned_data["kind_of_successor"] == self.NEW)


def _role_label(membership: Membership) -> str:
    return f"{membership.user}, {membership.get_role_display()}, {membership.body}"
