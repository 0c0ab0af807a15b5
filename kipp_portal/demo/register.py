"""The register of innovations, and who was reminded of the running round."""

from typing import Any

from accounts.models import Government, Institution, Membership, User
from competitions.models import Round
from innovations import services
from innovations.models import Innovation, YearStatus
from kipp_portal.demo.moments import Clock
from kipp_portal.demo.rounds import secretariat_of
from monitoring import services as monitoring_services
from submissions.models import Proposal


def is_loaded(data: dict[str, Any]) -> bool:
    return YearStatus.objects.filter(
        innovation__institution__government__slug=data["government"]
    ).exists()


def load_register(data: dict[str, Any], clock: Clock) -> None:
    """Tell joint owners, achievements, yearly states and reminders."""
    government = Government.objects.get(slug=data["government"])
    for each in data["joint_owners"]:
        _joint_owner(government, each, clock)
    for each in data["achievements"]:
        _achievement(government, each, clock)
    for each in data["statuses"]:
        innovation = _innovation(government, each["innovation"])
        services.note_status(
            innovation=innovation,
            year=each["year"],
            state=each["state"],
            note=each["note"],
            actor=_author(innovation.institution),
            at=clock.past(each["at"]),
        )
    round = Round.objects.of_government().get(slug=data["round"])
    for each in data["reminders"]:
        _reminder(round, each, clock)


def _joint_owner(government: Government, data: dict[str, Any], clock: Clock) -> None:
    innovation = _innovation(government, data["innovation"])
    institution = _institution(government, data["institution"])
    joint = services.ask_joint_owner(
        innovation=innovation,
        institution=institution,
        from_date=data["from"],
        actor=_author(innovation.institution),
        at=clock.past(data["asked"]),
    )
    if "confirmed" in data:
        services.confirm_joint_owner(
            joint=joint,
            actor=_person(institution, Membership.Role.INSTITUTION_ADMIN),
            at=clock.past(data["confirmed"]),
        )


def _achievement(government: Government, data: dict[str, Any], clock: Clock) -> None:
    innovation = _innovation(government, data["innovation"])
    achievement = services.type_achievement(
        innovation=innovation,
        data=services.AchievementData(data["level"], data["competition"], data["year"]),
        actor=_author(innovation.institution),
        at=clock.past(data["at"]),
    )
    if "confirmed" in data:
        services.confirm_achievement(
            achievement=achievement,
            actor=secretariat_of(government),
            at=clock.past(data["confirmed"]),
        )


def _reminder(round: Round, data: dict[str, Any], clock: Clock) -> None:
    proposal = None
    if "proposal" in data:
        drafts = Proposal.objects.filter(round=round).select_related("institution")
        proposal = drafts.get(title=data["proposal"])
        institution = proposal.institution
    else:
        institution = _institution(round.competition.government, data["institution"])
    given: dict[str, Any] = {
        "round": round,
        "institution": institution,
        "proposal": proposal,
        "actor": secretariat_of(round.competition.government),
        "at": clock.past(data["at"]),
    }
    if "channel" in data:
        monitoring_services.note_contact(
            channel=data["channel"], note=data["note"], **given
        )
    else:
        monitoring_services.remind(**given)


def _innovation(government: Government, name: str) -> Innovation:
    return Innovation.objects.select_related("institution__government").get(
        institution__government=government, title__startswith=f"{name}:"
    )


def _institution(government: Government, code: str) -> Institution:
    return Institution.objects.select_related("government").get(
        government=government, code=code
    )


def _author(institution: Institution) -> User:
    return _person(institution, Membership.Role.AUTHOR)


def _person(institution: Institution, role: str) -> User:
    return User.objects.get(membership__institution=institution, membership__role=role)
