"""Until when a proposal may be written: the one place that knows of corrections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from competitions.windows import Window, submission_window
from submissions.models import Correction, Proposal


@dataclass(frozen=True)
class CorrectionWindow(Window):
    """The span of a proposal that went back to be corrected: templates ask for it."""

    is_correction: bool = True


def opening_of(proposal: Proposal) -> Window | None:
    """The span in which `proposal` is written and sent, in one query or two.

    It is that of its institution, and longer where the secretariat gave it back to be
    corrected. Source: rules RND-07 and SCR-07 in docs/rules.md.
    """
    window = submission_window(proposal.round, proposal.institution_id)
    if window is None or not (proposal.is_returned or proposal.is_endorsing):
        return window
    correction = Correction.objects.open().filter(proposal=proposal.pk).first()
    if correction is None or correction.due_at <= window.closes_at:
        return window
    return CorrectionWindow(
        window.stage, correction.due_at, _("to be corrected, asked by the secretariat")
    )


def being_corrected(proposals: Iterable[Proposal], at: datetime) -> set[int]:
    """The ids of those whose correction runs at `at`; asks nothing if there is none."""
    returned = [each.pk for each in proposals if each.is_returned or each.is_endorsing]
    if not returned:
        return set()
    running = Correction.objects.open().filter(proposal__in=returned, due_at__gt=at)
    return set(running.values_list("proposal", flat=True))
