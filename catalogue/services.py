"""What changes the catalogue."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from awards.models import Award
from catalogue.models import Entry
from competitions.models import HeaderField, Round
from core import audit
from core.rich_text import RichText
from submissions import headers
from submissions.headers import HeaderPart
from submissions.models import Answer

SUMMARY_SECTION = "ringkasan"


def publish_entries(
    *, round: Round, published_at: datetime, actor: User, at: datetime
) -> list[Entry]:
    """Copy the awarded proposals of `round` into the catalogue.

    What the public reads already stays word for word; what is not public yet is
    copied anew. Gives the entries written.
    Source: rule CAT-01 in docs/rules.md.
    """
    with transaction.atomic():
        round = (
            Round.objects.select_for_update(of=("self",))
            .select_related("competition__government")
            .get(pk=round.pk)
        )
        entries = Entry.objects.filter(round_slug=round.slug)
        public = set(entries.published_at(at).values_list("innovation", flat=True))
        awards = [
            award
            for award in _best_awards(round)
            if award.row.proposal.innovation_id not in public
        ]
        copies = _copies(round, awards)
        written = [
            _write(award, copies[award.pk] | {"published_at": published_at})
            for award in awards
        ]
        audit.record(
            "entries.published",
            actor=actor,
            target=round,
            at=at,
            scope=round.competition.government.code,
            changes={"entries": len(written), "published_at": published_at},
        )
    return written


def remove_award(*, award: Award, actor: User, at: datetime) -> None:
    """Take a revoked award off the entry of its innovation."""
    round = award.row.result.round
    with transaction.atomic():
        entry = (
            Entry.objects.select_for_update()
            .filter(
                innovation=award.row.proposal.innovation_id,
                round_slug=round.slug,
                award_name=award.level.name,
            )
            .first()
        )
        if entry is None:
            return
        entry.award_name, entry.award_order = "", Entry.NO_AWARD
        entry.save(update_fields=["award_name", "award_order"])
        audit.record(
            "entry.award_removed",
            actor=actor,
            target=entry,
            at=at,
            scope=round.competition.government.code,
        )


def _best_awards(round: Round) -> list[Award]:
    """Find the highest standing award of each awarded proposal."""
    awards = (
        Award.objects.of_round(round)
        .standing()
        .select_related(
            "level",
            "row__result__round",
            "row__proposal__innovation",
            "row__proposal__institution",
            "row__proposal__category",
        )
        .order_by("-level__order", "pk")
    )
    return list({award.row.proposal_id: award for award in awards}.values())


def _copies(round: Round, awards: Sequence[Award]) -> dict[int, dict[str, Any]]:
    """Copy what the public may read of each award's proposal, by the award's id."""
    proposals = [award.row.proposal for award in awards]
    summaries = _summaries([proposal.pk for proposal in proposals])
    fields = HeaderField.objects.filter(
        form__in={proposal.form_id for proposal in proposals}
    ).order_by("order", "pk")
    by_form: dict[int, list[HeaderField]] = {}
    for field in fields:
        by_form.setdefault(field.form_id, []).append(field)
    copies = {}
    for award in awards:
        proposal = award.row.proposal
        header = [
            HeaderPart(field, proposal.header.get(field.code))
            for field in by_form.get(proposal.form_id, [])
        ]
        category = proposal.category
        copies[award.pk] = {
            "government": round.competition.government,
            "title": award.row.title,
            "summary": summaries[proposal.pk].text,
            "summary_html": summaries[proposal.pk].html,
            "institution_name": award.row.institution_name,
            "institution_short_name": proposal.institution.short_name,
            "category_code": category.code if category else "",
            "category_name": category.name if category else "",
            "year": round.year,
            "round_name": round.name,
            "award_name": award.level.name,
            "award_order": award.level.order,
            "sdgs": headers.sdgs(header),
            "started_date": headers.started_date(header),
        }
    return copies


def _summaries(proposals: Sequence[int]) -> Mapping[int, RichText]:
    """Find each proposal's summary: the section of that code, or the first answered."""
    answers = (
        Answer.objects.filter(proposal__in=proposals)
        .exclude(text="")
        .order_by("-section__order")
        .values_list("proposal", "section__code", "text", "html")
    )
    found = dict.fromkeys(proposals, RichText(""))
    named: dict[int, RichText] = {}
    for proposal, code, text, html in answers:
        found[proposal] = RichText(text, html)
        if code == SUMMARY_SECTION:
            named[proposal] = RichText(text, html)
    return found | named


def _write(award: Award, copy: Mapping[str, Any]) -> Entry:
    innovation = award.row.proposal.innovation
    slug = innovation.slug
    if Entry.objects.filter(slug=slug).exclude(round_slug=_round_slug(award)).exists():
        slug = f"{slug}-{copy['year']}"
    entry, _is_new = Entry.objects.update_or_create(
        innovation=innovation,
        round_slug=_round_slug(award),
        defaults=copy,
        create_defaults={**copy, "slug": slug},
    )
    return entry


def _round_slug(award: Award) -> str:
    return award.row.result.round.slug
