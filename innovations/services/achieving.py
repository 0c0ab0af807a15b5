"""What innovations have won, given by this portal or typed in by their institution."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.errors import DomainError
from documents import files
from documents.uploads import CheckedFile
from innovations.models import Achievement, AchievementFile, Innovation
from innovations.services.registering import in_force


class AchievementFixed(DomainError):
    """The achievement stands: it was confirmed, or this portal gave it."""


@dataclass(frozen=True)
class AchievementData:
    """An achievement as its institution types it in."""

    level: str
    competition: str
    year: int


def record_achievement(
    *,
    innovation: Innovation,
    level: str,
    competition: str,
    year: int,
    public_from: datetime,
    at: datetime,
    source_key: str = "",
) -> Achievement:
    """Note an award that an innovation has won; one of the portal is noted once."""
    values = {
        "innovation": innovation,
        "level": level,
        "competition": competition,
        "year": year,
        "public_from": public_from,
        "recorded_at": at,
        "confirmed_at": at,
    }
    if not source_key:
        return Achievement.objects.create(**values)
    achievement, _made = Achievement.objects.update_or_create(
        source_key=source_key, defaults=values
    )
    return achievement


def forget_achievement(*, source_key: str) -> None:
    """Take an award of the portal out of the register, as when it was revoked."""
    Achievement.objects.filter(source_key=source_key).delete()


def type_achievement(
    *,
    innovation: Innovation,
    data: AchievementData,
    actor: User,
    at: datetime,
    proof: CheckedFile | None = None,
) -> Achievement:
    """Note an award won elsewhere, as its institution says; it counts for no rule yet.

    Raises NotInForce. Source: rule INN-03 in docs/rules.md.
    """
    with transaction.atomic():
        standing = in_force(innovation)
        achievement = Achievement.objects.create(
            innovation=standing,
            level=data.level,
            competition=data.competition,
            year=data.year,
            key=secrets.token_urlsafe(12),
            public_from=at,
            recorded_at=at,
            recorded_by=actor,
        )
        _note("achievement.typed", achievement, actor, at)
        if proof:
            _put_proof(achievement, proof, actor, at)
    return achievement


def change_achievement(
    *,
    achievement: Achievement,
    data: AchievementData,
    actor: User,
    at: datetime,
    proof: CheckedFile | None = None,
) -> Achievement:
    """Mend what was typed in, until it is confirmed. Raises AchievementFixed."""
    with transaction.atomic():
        standing = _open(achievement)
        standing.level, standing.competition = data.level, data.competition
        standing.year = data.year
        standing.save(update_fields=["level", "competition", "year"])
        _note("achievement.changed", standing, actor, at)
        if proof:
            _drop_proof(standing)
            _put_proof(standing, proof, actor, at)
    return standing


def remove_achievement(*, achievement: Achievement, actor: User, at: datetime) -> None:
    """Take out what was typed in, until it is confirmed. Raises AchievementFixed."""
    with transaction.atomic():
        standing = _open(achievement)
        _note("achievement.removed", standing, actor, at)
        _drop_proof(standing)
        standing.delete()


def confirm_achievement(
    *, achievement: Achievement, actor: User, at: datetime
) -> Achievement:
    """Let the rules of rounds count it from now on. Raises AchievementFixed.

    Source: rule INN-03 in docs/rules.md.
    """
    with transaction.atomic():
        standing = _open(achievement)
        standing.confirmed_at, standing.confirmed_by = at, actor
        standing.save(update_fields=["confirmed_at", "confirmed_by"])
        _note("achievement.confirmed", standing, actor, at)
    return standing


def _open(achievement: Achievement) -> Achievement:
    standing = (
        Achievement.objects.select_related("innovation__institution__government")
        .select_for_update(of=("self",))
        .filter(pk=achievement.pk)
        .first()
    )
    if standing is None:
        raise AchievementFixed(_("It has been removed meanwhile."))
    if not standing.is_typed:
        raise AchievementFixed(_("This portal gave the award: it stands."))
    if standing.is_confirmed:
        raise AchievementFixed(
            _(
                "The secretariat has confirmed it, so it stands. Write to the "
                "secretariat if it is wrong."
            )
        )
    return standing


def _put_proof(
    achievement: Achievement, proof: CheckedFile, actor: User, at: datetime
) -> None:
    stored = AchievementFile(achievement=achievement)
    with files.stored_bytes(stored, proof, actor, at):
        stored.save(force_insert=True)


def _drop_proof(achievement: Achievement) -> None:
    stored = AchievementFile.objects.filter(achievement=achievement).first()
    if stored:
        files.let_go(stored.file.name or "", stored.key)
        stored.delete()


def _note(action: str, achievement: Achievement, actor: User, at: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        target=achievement.innovation,
        at=at,
        scope=achievement.innovation.institution.government.code,
        changes={
            "level": achievement.level,
            "competition": achievement.competition,
            "year": achievement.year,
        },
    )
