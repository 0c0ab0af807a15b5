"""People, the bodies they belong to, and the roles that tie them."""

from accounts.models.bodies import Government, Institution, Signatory
from accounts.models.memberships import Membership
from accounts.models.people import User

__all__ = ["Government", "Institution", "Membership", "Signatory", "User"]
