"""What an order of certificates rests on: who is due one, how they look, who signs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from awards import fitting, phrases, queries
from awards.certificates import (
    Holder,
    Signer,
    common_values,
    missing_for,
    signers_of,
    used_placeholders,
    values_for,
)
from awards.holders import holders_of, papers_of
from awards.models import Award, CertificateDesign, Decree
from awards.phrases import CertificateKind
from competitions.models import Round
from documents.models import IssuedDocument


@dataclass(frozen=True)
class Roll:
    """All that an order of certificates of one kind rests on."""

    round: Round
    kind: CertificateKind
    design: CertificateDesign
    signers: Sequence[Signer]
    decree: Decree | None
    holders: Sequence[Holder]
    papers: Mapping[str, IssuedDocument]
    are_awards_given: bool

    def paper_of(self, holder: Holder) -> IssuedDocument | None:
        """The latest paper of `holder`, valid or not."""
        return self.papers.get(holder.subject_key)

    def is_issued(self, holder: Holder) -> bool:
        paper = self.paper_of(holder)
        return paper is not None and paper.is_valid

    @property
    def issued_count(self) -> int:
        return sum(self.is_issued(holder) for holder in self.holders)

    @property
    def due(self) -> list[Holder]:
        """Those without a valid paper whose values are complete."""
        return [
            holder
            for holder in self.holders
            if holder.is_due and not self.is_issued(holder)
        ]

    @property
    def refusal(self) -> str:
        """Why nothing can be ordered now; empty if it can."""
        if self.kind == CertificateKind.WINNER and self.decree is None:
            return _("Record the decree first.")
        if self.kind == CertificateKind.FINALIST and not self.are_awards_given:
            return _("Give the awards first: finalists are those without one.")
        if not self.signers:
            return _("No signatory is set for %(government)s.") % {
                "government": self.round.competition.government
            }
        for signer in self.signers:
            if signer.signatory.ended_date:
                return _("%(name)s is no longer in office. Choose who signs.") % {
                    "name": signer.signatory.name
                }
        return ""

    def day_of_issue(self, day: date) -> date:
        """The date on the papers: of the decree for winners, else `day`."""
        if self.kind == CertificateKind.WINNER and self.decree:
            return self.decree.decree_date
        return day

    def values_of(self, holder: Holder, day: date) -> dict[str, Any]:
        return values_for(
            holder,
            round=self.round,
            design=self.design,
            signers=self.signers,
            decree=self.decree,
            day=day,
        )

    def text_of(self, holder: Holder) -> str:
        """What for, as the paper says it in its first language."""
        language = self.design.languages[0]
        texts = self.design.texts_in(language)
        values = {
            **common_values(self.round, self.decree),
            "issuer": self.round.competition.government.name,
            "holder": holder.name,
            **holder.values,
        }
        parts = (
            phrases.plain(self.kind, texts.get(part, ""), values, language)
            for part in ("body", "rank")
        )
        return " ".join(part for part in parts if part)

    @cached_property
    def placeholders(self) -> list[phrases.Placeholder]:
        """Those that the design asks a value for."""
        return used_placeholders(self.design)

    def gaps_of(self, holder: Holder) -> list[str]:
        """What the design asks for and the paper of `holder` would not have."""
        values = {**common_values(self.round, self.decree), **holder.values}
        values |= {"holder": holder.name}
        return [
            _("%(placeholder)s is empty.") % {"placeholder": name}
            for name in missing_for(self.placeholders, values)
        ]

    def cramped(self, day: date) -> set[str]:
        """Keys of those whose words do not fit; only the longest can be."""
        if not self.signers:
            return set()
        longest = sorted(
            self.holders,
            key=lambda each: len(each.name + str(each.values.get("innovation", ""))),
        )[-3:]
        return {
            each.key
            for each in longest
            if fitting.fit(self.values_of(each, day), "").is_cramped
        }


def roll_of(round: Round, kind: CertificateKind) -> Roll:
    """Collect whom `round` owes a certificate of `kind`, and how it would look."""
    return next(_rolls(round, [kind]))


def rolls_of(round: Round) -> list[Roll]:
    """Collect the rolls of all kinds; what they share is read once."""
    return list(_rolls(round, list(CertificateKind)))


def _rolls(round: Round, kinds: Sequence[CertificateKind]) -> Iterator[Roll]:
    government = round.competition.government
    decree, default = queries.decree_of(round), queries.signatory_of(round)
    designs = queries.designs_of(government, kinds)
    are_awards_given = Award.objects.of_round(round).exists()
    holders = {kind: holders_of(round, kind, decree) for kind in kinds}
    papers = papers_of(holders)
    for kind in kinds:
        yield Roll(
            round=round,
            kind=kind,
            design=designs[kind],
            signers=signers_of(designs[kind], default),
            decree=decree,
            holders=holders[kind],
            papers=papers[kind],
            are_awards_given=are_awards_given,
        )
