"""Texts that a government words itself, with a fixed list of words in braces.

A placeholder is replaced by a text and nothing else: there is no format, no attribute,
no tag, and what is put in is never read again for placeholders.
Decision: docs/decisions/0029-words-of-a-government.md.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import kinds
from notifications.kinds import Group, MessageKind, Placeholder
from notifications.models import MessageTemplate

logger = logging.getLogger(__name__)

# What stands in stored texts for what only the mail itself may tell.
LINK_MARK = "SECRET-OF-THE-LINK"
UNSUBSCRIBE_MARK = "ADDRESS-TO-UNSUBSCRIBE-AT"
MARKS = (LINK_MARK, UNSUBSCRIBE_MARK)
MAX_SUBJECT = 200
MAX_BODY = 5000
# What these groups tell must not be worded anew: who is asked to prove who they are,
# or to come into the portal, shall know the text.
FIXED_GROUPS = frozenset({Group.ACCOUNT, Group.ROLES})
_BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")

NAME = Placeholder(
    "nama",
    gettext_lazy("Name of the recipient"),
    lambda context: context["recipient"].name,
    gettext_lazy("Sri Wahyuni"),
)


class ValueMissing(Exception):
    """A message has no text for a placeholder of its kind."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a text, and in which of its lines, counted from 1."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return _("Line %(line)d: %(sentence)s") % {
            "line": self.line,
            "sentence": self.sentence,
        }


@dataclass(frozen=True)
class Words:
    """Subject and paragraphs, as they are sent."""

    subject: str
    body: str


def is_editable(kind: MessageKind) -> bool:
    """Whether a government may word this kind itself.

    Kinds without placeholders are made of what somebody wrote already, or of lists.
    """
    return kind.group not in FIXED_GROUPS and bool(kind.placeholders)


def editable_kinds() -> list[MessageKind]:
    """The kinds that a government may word itself, in their order."""
    return [kind for kind in kinds.all_kinds() if is_editable(kind)]


def placeholders_of(kind: MessageKind) -> tuple[Placeholder, ...]:
    """The words in braces that the texts of `kind` may hold."""
    return (NAME, *kind.placeholders)


def faults(text: str, kind: MessageKind) -> list[Fault]:
    """Name every placeholder in `text` that `kind` has not, and every lone brace."""
    known = {each.name for each in placeholders_of(kind)}
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        for match in _BRACES.finditer(line):
            name = match[1]
            if name is None:
                sentence = _("the brace %(brace)s has no partner.") % {
                    "brace": match[0]
                }
            elif name not in known:
                sentence = _("%(placeholder)s is not known here.") % {
                    "placeholder": f"{{{name[:40]}}}"
                }
            else:
                continue
            found.append(Fault(number, sentence))
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put `values` into the placeholders of `text`, once, as they are.

    Raises ValueMissing where a placeholder has no value.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name is None or not values.get(name):
            raise ValueMissing(name or match[0])
        return values[name]

    return _BRACES.sub(value, text)


def own_template(*, scope: str, kind: MessageKind) -> MessageTemplate | None:
    """What the government `scope` has chosen for `kind`, if it has and may."""
    if not scope or not is_editable(kind):
        return None
    return MessageTemplate.objects.filter(scope=scope, kind=kind.key).first()


def words_of(
    template: MessageTemplate | None, context: Mapping[str, Any]
) -> Words | None:
    """Fill a government's own template for one reader; None for the portal's text.

    That is so where there is none, where the reader reads another language, and where
    a value is missing: a message is never broken by its template.
    """
    declared = kinds.find(template.kind) if template else None
    if template is None or declared is None:
        return None
    language = getattr(context.get("recipient"), "language", "")
    if language and language != settings.LANGUAGE_CODE:
        return None
    try:
        return write(
            declared, template.subject, template.body, values_in(declared, context)
        )
    except ValueMissing as missing:
        logger.warning(
            "No value for %s in %s of %s", missing, template.kind, template.scope
        )
        return None


def write(
    kind: MessageKind, subject: str, body: str, values: Mapping[str, str]
) -> Words:
    """Fill both texts. Raises ValueMissing."""
    line = " ".join(fill(subject, values).split())
    return Words(line[:MAX_SUBJECT], fill(body, values).strip())


def values_in(kind: MessageKind, context: Mapping[str, Any]) -> Mapping[str, str]:
    """Read all placeholders of `kind` out of `context`, leaving out what is not there.

    Marks that the mail itself replaces are taken out of what people have typed.
    """
    return {
        each.name: without_marks(text)
        for each in placeholders_of(kind)
        if (text := _read(each, context))
    }


def samples_of(kind: MessageKind) -> Mapping[str, str]:
    """Sample values of all placeholders of `kind`."""
    return {each.name: str(each.sample) for each in placeholders_of(kind)}


def without_marks(text: str) -> str:
    """Take out of `text` what stands in stored mails for a secret."""
    for mark in MARKS:
        text = text.replace(mark, "")
    return text


def _read(placeholder: Placeholder, context: Mapping[str, Any]) -> str:
    try:
        return str(placeholder.read(context)).strip()
    except (KeyError, AttributeError, TypeError, ValueError):
        return ""
