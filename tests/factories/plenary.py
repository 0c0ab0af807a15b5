"""Plenaries and what they decide, minimal and valid."""

from decimal import Decimal

from django.utils import timezone

from judging import services
from judging.models import Juror, Plenary, ScoreSheet
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import scoring_round, write_sheet


def judged_round(*totals, jurors: int = 5, **fields):
    """A round whose jurors are done; each proposal has one of `totals` throughout.

    A total may also be a sequence: one value for each juror.
    """
    fields.setdefault("phase", "plenary")
    round = scoring_round(jurors=jurors, proposals=len(totals), **fields)
    for proposal, total in zip(round.proposal_set.order_by("pk"), totals, strict=True):
        values = total if isinstance(total, list | tuple) else [total] * jurors
        sheets = ScoreSheet.objects.filter(assignment__proposal=proposal)
        for sheet, value in zip(
            sheets.select_related("assignment__scoring_stage").order_by(
                "assignment__juror"
            ),
            values,
            strict=True,
        ):
            if value is not None:
                write_sheet(sheet, value, value)
    return round


def secretary_of(round):
    return SecretariatFactory(government=round.competition.government)


def panel_of(round) -> list[Juror]:
    return list(Juror.objects.filter(round=round).order_by("pk"))


def open_plenary(round, *, actor=None, present: int | None = None, **fields) -> Plenary:
    """An open plenary of the last stage; `present` of the panel, or all, are there."""
    panel = panel_of(round)
    actor = actor or secretary_of(round)
    plenary = services.open_plenary(
        scoring_stage=fields.pop("stage", None)
        or round.scoringstage_set.order_by("-order").first(),
        held_at=timezone.now(),
        place="Ruang rapat",
        chair=panel[0],
        quorum=fields.pop("quorum", None),
        names_jurors=fields.pop("names_jurors", False),
        actor=actor,
        at=timezone.now(),
    )
    return services.set_attendance(
        plenary=plenary, present=panel[:present], actor=actor, at=timezone.now()
    )


def agree(plenary, proposal, *values, agreeing=None, notes=None, **fields):
    """Let the plenary agree on values, one for each criterion; None keeps the mean."""
    criteria = plenary.scoring_stage.criterion_set.order_by("order")
    return services.agree_on(
        plenary=plenary,
        proposal=proposal,
        scores={
            criterion: Decimal(value)
            for criterion, value in zip(criteria, values, strict=False)
            if value is not None
        },
        reason=fields.pop("reason", "Dibahas bersama."),
        agreeing_jurors=panel_of(plenary.round) if agreeing is None else agreeing,
        notes=notes or {},
        actor=plenary.opened_by,
        at=timezone.now(),
        **fields,
    )


def vote(plenary, *order, is_shared=False, agreeing=None, notes=None):
    """Let the plenary vote for an order of equals."""
    return services.decide_tie(
        plenary=plenary,
        order=order,
        is_shared=is_shared,
        reason="Dipungut suara.",
        agreeing_jurors=panel_of(plenary.round) if agreeing is None else agreeing,
        notes=notes or {},
        actor=plenary.opened_by,
        at=timezone.now(),
    )


def apply(plenary):
    return services.apply_plenary(
        plenary=plenary, actor=plenary.opened_by, at=timezone.now()
    )
