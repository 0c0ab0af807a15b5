"""How certificates look: chosen from lists, worded with fixed placeholders."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Signatory
from awards import fitting, phrases, samples
from awards.certificates import Signer
from awards.looks import Language, Layout, Motif, Palette
from awards.models import MAX_SIGNERS, CertificateDesign, CertificateSigner
from awards.phrases import BUILT_IN, PARTS
from awards.samples import Sample

MAX_LOGO_BYTES = 1024 * 1024
LOOK = ("layout", "palette", "motif", "language", "letterhead", "shows_emblem")


class DesignForm(forms.Form):
    """The design of one kind of certificate."""

    layout = forms.ChoiceField(
        label=gettext_lazy("Layout"), choices=Layout, widget=forms.RadioSelect
    )
    palette = forms.ChoiceField(
        label=gettext_lazy("Colours"),
        choices=Palette,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("All of them are dark enough to be read on white."),
    )
    motif = forms.ChoiceField(
        label=gettext_lazy("Batik motif"), choices=Motif, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=Language, widget=forms.RadioSelect
    )
    shows_emblem = forms.BooleanField(
        label=gettext_lazy("Print the emblem of the government"), required=False
    )
    letterhead = forms.CharField(
        label=gettext_lazy("Line above the title"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Empty: the name of the government."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    sample = forms.ChoiceField(choices=Sample, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        design: CertificateDesign,
        signers: Sequence[CertificateSigner],
        day: date,
    ) -> None:
        self.design, self.day = design, day
        initial = {name: getattr(design, name) for name in LOOK}
        super().__init__(data, initial={**initial, "version": design.version})
        for language, part in _texts():
            self.fields[f"{language}_{part.name}"] = _text_field(
                part, design.texts_in(language).get(part.name, "")
            )
        officials = Signatory.objects.in_office().filter(government=design.government)
        for place in range(1, MAX_SIGNERS + 1):
            chosen = signers[place - 1] if place <= len(signers) else None
            self.fields[f"signer_{place}"] = forms.ModelChoiceField(
                officials.order_by("-is_default", "name", "pk"),
                label=_("Signatory %(place)d") % {"place": place},
                to_field_name="key",
                required=False,
                initial=chosen.signatory.key if chosen else None,
                empty_label=_("The default signatory") if place == 1 else _("Nobody"),
            )
            self.fields[f"role_{place}"] = forms.ChoiceField(
                label=_("Role %(place)d") % {"place": place},
                choices=CertificateSigner.Role.choices,
                required=False,
                initial=chosen.role if chosen else "",
            )

    # What the page lays out ------------------------------------------------------

    def text_fields(self, language: str) -> list[forms.BoundField]:
        return [self[f"{language}_{part.name}"] for part in PARTS]

    @property
    def signer_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [
            (self[f"signer_{place}"], self[f"role_{place}"])
            for place in range(1, MAX_SIGNERS + 1)
        ]

    # What it comes to ------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for language, part in _texts():
            name = f"{language}_{part.name}"
            if wrong := phrases.mistakes(self.design.kind, data.get(name, "")):
                self.add_error(name, ValidationError(wrong))
        self._check_signers(data)
        if not self.errors:
            self._check_room()
        return data

    def _check_signers(self, data: dict[str, Any]) -> None:
        seen: set[Signatory] = set()
        gap = ""
        for place in range(1, MAX_SIGNERS + 1):
            official = data.get(f"signer_{place}")
            if official is None:
                gap = gap or f"signer_{place}"
                continue
            if gap:
                self.add_error(gap, _("Fill the places from the first on."))
                gap = ""
            if official in seen:
                self.add_error(
                    f"signer_{place}", _("Nobody signs twice. Choose somebody else.")
                )
            seen.add(official)

    def _check_room(self) -> None:
        design = self.changed_design()
        values = samples.values_of(
            design, self.signers(), sample=Sample.LONG, day=self.day
        )
        if fitting.fit(values, "000.8/000/KIPP-X/0000").is_cramped:
            raise ValidationError(
                _(
                    "With the longest names the texts do not fit into this layout. "
                    "Shorten them, choose one language, or fewer signatories."
                )
            )

    def changed_fields(self) -> dict[str, Any]:
        """The fields of the model as the form has them; built-in texts left out."""
        data = self.cleaned_data
        texts: dict[str, dict[str, str]] = {}
        for language, part in _texts():
            text = _tidy(data[f"{language}_{part.name}"])
            if text != BUILT_IN[self.design.kind][language].get(part.name, ""):
                texts.setdefault(language, {})[part.name] = text
        return {**{name: data[name] for name in LOOK}, "texts": texts}

    def changed_design(self) -> CertificateDesign:
        """The design as it would be, not saved."""
        return CertificateDesign(
            government=self.design.government,
            kind=self.design.kind,
            first_logo=self.design.first_logo,
            second_logo=self.design.second_logo,
            **self.changed_fields(),
        )

    def chosen_signers(self) -> list[tuple[Signatory, str]]:
        data = self.cleaned_data
        return [
            (official, data[f"role_{place}"])
            for place in range(1, MAX_SIGNERS + 1)
            if (official := data[f"signer_{place}"]) is not None
        ]

    def signers(self) -> list[Signer]:
        """Who would sign: those chosen, else the government's default."""
        if chosen := self.chosen_signers():
            return [Signer(official, role) for official, role in chosen]
        default = Signatory.objects.filter(
            government=self.design.government, is_default=True
        ).first()
        return [Signer(default)] if default else []


class LogoForm(forms.Form):
    """A logo as a file."""

    logo = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("SVG or PNG, at most 1 MB, on a transparent ground."),
        widget=forms.ClearableFileInput(
            {"accept": ".svg,.png,image/svg+xml,image/png"}
        ),
    )

    def __init__(self, *args: Any, place: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_%s_{place}"
        self.place = place

    def clean_logo(self) -> bytes:
        file: UploadedFile = self.cleaned_data["logo"]
        if (file.size or 0) > MAX_LOGO_BYTES:
            raise ValidationError(_("The file is larger than 1 MB. Make it smaller."))
        return bytes(file.read())


def _texts() -> Iterator[tuple[str, phrases.Part]]:
    for language in (Language.INDONESIAN.value, Language.ENGLISH.value):
        for part in PARTS:
            yield language, part


def _text_field(part: phrases.Part, initial: str) -> forms.CharField:
    widget: forms.Widget = forms.TextInput({"autocomplete": "off"})
    if part.lines > 1:
        widget = forms.Textarea({"rows": part.lines})
    return forms.CharField(
        label=str(part.label),
        max_length=part.max_length,
        required=part.is_required,
        initial=initial,
        widget=widget,
    )


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines()).strip()
