"""The log of who signed in and who saw personal data of others (rule DAT-06)."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import AccessEntry, User
from core.requests import client_address


def note_sign_in(*, user: User, device: str, at: datetime) -> AccessEntry:
    """Note that `user` signed in, with a `device` in words."""
    return AccessEntry.objects.create(
        at=at,
        kind=AccessEntry.Kind.SIGN_IN,
        actor=user,
        actor_label=str(user)[:200],
        subjects=[user.pk],
        what="",
        address=client_address.get(),
        device=device[:100],
    )


def note_access(
    *,
    actor: User,
    subjects: Iterable[int],
    what: str,
    at: datetime,
    is_export: bool = False,
    scope: str = "",
) -> AccessEntry | None:
    """Note that `actor` saw personal data of others; one row whatever their number.

    `subjects` are the keys of the people shown, `what` says in words what was shown,
    as in "the list of people of Kota Tegal", and `scope` is the government's code.
    What somebody sees of themselves is not noted; then there is None.
    """
    others = sorted(set(subjects) - {actor.pk})
    if not others:
        return None
    kind = AccessEntry.Kind.EXPORT if is_export else AccessEntry.Kind.VIEW
    return AccessEntry.objects.create(
        at=at,
        kind=kind,
        actor=actor,
        actor_label=str(actor)[:200],
        subjects=others,
        what=what[:200],
        scope=scope,
        address=client_address.get(),
    )
