"""Who may."""

from accounts import permissions as roles
from accounts.models import Membership, User
from documents.models import Batch, IssuedDocument


def can_list_documents(user: User) -> bool:
    """Whether `user` belongs to a secretariat."""
    return roles.has_role(user, Membership.Role.SECRETARIAT)


def can_revoke(user: User, document: IssuedDocument) -> bool:
    """Whether `user` may end the validity of `document`."""
    return document.is_valid and roles.is_secretariat(user, document.government)


def can_retry(user: User, batch: Batch) -> bool:
    """Whether `user` may have the failed papers of `batch` rendered again."""
    return roles.is_secretariat(user, batch.government)
