"""The minutes of a plenary: what the paper says, in plain values that never change.

Source: rule PLN-08 in docs/rules.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from competitions.models import Round
from competitions.queries import ScoringParts
from core import dates, numbers
from core.text import terbilang
from documents.models import IssuedDocument
from judging import queries, standings
from judging.models import Juror, Plenary, PlenaryDecision, Result

KIND = "minutes"
TEMPLATE = "judging/pdf/minutes.html"
NUMBER_PATTERN = "{seq:03}/BA-KIPP/{year}"


@dataclass(frozen=True)
class Typed:
    """What a person adds: the registry's number, legal basis, who takes note."""

    number: str = ""
    legal_basis: str = ""
    witness_position: str = ""
    witness_name: str = ""


def subject_key(result: Result) -> str:
    """What the minutes of `result` are filed under."""
    return f"result:{result.pk}"


def minutes_of(result: Result) -> IssuedDocument | None:
    """The minutes of `result` that hold."""
    return IssuedDocument.objects.filter(
        kind=KIND,
        subject_key=subject_key(result),
        state=IssuedDocument.State.ISSUED,
    ).first()


def values_of(
    round: Round, result: Result | None, typed: Typed, at: datetime
) -> dict[str, Any]:
    """Collect all that the minutes of `round` print.

    Without a sealed `result` they are a draft of the ranking as it stands at `at`.
    """
    government = round.competition.government
    scoring = queries.scoring_of(round)
    plenaries = [
        each
        for each in reversed(queries.plenaries_of(round))
        if each.is_applied or (result is None and each.is_open)
    ]
    last = plenaries[-1] if plenaries else None
    held_at = last.held_at if last else (result and result.sealed_at) or at
    place = last.place if last else government.place
    return {
        "issuer": government.name,
        "government_name": government.name,
        "secretariat_name": government.secretariat_name,
        "government_address": government.address,
        "government_contact": government.contact,
        "government_emblem": government.emblem,
        "round_name": round.name,
        "opening": opening(held_at, place, round),
        "place_and_date": f"{government.place}, "
        f"{dates.format_date(held_at, zone=round.zone)}",
        "legal_basis": [
            line.strip() for line in typed.legal_basis.splitlines() if line.strip()
        ],
        "present": _people(last, is_present=True) if last else _panel(round),
        "absent": _people(last, is_present=False) if last else [],
        "quorum": _quorum(last),
        "procedure": [_procedure(each) for each in scoring],
        "chain": _chain(scoring),
        "heads": [each.stage.name for each in scoring],
        "rows": _rows(round, scoring, result),
        "decisions": [
            sentence
            for plenary in plenaries
            for sentence in _decisions(queries.decisions_in(plenary))
        ],
        "dissents": [
            {"name": vote.juror.user.name, "note": vote.note}
            for plenary in plenaries
            for decision in queries.decisions_in(plenary)
            for vote in decision.votes.all()
            if vote.note
        ],
        "signers": _panel(round, last),
        "witness_position": typed.witness_position,
        "witness_name": typed.witness_name,
        "digest": result.digest if result else "",
        "sequence": result.sequence if result else None,
        "replaces": result.replaces.digest if result and result.replaces else "",
        "is_draft": result is None,
        "is_demonstration": round.is_demonstration,
        "public": [
            [_("Round"), round.name],
            [_("Fingerprint (SHA-256)"), result.digest if result else ""],
        ],
    }


def opening(held_at: datetime, place: str, round: Round) -> str:
    """Write day, date and place in words, as minutes begin."""
    day = dates.as_local(held_at, round.zone).date()
    return _(
        "On this day, %(weekday)s, the %(day)s of %(month)s of the year %(year)s "
        "(%(digits)s), at %(place)s, we who sign below held a jury plenary of "
        "%(round)s."
    ) % {
        "weekday": WEEKDAYS[day.weekday()],
        "day": _in_words(day.day),
        "month": dates.month_name(day.month),
        "year": _in_words(day.year),
        "digits": day.strftime("%d-%m-%Y"),
        "place": place,
        "round": round.name,
    }


def _in_words(number: int) -> str:
    if numbers.is_english():
        return str(number)
    return terbilang(number).title()


def _panel(round: Round, plenary: Plenary | None = None) -> list[dict[str, str]]:
    panel = Juror.objects.sitting().filter(round=round, accepted_at__isnull=False)
    return [
        _person(each, plenary) for each in panel.select_related("user").order_by("pk")
    ]


def _people(plenary: Plenary, *, is_present: bool) -> list[dict[str, str]]:
    return [
        _person(each.juror, plenary)
        for each in queries.attendance_of(plenary)
        if each.is_present == is_present
    ]


def _person(juror: Juror, plenary: Plenary | None = None) -> dict[str, str]:
    leads = juror.is_chair or (plenary is not None and juror.pk == plenary.chair_id)
    return {
        "name": juror.user.name,
        "background": juror.get_background_display(),
        "role": _("Chair") if leads else _("Member"),
    }


def _quorum(plenary: Plenary | None) -> str:
    if plenary is None:
        return ""
    return _("The quorum was %(number)d jurors (%(words)s).") % {
        "number": plenary.quorum,
        "words": _in_words(plenary.quorum).lower(),
    }


def _procedure(parts: ScoringParts) -> str:
    stage = parts.stage
    if stage.is_gate:
        return _("%(stage)s: a gate without score.") % {"stage": stage.name}
    weights = ", ".join(
        f"{each.name} {numbers.decimal(each.weight, 0)}%"
        if each.weight == int(each.weight)
        else f"{each.name} {numbers.decimal(each.weight, 2)}%"
        for each in parts.leaves
    )
    return _("%(stage)s, %(share)s%% of the final score: %(weights)s.") % {
        "stage": stage.name,
        "share": numbers.decimal(stage.share, 0),
        "weights": weights,
    }


def _chain(scoring: Sequence[ScoringParts]) -> list[str]:
    links = [
        (each.tie_break, place, each.name)
        for place, parts in enumerate(scoring)
        for each in parts.leaves
        if each.tie_break is not None
    ]
    return [name for *_place, name in sorted(links)]


def _rows(
    round: Round, scoring: Sequence[ScoringParts], result: Result | None
) -> list[dict[str, Any]]:
    """The table: number, title, institution, each stage, final score, rank."""
    if result:
        places = standings.sealed_finals(result)
        cells = standings.sealed_cells(result, places)
        names: Mapping[str, tuple[str, str]] = {
            code: (title, institution)
            for code, title, institution in result.resultrow_set.values_list(
                "code", "title", "institution_name"
            )
        }
    else:
        judged = standings.current(round, scoring)
        places = standings.final_places(judged)
        cells = standings.live_cells(judged)
        found = queries.names_of(each.proposal_id for each in places)
        names = {each.code: found[each.proposal_id][:2] for each in places}
    rows = []
    for number, place in enumerate(places, start=1):
        title, institution = names[place.code]
        own = [
            cells.get((parts.stage.code, place.code), standings.StageCell())
            for parts in scoring
        ]
        rows.append(
            {
                "number": number,
                "title": title,
                "institution": institution,
                "stages": [
                    each.verdict
                    or ("" if each.total is None else numbers.decimal(each.total, 2))
                    for each in own
                ],
                "total": "" if place.total is None else numbers.decimal(place.total, 2),
                "rank": place.rank,
            }
        )
    return rows


def _decisions(decisions: Iterable[PlenaryDecision]) -> list[dict[str, str]]:
    """Each decision in a sentence, with its reason and how many agreed."""
    found = []
    for decision in decisions:
        votes = list(decision.votes.all())
        agreed = sum(each.agrees for each in votes)
        found.append(
            {
                "text": _sentence(decision),
                "reason": decision.reason,
                "votes": _("%(agreed)d of %(all)d jurors agreed.")
                % {"agreed": agreed, "all": len(votes)},
            }
        )
    return found


def _sentence(decision: PlenaryDecision) -> str:
    kinds = PlenaryDecision.Kind
    if decision.proposal is None:
        titles = ", ".join(each.proposal.title for each in decision.tieplace_set.all())
        if decision.kind == kinds.SHARED:
            return _("Equal and sharing their rank: %(titles)s.") % {"titles": titles}
        return _("Equal to the end, ordered by vote: %(titles)s.") % {"titles": titles}
    if decision.kind == kinds.VERDICT:
        return _("%(title)s: found %(verdict)s.") % {
            "title": decision.proposal.title,
            "verdict": decision.get_verdict_display().lower(),
        }
    scores = ", ".join(
        f"{each.criterion.name} {numbers.decimal(each.value, 2)}"
        for each in decision.agreedscore_set.all()
    )
    return _("%(title)s: agreed scores %(scores)s.") % {
        "title": decision.proposal.title,
        "scores": scores,
    }
