"""Creating, changing and opening rounds."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Government, User
from competitions import building, checks, queries
from competitions.building import StageData
from competitions.definitions import RoundDefinition
from competitions.models import (
    Announcement,
    Attachment,
    Competition,
    Event,
    ReminderPlan,
    Round,
    Stage,
)
from competitions.services.base import free_slug, locked, record
from core import audit
from core.errors import DomainError


class CompetitionExists(DomainError):
    """The government has a series of that name already."""


def create_competition(
    *, government: Government, name: str, short_name: str, actor: User, at: datetime
) -> Competition:
    """Begin a series of rounds, as "KIPP Kota Tegal".

    Raises CompetitionExists if the government has one of that short name.
    """
    with transaction.atomic():
        Government.objects.select_for_update().get(pk=government.pk)
        if Competition.objects.filter(
            government=government, short_name=short_name
        ).exists():
            raise CompetitionExists(
                _("There is a competition %(name)s already. Choose it from the list.")
                % {"name": short_name}
            )
        competition = Competition.objects.create(
            government=government,
            name=name,
            short_name=short_name,
            slug=free_slug(Competition, short_name, 80),
        )
        audit.record(
            "competition.created",
            actor=actor,
            target=competition,
            at=at,
            scope=government.code,
        )
    return competition


class RoundExists(DomainError):
    """The series has a round of that year or that edition already."""


def create_round(
    *,
    competition: Competition,
    year: int,
    edition: int,
    name: str,
    theme: str,
    organiser: str,
    definition: RoundDefinition,
    actor: User,
    at: datetime,
    stages: Sequence[StageData] = (),
    is_demonstration: bool = False,
) -> Round:
    """Prepare a round with all rules of `definition`; nobody sees it yet.

    `stages` is its calendar, as `planned_stages` proposes one.

    Raises RoundExists if the series has one of that year or edition.
    """
    government = competition.government
    with transaction.atomic():
        # Two members of a secretariat may create next year's round together.
        Competition.objects.select_for_update().get(pk=competition.pk)
        _refuse_double(competition, year=year, edition=edition)
        round = Round.objects.create(
            competition=competition,
            slug=free_slug(Round, f"{competition.slug} {year}", 100),
            name=name,
            year=year,
            edition=edition,
            theme=theme,
            level=Round.Level.PROVINCE
            if government.kind == Government.Kind.PROVINCE
            else Round.Level.CITY,
            organiser=organiser,
            is_demonstration=is_demonstration,
            created_at=at,
        )
        building.store_rules(round, definition)
        rows = Stage.objects.bulk_create(stage.as_stage(round) for stage in stages)
        ReminderPlan.objects.bulk_create(
            plan for row in rows for plan in building.plans_of(row, at)
        )
        audit.record(
            "round.created",
            actor=actor,
            target=round,
            at=at,
            scope=government.code,
            changes={"definition": definition.key, "year": year, "edition": edition},
        )
    return round


def update_round(
    *,
    round: Round,
    year: int,
    edition: int,
    name: str,
    theme: str,
    organiser: str,
    guideline: str,
    endorsement_required: bool,
    actor: User,
    at: datetime,
    institution_kinds: Sequence[str] | None = None,
    screening_four_eyes: str | None = None,
    objection_days: int | None = None,
) -> Round:
    """Change the base data of a round.

    Once it was opened its year and edition stand: papers name them. And who may enter
    is a rule then, for `change_rules`.

    Raises RoundExists.
    """
    with transaction.atomic():
        round = locked(round)
        new: dict[str, object] = {
            "name": name,
            "theme": theme,
            "organiser": organiser,
            "guideline": guideline,
            "endorsement_required": endorsement_required,
            "objection_days": objection_days,
        }
        if screening_four_eyes is not None:
            new["screening_four_eyes"] = screening_four_eyes
        if not round.is_opened:
            _refuse_double(round.competition, year=year, edition=edition, but=round)
            new |= {"year": year, "edition": edition}
            if institution_kinds is not None:
                new["institution_kinds"] = list(institution_kinds)
        changes = {
            field: [getattr(round, field), value]
            for field, value in new.items()
            if getattr(round, field) != value
        }
        if not changes:
            return round
        for field, value in new.items():
            setattr(round, field, value)
        round.save(update_fields=list(changes))
        record("round.updated", round, actor, at, changes=changes)
    return round


class RoundNotOpenable(DomainError):
    """Checks fail; `contradictions` says which and where."""

    def __init__(self, contradictions: Sequence[checks.Contradiction]) -> None:
        super().__init__(" ".join(each.sentence for each in contradictions))
        self.contradictions = contradictions


def open_round(*, round: Round, actor: User, at: datetime) -> Round:
    """Show the round to everybody; its calendar decides from then on.

    Opening twice changes nothing. Raises RoundNotOpenable while a check fails.
    """
    with transaction.atomic():
        round = locked(round)
        if round.is_opened:
            return round
        found = checks.contradictions(queries.round_parts(round), at)
        if found:
            raise RoundNotOpenable(found)
        round.opened_at = at
        round.save(update_fields=["opened_at"])
        record("round.opened", round, actor, at)
    return round


class RoundNotRemovable(DomainError):
    """The round is open, or something already hangs on it."""


def remove_round(*, round: Round, actor: User, at: datetime) -> None:
    """Take a round away that was only prepared, with all its rules.

    Raises RoundNotRemovable.
    """
    with transaction.atomic():
        round = locked(round)
        if round.is_opened:
            raise RoundNotRemovable(_("An open round stays. It can only run its way."))
        used = (
            Announcement.objects.filter(round=round),
            Event.objects.filter(round=round),
            Attachment.objects.filter(round=round),
        )
        if any(rows.exists() for rows in used):
            raise RoundNotRemovable(
                _("Remove its events, announcements and guideline files first.")
            )
        audit.record(
            "round.removed",
            actor=actor,
            target=round.competition,
            at=at,
            scope=round.competition.government.code,
            changes={"name": [round.name, None]},
        )
        round.delete()


def _refuse_double(
    competition: Competition, *, year: int, edition: int, but: Round | None = None
) -> None:
    others = Round.objects.filter(competition=competition)
    if but:
        others = others.exclude(pk=but.pk)
    if others.filter(year=year).exists():
        raise RoundExists(
            _("%(competition)s has a round of %(year)d already.")
            % {"competition": competition, "year": year}
        )
    if others.filter(edition=edition).exists():
        raise RoundExists(
            _("%(competition)s has round number %(edition)d already.")
            % {"competition": competition, "edition": edition}
        )
