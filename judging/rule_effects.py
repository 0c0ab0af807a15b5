"""What new rules of a round mean to its sheets and ranks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.consequences import (
    Consequence,
    Move,
    Progress,
    Ranks,
    RuleEdit,
    Standing,
    place_of,
)
from competitions.models import Round, ScoringStage
from competitions.queries import ScoringParts
from judging import queries, ranking, standings
from judging.combining import Final
from judging.models import (
    AgreedScore,
    Assignment,
    PresentationPlan,
    Result,
    Score,
    ScoreSheet,
)


def progress_of(round: Round) -> Progress:
    """How far the jury of `round` is: nobody scored, somebody did, or sealed."""
    if Result.objects.standing().filter(round=round).exists():
        return Progress.SEALED
    begun = ScoreSheet.objects.filter(
        Q(version__gt=0) | Q(state=ScoreSheet.State.FINAL),
        assignment__scoring_stage__round=round,
    )
    return Progress.BEGUN if begun.exists() else Progress.NOTHING


@dataclass(frozen=True)
class Sheets:
    """The sheets of one scoring stage."""

    total: int = 0
    begun: int = 0
    final: int = 0


def consequences(edit: RuleEdit) -> Iterator[Consequence]:
    """What follows for sheets, and what they forbid.

    Source: rule RND-15 in docs/rules.md.
    """
    if edit.holds:
        # Every writer of scores locks its sheet first: who comes after us meets the
        # new rules, who came before is counted here.
        list(
            ScoreSheet.objects.select_for_update(of=("self",))
            .filter(assignment__scoring_stage__round=edit.round)
            .order_by("pk")
            .values_list("pk")
        )
    yield from _presentations_that_stay(edit)
    counts = _counts(edit.round)
    if not counts:
        return
    scored = _scored(edit.round)
    after = {each.stage.code: each for each in edit.after.scoring}
    forbidden = False
    for old in edit.before.scoring:
        sheets = counts.get(old.stage.pk, Sheets())
        for found in _of_stage(edit, old, after.get(old.stage.code), sheets, scored):
            forbidden |= found.forbids
            yield found
    if not forbidden:
        yield from _of_those_called(edit, counts)


def _presentations_that_stay(edit: RuleEdit) -> Iterator[Consequence]:
    """A stage for which days of presentations are planned is not taken out."""
    after = {each.stage.code for each in edit.after.scoring}
    gone = {
        each.stage.pk: each.stage
        for each in edit.before.scoring
        if each.stage.code not in after
    }
    if not gone:
        return
    planned = PresentationPlan.objects.filter(scoring_stage__in=gone)
    for pk in planned.order_by("pk").values_list("scoring_stage", flat=True):
        yield Consequence(
            _(
                "The stage %(stage)s stays: days of presentations are planned for it. "
                "Remove these days first."
            )
            % {"stage": gone[pk].name},
            place_of("tahap", gone[pk].code),
            forbids=True,
        )


def _counts(round: Round) -> dict[int, Sheets]:
    rows = (
        ScoreSheet.objects.filter(assignment__scoring_stage__round=round)
        .values_list("assignment__scoring_stage")
        .annotate(
            total=Count("pk"),
            begun=Count("pk", filter=Q(version__gt=0)),
            final=Count("pk", filter=Q(state=ScoreSheet.State.FINAL)),
        )
        .order_by()
    )
    return {stage: Sheets(*numbers) for stage, *numbers in rows}


def _scored(round: Round) -> dict[int, int]:
    """On how many sheets each criterion has something written, by its id."""
    rows = Score.objects.filter(criterion__scoring_stage__round=round)
    return dict(rows.values_list("criterion").annotate(Count("sheet")).order_by())


def _of_stage(
    edit: RuleEdit,
    old: ScoringParts,
    new: ScoringParts | None,
    sheets: Sheets,
    scored: Mapping[int, int],
) -> Iterator[Consequence]:
    place = place_of("tahap", old.stage.code)
    if new is None:
        if sheets.total:
            yield Consequence(
                ngettext(
                    "The stage %(stage)s stays: %(count)d sheet was handed out for it.",
                    "The stage %(stage)s stays: %(count)d sheets were handed out for "
                    "it.",
                    sheets.total,
                )
                % {"stage": old.stage.name, "count": sheets.total},
                place,
                forbids=True,
            )
        return
    if sheets.begun and old.stage.is_gate != new.stage.is_gate:
        yield Consequence(
            _(
                "The way of judging of %(stage)s stays: jurors have begun with it. A "
                "gate knows no scores, a scored stage no verdict."
            )
            % {"stage": old.stage.name},
            place,
            forbids=True,
        )
        return
    yield from _scores_that_stay(old, new, scored)
    yield from _scale(old, new, place)
    if sheets.final:
        yield from _final_sheets(edit, old, new, sheets)
    elif sheets.begun and _criteria_of(old, edit) != _criteria_of(new, edit):
        yield Consequence(
            ngettext(
                "%(count)d juror's sheet is begun: it asks for the new criteria from "
                "the next time it is opened.",
                "%(count)d sheets are begun: they ask for the new criteria from the "
                "next time they are opened.",
                sheets.begun,
            )
            % {"count": sheets.begun},
            place,
        )


def _scores_that_stay(
    old: ScoringParts, new: ScoringParts, scored: Mapping[int, int]
) -> Iterator[Consequence]:
    """What jurors wrote for a criterion is never thrown away."""
    leaves = {each.code for each in new.leaves}
    for criterion in old.leaves:
        count = scored.get(criterion.pk, 0)
        if count and criterion.code not in leaves:
            yield Consequence(
                ngettext(
                    "The criterion %(name)s stays: %(count)d sheet has a score or a "
                    "note for it.",
                    "The criterion %(name)s stays: %(count)d sheets have a score or a "
                    "note for it.",
                    count,
                )
                % {"name": criterion.name, "count": count},
                place_of(f"kriteria.{old.stage.code}", criterion.code),
                forbids=True,
            )


def _scale(old: ScoringParts, new: ScoringParts, place: str) -> Iterator[Consequence]:
    """Scores that were given must fit the new scale as well."""
    if _scale_of(old.stage) == _scale_of(new.stage):
        return
    low, high, step = _scale_of(new.stage)
    of_stage = {"criterion__scoring_stage": old.stage.pk}
    values = [
        each
        for given in (
            Score.objects.filter(**of_stage).exclude(value=None),
            AgreedScore.objects.filter(**of_stage),
        )
        for each in given.values_list("value").annotate(Count("pk")).order_by()
    ]
    misfits = sum(
        count
        for value, count in values
        if not low <= value <= high or (value - low) % step
    )
    if misfits:
        yield Consequence(
            ngettext(
                "The scale of %(stage)s stays: %(count)d score does not fit the new "
                "one.",
                "The scale of %(stage)s stays: %(count)d scores do not fit the new "
                "one.",
                misfits,
            )
            % {"stage": old.stage.name, "count": misfits},
            place,
            forbids=True,
        )


def _scale_of(stage: ScoringStage) -> tuple[Decimal, Decimal, Decimal]:
    return stage.scale_min, stage.scale_max, stage.scale_step


def _criteria_of(parts: ScoringParts, edit: RuleEdit) -> dict[str, set[str]]:
    """The criteria that each track of the round is scored by."""
    return {
        track.code: {each.code for each in parts.criteria_for(track.code)}
        for track in edit.before.tracks
    }


def _final_sheets(
    edit: RuleEdit, old: ScoringParts, new: ScoringParts, sheets: Sheets
) -> Iterator[Consequence]:
    """Finished sheets are counted by the new rules; they must be complete for them."""
    place = place_of("tahap", old.stage.code)
    if _criteria_of(old, edit) != _criteria_of(new, edit):
        yield Consequence(
            ngettext(
                "%(stage)s has %(count)d finished sheet. Which criteria it is scored "
                "by stands as long as it is finished: reopen it first.",
                "%(stage)s has %(count)d finished sheets. Which criteria they are "
                "scored by stands as long as they are finished: reopen them first.",
                sheets.final,
            )
            % {"stage": old.stage.name, "count": sheets.final},
            place,
            forbids=True,
        )
    elif standings.rules_of(old) != standings.rules_of(new):
        yield Consequence(
            ngettext(
                "%(stage)s: %(count)d finished sheet is counted by the new rules. Its "
                "scores stay as they are.",
                "%(stage)s: %(count)d finished sheets are counted by the new rules. "
                "Their scores stay as they are.",
                sheets.final,
            )
            % {"stage": old.stage.name, "count": sheets.final},
            place,
        )


def _of_those_called(
    edit: RuleEdit, counts: Mapping[int, Sheets]
) -> Iterator[Consequence]:
    """Who was called to a later stage is not sent home by new rules."""
    assigned = Assignment.objects.filter(scoring_stage=OuterRef("pk"))
    called = set(
        ScoringStage.objects.filter(Exists(assigned), round=edit.round).values_list(
            "code", flat=True
        )
    )
    before, after = edit.before.scoring, edit.after.scoring
    if [each.stage.code for each in before if each.stage.code in called] != [
        each.stage.code for each in after if each.stage.code in called
    ]:
        yield Consequence(
            _("The order of the stages stands: jurors have sheets of several of them."),
            place_of("tahap"),
            forbids=True,
        )
        return
    for number, later in enumerate(before):
        if not number or later.stage.code not in called:
            continue
        codes = {each.stage.code for each in before[:number]}
        first = [each for each in after if each.stage.code in codes]
        if _same_rules(before[:number], first):
            continue
        old = standings.through(edit.round, before[:number])
        if old != standings.through(edit.round, first):
            yield Consequence(
                _(
                    "%(stage)s was assigned already to those who were let through, and "
                    "by the new rules it would be others. These rules stand now."
                )
                % {"stage": later.stage.name},
                place_of("tahap", later.stage.code),
                forbids=True,
            )


def _same_rules(old: Sequence[ScoringParts], new: Sequence[ScoringParts]) -> bool:
    return [standings.rules_of(each) for each in old] == [
        standings.rules_of(each) for each in new
    ]


def ranks(edit: RuleEdit) -> Ranks | None:
    """Everybody's rank under both rules, as far as the jury has come.

    Like the ranking itself it is shown only once scores may be seen (SCO-10).
    """
    before = _judged_part(edit.before.scoring, edit.round)
    if not before:
        return None
    last = before[-1].stage
    hidden = queries.unshown_stages(
        [each.stage for each in before], queries.windows_of(edit.round), edit.at
    )
    if hidden:
        return Ranks(stage=last.name, hidden=_why_hidden(hidden[0]))
    codes = {each.stage.code for each in before}
    after = [each for each in edit.after.scoring if each.stage.code in codes]
    old = standings.current(edit.round, before)
    new = standings.current(edit.round, after)
    names = queries.names_of(old.ids.values())
    new_finals = {each.proposal: each for each in new.outcome.finals}
    predicates = {
        each.code: each.name for parts in [*before, *after] for each in parts.predicates
    }
    moves = []
    for final in old.outcome.finals:
        title, institution, _category = names[old.ids[final.proposal]]
        moves.append(
            Move(
                final.proposal,
                title,
                institution,
                _standing(final, predicates),
                _standing(new_finals[final.proposal], predicates),
            )
        )
    # Those that move farthest first, then in the order of the ranks in force.
    moves.sort(key=lambda move: (not move.is_moved, -move.distance))
    return Ranks(moves, stage=last.name)


def _judged_part(
    scoring: Sequence[ScoringParts], round: Round
) -> Sequence[ScoringParts]:
    """The stages up to the last of which a sheet is finished."""
    final = ScoreSheet.objects.open().final()
    judged = set(
        final.filter(assignment__scoring_stage__round=round)
        .values_list("assignment__scoring_stage", flat=True)
        .distinct()
    )
    places = [place for place, each in enumerate(scoring) if each.stage.pk in judged]
    return scoring[: places[-1] + 1] if places else []


def _why_hidden(stage: ScoringStage) -> str:
    return _(
        "Jurors still score in %(stage)s, so nobody sees ranks yet. You decide without "
        "knowing whom the new rules favour."
    ) % {"stage": stage.name}


def _standing(final: Final, predicates: Mapping[str, str]) -> Standing:
    total = None if final.total is None else ranking.readable(final.total)
    reached = final.assessment.predicate if final.assessment else ""
    return Standing(final.rank, total, predicates.get(reached, reached))
