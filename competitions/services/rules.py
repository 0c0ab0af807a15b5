"""Changing the rules of a round, taking them over from last year, importing them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from accounts.models import User
from competitions import building, consequences, definitions, queries
from competitions.consequences import Progress
from competitions.definitions import (
    CriterionDefinition,
    RoundDefinition,
    ScoringDefinition,
)
from competitions.merging import differences, plain
from competitions.models import FormTemplate, Round, RuleChange
from competitions.rule_changes import rules_in_force, rules_prepared
from competitions.services.base import locked, record
from competitions.services.rounds import create_round
from core.errors import DomainError

Change = Callable[[RoundDefinition], RoundDefinition]


class RulesRefused(DomainError):
    """The rules cannot be changed like this; the message says what to do."""


def change_rules(
    *, round: Round, change: Change, actor: User, at: datetime
) -> RoundDefinition:
    """Change the rules of a round, all but its calendar; give them as they are now.

    `change` makes the new rules of those that stand, under the lock: so two people on
    two pages never undo each other. While a round is prepared any rules may be kept
    that are understood at all, `checks` tell what is wrong with them; what refers to
    something taken away goes with it, or is named by the checks. Once it is opened
    the change is only prepared: nobody meets it before `apply_change`.

    Raises RulesRefused.
    Source: rules RND-10 and RND-13 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked(round)
        if round.is_opened:
            return _prepare(round, change, actor, at)
        before = rules_in_force(round)
        after = _understood(_tidied(change(before.definition)))
        changes = differences(before.definition, after)
        if changes:
            store(round, after, before.parts.form)
            record("round.rules_changed", round, actor, at, changes)
    return after


def _prepare(
    round: Round, change: Change, actor: User, at: datetime
) -> RoundDefinition:
    """Keep a change of an opened round beside the rules in force."""
    if consequences.progress_of(round) == Progress.SEALED:
        raise RulesRefused(consequences.why_sealed())
    rules = rules_prepared(round)
    prepared = rules.change
    if prepared and prepared.is_awaiting:
        raise RulesRefused(
            _(
                "The prepared changes wait for a second person. Take them back first "
                "if something else must change."
            )
        )
    before = rules.definition
    after = _understood(_tidied(change(before)))
    if missing := building.missing_predicate(after):
        raise RulesRefused(_predicate_needed(missing))
    changes = differences(before, after)
    if not changes:
        return after
    if prepared is None:
        prepared = RuleChange(round=round, opened_by=actor, opened_at=at)
    prepared.base = plain(rules.live_definition)
    prepared.proposed = plain(after)
    prepared.save()
    record("rule_change.prepared", round, actor, at, changes)
    return after


def _predicate_needed(code: str) -> str:
    return _(
        "An award goes by the predicate %(code)s. Change or remove the award first."
    ) % {"code": code}


def store(round: Round, wanted: RoundDefinition, form: FormTemplate | None) -> None:
    """Make the rows of a locked round what is wanted. Raises RulesRefused."""
    try:
        building.store_rules(round, wanted, form)
    except building.PredicateNeeded as needed:
        raise RulesRefused(_predicate_needed(str(needed))) from None
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
    sections = [each.code for each in definition.form.sections]

    def criterion(each: CriterionDefinition) -> CriterionDefinition:
        return replace(
            each,
            # In the order of the form, as rows give them back.
            sections=tuple(code for code in sections if code in each.sections),
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
                parts.stages,
                source.zone,
                years=building.years_between(source, parts.stages, year),
                first_day=first_day,
            ),
            actor=actor,
            at=at,
        )


def _name_of_year(source: Round, year: int) -> str:
    """Last year's name with the new year in it."""
    if str(source.year) in source.name:
        return source.name.replace(str(source.year), str(year))
    return f"{source.competition.short_name} {year}"
