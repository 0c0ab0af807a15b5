"""Certificates of a round: who gets which, ordering them, and one's own."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from awards import certificates, holders, permissions, queries, rolls, services
from awards.certificates import Holder
from awards.forms import CommitteeForm, IssueForm
from awards.models import CommitteeMember
from awards.phrases import CertificateKind
from awards.rolls import Roll
from competitions import permissions as competition_permissions
from competitions.views.running import running_round
from documents import numbering
from documents import queries as documents_queries
from documents import views as documents_views
from documents.models import Batch, IssuedDocument
from documents.queries import BatchProgress

PAGE_SIZE = 50
UNPROCESSABLE = 422


@dataclass(frozen=True)
class KindCard:
    """One kind of certificate of a round, in figures."""

    kind: CertificateKind
    total: int
    issued: int
    due: int
    refusal: str
    remarks: int
    batch: Batch | None
    progress: BatchProgress | None


@dataclass(frozen=True)
class RollRow:
    """Somebody on the list before certificates are ordered."""

    holder: Holder
    text: str
    number: str
    paper: IssuedDocument | None
    is_issued: bool
    is_ticked: bool
    remarks: list[str]
    member: CommitteeMember | None = None


# For the secretariat ----------------------------------------------------------------


@require_safe
def certificate_overview(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """All kinds of certificates of a round: how many people, how many issued."""
    round = running_round(request.user, round_slug)
    batches = queries.last_batches(round, CertificateKind)
    cards = [
        _card(roll, batches.get(roll.kind), request.received_at)
        for roll in rolls.rolls_of(round)
    ]
    return render(
        request, "awards/certificate_overview.html", {"round": round, "cards": cards}
    )


def _card(roll: Roll, batch: Batch | None, at: datetime) -> KindCard:
    return KindCard(
        kind=roll.kind,
        total=len(roll.holders),
        issued=roll.issued_count,
        due=len(roll.due),
        refusal=roll.refusal,
        remarks=sum(bool(each.remark) for each in roll.holders),
        batch=batch,
        progress=documents_queries.batch_progress(batch, at) if batch else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_issue(
    request: SignedInRequest, round_slug: str, certificate: str
) -> HttpResponse:
    """Who gets which text under which number; POST orders for those ticked."""
    round = running_round(request.user, round_slug)
    found = CertificateKind.of_slug(certificate)
    if found is None:
        raise Http404
    roll = rolls.roll_of(round, found)
    day = _day(roll, request)
    form = IssueForm(
        request.POST if request.method == "POST" else None,
        keys=[each.key for each in roll.holders],
        day=day,
        is_day_fixed=found == CertificateKind.WINNER,
    )
    if request.method == "POST" and form.is_valid():
        if (batch := _issue(request, roll, form)) is not None:
            return redirect(batch)
        return redirect("awards:certificate_issue", round.slug, certificate)
    ticked = set(request.POST.getlist("holder")) if form.is_bound else None
    return _show(request, roll, form, CommitteeForm(), day, ticked)


def _issue(request: SignedInRequest, roll: Roll, form: IssueForm) -> Batch | None:
    chosen = set(form.cleaned_data["holder"])
    try:
        batch = services.issue_certificates(
            round=roll.round,
            kind=roll.kind,
            keys={each.subject_key for each in roll.holders if each.key in chosen},
            day=form.cleaned_data.get("day"),
            actor=request.user,
            at=request.received_at,
        )
    except services.CertificatesNotIssued as refusal:
        messages.error(request, refusal.message)
        return None
    messages.success(request, _("Certificates are being made."))
    return batch


def _day(roll: Roll, request: SignedInRequest) -> date:
    if roll.decree:
        return roll.decree.decree_date
    return roll.round.competition.government.day_of(request.received_at)


def _show(
    request: SignedInRequest,
    roll: Roll,
    form: IssueForm,
    committee: CommitteeForm,
    day: date,
    ticked: set[str] | None,
) -> HttpResponse:
    batch = queries.last_batch(roll.round, roll.kind)
    context = {
        "round": roll.round,
        "roll": roll,
        "rows": _rows(roll, day, ticked),
        "strays": holders.papers_without_ground(roll.round, roll.kind, roll.holders),
        "form": form,
        "committee": committee if roll.kind == CertificateKind.COMMITTEE else None,
        "batch": batch,
        "progress": documents_queries.batch_progress(batch, request.received_at)
        if batch
        else None,
        "day": day,
    }
    return render(
        request,
        "awards/certificate_issue.html",
        context,
        status=UNPROCESSABLE if form.errors or committee.errors else 200,
    )


def _rows(roll: Roll, day: date, ticked: set[str] | None) -> list[RollRow]:
    due = roll.due
    numbers = numbering.coming_numbers(
        government=roll.round.competition.government,
        kind=roll.kind,
        count=len(due),
        day=roll.day_of_issue(day),
    )
    coming = dict(zip((each.subject_key for each in due), numbers, strict=True))
    cramped = roll.cramped(day)
    members = (
        {
            certificates.subject_key(roll.kind, each.pk): each
            for each in CommitteeMember.objects.filter(round=roll.round)
        }
        if roll.kind == CertificateKind.COMMITTEE
        else {}
    )
    return [
        RollRow(
            holder=each,
            text=roll.text_of(each),
            number=coming.get(each.subject_key, ""),
            paper=roll.paper_of(each),
            is_issued=roll.is_issued(each),
            is_ticked=each.is_due and not each.is_doubtful
            if ticked is None
            else each.key in ticked,
            remarks=[
                *([each.remark] if each.remark else []),
                *([_("The text is long: look at it.")] if each.key in cramped else []),
                *roll.gaps_of(each),
            ],
            member=members.get(each.subject_key),
        )
        for each in roll.holders
    ]


@require_POST
def committee_add(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Add people to the committee, typed or pasted."""
    round = running_round(request.user, round_slug)
    form = CommitteeForm(request.POST)
    if not form.is_valid():
        roll = rolls.roll_of(round, CertificateKind.COMMITTEE)
        day = _day(roll, request)
        keys = [each.key for each in roll.holders]
        issue = IssueForm(keys=keys, day=day, is_day_fixed=False)
        return _show(request, roll, issue, form, day, None)
    count = services.add_committee(
        round=round,
        members=form.cleaned_data["members"],
        actor=request.user,
        at=request.received_at,
    )
    messages.success(
        request,
        ngettext("%(count)d person added.", "%(count)d people added.", count)
        % {"count": count}
        if count
        else _("All of them were on the list already."),
    )
    return redirect(
        "awards:certificate_issue", round.slug, CertificateKind.COMMITTEE.slug
    )


@require_POST
def committee_remove(request: SignedInRequest, key: str) -> HttpResponse:
    """Take somebody off the committee who holds no certificate."""
    member = get_object_or_404(
        CommitteeMember.objects.run_by(request.user).select_related(
            "round__competition__government"
        ),
        key=key,
    )
    competition_permissions.require_no_part(request.user, member.round)
    try:
        services.remove_committee_member(
            member=member, actor=request.user, at=request.received_at
        )
    except services.CommitteeNotChanged as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("%(name)s is off the list.") % {"name": member.name}
        )
    return redirect(
        "awards:certificate_issue", member.round.slug, CertificateKind.COMMITTEE.slug
    )


# For those who hold them --------------------------------------------------------------


@require_safe
def own_certificates(request: SignedInRequest) -> HttpResponse:
    """The certificates of oneself and of the institutions one works for."""
    papers = holders.papers_held_by(request.user, request.received_at).for_list()
    page = Paginator(papers.order_by("-issued_date", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    return render(request, "awards/own_certificates.html", {"page": page})


@require_safe
def certificate_file(request: SignedInRequest, code: str) -> FileResponse:
    """A certificate, to its holders once they may know of it.

    The secretariat may have it at any time, a revoked one too.
    """
    document = get_object_or_404(
        IssuedDocument, code=code.upper(), kind__in=certificates.KINDS
    )
    held = holders.papers_held_by(request.user, request.received_at)
    if not held.filter(pk=document.pk).exists():
        round = holders.round_of(document)
        if round is None or not permissions.can_download(
            request.user, round, document, request.received_at
        ):
            raise Http404
    return documents_views.file_response(document)
