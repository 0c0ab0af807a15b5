"""The dashboard of those who write for an institution, or endorse."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import permissions as account_permissions
from accounts.models import Institution, Membership, User
from awards import queries as awards_queries
from competitions import phases
from competitions.models import Round, Stage
from competitions.phases import Phase
from core import dates
from kipp_portal.dashboards.steps import Deadline, NextStep, deadlines
from submissions import permissions, queries
from submissions.dossier import Dossier, load_dossier
from submissions.models import Proposal, ProposalState
from submissions.openings import being_corrected

SHOWN = 8
MOST_ROUNDS = 5
FEEDBACK_IS_NEWS = timedelta(days=30)
# What needs its author most stands first.
_ORDER = [
    ProposalState.RETURNED,
    ProposalState.REOPENED,
    ProposalState.DRAFT,
    ProposalState.ENDORSING,
    ProposalState.SUBMITTED,
    ProposalState.SCREENED_PASSED,
    ProposalState.SCREENED_FAILED,
]
_VARIANTS = {
    ProposalState.DRAFT: ("mute", "pencil"),
    ProposalState.RETURNED: ("warn", ""),
    ProposalState.REOPENED: ("warn", ""),
    ProposalState.ENDORSING: ("info", "hourglass-split"),
    ProposalState.SUBMITTED: ("info", "send-check"),
    ProposalState.SCREENED_PASSED: ("ok", ""),
    ProposalState.SCREENED_FAILED: ("bad", ""),
}


@dataclass(frozen=True)
class ProposalRow:
    """One proposal with its state and what can be done with it."""

    proposal: Proposal
    variant: str
    icon: str
    url: str
    label: str

    @property
    def state_label(self) -> str:
        if self.proposal.is_draft:
            return _("Draft, %(answered)d of %(asked)d") % {
                "answered": self.proposal.answered,  # type: ignore[attr-defined]
                "asked": self.proposal.asked,  # type: ignore[attr-defined]
            }
        return str(self.proposal.get_state_display())


@dataclass(frozen=True)
class AuthorDashboard:
    """What somebody who writes for institutions sees first."""

    bodies: str
    round: Round | None
    phases: Sequence[Phase]
    current: Stage | None
    steps: Sequence[NextStep]
    rows: Sequence[ProposalRow]
    proposal_count: int
    deadlines: Sequence[Deadline]
    open_rounds: Sequence[Round]

    @property
    def shows_rounds(self) -> bool:
        """Whether the list mixes proposals of several rounds."""
        return len({row.proposal.round_id for row in self.rows}) > 1


def load_author(user: User, at: datetime) -> AuthorDashboard:
    """Load it in a constant number of queries."""
    institutions = [
        membership.institution
        for membership in user.current_memberships
        if membership.institution
    ]
    known = _known_rounds(user, institutions, at)
    open_rounds = [each for each in known if each.takes]  # type: ignore[attr-defined]
    rounds = [
        each for each in known if not phases.is_finished(each.stage_set.all(), at)
    ]
    round = next((each for each in rounds if each in open_rounds), None) or next(
        iter(rounds), None
    )
    proposals = list(
        Proposal.objects.of_institutions_of(user)
        .filter(round__in=rounds)
        .exclude(state=ProposalState.WITHDRAWN)
        .exclude(state=ProposalState.DISQUALIFIED)
        .with_progress()
        .select_related("institution", "track")
        .order_by("pk")
    )
    by_id = {each.pk: each for each in rounds}
    for each in proposals:  # with their governments and calendars
        each.round = by_id[each.round_id]
    proposals.sort(key=lambda each: (_ORDER.index(each.state), each.title))  # type: ignore[arg-type]
    corrected = being_corrected(proposals, at)
    elsewhere = _open_elsewhere(rounds, institutions, at)
    live = [
        each
        for each in proposals
        if each.round in open_rounds
        or each.pk in corrected
        or each.round_id in elsewhere
    ]
    stages = list(round.stage_set.all()) if round else []
    current = phases.current_stage(stages, at)
    return AuthorDashboard(
        bodies=", ".join(dict.fromkeys(str(each) for each in institutions)),
        round=round,
        phases=phases.phases(stages, at, round.zone) if round else [],
        current=current,
        steps=_steps(user, proposals, live, open_rounds, rounds, at),
        rows=[_row(user, each, each in live) for each in proposals[:SHOWN]],
        proposal_count=len(proposals),
        deadlines=deadlines([round] if round else [], at),
        open_rounds=open_rounds,
    )


def _known_rounds(
    user: User, institutions: Sequence[Institution], at: datetime
) -> list[Round]:
    """The newest rounds of the institutions' governments, and those of others that
    they were sent on to (AWD-14).

    Those that take their proposals come first, whatever their age; `takes` tells them.
    """
    sent_on = Proposal.objects.of_institutions_of(user).unsent().values("round")
    return list(
        Round.objects.published()
        .annotate(takes=queries.takes_proposals_of(institutions, at))
        .filter(
            Q(competition__government__in={each.government_id for each in institutions})
            | Q(pk__in=sent_on)
        )
        .for_list()
        .order_by("-takes", "-year", "-edition", "pk")[:MOST_ROUNDS]
    )


def _open_elsewhere(
    rounds: Sequence[Round], institutions: Sequence[Institution], at: datetime
) -> set[int]:
    """The ids of the open rounds of other governments among `rounds`."""
    own = {each.government_id for each in institutions}
    return {
        round.pk
        for round in rounds
        if round.competition.government_id not in own
        and any(
            stage.kind == Stage.Kind.SUBMISSION and stage.is_open(at)
            for stage in round.stage_set.all()
        )
    }


def _row(user: User, proposal: Proposal, is_live: bool) -> ProposalRow:
    variant, icon = _VARIANTS[ProposalState(proposal.state)]
    url, label = proposal.get_absolute_url(), _("See")
    if is_live:
        if proposal.is_draft:
            label = _("Go on")
        elif proposal.is_editable:
            label = _("Mend")
        elif proposal.is_endorsing and permissions.can_endorse(user, proposal):
            url = reverse("submissions:proposal_check", args=[proposal.code])
            label = _("Check")
    if proposal.is_entered:
        url = reverse("submissions:receipt_detail", args=[proposal.code])
        label = _("See the receipt")
    return ProposalRow(proposal, variant, icon, url, label)


def _steps(
    user: User,
    proposals: Sequence[Proposal],
    live: Sequence[Proposal],
    open_rounds: Sequence[Round],
    rounds: Sequence[Round],
    at: datetime,
) -> list[NextStep]:
    """What to do next: endorse before mending, mend before writing on."""
    steps = _to_answer(user)
    steps += [
        _endorse(each)
        for each in live
        if each.is_endorsing and permissions.can_endorse(user, each)
    ]
    steps += [_mend(each) for each in live if each.is_editable and not each.is_draft]
    drafts = [each for each in live if each.is_draft]
    if not steps and drafts:
        # The one nearest to its end; the dossier is loaded for it alone.
        nearest = max(drafts, key=lambda each: (each.answered, -each.pk))  # type: ignore[attr-defined]
        # What it lacks is counted here; the check of the rules has a page of its own.
        dossier = replace(
            load_dossier(nearest, rules=False), facts=queries.facts_of(nearest, ())
        )
        steps.append(write_on(dossier))
    return (
        steps[:3]
        or _feedback(user, at)
        or [_otherwise(proposals, open_rounds, rounds, at)]
    )


def _to_answer(user: User) -> list[NextStep]:
    """Winners that the person is asked to let go on to a higher competition."""
    if not account_permissions.has_role(user, Membership.Role.INSTITUTION_ADMIN):
        return []
    return [
        NextStep(
            title=_("Answer: may %(title)s be sent on?")
            % {"title": each.award.row.title},
            text=_("The secretariat would like to send it on to %(place)s.")
            % {"place": each.place},
            url=reverse("awards:forwarding_detail", args=[each.key]),
            label=_("Read and answer"),
        )
        for each in awards_queries.forwardings_to_answer(user)[:3]
    ]


def _feedback(user: User, at: datetime) -> list[NextStep]:
    """How proposals were judged, while that is news."""
    found = awards_queries.readable_feedback(user, at).filter(
        result__round__decree__publish_at__gt=at - FEEDBACK_IS_NEWS
    )
    return [
        NextStep(
            title=_("Feedback on %(title)s") % {"title": title},
            text=_(
                "Read how it was judged: means for each criterion and the jurors' "
                "notes."
            ),
            url=reverse("awards:feedback_detail", args=[code]),
            label=_("Read the feedback"),
        )
        for code, title in found.order_by("position", "pk").values_list(
            "code", "title"
        )[:3]
    ]


def _mend(proposal: Proposal) -> NextStep:
    return NextStep(
        title=_("Mend the proposal %(title)s") % {"title": proposal.title},
        text=proposal.return_note
        or _("It was given back to you. See what is missing."),
        url=proposal.get_absolute_url(),
        label=_("Mend the proposal"),
    )


def _endorse(proposal: Proposal) -> NextStep:
    return NextStep(
        title=_("Endorse the proposal %(title)s") % {"title": proposal.title},
        text=_("%(institution)s has finished it and asks for your endorsement.")
        % {"institution": proposal.institution},
        url=reverse("submissions:proposal_check", args=[proposal.code]),
        label=_("Check and endorse"),
    )


def write_on(dossier: Dossier) -> NextStep:
    """Say what a draft still lacks, or that it can be sent."""
    proposal = dossier.proposal
    required = dossier.required_steps
    lacking = [step for step in required if not step.is_done]
    progress = _("%(done)d of %(total)d parts complete") % {
        "done": dossier.done_count,
        "total": len(required),
    }
    saved = _("Saved on %(moment)s") % {
        "moment": dates.format_datetime(
            proposal.last_saved_at, "short", proposal.round.zone
        )
    }
    measured = {
        "part": dossier.done_count,
        "whole": len(required),
        "progress": progress,
        "saved": saved,
    }
    if not lacking and dossier.next_step is None:
        return NextStep(
            title=_("Send the proposal %(title)s") % {"title": proposal.title},
            text=_("Every part is complete. Check everything once more, then send it."),
            url=reverse("submissions:proposal_check", args=[proposal.code]),
            label=_("Check and send"),
            **measured,  # type: ignore[arg-type]
        )
    names = ", ".join(step.label for step in lacking[:3])
    next_step = dossier.next_step or lacking[0]
    return NextStep(
        title=ngettext(
            "Complete %(count)d part of the proposal %(title)s",
            "Complete %(count)d parts of the proposal %(title)s",
            len(lacking),
        )
        % {"count": len(lacking), "title": proposal.title},
        text=_("Still to do: %(names)s.") % {"names": names or next_step.label},
        url=next_step.url,
        label=_("Go on writing"),
        **measured,  # type: ignore[arg-type]
    )


def _otherwise(
    proposals: Sequence[Proposal],
    open_rounds: Sequence[Round],
    rounds: Sequence[Round],
    at: datetime,
) -> NextStep:
    """Say what happens while there is nothing to write."""
    if open_rounds and not proposals:
        round = open_rounds[0]
        return NextStep(
            title=_("Enter an innovation in %(round)s") % {"round": round},
            text=_(
                "Begin with the name of the innovation and a summary. Everything is "
                "saved while you write."
            ),
            url=reverse("submissions:proposal_create", args=[round.slug]),
            label=_("Begin a proposal"),
        )
    waiting = [each for each in proposals if each.is_endorsing]
    if waiting:
        return NextStep(
            title=_("%(title)s waits for its endorsement")
            % {"title": waiting[0].title},
            text=_("The head of your institution was told. You need not do anything."),
            url=waiting[0].get_absolute_url(),
            label=_("See the proposal"),
        )
    coming = phases.next_stage(
        [stage for round in rounds for stage in round.stage_set.all()], at
    )
    text = (
        _("Next: %(stage)s, from %(moment)s.")
        % {
            "stage": coming.name,
            "moment": dates.format_datetime(coming.opens_at, "medium"),
        }
        if coming
        else ""
    )
    if any(each.is_entered for each in proposals):
        return NextStep(title=_("Your proposals are submitted"), text=text)
    return NextStep(
        title=_("No competition takes proposals now"),
        text=text or _("You will be told as soon as one opens."),
    )
