"""The lists that the rules of a round consist of, edited one entry at a time.

A list is found by its key, as an address names it: "bagian", or "kriteria.proposal"
for the criteria of the scoring stage with that code. Entries are told by their codes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from competitions.checks import Step, anchor
from competitions.definitions import RoundDefinition

Entries = tuple[Any, ...]
# In an address that is looked up once for many: no slug, so nothing else is like it.
ANY_CODE = "-KODE-"
# The parts of the form itself, not of the whole round.
OF_FORM = {
    "isian": "header",
    "bagian": "sections",
    "surat": "letters",
    "pernyataan": "consents",
}
OF_ROUND = {
    "kelompok": "tracks",
    "kategori": "categories",
    "klaster": "clusters",
    "syarat": "requirements",
    "tahap": "scoring",
    "penghargaan": "awards",
}
OF_STAGE = {"kriteria": "criteria", "predikat": "predicates"}
STEPS = {
    **dict.fromkeys(OF_FORM, Step.FORM),
    **dict.fromkeys(["kelompok", "kategori", "klaster"], Step.TRACKS),
    "syarat": Step.REQUIREMENTS,
    "penghargaan": Step.AWARDS,
    **dict.fromkeys(["tahap", "seri", *OF_STAGE], Step.SCORING),
}
ANCHORS = {
    "isian": "field",
    "bagian": "section",
    "surat": "letter",
    "pernyataan": "consent",
    "kelompok": "track",
    "kategori": "category",
    "klaster": "cluster",
    "syarat": "requirement",
    "tahap": "scoring",
    "kriteria": "criterion",
    "predikat": "predicate",
    "penghargaan": "award",
    "seri": "tie",
}


class NoSuchEntry(LookupError):
    """There is no such list, or nothing in it of that code."""


@dataclass(frozen=True)
class Link:
    """A place in the tie-break chain, as "proposal.dampak"."""

    code: str


@dataclass(frozen=True)
class RuleList:
    """One list of a definition: how it is read, and how put back."""

    kind: str
    stage: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}.{self.stage}" if self.stage else self.kind

    @property
    def step(self) -> Step:
        return STEPS[self.kind]

    @property
    def is_tree(self) -> bool:
        """Whether entries may stand below others."""
        return self.kind == "kriteria"

    def anchor(self, code: str) -> str:
        """The id of an entry's row on the page of the list."""
        codes = [self.stage, code] if self.stage else [code]
        return anchor(ANCHORS[self.kind], *codes).replace(".", "-")

    def read(self, rules: RoundDefinition) -> Entries:
        """The entries, without those that stand below others."""
        if self.kind == "seri":
            return tuple(Link(code) for code in rules.tie_break)
        if name := OF_FORM.get(self.kind):
            found: Entries = getattr(rules.form, name)
        elif name := OF_ROUND.get(self.kind):
            found = getattr(rules, name)
        else:
            found = tuple(getattr(self._stage(rules), OF_STAGE[self.kind]))
        return found

    def write(self, rules: RoundDefinition, entries: Entries) -> RoundDefinition:
        """The same rules with other entries."""
        if self.kind == "seri":
            return replace(rules, tie_break=tuple(each.code for each in entries))
        if name := OF_FORM.get(self.kind):
            return replace(rules, form=_with(rules.form, name, entries))
        if name := OF_ROUND.get(self.kind):
            made: RoundDefinition = _with(rules, name, entries)
            return made
        changed = _with(self._stage(rules), OF_STAGE[self.kind], entries)
        return replace(
            rules,
            scoring=tuple(
                changed if each.code == self.stage else each for each in rules.scoring
            ),
        )

    def walk(self, rules: RoundDefinition) -> Iterator[tuple[Any, int]]:
        """All entries with their depth, each before those below it."""
        return self._walk(self.read(rules), 0)

    def _walk(self, entries: Sequence[Any], depth: int) -> Iterator[tuple[Any, int]]:
        for each in entries:
            yield each, depth
            if self.is_tree:
                yield from self._walk(each.criteria, depth + 1)

    def find(self, rules: RoundDefinition, code: str) -> Any:
        """The entry of that code. Raises NoSuchEntry."""
        for each, _depth in self.walk(rules):
            if each.code == code:
                return each
        raise NoSuchEntry(code)

    def parent_of(self, rules: RoundDefinition, code: str) -> str:
        """The code of what an entry stands below; empty at the top."""
        for each, _depth in self.walk(rules):
            if self.is_tree and any(below.code == code for below in each.criteria):
                return str(each.code)
        return ""

    def add(
        self, rules: RoundDefinition, entry: Any, parent: str = ""
    ) -> RoundDefinition:
        """Put an entry at the end, or at the end of what stands below `parent`."""

        def grown(entries: Entries) -> Entries:
            return (*entries, entry)

        if not parent:
            return self.write(rules, grown(self.read(rules)))
        self.find(rules, parent)
        return self.write(
            rules,
            _in_tree(
                self.read(rules),
                lambda each: (
                    replace(each, criteria=grown(tuple(each.criteria)))
                    if each.code == parent
                    else each
                ),
            ),
        )

    def change(self, rules: RoundDefinition, code: str, entry: Any) -> RoundDefinition:
        """Put `entry` in the place of the one of that code. Raises NoSuchEntry."""
        self.find(rules, code)
        return self._each_list(
            rules,
            lambda entries: tuple(
                entry if each.code == code else each for each in entries
            ),
        )

    def remove(self, rules: RoundDefinition, code: str) -> RoundDefinition:
        """Take an entry away, with what stands below it. Raises NoSuchEntry."""
        self.find(rules, code)
        return self._each_list(
            rules,
            lambda entries: tuple(each for each in entries if each.code != code),
        )

    def move(self, rules: RoundDefinition, code: str, place: int) -> RoundDefinition:
        """Bring an entry to a place among its likes, from 0. Raises NoSuchEntry."""
        self.find(rules, code)

        def moved(entries: Entries) -> Entries:
            chosen = [each for each in entries if each.code == code]
            if not chosen:
                return entries
            rest = [each for each in entries if each.code != code]
            to = max(0, min(place, len(rest)))
            return (*rest[:to], *chosen, *rest[to:])

        return self._each_list(rules, moved)

    def place_of(self, rules: RoundDefinition, code: str) -> tuple[int, int]:
        """The place of an entry among its likes, from 0, and how many there are."""
        found: list[tuple[int, int]] = []

        def look(entries: Entries) -> Entries:
            codes = [each.code for each in entries]
            if code in codes:
                found.append((codes.index(code), len(codes)))
            return entries

        self._each_list(rules, look)
        if not found:
            raise NoSuchEntry(code)
        return found[0]

    def _each_list(
        self, rules: RoundDefinition, change: Callable[[Entries], Entries]
    ) -> RoundDefinition:
        """Change the list, and those below its entries where it is a tree."""
        entries = change(self.read(rules))
        if self.is_tree:
            entries = _in_tree(
                entries,
                lambda each: replace(each, criteria=change(tuple(each.criteria))),
            )
        return self.write(rules, entries)

    def _stage(self, rules: RoundDefinition) -> Any:
        for each in rules.scoring:
            if each.code == self.stage:
                return each
        raise NoSuchEntry(self.stage)


def rule_list(key: str) -> RuleList:
    """The list of that key. Raises NoSuchEntry."""
    kind, point, stage = key.partition(".")
    if kind not in STEPS or (kind in OF_STAGE) != bool(stage) or (point and not stage):
        raise NoSuchEntry(key)
    return RuleList(kind, stage)


def with_weights(
    rules: RoundDefinition, *, stage: str, weights: Mapping[str, Decimal]
) -> RoundDefinition:
    """The same rules with other weights of a scoring stage, by code of the criterion.

    What somebody removed or added meanwhile stays so.
    """
    listed = RuleList("kriteria", stage)
    for code, weight in weights.items():
        try:
            criterion = listed.find(rules, code)
        except NoSuchEntry:
            continue
        rules = listed.change(rules, code, replace(criterion, weight=weight))
    return rules


def _with(made: Any, name: str, entries: Entries) -> Any:
    return replace(made, **{name: entries})


def _in_tree(entries: Sequence[Any], change: Callable[[Any], Any]) -> Entries:
    """Change every entry of a tree, those above before those below."""
    changed = (change(each) for each in entries)
    return tuple(
        replace(each, criteria=_in_tree(each.criteria, change)) for each in changed
    )
