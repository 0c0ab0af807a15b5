"""Making the winners public: preview, announcement, prizes, press, pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import (
    conditional_page,
    require_http_methods,
    require_safe,
)

from accounts.requests import SignedInRequest
from awards import announcing, decrees, pictures, prizes, queries, services, signals
from awards.forms import AnnouncementForm
from awards.models import Award, Decree
from competitions.models import Round
from competitions.views.running import running_round
from core.dates import format_date
from core.requests import PortalRequest
from core.spreadsheets import XLSX_TYPE
from documents import composing, drafts, rendering
from documents import services as documents_services
from documents.files import disposition
from documents.models import IssuedDocument
from documents.views import file_response

# The catalogue draws its cards with a pattern; where there is no entry it is this one.
_MOTIF = "kawung"


@dataclass(frozen=True)
class WinnerRow:
    """An award on the page of the winners, with where it is described."""

    award: Award
    is_first: bool
    url: str = ""
    motif: str = _MOTIF


# For the secretariat ----------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """All that goes out with the winners; POST issues the announcement."""
    round = running_round(request.user, round_slug)
    form = AnnouncementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            document = services.issue_announcement(
                round=round,
                number=form.cleaned_data["number"],
                actor=request.user,
                at=request.received_at,
            )
        except services.AnnouncementNotIssued as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("Announcement %(number)s is issued. The file is being made.")
                % {"number": document.number},
            )
            return redirect("awards:publication", round.slug)
    awards = _awards(round)
    decree = queries.decree_of(round)
    announcement = queries.announcement_of(round)
    return render(
        request,
        "awards/publication.html",
        {
            "round": round,
            "awards": awards,
            "decree": decree,
            "is_public": decree is not None
            and decree.is_published(request.received_at),
            "announcement": announcement,
            "is_outdated": announcement is not None
            and _announced(announcement) != _announced_now(awards),
            "form": form,
            "prizes": prizes.list_of(awards),
            "press": _press_text(round, decree, awards),
            "shapes": pictures.SHAPES.values(),
        },
    )


@require_safe
def publication_preview(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The page of the winners as everybody will see it, for the secretariat alone."""
    round = running_round(request.user, round_slug)
    awards = _awards(round)
    if not awards:
        raise Http404
    context = _winner_context(request, round, queries.decree_of(round), awards)
    response = render(
        request, "awards/winner_list.html", context | {"is_preview": True}
    )
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def announcement_draft(
    request: SignedInRequest, round_slug: str
) -> HttpResponse | FileResponse:
    """The announcement as it was issued; before that as a draft."""
    round = running_round(request.user, round_slug)
    document = queries.announcement_of(round)
    if document is not None and document.is_rendered:
        return file_response(document)
    decree, signatory = queries.decree_of(round), queries.signatory_of(round)
    awards = _awards(round)
    if decree is None or signatory is None or not awards:
        raise Http404
    government = round.competition.government
    day = government.day_of(request.received_at)
    matter = drafts.matter_of(
        government=government,
        kind=announcing.KIND,
        title=announcing.title_of(round),
        template=announcing.TEMPLATE,
        values=announcing.values_of(
            round, decree=decree, awards=awards, signatory=signatory, day=day
        ),
        issued_date=day,
        at=request.received_at,
    )
    content = documents_services.compose_awaited(matter)
    return _private(content, "application/pdf", f"konsep-pengumuman-{round.slug}.pdf")


@require_safe
def prize_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The list of prizes for the treasurer: XLSX, or with `bentuk=pdf` to be signed."""
    round = running_round(request.user, round_slug)
    awards = _awards(round)
    if not awards:
        raise Http404
    found = prizes.list_of(awards)
    name = f"daftar-hadiah-{round.slug}"
    if request.GET.get("bentuk") != "pdf":
        target = BytesIO()
        with translation.override(settings.LANGUAGE_CODE):
            prizes.write_workbook(target, found)
        return _private(target.getvalue(), XLSX_TYPE, f"{name}.xlsx", "attachment")
    government = round.competition.government
    with rendering.as_printed(government):
        day = format_date(government.day_of(request.received_at))
        values = prizes.values_of(round, queries.decree_of(round), found, day)
        matter = composing.matter_of(prizes.TEMPLATE, values)
    content = documents_services.compose_awaited(matter)
    return _private(content, "application/pdf", f"{name}.pdf")


@require_safe
def publication_picture(
    request: SignedInRequest, round_slug: str, shape: str
) -> HttpResponse:
    """The picture to share, before everybody may have it."""
    round = running_round(request.user, round_slug)
    response = _picture(round, shape)
    response["Cache-Control"] = "private, no-store"
    return response


def _private(
    content: bytes, content_type: str, name: str, kind: str = "inline"
) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = disposition(kind, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _press_text(round: Round, decree: Decree | None, awards: Sequence[Award]) -> str:
    counts = queries.entry_counts(round)
    with translation.override(settings.LANGUAGE_CODE):
        return announcing.press_text(
            round,
            decree=decree,
            awards=awards,
            proposals=counts["proposals"],
            institutions=counts["institutions"],
        )


def _announced(document: IssuedDocument) -> list[tuple[str, str]]:
    groups = document.value("groups") or []
    return [
        (each["award"], each["title"]) for group in groups for each in group["rows"]
    ]


def _announced_now(awards: Sequence[Award]) -> list[tuple[str, str]]:
    return [
        (award.name, award.row.title)
        for _name, rows in announcing.by_group(awards)
        for award in rows
    ]


# For everybody ------------------------------------------------------------------------


@require_safe
@login_not_required
@cache_control(public=True, max_age=60)
@conditional_page
def winner_list(request: PortalRequest, round_slug: str) -> HttpResponse:
    """The winners of a round, from the moment of publication."""
    round = _public_round(request, round_slug)
    context = _winner_context(request, round, round.decree, _awards(round))
    return render(request, "awards/winner_list.html", context)


@require_safe
@login_not_required
def announcement_file(request: PortalRequest, round_slug: str) -> FileResponse:
    """The announcement for everybody, from the moment of publication."""
    document = queries.announcement_of(_public_round(request, round_slug))
    if document is None:
        raise Http404
    return file_response(document)


@require_safe
@login_not_required
@cache_control(public=True, max_age=3600)
@conditional_page
def winner_picture(request: PortalRequest, round_slug: str, shape: str) -> HttpResponse:
    """The picture of a shared link, from the moment of publication."""
    return _picture(_public_round(request, round_slug), shape)


def _public_round(request: PortalRequest, slug: str) -> Round:
    return get_object_or_404(
        Round.objects.published().select_related(
            "competition__government", "decree__scan"
        ),
        slug=slug,
        decree__publish_at__lte=request.received_at,
    )


def _picture(round: Round, slug: str) -> HttpResponse:
    awards = [award for award in _awards(round) if not award.is_revoked]
    if slug not in pictures.SHAPES or not awards:
        raise Http404
    response = HttpResponse(
        pictures.draw(round, awards, pictures.SHAPES[slug]), content_type="image/png"
    )
    response["Content-Disposition"] = disposition(
        "inline", f"pemenang-{round.slug}-{slug}.png"
    )
    return response


def _awards(round: Round) -> list[Award]:
    """All awards of the round, those revoked as well."""
    return list(Award.objects.of_round(round).for_list())


def _winner_context(
    request: PortalRequest,
    round: Round,
    decree: Decree | None,
    awards: Sequence[Award],
) -> dict[str, Any]:
    pages = _pages(awards, request)
    groups = [
        {
            "name": name,
            "rows": [
                WinnerRow(award, is_first=not number, **pages.get(award.pk, {}))
                for number, award in enumerate(rows)
            ],
        }
        for name, rows in announcing.by_group(awards)
    ]
    announcement = queries.announcement_of(round)
    picture = reverse("awards:winner_picture", args=[round.slug, "lanskap"])
    scan = getattr(decree, "scan", None)
    return {
        "round": round,
        "decree": decree,
        "official": decrees.head_of(round.competition.government),
        "groups": groups,
        "revoked": [award for award in awards if award.is_revoked],
        "announcement": announcement
        if announcement and announcement.is_rendered
        else None,
        "scan": scan if scan and scan.is_public else None,
        "summary": announcing.summary(round, awards),
        "page_url": announcing.page_url(round),
        "picture_url": f"{settings.BASE_URL.rstrip('/')}{picture}",
    }


def _pages(
    awards: Sequence[Award], request: PortalRequest
) -> dict[int, dict[str, str]]:
    """Where the winners are described: the catalogue above answers."""
    found: dict[int, dict[str, str]] = {}
    answers = signals.public_pages.send(Award, awards=awards, at=request.received_at)
    for _receiver, answer in answers:
        found |= cast(dict[int, dict[str, str]], answer)
    return found
