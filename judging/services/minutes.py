"""Issuing the minutes of a sealed result."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Round
from core import audit
from core.errors import DomainError
from documents import services as documents_services
from documents.models import IssuedDocument
from judging import minutes, queries
from judging.services.plenary import lock_round


class MinutesNotIssued(DomainError):
    """The result is not sealed, or the number is taken."""


def issue_minutes(
    *, round: Round, typed: minutes.Typed, actor: User, at: datetime
) -> IssuedDocument:
    """Issue the minutes of the result that stands, or give those there are.

    Raises MinutesNotIssued before the result is sealed.
    Source: rule PLN-08 in docs/rules.md.
    """
    # Papers speak one language, whatever the secretariat reads the portal in.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        round = lock_round(round)
        result = queries.sealed_result(round)
        if result is None:
            raise MinutesNotIssued(
                _("Seal the result first. Until then the minutes are a draft.")
            )
        day = timezone.localdate(at, round.zone)
        taken = IssuedDocument.objects.filter(
            government=round.competition.government,
            kind=minutes.KIND,
            year=day.year,
            number=typed.number,
        ).exclude(subject_key=minutes.subject_key(result))
        if typed.number and taken.exists():
            raise MinutesNotIssued(_("This number is taken. Type another one."))
        document = documents_services.issue_document(
            government=round.competition.government,
            kind=minutes.KIND,
            subject_key=minutes.subject_key(result),
            title=_("Minutes of the jury plenary, %(round)s") % {"round": round.name},
            template=minutes.TEMPLATE,
            values=minutes.values_of(round, result, typed, at),
            issued_date=day,
            at=at,
            number=typed.number,
            number_pattern=minutes.NUMBER_PATTERN,
            is_public=True,  # it carries a QR code
        )
        audit.record(
            "minutes.issued",
            actor=actor,
            target=result,
            at=at,
            scope=round.competition.government.code,
            changes={"number": document.number},
        )
    return document
