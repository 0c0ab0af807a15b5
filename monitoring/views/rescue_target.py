"""One draft or institution on the rescue board, and the presses that remind."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import Institution
from accounts.requests import SignedInRequest
from competitions.models import Round, Stage
from competitions.views.running import running_round
from competitions.windows import submission_window
from monitoring import contacts, rescue, services
from monitoring.forms import (
    AbsentFilterForm,
    ContactForm,
    DraftFilterForm,
)
from monitoring.models import Nudge
from monitoring.services import Target
from monitoring.views.rescue import absent_of, common, stage_of
from notifications import chats
from submissions.models import Proposal

# So many are written to in one press; the next press goes on.
AT_ONCE = 100
UNPROCESSABLE = 422


def _proposal(round: Round, code: str) -> Proposal:
    drafts = Proposal.objects.unsent().known_to_organisers().filter(round=round)
    return get_object_or_404(drafts.for_page(), code=code)


def _institution(round: Round, code: str) -> Institution:
    return get_object_or_404(
        Institution.objects.filter(government=round.competition.government_id),
        code=code,
    )


@require_safe
def rescue_proposal(
    request: SignedInRequest, round: str, proposal: str
) -> HttpResponse:
    """One draft: all that is missing, whom to ask, with a text ready to send."""
    found = running_round(request.user, round)
    target = _target(found, proposal, "")
    return _target_page(request, found, target.institution, target.proposal)


@require_safe
def rescue_institution(
    request: SignedInRequest, round: str, institution: str
) -> HttpResponse:
    """One institution that has nothing yet: whom to ask, with a text ready to send."""
    found = running_round(request.user, round)
    return _target_page(request, found, _institution(found, institution))


def _target_page(
    request: SignedInRequest,
    round: Round,
    institution: Institution,
    proposal: Proposal | None = None,
    *,
    form: ContactForm | None = None,
) -> HttpResponse:
    at, stage = request.received_at, stage_of(round)
    window = submission_window(round, institution.pk)
    assert window is not None  # the stage is there
    row = None
    if proposal:
        row = rescue.draft_rows([proposal.pk], round, stage, at)[0]
    text = contacts.message_text(
        round,
        institution,
        window.closes_at,
        proposal=proposal,
        lacking=row.gaps if row else (),
    )
    people = contacts.people_of([institution]).get(institution.pk, [])
    nudges = Nudge.objects.filter(
        round=round, institution=institution, proposal=proposal
    ).select_related("noted_by")
    with timezone.override(round.zone):
        return render(
            request,
            "monitoring/rescue_target.html",
            common(request, round, stage)
            | {
                "institution": institution,
                "proposal": proposal,
                "row": row,
                "window": window,
                "is_over": window.is_over(at),
                "left": rescue.time_left(window.closes_at, at),
                "text": text,
                "text_url": chats.text_link(text),
                "people": contacts.with_chats(people, text),
                "nudges": nudges.order_by("-noted_at", "-pk"),
                "form": form or ContactForm(),
            },
            status=UNPROCESSABLE if form else 200,
        )


def _target(round: Round, proposal: str, institution: str) -> Target:
    """What an address speaks of: a draft, or else an institution, each by its code."""
    if proposal:
        found = _proposal(round, proposal)
        return Target(found.institution, found)
    return Target(_institution(round, institution))


def _address(round: Round, target: Target) -> str:
    if target.proposal:
        args = [round.slug, target.proposal.code]
        return reverse("monitoring:rescue_proposal", args=args)
    args = [round.slug, target.institution.code]
    return reverse("monitoring:rescue_institution", args=args)


def _back(request: SignedInRequest, otherwise: str) -> HttpResponse:
    back = request.POST.get("kembali", "")
    is_ours = back.startswith("/sekretariat/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts=None
    )
    return redirect(back if is_ours else otherwise)


@require_POST
def rescue_remind(
    request: SignedInRequest, round: str, proposal: str = "", institution: str = ""
) -> HttpResponse:
    """Remind one institution by portal and e-mail."""
    found = running_round(request.user, round)
    target = _target(found, proposal, institution)
    try:
        nudge = services.remind(
            round=found,
            institution=target.institution,
            proposal=target.proposal,
            actor=request.user,
            at=request.received_at,
        )
    except services.NotReminded as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(
            request,
            ngettext(
                "%(institution)s was reminded: %(count)d person was written to.",
                "%(institution)s was reminded: %(count)d people were written to.",
                nudge.told,
            )
            % {"institution": target.institution, "count": nudge.told},
        )
    return _back(request, _address(found, target))


@require_POST
def rescue_note(
    request: SignedInRequest, round: str, proposal: str = "", institution: str = ""
) -> HttpResponse:
    """Note that an institution was asked outside of the portal."""
    found = running_round(request.user, round)
    target = _target(found, proposal, institution)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _target_page(
            request, found, target.institution, target.proposal, form=form
        )
    services.note_contact(
        round=found,
        institution=target.institution,
        proposal=target.proposal,
        channel=form.cleaned_data["channel"],
        note=form.cleaned_data["note"],
        actor=request.user,
        at=request.received_at,
    )
    messages.success(request, _("Noted."))
    return redirect(_address(found, target))


# Many at once -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def rescue_all(request: SignedInRequest, round: str, what: str) -> HttpResponse:
    """Ask whether all that the filters leave shall be reminded, then remind them."""
    found = running_round(request.user, round)
    stage = stage_of(found)
    targets, count = _targets(request, found, stage, what)
    board = "rescue_board" if what == "draf" else "rescue_absent"
    back = reverse(f"monitoring:{board}", args=[found.slug])
    query = request.GET.urlencode()
    if request.method == "POST":
        tally = services.remind_all(
            round=found, targets=targets, actor=request.user, at=request.received_at
        )
        _say(request, tally, count)
        return redirect(f"{back}?{query}" if query else back)
    return render(
        request,
        "monitoring/rescue_all.html",
        common(request, found, stage)
        | {
            "count": count,
            "at_once": min(count, AT_ONCE),
            "is_limited": count > AT_ONCE,
            "shown": targets[:10],
            "more": max(0, min(count, AT_ONCE) - 10),
            "is_drafts": what == "draf",
            "back_url": f"{back}?{query}" if query else back,
        },
    )


def _targets(
    request: SignedInRequest, round: Round, stage: Stage, what: str
) -> tuple[list[Target], int]:
    """The first of those to be reminded who were not today, and how many there are."""
    at = request.received_at
    told = Nudge.objects.filter(
        round=round,
        channel=Nudge.Channel.PORTAL,
        day=at.astimezone(round.zone).date(),
    )
    if what == "draf":
        form = DraftFilterForm(request.GET)
        drafts = rescue.drafts_of(round, stage).filter(Q(closing__gt=at))
        drafts = drafts.exclude(
            pk__in=told.filter(proposal__isnull=False).values("proposal")
        )
        ids = form.narrow(drafts, "tutup", at)
        found = Proposal.objects.filter(pk__in=ids[:AT_ONCE])
        chosen = found.select_related("institution").order_by("title", "pk")
        return [Target(each.institution, each) for each in chosen], len(ids)
    absent = absent_of(AbsentFilterForm(request.GET), round, request).exclude(
        pk__in=told.filter(proposal=None).values("institution")
    )
    return [Target(each) for each in absent[:AT_ONCE]], absent.count()


def _say(request: SignedInRequest, tally: services.Tally, count: int) -> None:
    messages.success(
        request,
        ngettext(
            "%(count)d reminder was sent.",
            "%(count)d reminders were sent.",
            tally.reminded,
        )
        % {"count": tally.reminded},
    )
    for refusal in tally.left_out[:5]:
        messages.warning(request, refusal)
    if len(tally.left_out) > 5:
        messages.warning(
            request,
            _("And %(count)d more could not be reminded.")
            % {"count": len(tally.left_out) - 5},
        )
    if (rest := count - AT_ONCE) > 0:
        messages.info(
            request,
            ngettext(
                "%(count)d is left. Press once more to go on.",
                "%(count)d are left. Press once more to go on.",
                rest,
            )
            % {"count": rest},
        )
