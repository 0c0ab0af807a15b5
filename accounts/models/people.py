from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.memberships import Membership


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Make a person who signs in with `email`, kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> User:
        return self.create_user(email, password, is_system_admin=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """A person who signs in. What they may do stands in their memberships."""

    key = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    employee_number = models.CharField(
        _("NIP or NRP"), max_length=30, blank=True, help_text=_("Empty if none.")
    )
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Of the pages and of the mails; empty for the portal's own."),
    )
    is_active = models.BooleanField(default=True)
    is_system_admin = models.BooleanField(
        default=False, help_text="Users, governments, technical health; never scores."
    )
    date_joined = models.DateTimeField(default=timezone.now)
    pseudonymised_at = models.DateTimeField(
        null=True, editable=False, help_text="When name, address and numbers went."
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="accounts_user_email_once_whatever_case"
            ),
            models.CheckConstraint(
                condition=models.Q(pseudonymised_at=None)
                | models.Q(is_active=False, phone="", employee_number=""),
                name="accounts_user_pseudonymised_has_no_data_left",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def current_memberships(self) -> list[Membership]:
        """The roles in force today, read once per request (one query)."""
        return list(
            self.membership_set.current()
            .select_related("institution__government", "government")
            .order_by("pk")
        )

    @cached_property
    def sits_in_panels(self) -> bool:
        """Whether any panel counts on the person, read once per request (one query)."""
        # Panels stand above this layer: they are asked by the relation they declare.
        return self.juror_set.filter(declined_at=None, ended_at=None).exists()
