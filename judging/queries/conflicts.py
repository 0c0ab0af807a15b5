"""With whom a juror may yet declare a conflict, and with whom there is one."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Institution
from competitions.models import Round
from judging.models import Conflict, Juror
from judging.queries.sheets import barred_pairs
from submissions.models import Proposal


def institutions_to_name(juror: Juror) -> QuerySet[Institution]:
    """Keep the institutions of the round's government without a conflict, as a tree.

    One that was succeeded stands below its successor, and is meant with it.
    """
    known = Conflict.objects.filter(juror=juror, institution=OuterRef("pk"))
    return Institution.objects.filter(
        ~Exists(known),
        government=juror.round.competition.government_id,
        successor=None,
    ).in_tree_order()


def proposals_to_name(juror: Juror) -> QuerySet[Proposal]:
    """Keep the proposals that the round judges, and no conflict of `juror` covers."""
    judged = list(
        Proposal.objects.filter(
            round=juror.round_id, state=Proposal.State.SCREENED_PASSED
        )
        .select_related("institution")
        .only("institution__government", "institution__path")
    )
    barred = {proposal for _juror, proposal in barred_pairs([juror.pk], judged)}
    free = [each.pk for each in judged if each.pk not in barred]
    return (
        Proposal.objects.filter(pk__in=free)
        .select_related("institution")
        .order_by("title", "pk")
    )


def conflicts_of(juror: Juror) -> list[Conflict]:
    """List the conflicts of `juror`, the first one first."""
    rows = Conflict.objects.filter(juror=juror)
    return list(
        rows.select_related("institution", "proposal", "declared_by").order_by(
            "declared_at", "pk"
        )
    )


def hides_institutions(round: Round) -> bool:
    """Whether jurors of `round` must not learn whose a proposal is."""
    return round.scoringstage_set.filter(is_blind=True).exists()
