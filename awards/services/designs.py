"""Changing how certificates look. No issued paper changes with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import emblems
from accounts import services as accounts_services
from accounts.models import Government, Signatory, User
from awards import logos
from awards.models import CertificateDesign, CertificateSigner
from awards.phrases import CertificateKind
from core import audit
from core.errors import DomainError

LOGO_FIELDS = ("first_logo", "second_logo")


class DesignStale(DomainError):
    """Somebody else changed the design since it was shown."""


def save_design(
    *,
    government: Government,
    kind: CertificateKind,
    version: int,
    fields: Mapping[str, Any],
    signers: Sequence[tuple[Signatory, str]],
    actor: User,
    at: datetime,
) -> CertificateDesign:
    """Keep how certificates of `kind` look from now on.

    `fields` are those of the model, checked by the form; `signers` stand in the order
    of the page. Raises DesignStale if `version` is not the newest.
    Source: rule CRT-03 in docs/rules.md.
    """
    with transaction.atomic():
        design = _locked(government, kind, actor, at)
        if design.version != version:
            raise DesignStale(
                _("%(name)s changed this design meanwhile.")
                % {"name": design.changed_by.name}
            )
        before = {name: getattr(design, name) for name in fields}
        for name, value in fields.items():
            setattr(design, name, value)
        _raise(design, actor, at)
        design.signers.all().delete()
        CertificateSigner.objects.bulk_create(
            CertificateSigner(
                design=design, signatory=signatory, role=role, order=order
            )
            for order, (signatory, role) in enumerate(signers, start=1)
        )
        _record(
            "certificate_design.changed",
            design,
            actor,
            at,
            {name: value for name, value in fields.items() if value != before[name]}
            | {"signers": [signatory.name for signatory, _role in signers]},
        )
    return design


def restore_design(
    *, government: Government, kind: CertificateKind, actor: User, at: datetime
) -> CertificateDesign:
    """Go back to the built-in design, logos and signatories included."""
    with transaction.atomic():
        design = _locked(government, kind, actor, at)
        plain = CertificateDesign(government=government, kind=kind)
        for name in (
            *("layout", "palette", "motif", "language", "letterhead"),
            *("shows_emblem", "texts", *LOGO_FIELDS),
        ):
            setattr(design, name, getattr(plain, name))
        _raise(design, actor, at)
        design.signers.all().delete()
        _record("certificate_design.restored", design, actor, at, {})
    return design


def set_logo(
    *,
    government: Government,
    kind: CertificateKind,
    place: int,
    content: bytes,
    actor: User,
    at: datetime,
) -> CertificateDesign:
    """Print a logo: the first (1) or the second (2); an empty `content` takes it away.

    Raises LogoRefused if the file is no picture that may be printed.
    """
    # Drawing takes a while: nobody waits for the lock meanwhile.
    digest = emblems.store(logos.redrawn(content)) if content else ""
    with transaction.atomic():
        design = _locked(government, kind, actor, at)
        setattr(design, LOGO_FIELDS[place - 1], digest)
        _raise(design, actor, at)
        _record(
            "certificate_design.logo",
            design,
            actor,
            at,
            {LOGO_FIELDS[place - 1]: digest},
        )
    return design


def set_emblem(
    *, government: Government, content: bytes, actor: User, at: datetime
) -> None:
    """Give the government an emblem from an SVG or a PNG; none if it is empty.

    All new papers carry it. Raises LogoRefused as set_logo does.
    """
    if not content:
        accounts_services.remove_emblem(government=government, actor=actor, at=at)
        return
    try:
        accounts_services.set_emblem(
            government=government, content=logos.redrawn(content), actor=actor, at=at
        )
    except emblems.EmblemRefused as refusal:
        raise logos.LogoRefused(refusal.message) from refusal


def _locked(
    government: Government, kind: CertificateKind, actor: User, at: datetime
) -> CertificateDesign:
    """Lock the row of a design; make it where there is none."""
    CertificateDesign.objects.bulk_create(
        [
            CertificateDesign(
                government=government, kind=kind, changed_at=at, changed_by=actor
            )
        ],
        ignore_conflicts=True,
    )
    return (
        CertificateDesign.objects.select_for_update(of=("self",))
        .select_related("government", "changed_by")
        .get(government=government, kind=kind)
    )


def _raise(design: CertificateDesign, actor: User, at: datetime) -> None:
    design.version += 1
    design.changed_at, design.changed_by = at, actor
    design.save()


def _record(
    action: str,
    design: CertificateDesign,
    actor: User,
    at: datetime,
    changes: Mapping[str, Any],
) -> None:
    audit.record(
        action,
        actor=actor,
        target=design,
        at=at,
        scope=design.government.code,
        changes={"kind": design.kind, **changes},
    )
