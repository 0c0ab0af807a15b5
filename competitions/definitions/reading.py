"""From YAML text to a `RoundDefinition`."""

from datetime import time
from decimal import Decimal
from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _

from competitions.definitions.nodes import DefinitionError, Node
from competitions.definitions.shapes import (
    AnchorDefinition,
    AwardDefinition,
    CategoryDefinition,
    CriterionDefinition,
    FormDefinition,
    HeaderFieldDefinition,
    LetterDefinition,
    RequirementDefinition,
    RoundDefinition,
    ScoringDefinition,
    SectionDefinition,
    StageDefinition,
    TrackDefinition,
)
from competitions.models import HeaderField, Requirement, Stage

_LONG_TEXT = 4000
_MEGABYTE = 1024 * 1024

Coded = TypeVar("Coded")


def parse(text: str, *, key: str, file: str) -> RoundDefinition:
    """Read a definition; `file` names it in errors.

    Raises DefinitionError at the first mistake.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = _("line %(line)d") % {"line": mark.line + 1} if mark else ""
        raise DefinitionError(file, line, _("is no valid YAML")) from None
    root = Node(data, file=file)
    tracks = _once([_track(node) for node in root.nodes("tracks")], root, "tracks")
    form = _form(root.node("form"), {track.code for track in tracks})
    sections = {section.code for section in form.sections}
    definition = RoundDefinition(
        key=key,
        name=root.text("name", limit=120),
        description=root.text("description", limit=400, optional=True),
        source=root.text("source", limit=300, optional=True),
        guideline=root.text("guideline", limit=20_000, optional=True),
        calendar=_calendar(root),
        tracks=tracks,
        categories=_once(
            [_category(node) for node in root.nodes("categories")], root, "categories"
        ),
        form=form,
        requirements=_once(
            [_requirement(node, form) for node in root.nodes("requirements")],
            root,
            "requirements",
        ),
        scoring=_once(
            [_scoring(node, sections) for node in root.nodes("scoring")],
            root,
            "scoring",
        ),
        awards=_once([_award(node) for node in root.nodes("awards")], root, "awards"),
    )
    root.finish()
    return definition


def _once(items: list[Coded], parent: Node, key: str) -> tuple[Coded, ...]:
    seen: set[str] = set()
    for item in items:
        code: str = item.code  # type: ignore[attr-defined]  # all parts have one
        if code in seen:
            raise parent.error(key, _("%(code)s stands there twice") % {"code": code})
        seen.add(code)
    return tuple(items)


def _calendar(root: Node) -> tuple[StageDefinition, ...]:
    stages = [_stage(node) for node in root.nodes("calendar")]
    kinds = [stage.kind for stage in stages]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise root.error(
                "calendar", _("%(code)s stands there twice") % {"code": kind}
            )
    return tuple(stages)


def _stage(node: Node) -> StageDefinition:
    first_day, last_day = node.pair("days", low=0, high=1000)
    stage = StageDefinition(
        kind=node.choice("kind", Stage.Kind.values),
        name=node.text("name", limit=80),
        first_day=first_day,
        last_day=last_day,
        opens=node.clock("opens", time(0, 0)),
        closes=node.clock("closes", time(16, 0)),
    )
    if first_day == last_day and stage.closes <= stage.opens:
        raise node.error("closes", _("must be later than its opening"))
    node.finish()
    return stage


def _track(node: Node) -> TrackDefinition:
    track = TrackDefinition(
        code=node.slug("code", limit=30),
        name=node.text("name", limit=60),
        description=node.text("description", limit=_LONG_TEXT, optional=True),
    )
    node.finish()
    return track


def _category(node: Node) -> CategoryDefinition:
    category = CategoryDefinition(
        code=node.slug("code", limit=60), name=node.text("name", limit=120)
    )
    node.finish()
    return category


def _form(node: Node, tracks: set[str]) -> FormDefinition:
    form = FormDefinition(
        name=node.text("name", limit=120),
        statement=node.text("statement", limit=_LONG_TEXT),
        header=_once(
            [_header_field(item) for item in node.nodes("header", optional=True)],
            node,
            "header",
        ),
        sections=_once(
            [_section(item, tracks) for item in node.nodes("sections")],
            node,
            "sections",
        ),
        letters=_once(
            [_letter(item) for item in node.nodes("letters", optional=True)],
            node,
            "letters",
        ),
    )
    node.finish()
    return form


def _header_field(node: Node) -> HeaderFieldDefinition:
    field = HeaderFieldDefinition(
        code=node.slug("code"),
        kind=node.choice("kind", HeaderField.Kind.values),
        label=node.text("label", limit=150),
        help_text=node.text("help", limit=300, optional=True),
        follow_up=node.text("follow_up", limit=200, optional=True),
        is_required=node.flag("required", default=True),
    )
    if field.follow_up and field.kind != HeaderField.Kind.YES_NO:
        raise node.error("follow_up", _("belongs to a field of the kind yes_no only"))
    node.finish()
    return field


def _section(node: Node, tracks: set[str]) -> SectionDefinition:
    evidence = node.node("evidence")
    section = SectionDefinition(
        code=node.slug("code"),
        title=node.text("title", limit=120),
        question=node.text("question", limit=_LONG_TEXT),
        help_text=node.text("help", limit=_LONG_TEXT, optional=True),
        word_limit=node.whole("words", low=1),
        is_required=node.flag("required", default=True),
        tracks=node.codes("tracks", tracks),
        evidence_required=evidence.flag("required", default=False),
        evidence_max_files=evidence.whole("files", low=0, high=50, default=5),
        evidence_max_bytes=_MEGABYTE
        * evidence.whole("megabytes", low=1, high=50, default=2),
    )
    evidence.finish()
    node.finish()
    return section


def _letter(node: Node) -> LetterDefinition:
    letter = LetterDefinition(
        code=node.slug("code"),
        title=node.text("title", limit=150),
        help_text=node.text("help", limit=300, optional=True),
        is_required=node.flag("required", default=True),
        max_bytes=_MEGABYTE * node.whole("megabytes", low=1, high=50, default=1),
    )
    node.finish()
    return letter


def _requirement(node: Node, form: FormDefinition) -> RequirementDefinition:
    rule = node.choice("rule", Requirement.Rule.values)
    params: dict[str, Any] = {}
    asked = node.node("params")
    if rule == Requirement.Rule.MINIMUM_AGE:
        params["months"] = asked.whole("months", low=1, high=240)
        params["field"] = asked.choice(
            "field",
            [item.code for item in form.header if item.kind == HeaderField.Kind.DATE],
        )
    elif rule == Requirement.Rule.QUOTA:
        params["maximum"] = asked.whole("maximum", low=1)
    asked.finish()
    requirement = RequirementDefinition(
        code=node.slug("code"),
        title=node.text("title", limit=150),
        advice=node.text("advice", limit=_LONG_TEXT),
        rule=rule,
        params=params,
        reason_code=node.text("reason", limit=40),
    )
    node.finish()
    return requirement


def _scoring(node: Node, sections: set[str]) -> ScoringDefinition:
    criteria = _once(
        [_criterion(item, sections) for item in node.nodes("criteria")],
        node,
        "criteria",
    )
    chain = node.codes("tie_break", {criterion.code for criterion in criteria})
    places = {code: place for place, code in enumerate(chain, start=1)}
    low, high = node.pair("scale", low=0, high=100)
    if low == high:
        raise node.error("scale", _("must be in ascending order"))
    scoring = ScoringDefinition(
        code=node.slug("code"),
        name=node.text("name", limit=80),
        share=node.number("share", Decimal(100)),
        scale_min=Decimal(low),
        scale_max=Decimal(high),
        pass_mark=node.number_or_none("pass_mark"),
        shortlist_size=node.whole_or_none("shortlist_size", low=1),
        jurors_per_proposal=node.whole_or_none("jurors_per_proposal", low=1),
        note_below=node.number_or_none("note_below"),
        note_above=node.number_or_none("note_above"),
        criteria=tuple(
            CriterionDefinition(
                **{**vars(criterion), "tie_break": places.get(criterion.code)}
            )
            for criterion in criteria
        ),
    )
    node.finish()
    return scoring


def _criterion(node: Node, sections: set[str]) -> CriterionDefinition:
    weight = node.number("weight")
    if not 0 <= weight <= 100:
        raise node.error("weight", _("must be from 0 to 100 percent"))
    criterion = CriterionDefinition(
        code=node.slug("code"),
        name=node.text("name", limit=120),
        description=node.text("description", limit=_LONG_TEXT, optional=True),
        weight=weight,
        sections=node.codes("sections", sections),
        anchors=tuple(_anchor(item) for item in node.nodes("anchors", optional=True)),
        tie_break=None,
    )
    node.finish()
    return criterion


def _anchor(node: Node) -> AnchorDefinition:
    anchor = AnchorDefinition(
        low=node.number("from"),
        high=node.number("to"),
        label=node.text("label", limit=60),
        text=node.text("text", limit=500),
    )
    if anchor.high < anchor.low:
        raise node.error("to", _("must be in ascending order"))
    node.finish()
    return anchor


def _award(node: Node) -> AwardDefinition:
    rank_from, rank_to = node.pair("ranks", low=1)
    award = AwardDefinition(
        code=node.slug("code"),
        name=node.text("name", limit=80),
        rank_from=rank_from,
        rank_to=rank_to,
        prize=node.text("prize", limit=120, optional=True),
    )
    node.finish()
    return award
