"""What one sheet still lacks, and what it comes to. Pure functions."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from competitions.models import Criterion, ScoringStage
from core import numbers
from judging import ranking
from judging.models import Score, ScoreSheet, Verdict

SHORT_SCALE = 10  # values at most that are shown as buttons


def needs_note(stage: ScoringStage, value: Decimal) -> bool:
    """Whether a score is so low or so high that it must be explained."""
    return (
        stage.note_always
        or (stage.note_below is not None and value < stage.note_below)
        or (stage.note_above is not None and value > stage.note_above)
    )


def note_rule(stage: ScoringStage) -> str:
    """Say in one sentence when a note must be written, or nothing."""
    if stage.note_always:
        return _("Every score needs a note.")
    low = plain(stage.note_below) if stage.note_below is not None else ""
    high = plain(stage.note_above) if stage.note_above is not None else ""
    if low and high:
        return _("A score below %(low)s or above %(high)s needs a note.") % {
            "low": low,
            "high": high,
        }
    if low:
        return _("A score below %(low)s needs a note.") % {"low": low}
    return _("A score above %(high)s needs a note.") % {"high": high} if high else ""


def missing_of(
    stage: ScoringStage,
    criteria: Iterable[Criterion],
    written: Mapping[int, Score],
) -> dict[str, str]:
    """Map the code of each unfinished criterion to what is to be done.

    `written` holds the scores by the id of their criterion.
    """
    missing = {}
    for criterion in criteria:
        score = written.get(criterion.pk)
        if score is None or score.value is None:
            missing[criterion.code] = _("Give a score.")
        elif needs_note(stage, score.value) and not score.note.strip():
            missing[criterion.code] = _("Explain this score in a note.")
    return missing


def missing_at_gate(sheet: ScoreSheet) -> dict[str, str]:
    """Map the fields of a gate's sheet that are unfinished to what is to be done."""
    if not sheet.verdict:
        return {"verdict": _("Choose what you found.")}
    if sheet.verdict != Verdict.PASSES and not sheet.note.strip():
        return {"note": _("Write down what differs from the proposal.")}
    return {}


def is_on_scale(stage: ScoringStage, value: Decimal) -> bool:
    """Whether `value` is a step of the stage's scale."""
    return (
        stage.scale_min <= value <= stage.scale_max
        and (value - stage.scale_min) % stage.scale_step == 0
    )


def off_scale(stage: ScoringStage, value: Decimal) -> str:
    """Say what is wrong with a value that is not on the scale; "" if nothing is."""
    if is_on_scale(stage, value):
        return ""
    if stage.scale_min <= value <= stage.scale_max:
        return _("Go in steps of %(step)s.") % {"step": plain(stage.scale_step)}
    return _("Give a number from %(low)s to %(high)s.") % {
        "low": plain(stage.scale_min),
        "high": plain(stage.scale_max),
    }


def steps_of(stage: ScoringStage) -> list[Decimal]:
    """List the values of a scale so short that each can be shown, else none."""
    count = (stage.scale_max - stage.scale_min) // stage.scale_step
    if count >= SHORT_SCALE:
        return []
    return [stage.scale_min + each * stage.scale_step for each in range(int(count) + 1)]


def plain(value: Decimal) -> str:
    """Write a value of a scale without idle zeros: "60", "0,5"."""
    text = numbers.decimal(value, 2)
    return text.rstrip("0").rstrip(",.")


def total_so_far(
    criteria: Iterable[Criterion], written: Mapping[int, Score]
) -> Decimal:
    """Give the weighted total of the criteria scored so far."""
    pairs = [
        (score.value, criterion.weight)
        for criterion in criteria
        if (score := written.get(criterion.pk)) and score.value is not None
    ]
    return ranking.weighted_total((v for v, _w in pairs), (w for _v, w in pairs))
