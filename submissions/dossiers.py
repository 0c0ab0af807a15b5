"""Many proposals of one round with all their parts, in a constant number of queries.

What a list needs that says of each draft what it lacks. The parts are those that
`dossier.load_dossier` gives one by one; a test holds the findings of both together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, F, Q

from competitions.models import (
    Category,
    Cluster,
    Consent,
    HeaderField,
    LetterKind,
    Requirement,
    Section,
)
from competitions.windows import Window
from innovations.models import Achievement
from submissions import headers, queries
from submissions.dossier import Dossier
from submissions.models import (
    Answer,
    Evidence,
    EvidenceLink,
    Proposal,
    ProposalQuerySet,
    StatementLetter,
)
from submissions.parts import ConsentPart, LetterPart, SectionPart
from submissions.queries import Facts

Rule = Requirement.Rule


def load_dossiers(
    proposals: Sequence[Proposal], windows: Mapping[int, Window]
) -> list[Dossier]:
    """Load drafts of one round as they stand, each with its track and institution.

    `windows` are the spans of submission by the id of the institution. At most thirteen
    queries, however many there are. What was written for another version of the form or
    another track is left out: it is not asked for.
    """
    if not proposals:
        return []
    pks = [each.pk for each in proposals]
    forms = {each.form_id for each in proposals}
    fields = _by_form(HeaderField.objects.filter(form__in=forms))
    sections = _by_form(Section.objects.filter(form__in=forms))
    kinds = _by_form(LetterKind.objects.filter(form__in=forms))
    consents = _by_form(Consent.objects.filter(form__in=forms))
    requirements = list(
        Requirement.objects.filter(round=proposals[0].round_id).order_by("order", "pk")
    )
    answers = {
        (each.proposal_id, each.section_id): each
        for each in Answer.objects.filter(proposal__in=pks).only(
            "proposal", "section", "text", "version", "saved_at", "saved_by"
        )
    }
    files = _by_section(Evidence.objects.filter(proposal__in=pks))
    links = _by_section(EvidenceLink.objects.filter(proposal__in=pks))
    letters = {
        (each.proposal_id, each.kind_id): each
        for each in StatementLetter.objects.filter(proposal__in=pks)
    }
    facts = _facts(proposals, requirements)
    return [
        Dossier(
            proposal=each,
            header=headers.parts_for(
                fields[each.form_id], each.header, each.track.code
            ),
            sections=[
                SectionPart(
                    section,
                    answers.get((each.pk, section.pk)),
                    files.get((each.pk, section.pk), ()),
                    links.get((each.pk, section.pk), ()),
                )
                for section in sections[each.form_id]
                if section.is_for(each.track.code)
            ],
            letters=[
                LetterPart(kind, letters.get((each.pk, kind.pk)))
                for kind in kinds[each.form_id]
                if kind.is_for(each.track.code)
            ],
            consents=[
                ConsentPart(consent, each.consents.get(consent.code, ""))
                for consent in consents[each.form_id]
                if consent.is_for(each.track.code)
            ],
            requirements=[
                rule
                for rule in requirements
                if rule.concerns(each.track.code, each.institution.kind)
            ],
            submission=windows.get(each.institution_id),
            facts=facts[each.pk],
        )
        for each in proposals
    ]


def _by_form(rows: Any) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.order_by("order", "pk"):
        found[row.form_id].append(row)
    return found


def _by_section(rows: Iterable[Any]) -> Mapping[tuple[int, int], list[Any]]:
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id, row.section_id].append(row)
    return found


def _facts(
    proposals: Sequence[Proposal], requirements: Sequence[Requirement]
) -> Mapping[int, Facts]:
    """What the rules ask about the world, of drafts: all that is submitted is before.

    Nothing is looked up that no requirement asks for. Source: rules REQ-02, REQ-05 and
    REQ-06 in docs/rules.md.
    """
    round_id = proposals[0].round_id
    rules = {each.rule for each in requirements}
    quotas = [each for each in requirements if each.rule == Rule.QUOTA]
    entered = Proposal.objects.entered().filter(round=round_id).order_by()
    counts = _entered(entered, proposals) if quotas else {}
    taken = _taken(entered, proposals) if Rule.UNIQUE_TITLE in rules else set()
    awards = _awards(proposals) if Rule.EARLIER_AWARDS in rules else {}
    groups = list(Cluster.objects.filter(round=round_id))
    has_categories = (
        any(each.category_id for each in proposals)
        or Category.objects.filter(round=round_id).exists()
    )
    by_hand = any(not each.institution_kinds for each in groups)
    by_kind = {kind for each in groups for kind in each.institution_kinds}
    return {
        each.pk: Facts(
            entered_before={
                quota.code: sum(
                    number
                    for track, number in counts.get(each.institution_id, {}).items()
                    if quota.is_for(track)
                )
                for quota in quotas
            },
            title_taken=plain(each.title) in taken,
            awards=awards.get(each.pk, ()),
            has_categories=has_categories,
            needs_cluster=by_hand and each.institution.kind not in by_kind,
        )
        for each in proposals
    }


def _entered(
    entered: ProposalQuerySet, proposals: Sequence[Proposal]
) -> Mapping[int, Counter[str]]:
    """How many proposals their institutions have submitted, by track."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for institution, track, number in (
        entered.filter(institution__in={each.institution_id for each in proposals})
        .values_list("institution", "track__code")
        .annotate(Count("pk"))
    ):
        counts[institution][track] += number
    return counts


def _taken(entered: ProposalQuerySet, proposals: Sequence[Proposal]) -> set[str]:
    """Which of their titles were submitted already."""
    return set(
        entered.annotate(plain=queries.plain_title(F("title")))
        .filter(plain__in={plain(each.title) for each in proposals})
        .values_list("plain", flat=True)
    )


def _awards(proposals: Sequence[Proposal]) -> Mapping[int, list[dict[str, Any]]]:
    """What each one's innovation has won, or one of its institution so called."""
    titles = {plain(each.title) for each in proposals}
    won = list(
        Achievement.objects.counting()
        .annotate(plain=queries.plain_title(F("innovation__title")))
        .filter(
            Q(innovation__in={each.innovation_id for each in proposals})
            | Q(innovation__merged_into__in={each.innovation_id for each in proposals})
            | Q(
                innovation__institution__in={each.institution_id for each in proposals},
                plain__in=titles,
            )
        )
        .order_by("year", "pk")
        .values(
            "level",
            "year",
            "plain",
            name=F("competition"),
            institution=F("innovation__institution"),
            of=F("innovation"),
            into=F("innovation__merged_into"),
        )
    )
    return {
        each.pk: [
            {name: award[name] for name in ("level", "year", "name")}
            for award in won
            if each.innovation_id in (award["of"], award["into"])
            or (
                award["institution"] == each.institution_id
                and award["plain"] == plain(each.title)
            )
        ]
        for each in proposals
    }


def plain(title: str) -> str:
    """A title as `queries.plain_title` compares it."""
    return " ".join(title.split()).lower()
