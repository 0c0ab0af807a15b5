"""Who may."""

from accounts import permissions as roles
from accounts.models import Membership, User
from documents.models import CERTIFICATE_KINDS, Batch, IssuedDocument


def can_list_documents(user: User) -> bool:
    """Whether `user` belongs to a secretariat."""
    return roles.has_role(user, Membership.Role.SECRETARIAT)


def can_revoke(user: User, document: IssuedDocument) -> bool:
    """Whether `user` may end the validity of `document`."""
    return document.is_valid and roles.is_secretariat(user, document.government)


def can_replace(user: User, document: IssuedDocument) -> bool:
    """Whether `user` may put a corrected paper in the place of `document`.

    Of what was received or decided there is nothing to correct on paper alone.
    """
    return document.kind in CERTIFICATE_KINDS and can_revoke(user, document)


def can_retry(user: User, ordered: Batch | IssuedDocument) -> bool:
    """Whether `user` may have what failed of `ordered` rendered again."""
    return roles.is_secretariat(user, ordered.government)


def can_sign(user: User, document: IssuedDocument) -> bool:
    """Whether `user` may have `document` signed, or keep its signed file."""
    return document.is_rendered and can_revoke(user, document)
