"""Governments and the institutions below them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Government, Institution, Signatory, User
from accounts.services import trees
from core import audit
from core.errors import DomainError


class CodeTaken(DomainError):
    """Another institution of the government has this code."""


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
    reason: str = "",
) -> Institution:
    """Enter an institution below `parent`, or at the top of its government's tree.

    Raises CodeTaken, in whatever case the code is written, and TreeRefused.
    """
    with transaction.atomic():
        trees.lock_tree(government)
        same = Institution.objects.filter(government=government, code__iexact=code)
        if same.exists():
            raise CodeTaken(
                _("The code %(code)s belongs to another institution.") % {"code": code}
            )
        if parent:
            parent.refresh_from_db()  # as it stands now that nobody else moves it
            trees.check_parent(parent, government=government, at=at)
        path = f"{parent.path if parent else ''}{code}/"
        trees.check_depth(path, code)
        institution = Institution.objects.create(
            government=government,
            parent=parent,
            path=path,
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
            reason=reason,
            changes={"code": code, "name": name, "path": institution.path},
        )
    return institution
