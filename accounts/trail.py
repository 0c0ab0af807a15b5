"""Reading the audit trail: which entries, in which words, page by page."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import permissions, records
from accounts.models import Government, Membership, User
from core import dates
from core.models import AuditEntry

PAGE_SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Which page shows a row: the name of its route, and where its arguments stand.
PAGES: dict[str, tuple[str, list[str]]] = {
    "competitions.round": ("competitions:round_setup", ["slug"]),
    "submissions.proposal": ("submissions:proposal_detail", ["code"]),
    "judging.juror": ("judging:juror_detail", ["round__slug", "key"]),
    "judging.result": ("judging:result_detail", ["scoring_stage__round__slug"]),
    "awards.award": ("awards:award_list", ["row__result__round__slug"]),
    "awards.certificatedesign": ("awards:design_list", ["government__slug"]),
    "awards.decree": ("awards:award_list", ["round__slug"]),
    "awards.feedbackplan": ("awards:feedback_list", ["round__slug"]),
    "documents.batch": ("documents:batch_detail", ["code"]),
    "documents.issueddocument": ("documents:document_detail", ["code"]),
    "accounts.institution": (
        "accounts:institution_detail",
        ["government__slug", "code"],
    ),
}
# Whose secretariat has that page, where the log may be of another one: a winner sent
# on stands in the log it comes from, and is read by those who judge it.
ORGANISERS = {"submissions.proposal": "round__competition__government__code"}


# Which entries ------------------------------------------------------------------------


def entries_of(user: User, government: Government) -> QuerySet[AuditEntry]:
    """Give the entries of `government` that `user`, of its secretariat, may read.

    Who also works for an institution there reads nothing of what competitors do and
    how they are judged (ACC-03).
    """
    entries = AuditEntry.objects.filter(scope=government.code)
    if permissions.works_in(user, government):
        entries = entries.exclude(_of_nouns(_nouns_of_entries()))
    return entries


def entries_of_portal() -> QuerySet[AuditEntry]:
    """Give those of no government, and those of governments as such."""
    return AuditEntry.objects.filter(
        Q(scope="") | Q(target_type=Government._meta.label_lower)
    )


def _nouns_of_entries() -> list[str]:
    return [
        noun
        for group in records.GROUPS.values()
        if group.is_of_entries
        for noun in group.nouns
    ]


def _of_nouns(nouns: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    for noun in nouns:
        found |= Q(action__startswith=f"{noun}.")
    return found


def narrowed(
    entries: QuerySet[AuditEntry], asked: Mapping[str, Any], zone: tzinfo
) -> QuerySet[AuditEntry]:
    """Keep what was `asked` for in the filter of the page; days are those of `zone`."""
    if person := asked.get("orang"):
        entries = entries.filter(actor_label__icontains=person)
    if group := records.GROUPS.get(asked.get("jenis") or ""):
        entries = entries.filter(_of_nouns(group.nouns))
    if target := asked.get("objek"):
        entries = entries.filter(target_type=target)
    if first := asked.get("dari"):
        entries = entries.filter(at__gte=_midnight(first, zone))
    if last := asked.get("sampai"):
        entries = entries.filter(at__lt=_midnight(last + timedelta(days=1), zone))
    for word in (asked.get("cari") or "").split()[:6]:
        entries = entries.alias(changed=Cast("changes", models.TextField())).filter(
            Q(target_label__icontains=word)
            | Q(reason__icontains=word)
            | Q(changed__icontains=word)
        )
    return entries


def _midnight(day: Any, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def people_in(entries: QuerySet[AuditEntry]) -> set[int]:
    """Give the keys of the people whom `entries` name: who did it, and to whom."""
    users = set(entries.exclude(actor=None).values_list("actor", flat=True).distinct())
    label = User._meta.label_lower
    targets = entries.filter(target_type=label).values_list("target_id", flat=True)
    users.update(int(key) for key in targets.distinct())
    of_roles = entries.filter(target_type=Membership._meta.label_lower)
    roles = Membership.objects.alias(key_text=Cast("pk", models.TextField()))
    users.update(
        roles.filter(key_text__in=of_roles.values("target_id"))
        .values_list("user", flat=True)
        .distinct()
    )
    return users


# Page by page -------------------------------------------------------------------------


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: at a moment, after as many entries of that moment.

    It names no row: what has no number cannot be counted.
    """

    at: datetime
    skip: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.skip}"


def read_cursor(text: str) -> Cursor | None:
    """Read what `str` of a cursor wrote; nonsense begins at the first page."""
    found = re.fullmatch(r"([0-9]{1,17})-([0-9]{1,6})", text, re.ASCII)
    if not found:
        return None
    try:
        at = EPOCH + timedelta(microseconds=int(found[1]))
    except OverflowError:
        return None
    return Cursor(at, int(found[2]))


@dataclass(frozen=True)
class TrailPage:
    """Some entries, newest first, and where the older ones begin."""

    entries: Sequence[AuditEntry]
    following: Cursor | None


def page_of(entries: QuerySet[AuditEntry], cursor: Cursor | None) -> TrailPage:
    """Give one page, in one query that reads no more than it shows."""
    skip = 0
    if cursor:
        entries, skip = entries.filter(at__lte=cursor.at), cursor.skip
    found = list(entries.order_by("-at", "-pk")[skip : skip + PAGE_SIZE + 1])
    shown, rest = found[:PAGE_SIZE], found[PAGE_SIZE:]
    if not rest:
        return TrailPage(shown, None)
    last = shown[-1].at
    of_last = sum(each.at == last for each in shown)
    if cursor and cursor.at == last:
        of_last += cursor.skip
    return TrailPage(shown, Cursor(last, of_last))


# In words -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What became of one field; `old` is None where only the new value is noted."""

    label: str
    old: str | None
    new: str

    def __str__(self) -> str:
        return f"{self.label}: {self.new if self.old is None else self.arrow}"

    @property
    def arrow(self) -> str:
        return f"{self.old} → {self.new}"


@dataclass(frozen=True)
class TrailRow:
    """One entry as it is shown."""

    at: datetime
    actor: str
    action: str
    kind: str
    target: str
    url: str
    reason: str
    address: str
    changes: Sequence[Change]


def rows_of(
    entries: Iterable[AuditEntry], zone: tzinfo, *, links: bool = True
) -> Iterator[TrailRow]:
    """Put entries into words; with `links`, one query for each kind of row."""
    found = list(entries) if links else entries
    urls = _urls_of(found) if links else {}
    words = Wording(zone)
    for each in found:
        yield TrailRow(
            at=each.at,
            actor=each.actor_label or words.portal,
            action=words.sentence(each.action),
            kind=words.kind(each.target_type),
            target=each.target_label,
            url=urls.get((each.target_type, each.target_id), ""),
            reason=each.reason,
            address=each.address or "",
            changes=words.changes(each),
        )


class Wording:
    """Gives the words of one language and zone, each looked up once."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.portal, self.empty = _("The portal"), _("(empty)")
        self.yes, self.no = _("yes"), _("no")
        self.sentence = cache(records.sentence)
        self.kind = cache(kind_label)
        self._field = cache(_field_of)
        self._label = cache(_label_of)
        self._text = lru_cache(10_000)(self._of_text)

    def changes(self, entry: AuditEntry) -> list[Change]:
        """Say what changed, with the labels people know the fields by."""
        return [
            self._change(entry, name, value) for name, value in entry.changes.items()
        ]

    def _change(self, entry: AuditEntry, name: str, value: Any) -> Change:
        field = self._field(entry.action, entry.target_type, name)
        label = self._label(entry.action, entry.target_type, name)
        if _is_pair(value, name):
            old, new = (self._value(each, field) for each in value)
            return Change(label, old, new)
        return Change(label, None, self._value(value, field))

    def _value(self, value: Any, field: Any = None) -> str:
        if isinstance(value, bool):
            return self.yes if value else self.no
        if isinstance(value, list):
            return ", ".join(self._value(each, field) for each in value) or self.empty
        if isinstance(value, dict):
            return "; ".join(f"{key}: {self._value(v)}" for key, v in value.items())
        return self.empty if value is None else self._text(str(value), field)

    def _of_text(self, text: str, field: Any) -> str:
        """Write what is kept for machines as people do: choices, dates, moments."""
        choices = dict(getattr(field, "flatchoices", None) or [])
        if text in choices:
            return str(choices[text])
        return _dated(text, self.zone) or self.empty


def _is_pair(value: Any, name: str) -> bool:
    """Whether `value` is [old, new], and not a list that happens to hold two."""
    if not isinstance(value, list) or len(value) != 2:
        return False
    return name not in records.LISTS or any(isinstance(each, list) for each in value)


def kind_label(target_type: str) -> str:
    """Name a kind of row as people do."""
    model = _model_of(target_type)
    known = records.KINDS.get(target_type)
    if known is not None or model is None:
        return str(known or target_type)
    return str(model._meta.verbose_name)


def _model_of(target_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(target_type)
    except (LookupError, ValueError):
        return None  # of a model that is no more


def _field_of(action: str, target_type: str, name: str) -> Any:
    noun = records.noun_of(action)
    subject = records.SUBJECTS.get(noun, target_type)
    return _model_field(subject, records.ALIASES.get((noun, name), name))


def _model_field(label: str, name: str) -> Any:
    model = _model_of(label)
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _label_of(action: str, target_type: str, name: str) -> str:
    if of_choice := records.NAMED_BY_CHOICE.get(action):
        choices = dict(getattr(_model_field(*of_choice), "flatchoices", None) or [])
        if name in choices:
            return str(choices[name])
    words = getattr(_field_of(action, target_type, name), "verbose_name", None)
    # A plain string is Django's guess from the name, not a word for people.
    if not isinstance(words, Promise):
        # Parts of the rules are named by the way to them, by codes below.
        words = " › ".join(
            str(records.FIELDS.get(part, part.replace("_", " ")))
            for part in name.split(".")
        )
    text = str(words)
    return text[:1].upper() + text[1:]


def _dated(text: str, zone: tzinfo) -> str:
    """Write dates and moments, which are kept in ISO 8601, as people do."""
    if not re.match(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return text
    try:
        if len(text) == 10 and (day := parse_date(text)):
            return dates.format_date(day)
        if (moment := parse_datetime(text)) and moment.tzinfo:
            return dates.format_datetime(moment, "medium", zone)
    except ValueError:
        pass  # it only looks like one
    return text


def _urls_of(entries: Iterable[AuditEntry]) -> dict[tuple[str, str], str]:
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    scopes = set()
    for each in entries:
        scopes.add(each.scope)
        if each.target_type in PAGES:
            wanted[each.target_type].add(each.target_id)
    urls = {}
    for target_type, ids in wanted.items():
        route, names = PAGES[target_type]
        model = _model_of(target_type)
        if model is None:
            continue
        rows = model._default_manager.filter(pk__in=ids)
        if organiser := ORGANISERS.get(target_type):
            rows = rows.filter(**{f"{organiser}__in": scopes})
        for pk, *args in rows.values_list("pk", *names):
            try:
                urls[target_type, str(pk)] = reverse(route, args=args)
            except NoReverseMatch:
                break
    return urls
