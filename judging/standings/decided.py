"""What plenaries of a round decided, as the ranking and the seal take it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, TextField
from django.db.models.functions import Cast, JSONObject

from competitions.models import Round
from judging import agreeing, queries
from judging.models import (
    AgreedScore,
    Plenary,
    PlenaryAttendance,
    PlenaryDecision,
    PlenaryVote,
    TiePlace,
)


@dataclass(frozen=True)
class Record:
    """Sittings and decisions in plain data, as they are sealed."""

    plenaries: Sequence[Mapping[str, Any]]
    agreed: Sequence[Mapping[str, Any]]
    ties: Sequence[Mapping[str, Any]]

    def as_data(self) -> dict[str, Any]:
        return {
            "plenaries": list(self.plenaries),
            "agreed": list(self.agreed),
            "ties": list(self.ties),
        }


def decisions_of(round: Round, plenary: Plenary | None = None) -> agreeing.Decisions:
    """Load what counts in `round`, and what `plenary` decided so far (two queries)."""
    which = _counting(plenary)
    # Most rounds have none, and to look for them costs a quarter of reading them.
    found = PlenaryDecision.objects.filter(which, plenary__round=round).exists()
    return _decisions(_rows(which, round) if found else ())


def without_and_with(plenary: Plenary) -> tuple[agreeing.Decisions, agreeing.Decisions]:
    """Load what counts without what `plenary` decided, and with it (one query)."""
    rows = _rows(_counting(plenary), plenary.round)
    others = [each for each in rows if each["plenary"] != plenary.pk]
    return _decisions(others), _decisions(rows)


def _counting(plenary: Plenary | None) -> Q:
    applied = Q(plenary__state=Plenary.State.APPLIED)
    return applied | Q(plenary=plenary) if plenary else applied


def _decisions(rows: Iterable[Mapping[str, Any]]) -> agreeing.Decisions:
    agreements, ties = [], []
    for each in rows:
        if each["proposal__code"] is None:
            is_shared = each["kind"] == PlenaryDecision.Kind.SHARED
            ties.append(
                agreeing.TieVote(each["stage"], tuple(each["order"]), is_shared)
            )
        else:
            scores = {one["code"]: Decimal(one["value"]) for one in each["scores"]}
            agreements.append(
                agreeing.Agreement(
                    each["stage"], each["proposal__code"], scores, each["verdict"]
                )
            )
    return agreeing.Decisions(agreements, ties)


def record_of(round: Round) -> Record:
    """Load all that the applied plenaries of `round` leave to be sealed."""
    numbers = queries.juror_numbers(round)
    sittings = list(
        Plenary.objects.applied()
        .filter(round=round)
        .select_related("scoring_stage")
        .order_by("opened_at", "pk")
    )
    present: dict[int, list[int]] = {each.pk: [] for each in sittings}
    absent: dict[int, list[int]] = {each.pk: [] for each in sittings}
    attendance = PlenaryAttendance.objects.filter(plenary__in=sittings)
    for plenary, juror, is_present in attendance.order_by("juror").values_list(
        "plenary", "juror", "is_present"
    ):
        (present if is_present else absent)[plenary].append(numbers[juror])
    votes: dict[int, dict[bool, list[int]]] = {}
    cast = PlenaryVote.objects.filter(decision__plenary__in=sittings)
    for decision, juror, agrees in cast.order_by("juror").values_list(
        "decision", "juror", "agrees"
    ):
        own = votes.setdefault(decision, {True: [], False: []})
        own[agrees].append(numbers[juror])
    places = {each.pk: place for place, each in enumerate(sittings, start=1)}
    agreed, ties = [], []
    for each in _rows(Q(plenary__in=sittings), round):
        said = votes.get(each["pk"], {True: [], False: []})
        data = {
            "plenary": places[each["plenary"]],
            "stage": each["stage"],
            "reason": each["reason"],
            "agreed_by": said[True],
            "dissented": said[False],
        }
        if each["proposal__code"] is None:
            is_shared = each["kind"] == PlenaryDecision.Kind.SHARED
            ties.append(data | {"order": each["order"], "shared": is_shared})
        else:
            agreed.append(
                data
                | {
                    "proposal": each["proposal__code"],
                    "verdict": each["verdict"],
                    "scores": {one["code"]: one["value"] for one in each["scores"]},
                }
            )
    return Record(
        [
            {
                "plenary": places[each.pk],
                "stage": each.scoring_stage.code,
                "held_at": each.held_at.isoformat(),
                "place": each.place,
                "quorum": each.quorum,
                "chair": numbers[each.chair_id],
                "present": present[each.pk],
                "absent": absent[each.pk],
            }
            for each in sittings
        ],
        agreed,
        ties,
    )


def _rows(which: Q, round: Round) -> list[dict[str, Any]]:
    """Read decisions with their scores and orders, as they came into force."""
    scores = (
        AgreedScore.objects.filter(decision=OuterRef("pk"))
        .order_by("criterion__order", "pk")
        .values_list(
            JSONObject(code="criterion__code", value=Cast("value", TextField()))
        )
    )
    order = (
        TiePlace.objects.filter(decision=OuterRef("pk"))
        .order_by("place")
        .values_list("proposal__code")
    )
    found = (
        PlenaryDecision.objects.filter(which, plenary__round=round)
        .annotate(scores=ArraySubquery(scores), order=ArraySubquery(order))
        .in_order()
        .values(
            "pk",
            "plenary",
            "plenary__scoring_stage__code",
            "kind",
            "proposal__code",
            "verdict",
            "reason",
            "scores",
            "order",
        )
    )
    return [{**each, "stage": each["plenary__scoring_stage__code"]} for each in found]
