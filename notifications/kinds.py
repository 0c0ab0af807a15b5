"""The kinds of messages: each app declares its own in `message_kinds.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The digest of the day, which only repeats what other messages say.
DIGEST_KEY = "notifications.digest"
# The code that proves a number for WhatsApp; it holds a secret.
CHAT_CODE_KEY = "notifications.chat_code"
# Nobody looks for these under the bell.
NO_NEWS = (DIGEST_KEY, CHAT_CODE_KEY)


class Group(models.TextChoices):
    """Under which heading people find a kind; in this order."""

    PROPOSALS = "proposals", _("Your proposals")
    DEADLINES = "deadlines", _("Deadlines and dates")
    EVENTS = "events", _("Events")
    AWARDS = "awards", _("Awards and feedback")
    JUDGING = "judging", _("Judging")
    SECRETARIAT = "secretariat", _("Running a competition")
    ROLES = "roles", _("Invitations and roles")
    ACCOUNT = "account", _("Your account and your data")


@dataclass(frozen=True)
class Placeholder:
    """A word in braces that a government may put into the template of a kind."""

    name: str
    label: Promise
    # Reads its text out of the context that `notify` is given.
    read: Callable[[Mapping[str, Any]], str]
    sample: Promise | str


@dataclass(frozen=True)
class MessageKind:
    """What people can be told of, in words.

    A compulsory kind is always mailed at once: what it says has consequences in law
    or for the safety of the account, and nobody may have missed it by a setting.
    """

    key: str
    label: Promise
    group: str
    is_compulsory: bool = False
    placeholders: tuple[Placeholder, ...] = ()
    # It goes to an address, not to a person who could have a number.
    is_to_address: bool = False

    @property
    def may_chat(self) -> bool:
        """Whether it may go by WhatsApp as well.

        What concerns the safety of an account is in the name of no government, and
        WhatsApp is a government's.
        """
        return self.group != Group.ACCOUNT and not self.is_to_address


_kinds: dict[str, MessageKind] = {}


def register(*kinds: MessageKind) -> None:
    """Make `kinds` known; to be called when an app is ready."""
    for each in kinds:
        if _kinds.get(each.key, each) is not each:
            raise ValueError(f"Two kinds of messages are called {each.key}.")
        _kinds[each.key] = each


def kind(key: str) -> MessageKind:
    """Give the kind called `key`.

    Raises KeyError if no app declares it: a mistake in the code that sends it.
    """
    return _kinds[key]


def find(key: str) -> MessageKind | None:
    """Give the kind called `key`; None for that of a message from another age."""
    return _kinds.get(key)


def all_kinds() -> list[MessageKind]:
    """Give all kinds, in the order of their groups and as the apps declare them."""
    order = list(Group.values)
    return sorted(_kinds.values(), key=lambda each: order.index(each.group))
