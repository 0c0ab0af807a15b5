"""Checks of the form, and of the requirements proposals are screened against."""

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Institution
from competitions import placeholders
from competitions.checks.base import Finding, anchor, listed, unknown
from competitions.models import HeaderField, LetterKind, Requirement
from competitions.models.parts import ForTracks
from competitions.queries import RoundParts

Kind = HeaderField.Kind
Rule = Requirement.Rule
GOAL_COUNT = 17


def check_form(parts: RoundParts) -> Iterator[Finding]:
    """Name what the proposal form lacks."""
    if parts.form is None or not parts.sections:
        yield Finding(_("The proposal form has no section."))
        return
    for track in parts.tracks:
        if not any(section.is_for(track.code) for section in parts.sections):
            yield Finding(
                _("No section of the form is for the track %(track)s.")
                % {"track": track.name},
                anchor("track", track.code),
            )
    if not parts.form.statement.strip():
        yield Finding(_("The form has no statement of truth for the author to accept."))
    yield from _tracks(parts)
    yield from _fields(parts)
    yield from _evidence(parts)
    for letter in parts.letters:
        yield from _letter(parts, letter)


def _tracks(parts: RoundParts) -> Iterator[Finding]:
    """Name parts of the form that are for a track that is not there."""
    listed_parts: list[tuple[str, str, str, ForTracks]] = [
        *(("field", each.code, each.label, each) for each in parts.header_fields),
        *(("section", each.code, each.title, each) for each in parts.sections),
        *(("letter", each.code, each.title, each) for each in parts.letters),
        *(("consent", each.code, each.text[:60], each) for each in parts.consents),
    ]
    for kind, code, name, part in listed_parts:
        yield from missing_tracks(parts, part, name, anchor(kind, code))


def missing_tracks(
    parts: RoundParts, part: ForTracks, name: str, row: str
) -> Iterator[Finding]:
    """Name the tracks of a part that are not there."""
    for code in unknown(part.tracks, [track.code for track in parts.tracks]):
        yield Finding(
            _(
                "“%(name)s” is for the track %(code)s, which does not exist. Choose its"
                " tracks again."
            )
            % {"name": name, "code": code},
            row,
        )


def _fields(parts: RoundParts) -> Iterator[Finding]:
    for field in parts.header_fields:
        row = anchor("field", field.code)
        if field.kind in HeaderField.CHOSEN and len(field.options) < 2:
            yield Finding(
                _("The field %(field)s needs at least two choices.")
                % {"field": field.label},
                row,
            )
        most = {Kind.SDGS: GOAL_COUNT, Kind.CHOICES: len(field.options)}.get(
            Kind(field.kind)
        )
        if most is not None and field.minimum is not None and field.minimum > most:
            yield Finding(
                _(
                    "The field %(field)s asks for at least %(minimum)d, but there are "
                    "%(most)d to choose from."
                )
                % {"field": field.label, "minimum": field.minimum, "most": most},
                row,
            )
        counts = field.kind in HeaderField.WITH_BOUNDS and field.kind != Kind.NUMBER
        if counts and field.maximum is not None and field.maximum < 1:
            yield Finding(
                _("The field %(field)s lets nothing be chosen: its maximum is 0.")
                % {"field": field.label},
                row,
            )


def _evidence(parts: RoundParts) -> Iterator[Finding]:
    for section in parts.sections:
        takes_any = section.evidence_max_files and section.evidence_types
        if section.evidence_required and not takes_any:
            yield Finding(
                _("The section %(section)s asks for evidence, but takes none.")
                % {"section": section.title},
                anchor("section", section.code),
            )


def _letter(parts: RoundParts, letter: LetterKind) -> Iterator[Finding]:
    kinds = {field.kind for field in parts.header_fields}
    fields = {
        f"{placeholders.FIELD_PREFIX}{field.code}" for field in parts.header_fields
    }
    for word in placeholders.placeholders_in(letter.body):
        needed = placeholders.NEEDED_KINDS.get(word)
        if word not in placeholders.PLACEHOLDERS and word not in fields:
            yield Finding(
                _("The letter %(letter)s holds {%(word)s}, which stands for nothing.")
                % {"letter": letter.title, "word": word},
                anchor("letter", letter.code),
            )
        elif needed is not None and needed not in kinds:
            yield Finding(
                _(
                    "The letter %(letter)s holds {%(word)s}, but the form has no field "
                    "of the kind “%(kind)s”."
                )
                % {"letter": letter.title, "word": word, "kind": needed.label},
                anchor("letter", letter.code),
            )


def check_requirements(parts: RoundParts) -> Iterator[Finding]:
    """Name requirements that nobody could be screened against."""
    for requirement in parts.requirements:
        row = anchor("requirement", requirement.code)
        yield from missing_tracks(parts, requirement, requirement.title, row)
        strangers = [
            kind
            for kind in requirement.institution_kinds
            if not parts.round.admits(kind)
        ]
        if strangers:
            yield Finding(
                _(
                    "The requirement %(title)s is for institutions that may not enter: "
                    "%(kinds)s."
                )
                % {
                    "title": requirement.title,
                    "kinds": listed(Institution.Kind(kind).label for kind in strangers),
                },
                row,
            )
        if check := _REQUIREMENTS.get(Rule(requirement.rule)):
            for sentence in check(parts, requirement):
                yield Finding(sentence, row)


def _minimum_age(parts: RoundParts, requirement: Requirement) -> Iterator[str]:
    params = requirement.params
    dated = {each.code for each in parts.header_fields if each.kind == Kind.DATE}
    if not params.get("months") or not dated:
        yield _(
            "The requirement %(title)s needs a number of months and a date field in "
            "the form."
        ) % {"title": requirement.title}
    elif "field" in params and params["field"] not in dated:
        yield _(
            "The requirement %(title)s counts from the field %(field)s, which is no "
            "date field of the form."
        ) % {"title": requirement.title, "field": params["field"]}


def _quota(parts: RoundParts, requirement: Requirement) -> Iterator[str]:
    maximum = requirement.params.get("maximum")
    if maximum is None:
        yield _("The requirement %(title)s names no maximum.") % {
            "title": requirement.title
        }
    elif maximum < 1:
        yield _(
            "The requirement %(title)s lets nobody enter: its maximum is 0. Choose a "
            "higher one, or take the requirement away."
        ) % {"title": requirement.title}


def _letters(parts: RoundParts, requirement: Requirement) -> Iterator[str]:
    known = [letter.code for letter in parts.letters]
    if not known:
        yield _(
            "The requirement %(title)s asks for letters, but the form has none."
        ) % {"title": requirement.title}
    yield from _named(requirement, "letters", known)


def _evidence_asked(parts: RoundParts, requirement: Requirement) -> Iterator[str]:
    known = [each.code for each in parts.sections if each.evidence_required]
    if not known:
        yield _(
            "The requirement %(title)s asks for evidence, but no section of the form "
            "does."
        ) % {"title": requirement.title}
    yield from _named(requirement, "sections", [each.code for each in parts.sections])


def _consents(parts: RoundParts, requirement: Requirement) -> Iterator[str]:
    known = [each.code for each in parts.consents]
    if not known:
        yield _(
            "The requirement %(title)s asks for statements to be ticked, but the form "
            "has none."
        ) % {"title": requirement.title}
    yield from _named(requirement, "consents", known)


def _sdg_count(parts: RoundParts, requirement: Requirement) -> Iterator[str]:
    if not any(each.kind == Kind.SDGS for each in parts.header_fields):
        yield _(
            "The requirement %(title)s counts goals, but the form does not ask for any."
        ) % {"title": requirement.title}
    least = requirement.params.get("minimum") or 1
    most = requirement.params.get("maximum")
    if most is not None and most < least:
        yield _(
            "The requirement %(title)s asks for at least %(least)d and at most "
            "%(most)d goals."
        ) % {"title": requirement.title, "least": least, "most": most}


def _earlier_awards(parts: RoundParts, requirement: Requirement) -> Iterator[str]:
    if not requirement.params.get("levels"):
        yield _("The requirement %(title)s names no award.") % {
            "title": requirement.title
        }


def _word_limits(parts: RoundParts, requirement: Requirement) -> Iterator[str]:
    if all(section.word_limit is None for section in parts.sections):
        yield _(
            "The requirement %(title)s is about word limits, but no section has one."
        ) % {"title": requirement.title}


def _named(requirement: Requirement, key: str, known: list[str]) -> Iterator[str]:
    codes = unknown(requirement.params.get(key) or [], known)
    if codes and known:
        yield ngettext(
            "The requirement %(title)s refers to %(codes)s, which does not exist.",
            "The requirement %(title)s refers to %(codes)s, which do not exist.",
            len(codes),
        ) % {"title": requirement.title, "codes": listed(codes)}


_REQUIREMENTS: Mapping[Rule, Callable[[RoundParts, Requirement], Iterator[str]]] = {
    Rule.MINIMUM_AGE: _minimum_age,
    Rule.QUOTA: _quota,
    Rule.LETTERS: _letters,
    Rule.EVIDENCE: _evidence_asked,
    Rule.CONSENTS: _consents,
    Rule.SDG_COUNT: _sdg_count,
    Rule.EARLIER_AWARDS: _earlier_awards,
    Rule.WORD_LIMITS: _word_limits,
}
