"""How the rescue board is narrowed, and what is noted there."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from accounts.models.bodies import InstitutionQuerySet
from core.fields import LineField
from monitoring import rescue
from monitoring.models import NudgeChannel
from monitoring.rescue import Fullness
from submissions.models import ProposalQuerySet

ANY_KIND = ("", _("All kinds"))
# How full a draft is, by the sections that have text.
BANDS: dict[str, tuple[Any, Callable[[Fullness], bool]]] = {
    "kosong": (_("Nothing written"), lambda full: full.answered == 0),
    "awal": (
        _("Less than half"),
        lambda full: full.answered > 0 and full.share < HALF,
    ),
    "separuh": (_("Half or more"), lambda full: HALF <= full.share < 1),
    "lengkap": (_("All sections"), lambda full: full.share == 1),
}
HALF = 0.5
FULLNESS = "isi"
ORDERS = {
    "instansi": "institution__name",
    FULLNESS: "title",
    "disentuh": "last_saved_at",
    "tutup": "closing",
}


def _search() -> forms.CharField:
    return forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Kind of institution"),
        required=False,
        choices=[ANY_KIND, *Institution.Kind.choices],
    )


class _FilterForm(forms.Form):
    """Filters in the address; nonsense there is ignored."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.values())

    def words(self) -> list[str]:
        return (self.cleaned_data.get("cari") or "").replace("\0", "").split()[:6]


class DraftFilterForm(_FilterForm):
    """Words, kind of institution, how full, untouched since."""

    cari = _search()
    jenis = _kind()
    isi = forms.ChoiceField(
        label=_("Written so far"),
        required=False,
        choices=[
            ("", _("However full")),
            *((key, label) for key, (label, _which) in BANDS.items()),
        ],
    )
    diam = forms.TypedChoiceField(
        label=_("Untouched for"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("However long")),
            (1, _("1 day or more")),
            (3, _("3 days or more")),
            (7, _("7 days or more")),
            (14, _("14 days or more")),
        ],
    )

    def narrow(self, drafts: ProposalQuerySet, order: str, at: datetime) -> list[int]:
        """The ids of the drafts asked for, in the order asked for."""
        asked = self.cleaned_data
        if kind := asked.get("jenis"):
            drafts = drafts.filter(institution__kind=kind)
        if days := asked.get("diam"):
            drafts = drafts.filter(last_saved_at__lte=at - timedelta(days=days))
        for word in self.words():
            drafts = drafts.filter(
                Q(title__icontains=word)
                | Q(institution__name__icontains=word)
                | Q(institution__short_name__icontains=word)
            )
        key, descends = order.removeprefix("-"), order.startswith("-")
        column = F(ORDERS[key])
        is_by_column = descends and key != FULLNESS
        drafts = drafts.order_by(
            column.desc() if is_by_column else column.asc(), "title", "pk"
        )
        band = asked.get("isi")
        if not band and key != FULLNESS:
            return list(drafts.values_list("pk", flat=True))
        fullness = rescue.fullness_of(drafts)
        found = [pk for pk in fullness if not band or BANDS[band][1](fullness[pk])]
        if key == FULLNESS:
            found.sort(key=lambda pk: fullness[pk].share, reverse=descends)
        return found


def order_in(data: Mapping[str, Any]) -> str:
    """The order named in the address, or the usual one."""
    order = str(data.get("urut", ""))
    return order if order.removeprefix("-") in ORDERS else "instansi"


class AbsentFilterForm(_FilterForm):
    """Words, kind of institution, and whether those below others count."""

    cari = _search()
    jenis = _kind()
    semua = forms.BooleanField(
        label=_("Also units below other institutions"), required=False
    )

    def narrow(self, institutions: InstitutionQuerySet) -> InstitutionQuerySet:
        if kind := self.cleaned_data.get("jenis"):
            institutions = institutions.filter(kind=kind)
        for word in self.words():
            institutions = institutions.filter(
                Q(name__icontains=word) | Q(short_name__icontains=word)
            )
        return institutions


class ContactForm(forms.Form):
    """How an institution was asked, outside of the portal."""

    channel = forms.ChoiceField(
        label=_("How"),
        choices=[each for each in NudgeChannel.choices if each[0] != "portal"],
        widget=forms.RadioSelect,
        initial=NudgeChannel.WHATSAPP,
        error_messages={"required": _("Choose how you reached them.")},
    )
    note = LineField(
        label=_("With whom, and what was said"),
        max_length=300,
        required=False,
        help_text=_("Only the secretariat reads it."),
    )
