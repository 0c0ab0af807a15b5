"""Changing the rules of a round, taking them over from last year, importing them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from accounts.models import User
from competitions import building, definitions, queries
from competitions.definitions import (
    CriterionDefinition,
    RoundDefinition,
    ScoringDefinition,
)
from competitions.models import FormTemplate, Round
from competitions.services.base import locked, record
from competitions.services.rounds import create_round
from core.errors import DomainError

Change = Callable[[RoundDefinition], RoundDefinition]


class RulesRefused(DomainError):
    """The rules cannot be changed like this; the message says what to do."""


def change_rules(
    *,
    round: Round,
    change: Change,
    actor: User,
    at: datetime,
    reason: str = "",
    new_form_version: bool = False,
) -> RoundDefinition:
    """Change the rules of a round, all but its calendar; give them as they are now.

    `change` makes the new rules of those that stand, under the lock: so two people on
    two pages never undo each other. While a round is prepared any rules may be kept
    that are understood at all, `checks` tell what is wrong with them; what refers to
    something taken away goes with it, or is named by the checks. Once it is opened
    `reason` is needed.

    `new_form_version` keeps the form with all answers as it is, and makes a changed
    copy beside it.

    Raises RulesRefused.
    Source: rule RND-10 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked(round)
        parts = queries.round_parts(round)
        before = building.definition_of(parts)
        after = _understood(_tidied(change(before)))
        changes = differences(before, after)
        if not changes:
            return before
        if round.is_opened and not reason.strip():
            raise RulesRefused(
                _("The round is open. Write the reason for the new rules.")
            )
        form = parts.form
        if form is not None and new_form_version and before.form != after.form:
            form = FormTemplate(round=round, version=form.version + 1)
        _store(round, after, form)
        record("round.rules_changed", round, actor, at, changes, reason)
    return after


def _store(round: Round, wanted: RoundDefinition, form: FormTemplate | None) -> None:
    try:
        building.store_rules(round, wanted, form)
    except building.PredicateNeeded as needed:
        raise RulesRefused(
            _(
                "An award goes by the predicate %(code)s. Change or remove the award "
                "first."
            )
            % {"code": needed}
        ) from None
    except (ProtectedError, RestrictedError):
        raise RulesRefused(
            _("Something that was taken away is in use already, so it must stay.")
        ) from None


def _understood(definition: RoundDefinition) -> RoundDefinition:
    """Put a changed definition through the same gate as a file."""
    try:
        return definitions.from_data(
            definitions.as_data(definition),
            key=definition.key,
            file=definition.name,
            with_references=False,
        )
    except definitions.DefinitionError as error:
        raise RulesRefused(
            "\n".join(mistake.sentence for mistake in error.mistakes)
        ) from None


def _tidied(definition: RoundDefinition) -> RoundDefinition:
    """Leave out references that no row could keep."""
    sections = {each.code for each in definition.form.sections}

    def criterion(each: CriterionDefinition) -> CriterionDefinition:
        return replace(
            each,
            sections=tuple(code for code in each.sections if code in sections),
            criteria=tuple(criterion(below) for below in each.criteria),
        )

    def scoring(stage: ScoringDefinition) -> ScoringDefinition:
        known = {each.code for each in stage.tree()} | {""}
        predicates = {each.code for each in stage.predicates}
        return replace(
            stage,
            criteria=tuple(criterion(each) for each in stage.criteria),
            predicates=tuple(
                replace(
                    each,
                    requires=each.requires if each.requires in predicates else "",
                    minimums=tuple(m for m in each.minimums if m.criterion in known),
                )
                for each in stage.predicates
            ),
        )

    stages = tuple(scoring(each) for each in definition.scoring)
    scored = {f"{stage.code}.{each.code}" for stage in stages for each in stage.tree()}
    return replace(
        definition,
        scoring=stages,
        tie_break=tuple(code for code in definition.tie_break if code in scored),
    )


def differences(before: RoundDefinition, after: RoundDefinition) -> dict[str, Any]:
    """Name what differs between two definitions: old and new value by place.

    Parts of a list are named by their codes, as "form.sections.ringkasan.words".
    """
    found: dict[str, Any] = {}
    _compare(definitions.as_data(before), definitions.as_data(after), "", found)
    return found


def _compare(old: Any, new: Any, place: str, found: dict[str, Any]) -> None:
    if old == new:
        return
    old_parts, new_parts = _by_code(old), _by_code(new)
    if old_parts is None or new_parts is None:
        found[place] = [old, new]
        return
    for code in dict.fromkeys([*old_parts, *new_parts]):
        here = f"{place}.{code}" if place else code
        _compare(old_parts.get(code), new_parts.get(code), here, found)
    same = [code for code in new_parts if code in old_parts]
    if same != [code for code in old_parts if code in new_parts] and isinstance(
        new, list
    ):
        found[f"{place}.order"] = [list(old_parts), list(new_parts)]


def _by_code(value: Any) -> Mapping[str, Any] | None:
    """The parts of a mapping or of a list of coded parts; None of anything else."""
    if isinstance(value, Mapping):
        return value
    coded = isinstance(value, list) and all(
        isinstance(each, Mapping) and "code" in each for each in value
    )
    return {each["code"]: each for each in value} if coded and value else None


def copy_round(
    *,
    source: Round,
    year: int,
    edition: int,
    actor: User,
    at: datetime,
    first_day: date | None = None,
    theme: str | None = None,
    organiser: str = "",
) -> Round:
    """Prepare the next round of a series from an earlier one; everything is kept.

    Its dates move by whole weeks, to `first_day` or the next same weekday, or else as
    near to the years between as whole weeks come.

    Raises RoundExists if the series has one of that year or edition.
    Source: rule RND-09 in docs/rules.md.
    """
    with transaction.atomic():
        source = locked(source)
        parts = queries.round_parts(source)
        return create_round(
            competition=source.competition,
            year=year,
            edition=edition,
            name=_name_of_year(source, year),
            theme=source.theme if theme is None else theme,
            organiser=organiser or source.organiser,
            definition=building.definition_of(parts),
            stages=building.moved_stages(
                parts.stages, source.zone, years=year - source.year, first_day=first_day
            ),
            actor=actor,
            at=at,
        )


def _name_of_year(source: Round, year: int) -> str:
    """Last year's name with the new year in it."""
    if str(source.year) in source.name:
        return source.name.replace(str(source.year), str(year))
    return f"{source.competition.short_name} {year}"
