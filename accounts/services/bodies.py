"""Governments and the institutions below them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Government, Institution, Signatory, User
from core import audit
from core.errors import DomainError


class CodeTaken(DomainError):
    """Another institution of the government has this code."""


class ParentElsewhere(DomainError):
    """An institution cannot stand below one of another government."""


def create_government(
    *,
    fields: Mapping[str, Any],
    signatories: Iterable[Mapping[str, Any]],
    actor: User | None,
    at: datetime,
) -> Government:
    """Make a government with those who sign its papers.

    `fields` and each of `signatories` name fields of the models.
    """
    with transaction.atomic():
        government = Government.objects.create(**fields)
        for signatory in signatories:
            Signatory.objects.create(government=government, **signatory)
        audit.record(
            "government.created",
            actor=actor,
            target=government,
            at=at,
            scope=government.code,
        )
    return government


def create_institution(
    *,
    government: Government,
    kind: str,
    code: str,
    name: str,
    short_name: str,
    actor: User | None,
    at: datetime,
    parent: Institution | None = None,
    email: str = "",
    phone: str = "",
    address: str = "",
    active_from: date | None = None,
) -> Institution:
    """Enter an institution below `parent`, or at the top of its government's tree.

    Raises CodeTaken and ParentElsewhere.
    """
    with transaction.atomic():
        if Institution.objects.filter(government=government, code=code).exists():
            raise CodeTaken(
                _("The code %(code)s belongs to another institution.") % {"code": code}
            )
        if parent and parent.government_id != government.pk:
            raise ParentElsewhere(
                _("%(parent)s belongs to another government.") % {"parent": parent}
            )
        institution = Institution.objects.create(
            government=government,
            parent=parent,
            path=f"{parent.path if parent else ''}{code}/",
            kind=kind,
            code=code,
            name=name,
            short_name=short_name,
            email=email,
            phone=phone,
            address=address,
            active_from=active_from,
        )
        audit.record(
            "institution.created",
            actor=actor,
            target=institution,
            at=at,
            scope=government.code,
        )
    return institution
