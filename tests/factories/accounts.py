"""Minimal valid rows of `accounts`, and people already in a role."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Government, Institution, Membership, Signatory, User

PASSWORD = "kata-sandi-uji-2022"


class GovernmentFactory(DjangoModelFactory):
    class Meta:
        model = Government

    kind = Government.Kind.CITY
    # 80 and more name no province: never a code that a test writes itself.
    code = factory.Sequence(lambda n: f"{80 + n // 100}.{n % 100:02}")
    name = factory.LazyAttribute(lambda o: f"Pemerintah {o.short_name}")
    short_name = factory.Sequence(lambda n: f"Kota Contoh {n}")
    slug = factory.Sequence(lambda n: f"kota-contoh-{n}")
    secretariat_name = "Bagian Organisasi Sekretariat Daerah"
    place = "Contoh"


class SignatoryFactory(DjangoModelFactory):
    class Meta:
        model = Signatory

    government = factory.SubFactory(GovernmentFactory)
    name = "Nama Pejabat"
    position = "Wali Kota"
    is_default = True


class InstitutionFactory(DjangoModelFactory):
    """An institution; `path` follows from its parent and code."""

    class Meta:
        model = Institution

    government = factory.SubFactory(GovernmentFactory)
    kind = Institution.Kind.AGENCY
    code = factory.Sequence(lambda n: f"OPD-{n:03}")
    name = factory.Sequence(lambda n: f"Dinas Contoh {n}")
    short_name = factory.Sequence(lambda n: f"Dincontoh {n}")
    path = factory.LazyAttribute(
        lambda o: f"{o.parent.path if o.parent else ''}{o.code}/"
    )
    parent = None


class UserFactory(DjangoModelFactory):
    """A person without a role, who signs in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"orang{n}@contoh.example")
    name = factory.Sequence(lambda n: f"Orang Contoh {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        kwargs.setdefault("password", PASSWORD)
        return model_class.objects.create_user(**kwargs)


class MembershipFactory(DjangoModelFactory):
    """An author's membership; a role of a government takes `government`."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Membership.Role.AUTHOR
    institution = factory.Maybe(
        factory.LazyAttribute(lambda o: o.role in ("author", "institution_admin")),
        factory.SubFactory(InstitutionFactory),
    )
    government = factory.Maybe(
        factory.LazyAttribute(lambda o: o.role in ("secretariat", "leader")),
        factory.SubFactory(GovernmentFactory),
    )
    from_date = date(2020, 1, 1)


class _PersonFactory(UserFactory):
    """A person with one role, in the `institution` or `government` given."""

    class Meta:
        model = User

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        membership = {
            name: kwargs.pop(name)
            for name in ("role", "institution", "government")
            if name in kwargs
        }
        user = super()._create(model_class, *args, **kwargs)
        MembershipFactory(user=user, **membership)
        return user


class AuthorFactory(_PersonFactory):
    """`AuthorFactory(institution=dinas)`; without one it is made."""

    role = Membership.Role.AUTHOR


class InstitutionAdminFactory(_PersonFactory):
    """`InstitutionAdminFactory(institution=dinas)`: admin or head of its tree."""

    role = Membership.Role.INSTITUTION_ADMIN


class SecretariatFactory(_PersonFactory):
    """`SecretariatFactory(government=city)`."""

    role = Membership.Role.SECRETARIAT


class LeaderFactory(_PersonFactory):
    """`LeaderFactory(government=city)`."""

    role = Membership.Role.LEADER
