"""What new rules of a round mean to its proposals."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.consequences import Consequence, RuleEdit, place_of
from competitions.definitions import RequirementDefinition
from competitions.models import Requirement, Section
from core.text import word_count
from submissions import queries, requirements
from submissions.dossier import Dossier, load_dossier
from submissions.models import (
    EDITABLE_STATES,
    ENTERED_STATES,
    UNSENT_STATES,
    Answer,
    Proposal,
)

# Each proposal is read with all its parts to be checked once more.
CHECKED_AT_MOST = 200


def consequences(edit: RuleEdit) -> Iterator[Consequence]:
    """What follows for drafts and for what was submitted, and what they forbid.

    Source: rule RND-15 in docs/rules.md.
    """
    yield from _chosen_groups(edit)
    if edit.old.form != edit.new.form:
        yield from _form(edit)
        yield from _sections(edit)
    yield from _requirements(edit)


def _chosen_groups(edit: RuleEdit) -> Iterator[Consequence]:
    """What proposals have chosen cannot be taken away."""
    lists = (
        ("kelompok", "track", edit.before.tracks, edit.after.tracks),
        ("kategori", "category", edit.before.categories, edit.after.categories),
        ("klaster", "cluster", edit.before.clusters, edit.after.clusters),
    )
    for key, field, before, after in lists:
        kept = {each.code for each in after}
        gone = {each.pk: each for each in before if each.code not in kept}
        if not gone:
            continue
        rows = (
            Proposal.objects.filter(**{f"{field}__in": list(gone)})
            .values_list(field)
            .annotate(Count("pk"))
            .order_by()
        )
        for pk, count in rows:
            yield Consequence(
                ngettext(
                    "“%(name)s” stays: %(count)d proposal has chosen it.",
                    "“%(name)s” stays: %(count)d proposals have chosen it.",
                    count,
                )
                % {"name": gone[pk].name, "count": count},
                place_of(key, gone[pk].code),
                forbids=True,
            )


def _form(edit: RuleEdit) -> Iterator[Consequence]:
    """Who comes to the new version of the form, and who stays with theirs."""
    counts = Proposal.objects.filter(round=edit.round).aggregate(
        drafts=Count("pk", filter=Q(state__in=UNSENT_STATES)),
        sent=Count("pk", filter=Q(state__in=ENTERED_STATES)),
    )
    version = edit.before.form.version + 1 if edit.before.form else 1
    yield Consequence(
        _("The form gets version %(version)d, whatever the number of its changes.")
        % {"version": version}
    )
    if counts["drafts"]:
        yield Consequence(
            ngettext(
                "%(count)d draft comes to the new version by itself. Nothing that was "
                "written is lost, and its authors see what is new.",
                "%(count)d drafts come to the new version by themselves. Nothing that "
                "was written is lost, and their authors see what is new.",
                counts["drafts"],
            )
            % {"count": counts["drafts"]}
        )
    if counts["sent"]:
        yield Consequence(
            ngettext(
                "%(count)d submitted proposal stays as it was sent, with its version "
                "of the form.",
                "%(count)d submitted proposals stay as they were sent, with their "
                "version of the form.",
                counts["sent"],
            )
            % {"count": counts["sent"]}
        )


def _sections(edit: RuleEdit) -> Iterator[Consequence]:
    after = {each.code: each for each in edit.after.sections}
    before = {each.code: each for each in edit.before.sections}
    for code, old in before.items():
        new = after.get(code)
        if new is None:
            yield from _section_gone(edit, old)
        elif new.word_limit is not None and (
            old.word_limit is None or new.word_limit < old.word_limit
        ):
            yield from _shorter(edit, new)
    asked = [
        each
        for code, each in after.items()
        if each.is_required and (code not in before or not before[code].is_required)
    ]
    if not asked:
        return
    drafts = list(
        Proposal.objects.filter(round=edit.round, state__in=UNSENT_STATES)
        .values_list("track__code", flat=True)
        .order_by()
    )
    for section in asked:
        answered = _answers(edit, section.code, UNSENT_STATES).count()
        count = sum(section.is_for(track) for track in drafts) - answered
        if count > 0:
            yield Consequence(
                ngettext(
                    "%(count)d draft has to answer it before it can be sent.",
                    "%(count)d drafts have to answer it before they can be sent.",
                    count,
                )
                % {"count": count},
                place_of("bagian", section.code),
            )


def _answers(edit: RuleEdit, code: str, states: Iterable[str]) -> QuerySet[Answer]:
    return Answer.objects.filter(
        proposal__round=edit.round,
        proposal__state__in=states,
        section__code=code,
        text__regex=r"\S",
    )


def _section_gone(edit: RuleEdit, section: Section) -> Iterator[Consequence]:
    count = _answers(edit, section.code, UNSENT_STATES).count()
    if count:
        yield Consequence(
            ngettext(
                "%(count)d draft has an answer to it. The text stays readable for its "
                "authors, and is not sent.",
                "%(count)d drafts have an answer to it. The texts stay readable for "
                "their authors, and are not sent.",
                count,
            )
            % {"count": count},
            place_of("bagian", section.code),
        )


def _shorter(edit: RuleEdit, section: Section) -> Iterator[Consequence]:
    """Answers that are longer than the new limit must be shortened by their authors."""
    assert section.word_limit is not None  # asked by the caller
    texts = _answers(edit, section.code, EDITABLE_STATES).values_list("text", flat=True)
    count = sum(word_count(text) > section.word_limit for text in texts.iterator())
    if count:
        yield Consequence(
            ngettext(
                "%(count)d answer is longer than %(limit)d words now. Its authors must "
                "shorten it before they can send it.",
                "%(count)d answers are longer than %(limit)d words now. Their authors "
                "must shorten them before they can send them.",
                count,
            )
            % {"count": count, "limit": section.word_limit},
            place_of("bagian", section.code),
        )


def _requirements(edit: RuleEdit) -> Iterator[Consequence]:
    """What was submitted and would not meet a new requirement."""
    old = {each.code: each for each in edit.old.requirements}
    changed = {
        each.code
        for each in edit.new.requirements
        if each.rule != Requirement.Rule.MANUAL
        and (each.code not in old or _checked(each) != _checked(old[each.code]))
    }
    asked = [each for each in edit.after.requirements if each.code in changed]
    if not asked:
        return
    before = {each.code: each for each in edit.before.requirements}
    entered = Proposal.objects.entered().filter(round=edit.round)
    looked_at = entered.for_page().order_by("pk")[: CHECKED_AT_MOST + 1]
    proposals = list(looked_at)
    failing = dict.fromkeys(changed, 0)
    for proposal in proposals[:CHECKED_AT_MOST]:
        dossier = load_dossier(proposal, rules=False)
        for requirement in asked:
            own = before.get(requirement.code)
            failing[requirement.code] += _is_not_met(dossier, requirement) and not (
                own is not None and _is_not_met(dossier, own)
            )
    for requirement in asked:
        count = failing[requirement.code]
        place = place_of("syarat", requirement.code)
        if count:
            yield Consequence(
                ngettext(
                    "%(count)d submitted proposal would not meet it now. It stays "
                    "submitted; the check decides on it.",
                    "%(count)d submitted proposals would not meet it now. They stay "
                    "submitted; the check decides on them.",
                    count,
                )
                % {"count": count},
                place,
            )
        elif proposals:
            yield Consequence(
                _("No submitted proposal fails it by this change."), place
            )
        if len(proposals) > CHECKED_AT_MOST:
            yield Consequence(
                _("Only the first %(count)d submitted proposals were looked at.")
                % {"count": CHECKED_AT_MOST},
                place,
            )


def _checked(definition: RequirementDefinition) -> RequirementDefinition:
    """A requirement without its words, which no proposal fails."""
    return replace(definition, title="", advice="", reason_code="")


def _is_not_met(dossier: Dossier, requirement: Requirement) -> bool:
    proposal = dossier.proposal
    if not requirement.concerns(proposal.track.code, proposal.institution.kind):
        return False
    facts = queries.facts_of(proposal, [requirement])
    dossier = replace(dossier, requirements=[requirement], facts=facts)
    return requirements.evaluate(dossier, requirement).is_not_met
