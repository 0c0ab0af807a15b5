"""The lists of the rules as the set-up pages show them, one row an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Institution
from competitions.checks import Contradiction
from competitions.definitions import RoundDefinition
from competitions.models import (
    AwardLevel,
    Grouping,
    HeaderField,
    LetterKind,
    Requirement,
    ScoringStage,
)
from competitions.rule_lists import ANY_CODE, RuleList, rule_list
from core import numbers

SHOWN_WORDS = 24


@dataclass(frozen=True)
class RuleRow:
    """An entry with what matters of it in a few words, and where it is changed."""

    code: str
    anchor: str
    label: str
    text: str
    facts: Sequence[str]
    problems: Sequence[str]
    depth: int
    place: int
    count: int
    edit_url: str
    move_url: str
    delete_url: str

    @property
    def is_first(self) -> bool:
        return self.place == 0

    @property
    def is_last(self) -> bool:
        return self.place == self.count - 1


@dataclass(frozen=True)
class RuleTable:
    """A list with its rows, ready for competitions/rule_table.html."""

    key: str
    title: str
    help: str
    add_label: str
    add_url: str
    empty: str
    rows: Sequence[RuleRow]


def rule_table(
    key: str,
    rules: RoundDefinition,
    slug: str,
    found: Sequence[Contradiction] = (),
) -> RuleTable:
    """Lay out the list of that key."""
    listed = rule_list(key)
    title, help_text, add_label, empty = texts(listed.kind)
    tracks = {each.code: each.name for each in rules.tracks}
    links = _links(rules) if listed.kind == "seri" else {}
    problems: dict[str, list[str]] = {}
    for each in found:
        problems.setdefault(each.anchor, []).append(each.sentence)
    # Looked up once: a long list has hundreds of addresses.
    edit, move, delete = (
        reverse(f"competitions:{name}", args=[slug, key, ANY_CODE])
        for name in ("entry_edit", "entry_move", "entry_delete")
    )
    rows = []
    places: dict[int, int] = {}
    walked = list(listed.walk(rules))
    for index, (entry, depth) in enumerate(walked):
        places = {level: at for level, at in places.items() if level <= depth}
        place = places.get(depth, -1) + 1
        places[depth] = place
        label, text, facts = _told(listed, entry, links)
        facts = [*facts, *_for_tracks(entry, tracks)]
        row = listed.anchor(entry.code)

        rows.append(
            RuleRow(
                code=entry.code,
                anchor=row,
                label=label,
                text=_beginning(text),
                facts=facts,
                problems=problems.get(row, []),
                depth=depth,
                place=place,
                count=_likes(walked, index),
                edit_url=""
                if listed.kind == "seri"
                else edit.replace(ANY_CODE, entry.code),
                move_url=move.replace(ANY_CODE, entry.code),
                delete_url=delete.replace(ANY_CODE, entry.code),
            )
        )
    return RuleTable(
        key=key,
        title=title,
        help=help_text,
        add_label=add_label,
        add_url=""
        if listed.kind == "seri"
        else reverse("competitions:entry_create", args=[slug, key]),
        empty=empty,
        rows=rows,
    )


def _beginning(text: str) -> str:
    """As the filter `truncatewords`, which takes a tenth of a long page."""
    words = text.split()
    more = " …" if len(words) > SHOWN_WORDS else ""
    return " ".join(words[:SHOWN_WORDS]) + more


def _likes(walked: Sequence[tuple[Any, int]], index: int) -> int:
    """How many stand beside an entry, below the same one."""
    depth = walked[index][1]
    count = 1
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(walked) and walked[at][1] >= depth:
            count += walked[at][1] == depth
            at += step
    return count


def label_of(listed: RuleList, rules: RoundDefinition, entry: Any) -> str:
    """The name of one entry."""
    links = _links(rules) if listed.kind == "seri" else {}
    return _told(listed, entry, links)[0]


def texts(kind: str) -> tuple[str, str, str, str]:
    """Title, help, the button that adds one, and what to say while there is none."""
    known: Mapping[str, tuple[str, str, str, str]] = {
        "isian": (
            _("General data"),
            _("Short answers at the head of the form: dates, links, people."),
            _("Add a field"),
            _("No field: the form asks only for title, track and category."),
        ),
        "bagian": (
            _("Sections"),
            _("Questions that are answered in prose, with their evidence."),
            _("Add a section"),
            _("No section yet. A form needs at least one."),
        ),
        "surat": (
            _("Statement letters"),
            _("Filled in by the portal, then printed, signed and uploaded."),
            _("Add a letter"),
            _("No letter is asked for."),
        ),
        "pernyataan": (
            _("Statements to tick"),
            _("The author ticks them before the proposal is sent."),
            _("Add a statement"),
            _("Nothing is to be ticked but the statement of truth."),
        ),
        "kelompok": (
            _("Tracks"),
            _("Each proposal enters one. Tracks may have sections of their own."),
            _("Add a track"),
            _("No track yet. One is enough, as in Umum."),
        ),
        "kategori": (
            _("Categories"),
            _("Fields of service, as in Kesehatan. Each proposal chooses one."),
            _("Add a category"),
            _("No category yet. One is enough."),
        ),
        "klaster": (
            _("Clusters"),
            _("Only if groups compete among themselves, as schools and offices do."),
            _("Add a cluster"),
            _("No cluster: all proposals compete together."),
        ),
        "syarat": (
            _("Requirements"),
            _("Checked for every proposal; the author reads what is still missing."),
            _("Add the requirement"),
            _("No requirement: every proposal is accepted."),
        ),
        "tahap": (
            _("Stages of scoring"),
            _("In their order. Only who is let through is judged in the next one."),
            _("Add a stage"),
            _("No stage yet. One is enough."),
        ),
        "penghargaan": (
            _("Awards"),
            _("From the highest on, as in Juara I to III, then Harapan, then Favorit."),
            _("Add an award"),
            _("No award yet. At least the first rank needs one."),
        ),
        "kriteria": (
            _("Criteria"),
            _("What jurors score, each with its weight."),
            _("Add a criterion"),
            _("No criterion yet."),
        ),
        "predikat": (
            _("Predicates"),
            _("What the assessment can come to, from the lowest to the highest."),
            _("Add a predicate"),
            _("No predicate yet."),
        ),
        "seri": (
            _("Equal totals"),
            _("Which score decides first, then which next, if totals are equal."),
            _("Add at the end"),
            _("Nothing is declared: equal totals share a rank until the plenary."),
        ),
    }
    return known[kind]


def _links(rules: RoundDefinition) -> dict[str, str]:
    return {
        f"{stage.code}.{each.code}": f"{each.name} ({stage.name})"
        for stage in rules.scoring
        for each in stage.tree()
    }


def _for_tracks(entry: Any, tracks: Mapping[str, str]) -> list[str]:
    return [
        _("Only %(track)s") % {"track": tracks.get(code, code)}
        for code in getattr(entry, "tracks", ())
    ]


def _told(
    listed: RuleList, entry: Any, links: Mapping[str, str]
) -> tuple[str, str, list[str]]:
    """Name, a sentence and some facts of an entry."""
    kind = listed.kind
    if kind == "seri":
        return links.get(entry.code, entry.code), "", []
    if kind == "isian":
        label = str(HeaderField.Kind(entry.kind).label)
        return entry.label, entry.help_text, [label, *_optional(entry)]
    if kind == "bagian":
        return entry.title, entry.question, _section_facts(entry)
    if kind == "surat":
        signer = str(LetterKind.Signer(entry.signer).label)
        return entry.title, entry.help_text, [signer, *_optional(entry)]
    if kind == "pernyataan":
        return entry.text, "", _optional(entry)
    if kind == "kelompok":
        facts = [_("By invitation")] if entry.is_by_invitation else []
        return entry.name, entry.description, facts
    if kind == "klaster":
        kinds = [str(Institution.Kind(k).label) for k in entry.institution_kinds]
        return entry.name, "", kinds or [_("Chosen by hand")]
    if kind == "syarat":
        return entry.title, entry.advice, [str(Requirement.Rule(entry.rule).label)]
    if kind == "tahap":
        return entry.name, entry.description, _stage_facts(entry)
    if kind == "penghargaan":
        return entry.name, entry.description, _award_facts(entry)
    if kind == "kriteria":
        return entry.name, entry.description, [numbers.percent(entry.weight)]
    return entry.name, getattr(entry, "description", ""), []


def _optional(entry: Any) -> list[str]:
    return [] if entry.is_required else [_("optional")]


def _section_facts(entry: Any) -> list[str]:
    limit = entry.word_limit
    facts = (
        [_("no word limit")]
        if limit is None
        else [
            ngettext("at most %(count)d word", "at most %(count)d words", limit)
            % {"count": limit}
        ]
    )
    if entry.evidence_required:
        facts.append(_("evidence required"))
    elif not entry.evidence_max_files:
        facts.append(_("no evidence"))
    return [*facts, *_optional(entry)]


def _stage_facts(entry: Any) -> list[str]:
    facts = [str(ScoringStage.Kind(entry.kind).label)]
    if entry.kind != ScoringStage.Kind.FIELD_GATE:
        facts.append(
            _("%(share)s of the final score") % {"share": numbers.percent(entry.share)}
        )
        low, high = entry.scale
        facts.append(
            _("scale %(low)s to %(high)s")
            % {"low": numbers.decimal(low, 0), "high": numbers.decimal(high, 0)}
        )
    if entry.pass_mark is not None:
        facts.append(
            _("pass mark %(mark)s") % {"mark": numbers.decimal(entry.pass_mark, 0)}
        )
    if entry.shortlist_size is not None:
        facts.append(_("the best %(count)d go on") % {"count": entry.shortlist_size})
    return facts


def _award_facts(entry: Any) -> list[str]:
    if entry.ranks is None:
        facts = [str(AwardLevel.Kind(entry.kind).label)]
    else:
        first, last = entry.ranks
        facts = [
            _("rank %(rank)d") % {"rank": first}
            if first == last
            else _("rank %(first)d to %(last)d") % {"first": first, "last": last}
        ]
    if entry.per != Grouping.OVERALL:
        facts.append(str(Grouping(entry.per).label))
    return [*facts, entry.prize] if entry.prize else facts
