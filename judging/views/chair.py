"""What the chair of a panel alone is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions.models import ScoringStage
from competitions.queries import ScoringParts
from judging import alarms, queries
from judging.alarms import Alarm, AlarmKind, FinishedSheet
from judging.models import Juror


@dataclass(frozen=True)
class Hint:
    """An alarm in words: who, what, and why it may be harmless."""

    jurors: str
    title: str
    harmless: str


@dataclass(frozen=True)
class StageHints:
    """The hints of one stage, over so many finished sheets."""

    stage: ScoringStage
    finished: int
    hints: list[Hint]


@require_safe
def chair_hints(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """What looks odd in finished sheets: hints, without a score or a title.

    Source: rule SCO-19 in docs/rules.md.
    """
    chair = get_object_or_404(
        Juror.objects.sitting().select_related("round__competition__government"),
        round__slug=round_slug,
        user=request.user,
        is_chair=True,
        signed_at__isnull=False,
    )
    round = chair.round
    names = {
        juror.pk: juror.user.name
        for juror in Juror.objects.filter(round=round).for_list()
    }
    stages = [_hints_of(stage, chair, names) for stage in queries.scoring_of(round)]
    return render(
        request,
        "judging/chair_hints.html",
        {"round": round, "stages": stages, "has_stages": len(stages) > 1},
    )


def _hints_of(
    parts: ScoringParts, chair: Juror, names: Mapping[int, str]
) -> StageHints:
    stage = parts.stage
    sheets = [
        FinishedSheet(*row) for row in queries.finished_sheets(stage, parts.leaves)
    ]
    # Whose sheet is the same as one's own tells its scores: only where the round shows
    # others' scores to who has finished.
    is_open = stage.others_scores == ScoringStage.OthersScores.AFTER_OWN
    found = alarms.alarms_of(
        sheets,
        left={
            juror: progress.left for juror, progress in queries.coverage(stage).items()
        },
        no_pairs_with=None if is_open else chair.pk,
    )
    return StageHints(stage, len(sheets), [_in_words(each, names) for each in found])


def _in_words(alarm: Alarm, names: Mapping[int, str]) -> Hint:
    jurors = [names[juror] for juror in alarm.jurors]
    return Hint(
        jurors=jurors[0]
        if len(jurors) == 1
        else _("%(one)s and %(other)s") % {"one": jurors[0], "other": jurors[1]},
        title=_title(alarm.kind, alarm.count),
        harmless=_harmless(alarm.kind),
    )


def _title(kind: AlarmKind, count: int) -> str:
    match kind:
        case AlarmKind.UNOPENED:
            text = ngettext(
                "%(n)d sheet was finished although the proposal was never opened.",
                "%(n)d sheets were finished although the proposals were never opened.",
                count,
            )
        case AlarmKind.AT_ONCE:
            text = ngettext(
                "All %(n)d sheet was finished within one hour.",
                "All %(n)d sheets were finished within one hour.",
                count,
            )
        case AlarmKind.QUICK:
            text = ngettext(
                "%(n)d sheet was finished within three minutes of opening.",
                "%(n)d sheets were finished within three minutes of opening.",
                count,
            )
        case AlarmKind.REPEATED:
            text = ngettext(
                "%(n)d sheet holds exactly the same scores.",
                "%(n)d sheets hold exactly the same scores.",
                count,
            )
        case AlarmKind.FLAT:
            text = ngettext(
                "%(n)d sheet has one and the same score for every criterion.",
                "%(n)d sheets have one and the same score for every criterion.",
                count,
            )
        case AlarmKind.TWINS:
            text = ngettext(
                "The sheets of both are identical for %(n)d proposal.",
                "The sheets of both are identical for %(n)d proposals.",
                count,
            )
    return text % {"n": count}


def _harmless(kind: AlarmKind) -> str:
    match kind:
        case AlarmKind.UNOPENED:
            return _("Read on paper, or filled in from a file, it looks the same.")
        case AlarmKind.AT_ONCE:
            return _("Who reads for days and presses Finish in the end does this too.")
        case AlarmKind.QUICK:
            return _("The proposals may have been read before, printed or together.")
        case AlarmKind.REPEATED:
            return _("On a scale of few steps, proposals of like quality come to this.")
        case AlarmKind.FLAT:
            return _("A proposal may be even in all; ask what told them apart.")
        case AlarmKind.TWINS:
            return _("On a scale of few steps this happens; so it does after a talk.")
