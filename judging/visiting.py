"""What a proposal claims that can be looked at, and what findings come to: pure.

Source: rule SCO-23 in docs/rules.md.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from django.utils.translation import gettext as _

from judging.models import ClaimOutcome, Verdict

SHORTEST, LONGEST = 20, 400
MOST_SUGGESTED = 12
# A sentence ends at its mark and a blank; "1.200" and "No. 5" hold no such end.
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(])|\s*\n+\s*")
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True)
class Suggestion:
    """A sentence with a figure in it, and the title of the section it stands in."""

    source: str
    text: str

    @property
    def key(self) -> str:
        return sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Found:
    """What a juror found of one claim; no outcome yet is empty."""

    outcome: str = ""
    note: str = ""


class Keyed(Protocol):
    """A claim, as far as the fields of a form are named after it."""

    key: str


def outcome_name(claim: Keyed) -> str:
    return f"outcome-{claim.key}"


def note_name(claim: Keyed) -> str:
    return f"finding-{claim.key}"


def suggestions_in(
    texts: Iterable[tuple[str, str]], known: Iterable[str] = ()
) -> list[Suggestion]:
    """Find sentences that name a figure; `texts` are pairs of title and answer.

    Those in `known` are claims already. Sections take turns, so that a long one does
    not fill the list alone.
    """
    taken = set(known)
    queues = [
        [Suggestion(title, each) for each in _sentences(text)] for title, text in texts
    ]
    found: list[Suggestion] = []
    while any(queues) and len(found) < MOST_SUGGESTED:
        for queue in queues:
            if queue and len(found) < MOST_SUGGESTED:
                suggestion = queue.pop(0)
                if suggestion.text not in taken:
                    taken.add(suggestion.text)
                    found.append(suggestion)
    return found


def suggested_verdict(outcomes: Iterable[str]) -> str:
    """What the findings so far speak for; nothing without any.

    Most do not match: not as described. One does not match, or was not seen: with
    remarks. It is a suggestion: the juror decides.
    """
    given = [each for each in outcomes if each]
    if not given:
        return ""
    mismatches = given.count(ClaimOutcome.MISMATCH)
    if 2 * mismatches > len(given):
        return Verdict.FAILS
    if mismatches or ClaimOutcome.NOT_SEEN in given:
        return Verdict.REMARKS
    return Verdict.PASSES


def missing_of(
    claims: Sequence[Keyed], findings: Mapping[str, Found]
) -> dict[str, str]:
    """Map the fields that are unfinished to what is to be done.

    `findings` are by key of the claim.
    """
    missing = {}
    for claim in claims:
        found = findings.get(claim.key, Found())
        if not found.outcome:
            missing[outcome_name(claim)] = _("Say what you found of this claim.")
        elif found.outcome != ClaimOutcome.CONFIRMED and not found.note.strip():
            missing[note_name(claim)] = _("Write down what you saw instead.")
    return missing


def _sentences(text: str) -> Iterator[str]:
    for piece in _ENDS.split(text):
        sentence = " ".join(piece.split())
        if SHORTEST <= len(sentence) <= LONGEST and _FIGURE.search(sentence):
            yield sentence
