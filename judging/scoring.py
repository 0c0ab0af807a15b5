"""What one sheet still lacks, and what it comes to. Pure functions."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from competitions.models import Criterion, ScoringStage
from core import numbers
from judging import ranking
from judging.models import Score


def needs_note(stage: ScoringStage, value: Decimal) -> bool:
    """Whether a score is so low or so high that it must be explained."""
    return (stage.note_below is not None and value < stage.note_below) or (
        stage.note_above is not None and value > stage.note_above
    )


def note_rule(stage: ScoringStage) -> str:
    """Say in one sentence when a note must be written, or nothing."""
    low = numbers.decimal(stage.note_below, 0)
    high = numbers.decimal(stage.note_above, 0)
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
