"""The jury: invited, signed, assigned, scoring; then the result and the awards."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Institution, User
from awards import services as awards_services
from awards.phrases import CertificateKind
from competitions.models import Criterion, Round
from judging import services
from judging.models import Juror, ScoreSheet
from kipp_portal.demo import plenaries
from kipp_portal.demo.files import SheetFile
from kipp_portal.demo.moments import Clock
from kipp_portal.demo.rounds import secretariat_of
from kipp_portal.demo.timeline import Story, play
from submissions.models import Proposal

READING = timedelta(minutes=25)


def load_panel(
    panel: Mapping[str, Any],
    round: Round,
    proposals: Mapping[str, Proposal],
    sheets: Sequence[SheetFile],
    clock: Clock,
) -> None:
    """Call the jurors, let them sign, give them their sheets and fill these in."""
    actor = secretariat_of(round.competition.government)
    jurors = {
        data["email"]: _call(data, panel, round, clock) for data in panel["jurors"]
    }
    stage = round.scoringstage_set.order_by("order")[:1].get()
    services.assign_all(
        scoring_stage=stage, actor=actor, at=clock.past(panel["assigned"])
    )
    for conflict in panel.get("conflicts", []):
        _declare(conflict, jurors[conflict["juror"]], proposals, clock)
    criteria = {each.code: each for each in stage.criterion_set.all()}
    by_juror = defaultdict(list)
    for sheet in sheets:
        by_juror[sheet.juror].append(sheet)
    begin, end = (clock.past(text) for text in panel["scored"])
    on_paper = {each["email"] for each in panel["jurors"] if each.get("on_paper")}
    play(
        _tell_scoring(
            jurors[email],
            written,
            proposals,
            criteria,
            begin,
            end,
            opens=email not in on_paper,
        )
        for email, written in by_juror.items()
    )


def _call(
    data: Mapping[str, Any], panel: Mapping[str, Any], round: Round, clock: Clock
) -> Juror:
    """Invite one juror, who signs, or refuses."""
    actor = secretariat_of(round.competition.government)
    user = User.objects.get(email=data["email"])
    invited = clock.past(panel["invited"])
    juror = services.add_juror(
        round=round,
        email=user.email,
        name=user.name,
        background=data["background"],
        affiliation=data["affiliation"],
        actor=actor,
        at=invited,
    )
    if "knows" in data or "capacity" in data:
        services.change_juror(
            juror=juror,
            background=data["background"],
            affiliation=data["affiliation"],
            capacity=data.get("capacity"),
            categories=round.category_set.filter(code__in=data.get("knows", [])),
            scoring_stages=[],
            actor=actor,
            at=invited,
        )
    if refusal := data.get("refused"):
        return services.decline_panel(
            juror=juror,
            reason=refusal["reason"],
            actor=user,
            at=clock.past(refusal["at"]),
        )
    signed = clock.past(data["signed"])
    juror = services.accept_panel(juror=juror, actor=user, at=signed)
    if data.get("chair"):
        services.name_chair(juror=juror, actor=actor, at=signed)
    return juror


def _declare(
    conflict: Mapping[str, str],
    juror: Juror,
    proposals: Mapping[str, Proposal],
    clock: Clock,
) -> None:
    government = juror.round.competition.government
    code = conflict.get("institution")
    services.declare_conflict(
        juror=juror,
        kind=conflict.get("kind", "other"),
        reason=conflict["reason"],
        proposal=None if code else proposals[conflict["proposal"]],
        institution=Institution.objects.get(government=government, code=code)
        if code
        else None,
        actor=juror.user,
        at=clock.past(conflict["at"]),
    )


def _tell_scoring(
    juror: Juror,
    written: Sequence[SheetFile],
    proposals: Mapping[str, Proposal],
    criteria: Mapping[str, Criterion],
    begin: datetime,
    end: datetime,
    *,
    opens: bool,
) -> Story:
    """Fill in the sheets of one juror, one after the other.

    Who reads on paper `opens` none of the proposals here.
    """
    own = {
        sheet.assignment.proposal_id: sheet
        for sheet in ScoreSheet.objects.filter(assignment__juror=juror).select_related(
            "assignment__scoring_stage"
        )
    }
    pace = (end - begin) / len(written)
    for place, file in enumerate(written):
        yield (at := begin + pace * place)
        empty = own[proposals[file.proposal].pk]
        if opens:
            services.note_opening(sheet=empty, at=at)
            yield (at := at + min(pace, READING))
        sheet = services.save_scores(
            sheet=empty,
            scores={
                criteria[code]: Decimal(value)
                for code, value in file.scores.items()
                if value is not None
            },
            notes={criteria[code]: note for code, note in file.notes.items()},
            base_version=0,
            actor=juror.user,
            at=at,
        )
        if file.is_final:
            services.finalise_sheet(
                sheet=sheet, base_version=sheet.version, actor=juror.user, at=at
            )


def load_result(result: Mapping[str, Any], round: Round, clock: Clock) -> None:
    """Seal the result; give awards, decree, certificates and feedback to authors."""
    actor = secretariat_of(round.competition.government)
    services.seal_result(
        round=round,
        actor=actor,
        at=clock.past(result["sealed"]),
    )
    if "minutes" in result:
        plenaries.load_minutes(result["minutes"], round, clock)
    awards_services.give_awards(
        round=round, actor=actor, at=clock.past(result["awarded"])
    )
    decree = result["decree"]
    awards_services.record_decree(
        round=round,
        number=decree["number"],
        decree_date=decree["date"],
        publish_at=clock.moment(decree["publish"]),
        actor=actor,
        at=clock.past(decree["at"]),
    )
    for kind in (CertificateKind.WINNER, CertificateKind.JUROR):
        awards_services.issue_certificates(
            round=round, kind=kind, actor=actor, at=clock.past(result["certificates"])
        )
    told = clock.past(result["feedback"])
    plan = awards_services.release_feedback(round=round, actor=actor, at=told)
    awards_services.announce_feedback(plan_id=plan.pk, at=told)
