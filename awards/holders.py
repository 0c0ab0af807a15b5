"""Who is due a certificate of each kind in a round, and what it says of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from awards import queries
from awards.certificates import (
    Holder,
    event_of,
    subject_key,
    subject_pk,
)
from awards.looks import Language
from awards.models import Award, CommitteeMember, Decree
from awards.phrases import CertificateKind
from competitions.models import Registration, Round
from core import dates
from documents.models import IssuedDocument, IssuedDocumentQuerySet
from judging import queries as judging_queries
from judging.models import Juror, ScoreSheet
from submissions import queries as submissions_queries
from submissions.models import Proposal

_ENGLISH_ROLES = {"Ketua Juri": "Chair of the Jury", "Juri": "Member of the Jury"}


def holders_of(round: Round, kind: str, decree: Decree | None = None) -> list[Holder]:
    """List whom `round` owes a certificate of `kind`, in the order of the numbers.

    The winners' names the `decree` on the page that verifies it.

    Source: rule CRT-01 in docs/rules.md.
    """
    if kind == CertificateKind.WINNER:
        return list(_winners(round, decree))
    return list(_FINDERS[CertificateKind(kind)](round))


def _winners(round: Round, decree: Decree | None) -> Iterator[Holder]:
    awards = Award.objects.of_round(round).standing().for_list()
    event = event_of(round)
    for award in awards:
        holder, title = award.row.proposal.institution.name, award.row.title
        pairs = [
            (_("Given to"), holder),
            (_("Innovation"), title),
            (_("Award"), award.name),
            (_("Competition"), event),
        ]
        if decree:
            pairs.append((_("Decree"), decree.number))
        yield Holder(
            subject_key=award.subject_key,
            name=holder,
            detail=f"{award.name} · {title}",
            values={"innovation": title, "award": award.name, "institution": holder},
            public=pairs,
        )


def _finalists(round: Round) -> Iterator[Holder]:
    result = queries.result_to_award(round)
    if result is None or not _has_shortlist(round):
        return
    rows = (
        result.resultrow_set.filter(
            is_shortlisted=True, proposal__state=Proposal.State.SCREENED_PASSED
        )
        .exclude(pk__in=queries.awarded_rows(round))
        .select_related("proposal__institution")
        .order_by("position", "pk")
    )
    revoked = set(Award.objects.of_round(round).values_list("row", flat=True))
    for row in rows:
        found = _of_proposal(CertificateKind.FINALIST, row.proposal, row.title, round)
        if row.pk in revoked:
            remark = _("An award of this proposal was revoked.")
            found = replace(found, remark=remark, is_doubtful=True)
        yield found


def _has_shortlist(round: Round) -> bool:
    return any(
        each.stage.shortlist_size or each.shortlists
        for each in judging_queries.scoring_of(round)
    )


def _participants(round: Round) -> Iterator[Holder]:
    proposals = (
        Proposal.objects.filter(round=round)
        .entered()
        .select_related("institution")
        .order_by("institution__name", "title", "pk")
    )
    for each in proposals:
        yield _of_proposal(CertificateKind.PARTICIPANT, each, each.title, round)


def _of_proposal(
    kind: CertificateKind, proposal: Proposal, title: str, round: Round
) -> Holder:
    is_finalist = kind == CertificateKind.FINALIST
    holder = proposal.institution.name
    return Holder(
        subject_key=subject_key(kind, proposal.pk),
        name=holder,
        detail=title,
        values={"innovation": title, "institution": holder},
        public=[
            (_("Given to"), holder),
            (_("Innovation"), title),
            (_("As"), _("Finalist") if is_finalist else _("Participant")),
            (_("Competition"), event_of(round)),
        ],
        remark="" if title.strip() else _("The innovation has no title."),
        is_due=bool(title.strip()),
    )


def _jurors(round: Round) -> Iterator[Holder]:
    jurors = Juror.objects.filter(round=round, declined_at=None).for_list()
    final, open_ = _sheets(round)
    for juror in jurors:
        if not final.get(juror.pk):
            continue
        left = open_.get(juror.pk, 0)
        role = "Ketua Juri" if juror.is_chair else "Juri"
        yield Holder(
            subject_key=subject_key(CertificateKind.JUROR, juror.pk),
            name=juror.user.name,
            detail=juror.affiliation or juror.get_background_display(),
            values={
                "institution": juror.affiliation,
                "role": role,
                "role_en": _ENGLISH_ROLES[role],
            },
            public=_person(round, juror.user.name, role),
            remark=ngettext(
                "%(count)d sheet is not finished.",
                "%(count)d sheets are not finished.",
                left,
            )
            % {"count": left}
            if left
            else "",
            is_doubtful=bool(left),
        )


def _sheets(round: Round) -> tuple[dict[int, int], dict[int, int]]:
    """How many sheets each juror has finished, and how many are left."""
    counts = (
        ScoreSheet.objects.open()
        .filter(assignment__juror__round=round)
        .values_list("assignment__juror")
        .annotate(
            final=Count("pk", filter=Q(state=ScoreSheet.State.FINAL)),
            left=Count("pk", filter=Q(state=ScoreSheet.State.DRAFT)),
        )
        .order_by()
    )
    rows = list(counts)
    return {pk: final for pk, final, _left in rows}, {pk: left for pk, _f, left in rows}


def _committee(round: Round) -> Iterator[Holder]:
    members = CommitteeMember.objects.filter(round=round)
    for each in members.order_by("added_at", "pk"):
        yield Holder(
            subject_key=subject_key(CertificateKind.COMMITTEE, each.pk),
            name=each.name,
            detail=each.role,
            values={"role": each.role},
            public=_person(round, each.name, each.role),
        )


def _presence(round: Round) -> Iterator[Holder]:
    registrations = (
        Registration.objects.confirmed()
        .filter(
            event__round=round,
            event__cancelled_at=None,
            attended_at__isnull=False,
        )
        .select_related("user", "institution", "event")
        .order_by("event__starts_at", "event", "user__name", "pk")
    )
    zone = round.zone
    for each in registrations:
        day = dates.as_local(each.event.starts_at, zone).date()
        yield Holder(
            subject_key=subject_key(CertificateKind.PRESENCE, each.pk),
            name=each.user.name,
            detail=each.institution.name,
            group=each.event.name,
            values={
                "event": each.event.name,
                "event_en": each.event.name,
                "event_place": each.event.place,
                "event_day": _spoken(day, Language.INDONESIAN),
                "event_day_en": _spoken(day, Language.ENGLISH),
                "institution": each.institution.name,
            },
            public=[
                (_("Given to"), each.user.name),
                (_("Event"), each.event.name),
                (_("Competition"), event_of(round)),
            ],
            remark="" if each.user.name.strip() else _("The name is empty."),
            is_due=bool(each.user.name.strip()),
        )


def _person(round: Round, name: str, role: str) -> list[tuple[str, str]]:
    return [(_("Given to"), name), (_("As"), role), (_("Competition"), event_of(round))]


def _event(round: Round) -> str:
    return event_of(round)


def _spoken(day: date, language: str) -> str:
    with translation.override(language):
        return dates.format_date(day)


_FINDERS: Mapping[CertificateKind, Callable[[Round], Iterator[Holder]]] = {
    CertificateKind.FINALIST: _finalists,
    CertificateKind.PARTICIPANT: _participants,
    CertificateKind.JUROR: _jurors,
    CertificateKind.COMMITTEE: _committee,
    CertificateKind.PRESENCE: _presence,
}


# The holders themselves ---------------------------------------------------------------


def papers_of(
    holders: Mapping[CertificateKind, Sequence[Holder]],
) -> dict[str, dict[str, IssuedDocument]]:
    """Find for each kind the latest paper of its `holders`, by its subject key."""
    wanted = Q(pk__in=[])
    for kind, listed in holders.items():
        wanted |= Q(kind=kind, subject_key__in=[each.subject_key for each in listed])
    found: dict[str, dict[str, IssuedDocument]] = {kind: {} for kind in holders}
    for paper in (
        IssuedDocument.objects.filter(wanted).defer("values").order_by("version")
    ):
        found[paper.kind][paper.subject_key] = paper
    return found


def papers_held_by(user: User, at: datetime) -> IssuedDocumentQuerySet:
    """Keep the valid certificates that `user` may have at `at`.

    Those of winners and finalists tell who won: they wait until the winners are public.
    Source: rule CRT-02 in docs/rules.md.
    """
    proposals = Proposal.objects.of_institutions_of(user)
    public = proposals.filter(round__decree__publish_at__lte=at)
    awards = Award.objects.held_by(user).standing().published_at(at)
    held: dict[str, QuerySet[Any]] = {
        CertificateKind.WINNER: awards,
        CertificateKind.FINALIST: public,
        CertificateKind.PARTICIPANT: proposals,
        **_own_rows(user),
    }
    return _papers_about(held).filter(state=IssuedDocument.State.ISSUED)


def papers_in_name_of(user: User) -> IssuedDocumentQuerySet:
    """Keep the certificates, ended ones too, that bear the person's own name."""
    return _papers_about(_own_rows(user))


def _own_rows(user: User) -> dict[str, QuerySet[Any]]:
    return {
        CertificateKind.JUROR: Juror.objects.filter(user=user),
        CertificateKind.PRESENCE: Registration.objects.filter(user=user),
    }


def _papers_about(rows_of: Mapping[str, QuerySet[Any]]) -> IssuedDocumentQuerySet:
    found = Q(pk__in=[])
    for kind, rows in rows_of.items():
        keys = [subject_key(kind, pk) for pk in rows.values_list("pk", flat=True)]
        found |= Q(kind=kind, subject_key__in=keys)
    return IssuedDocument.objects.filter(found)


def round_of(document: IssuedDocument) -> Round | None:
    """The round that a certificate belongs to, with its government."""
    pk = subject_pk(document.kind, document.subject_key)
    found, path = _rows_of(document.kind)
    return (
        Round.objects.of_government()
        .filter(pk__in=found.filter(pk=pk).values(path))
        .first()
    )


def _rows_of(kind: str) -> tuple[QuerySet[Any], str]:
    """The rows that certificates of `kind` are about, and the way to their round."""
    rows: Mapping[str, tuple[QuerySet[Any], str]] = {
        CertificateKind.WINNER: (Award.objects.all(), "row__result__round"),
        CertificateKind.FINALIST: (Proposal.objects.all(), "round"),
        CertificateKind.PARTICIPANT: (Proposal.objects.all(), "round"),
        CertificateKind.JUROR: (Juror.objects.all(), "round"),
        CertificateKind.COMMITTEE: (CommitteeMember.objects.all(), "round"),
        CertificateKind.PRESENCE: (Registration.objects.all(), "event__round"),
    }
    return rows[kind]


def papers_without_ground(
    round: Round, kind: str, holders: Sequence[Holder]
) -> list[IssuedDocument]:
    """List the valid certificates of `round` whose holders are not on the list now.

    A proposal was given back, a sheet was voided, an attendance was taken away: the
    paper stays valid until somebody revokes it.
    """
    rows, path = _rows_of(kind)
    keys = {
        subject_key(kind, pk)
        for pk in rows.filter(**{path: round}).values_list("pk", flat=True)
    }
    keys.difference_update(each.subject_key for each in holders)
    if not keys:
        return []
    found = IssuedDocument.objects.filter(
        kind=kind, subject_key__in=keys, state=IssuedDocument.State.ISSUED
    )
    return list(found.defer("values").order_by("number", "pk"))


def people_of(kind: str, document: IssuedDocument) -> list[User]:
    """The people to whom a certificate belongs and who have an account."""
    pk = subject_pk(kind, document.subject_key)
    if kind in {CertificateKind.FINALIST, CertificateKind.PARTICIPANT}:
        proposal = Proposal.objects.select_related("institution").get(pk=pk)
        return submissions_queries.people_of(proposal)
    if kind == CertificateKind.JUROR:
        return list(User.objects.filter(juror=pk, is_active=True))
    if kind == CertificateKind.PRESENCE:
        return list(User.objects.filter(registration=pk, is_active=True))
    return []


def certificates_to_announce(at: datetime, *only: int) -> list[int]:
    """List the ids of rendered certificates whose holders may hear of them now.

    With `only` of these documents. Winners are told by their award, and who sat on
    the committee has no account.
    """
    told = {
        CertificateKind.PARTICIPANT,
        CertificateKind.JUROR,
        CertificateKind.PRESENCE,
    }
    waiting = IssuedDocument.objects.filter(
        state=IssuedDocument.State.ISSUED,
        rendered_at__isnull=False,
        certificatenotice=None,
    )
    if only:
        waiting = waiting.filter(pk__in=only)
    ready = list(waiting.filter(kind__in=told).values_list("pk", flat=True))
    finalists = {
        subject_pk(CertificateKind.FINALIST, key): pk
        for key, pk in waiting.filter(kind=CertificateKind.FINALIST).values_list(
            "subject_key", "pk"
        )
    }
    public = Proposal.objects.filter(
        pk__in=finalists, round__decree__publish_at__lte=at
    )
    return sorted(ready + [finalists[pk] for pk in public.values_list("pk", flat=True)])
