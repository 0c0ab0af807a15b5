"""What people choose, and how lists of messages are narrowed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import LineField
from notifications import chats, kinds, proof
from notifications.kinds import DIGEST_KEY, NO_NEWS, Group, MessageKind
from notifications.models import (
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    MailMode,
    MessageQuerySet,
    Preference,
)
from notifications.queries import DeliveryCounts
from notifications.services import Choice


@dataclass(frozen=True)
class KindRow:
    """One kind on the page of wishes, with its fields."""

    kind: MessageKind
    mail: forms.BoundField | None
    chat: forms.BoundField | None


@dataclass(frozen=True)
class KindGroup:
    """The kinds under one heading; those to choose from come first."""

    key: str
    label: str
    chosen: Sequence[KindRow]
    compulsory: Sequence[KindRow]


class PreferenceForm(forms.Form):
    """By which way to be told of which kind."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        groups: Mapping[Group, Sequence[MessageKind]],
        wishes: Mapping[str, Preference],
        with_chats: bool,
    ) -> None:
        super().__init__(data)
        self.with_chats = with_chats
        self._groups = groups
        for kind in self._kinds():
            wish = wishes.get(kind.key)
            if not kind.is_compulsory:
                self.fields[f"surel-{_slug(kind)}"] = forms.ChoiceField(
                    label=cast(Any, kind.label),
                    choices=MailMode.choices,
                    initial=wish.mail if wish else MailMode.AT_ONCE,
                )
            if with_chats and kind.may_chat:
                self.fields[f"whatsapp-{_slug(kind)}"] = forms.BooleanField(
                    label=gettext_lazy("WhatsApp"),
                    required=False,
                    initial=bool(wish and wish.by_whatsapp),
                )
        self._wishes = wishes

    def choices(self) -> dict[str, Choice]:
        """What was chosen, by kind; a box that was not offered stays as it was."""
        return {kind.key: self._choice(kind) for kind in self._kinds()}

    def _choice(self, kind: MessageKind) -> Choice:
        wish = self._wishes.get(kind.key)
        stored = bool(wish and wish.by_whatsapp)
        return Choice(
            self.cleaned_data.get(f"surel-{_slug(kind)}", MailMode.AT_ONCE),
            self.cleaned_data.get(f"whatsapp-{_slug(kind)}", stored),
        )

    def groups(self) -> list[KindGroup]:
        return [
            KindGroup(
                group.value,
                str(group.label),
                [self._row(kind) for kind in own if not kind.is_compulsory],
                [self._row(kind) for kind in own if kind.is_compulsory],
            )
            for group, own in self._groups.items()
        ]

    def _row(self, kind: MessageKind) -> KindRow:
        return KindRow(
            kind,
            self[f"surel-{_slug(kind)}"] if not kind.is_compulsory else None,
            self[f"whatsapp-{_slug(kind)}"]
            if self.with_chats and kind.may_chat
            else None,
        )

    def _kinds(self) -> list[MessageKind]:
        return [kind for own in self._groups.values() for kind in own]


def _slug(kind: MessageKind) -> str:
    return kind.key.replace(".", "-")


class ChatForm(forms.Form):
    """Consent to be written to by WhatsApp, by people or by the portal."""

    phone = LineField(
        label=gettext_lazy("WhatsApp number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy(
            "This number is mine, and I may be written to there by WhatsApp."
        )
    )


class ChatCodeForm(forms.Form):
    """The code that was sent to the number."""

    code = LineField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "code-input",
            }
        ),
    )

    def clean_code(self) -> str:
        """Take blanks and dashes out, as people read codes in pieces."""
        code = re.sub(r"[\s\-]", "", self.cleaned_data["code"])
        if not re.fullmatch(rf"[0-9]{{{proof.DIGITS}}}", code):
            raise ValidationError(
                _("The code has %(digits)d digits.") % {"digits": proof.DIGITS}
            )
        return code


class _Filter(forms.Form):
    """Filters in the address; nonsense there is ignored."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.is_valid()
        self.values: dict[str, str] = {
            name: self.cleaned_data.get(name, "") for name in self.fields
        }

    @property
    def is_narrow(self) -> bool:
        return any(self.values.values())

    def url(self, route: str, **changes: str) -> str:
        """The address of the list with these filters, some of them changed."""
        chosen = {**self.values, **changes}
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in chosen.items() if value})
        path = reverse(route)
        return f"{path}?{query.urlencode()}" if query else path


def _group_choices() -> list[tuple[str, Any]]:
    return [("", _("Everything")), *Group.choices]


class MessageFilterForm(_Filter):
    kelompok = forms.ChoiceField(
        label=gettext_lazy("About"), required=False, choices=_group_choices
    )
    saring = forms.ChoiceField(
        required=False, choices=[("belum", "")], widget=forms.HiddenInput
    )

    def narrow(self, notices: MessageQuerySet) -> MessageQuerySet:
        if self.values["saring"]:
            notices = notices.unread()
        if group := self.values["kelompok"]:
            notices = notices.filter(
                kind__in=[each.key for each in kinds.all_kinds() if each.group == group]
            )
        return notices

    def tabs(self) -> list[dict[str, object]]:
        return [
            {
                "label": label,
                "url": self.url("notifications:message_list", saring=value),
                "current": value == self.values["saring"],
            }
            for value, label in [("", _("All")), ("belum", _("Unread"))]
        ]


def _kind_choices() -> list[tuple[str, Any]]:
    choices: list[tuple[str, Any]] = [("", _("All kinds"))]
    for group in Group:
        own = [
            (each.key, each.label)
            for each in kinds.all_kinds()
            if each.group == group and each.key not in NO_NEWS
        ]
        choices.append((str(group.label), own))
    return [*choices, (DIGEST_KEY, _("Daily digest"))]


def _channel_choices() -> list[tuple[str, Any]]:
    return [("", _("All channels")), *Delivery.Channel.choices]


class DeliveryFilterForm(_Filter):
    cari = forms.CharField(
        label=gettext_lazy("Address, number or subject"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    saluran = forms.ChoiceField(
        label=gettext_lazy("Channel"), required=False, choices=_channel_choices
    )
    jenis = forms.ChoiceField(
        label=gettext_lazy("Kind of message"), required=False, choices=_kind_choices
    )
    keadaan = forms.ChoiceField(
        required=False, choices=DeliveryState.choices, widget=forms.HiddenInput
    )

    def narrow(self, deliveries: DeliveryQuerySet) -> DeliveryQuerySet:
        """Keep what fits all but the state, which has tabs with numbers."""
        if text := self.values["cari"].strip():
            fits = Q(address__icontains=text) | Q(message__subject__icontains=text)
            if number := chats.chat_number(text):  # however it was typed
                fits |= Q(address=number)
            deliveries = deliveries.filter(fits)
        if channel := self.values["saluran"]:
            deliveries = deliveries.filter(channel=channel)
        if kind := self.values["jenis"]:
            deliveries = deliveries.filter(message__kind=kind)
        return deliveries

    def narrow_to_state(self, deliveries: DeliveryQuerySet) -> DeliveryQuerySet:
        if state := self.values["keadaan"]:
            deliveries = deliveries.filter(state=state)
        return deliveries

    def tabs(self, counts: DeliveryCounts) -> list[dict[str, object]]:
        numbers = [
            ("", _("All"), counts.total),
            *[
                (state.value, state.label, getattr(counts, state.value))
                for state in DeliveryState
            ],
        ]
        return [
            {
                "label": label,
                "url": self.url("notifications:delivery_list", keadaan=value),
                "current": value == self.values["keadaan"],
                "count": number,
            }
            for value, label, number in numbers
        ]
