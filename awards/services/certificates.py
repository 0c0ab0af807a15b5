"""Ordering certificates, telling of them, and naming the committee."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from awards import certificates, holders, notices, queries, rolls
from awards.models import CertificateNotice, CommitteeMember
from awards.phrases import CertificateKind
from awards.services.giving import locked_round
from competitions.models import Round
from core import audit
from core.errors import DomainError
from documents import rendering
from documents import services as documents_services
from documents.models import Batch, DocumentKind, IssuedDocument


class CertificatesNotIssued(DomainError):
    """Something is missing, or everybody chosen has a certificate."""


class CommitteeNotChanged(DomainError):
    """A member of the committee holds a certificate."""


def issue_certificates(
    *,
    round: Round,
    actor: User,
    at: datetime,
    kind: str = certificates.KIND,
    keys: Collection[str] | None = None,
    day: date | None = None,
    number_pattern: str | None = None,
) -> Batch:
    """Order a certificate of `kind` for everybody who has none, in one batch.

    With `keys` only for those with these subject keys; who is no longer due one is
    left out. Without them for all of whom there is no doubt. Numbers follow the order
    of the list. `day` is printed on them; winners' papers carry the date of the decree.

    Raises CertificatesNotIssued without decree or signatory, before awards are given,
    or if nothing is left to issue.
    Source: rules AWD-03 and CRT-01 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        government = round.competition.government
        # What is printed is Indonesian, whatever language the actor works in.
        with rendering.as_printed(government):
            roll = rolls.roll_of(round, CertificateKind(kind))
        if refusal := roll.refusal:
            raise CertificatesNotIssued(refusal)
        chosen = [
            each
            for each in roll.due
            if (not each.is_doubtful if keys is None else each.subject_key in keys)
        ]
        if not chosen:
            raise CertificatesNotIssued(
                _("Everybody chosen has a certificate already.")
            )
        issued_date = roll.day_of_issue(day or government.day_of(at))
        with rendering.as_printed(government):
            title = _("%(kind)s of %(round)s") % {
                "kind": DocumentKind(kind).label,
                "round": round.name,
            }
            orders = [
                documents_services.Order(
                    subject_key=each.subject_key,
                    title=certificates.title_of(kind, each),
                    values=roll.values_of(each, issued_date),
                )
                for each in chosen
            ]
        batch = documents_services.create_batch(
            government=government,
            title=title,
            subject_key=queries.batch_key(round, kind),
            actor=actor,
            at=at,
        )
        documents_services.issue_documents(
            government=government,
            kind=kind,
            orders=orders,
            template=certificates.TEMPLATE,
            issued_date=issued_date,
            at=at,
            number_pattern=number_pattern,
            is_public=True,
            batch=batch,
        )
    return batch


def announce_certificate(*, document_id: int, at: datetime) -> bool:
    """Tell the holders of a certificate, once, where it is; tell whether it was now.

    Of winners announce_award tells. Finalists hear of theirs once the winners are
    public, since it says who was not.
    """
    with transaction.atomic():
        document = (
            IssuedDocument.objects.filter(
                pk__in=holders.certificates_to_announce(at, document_id),
            )
            .select_related("government")
            .first()
        )
        if document is None:
            return False
        _notice, is_new = CertificateNotice.objects.get_or_create(
            document=document, defaults={"told_at": at}
        )
        if not is_new:
            return False
        people = holders.people_of(document.kind, document)
        notices.certificate_issued(document, people, at=at)
    return True


def add_committee(
    *, round: Round, members: Sequence[tuple[str, str]], actor: User, at: datetime
) -> int:
    """Add pairs of name and role to the committee; give how many were new."""
    with transaction.atomic():
        round = locked_round(round)
        known = set(
            CommitteeMember.objects.filter(round=round).values_list("name", "role")
        )
        new = [pair for pair in dict.fromkeys(members) if pair not in known]
        made = CommitteeMember.objects.bulk_create(
            CommitteeMember(
                round=round, name=name, role=role, added_at=at, added_by=actor
            )
            for name, role in new
        )
        if made:
            audit.record(
                "committee.added",
                actor=actor,
                target=round,
                at=at,
                scope=round.competition.government.code,
                changes={"members": [str(each) for each in made]},
            )
    return len(made)


def remove_committee_member(
    *, member: CommitteeMember, actor: User, at: datetime
) -> None:
    """Take somebody off the committee.

    Raises CommitteeNotChanged if they hold a certificate: that is revoked first.
    """
    with transaction.atomic():
        round = locked_round(member.round)
        key = certificates.subject_key(CertificateKind.COMMITTEE, member.pk)
        if IssuedDocument.objects.filter(
            kind=CertificateKind.COMMITTEE,
            subject_key=key,
            state=IssuedDocument.State.ISSUED,
        ).exists():
            raise CommitteeNotChanged(
                _("%(name)s holds a certificate. Revoke it first.")
                % {"name": member.name}
            )
        audit.record(
            "committee.removed",
            actor=actor,
            target=round,
            at=at,
            scope=round.competition.government.code,
            changes={"member": str(member)},
        )
        CommitteeMember.objects.filter(pk=member.pk).delete()
