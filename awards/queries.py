"""Reads of awards that span models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.models import Government, Institution, Signatory, User
from awards import announcing, certificates, feedback_letters
from awards.models import (
    AcceptedGovernment,
    Award,
    CertificateDesign,
    Decree,
    DecreeScan,
    DecreeText,
    FeedbackNote,
    FeedbackPlan,
    Forwarding,
)
from awards.phrases import CertificateKind
from competitions.models import (
    AwardLevel,
    Category,
    Cluster,
    Grouping,
    Round,
    Stage,
    Track,
)
from documents.models import Batch, IssuedDocument
from judging import minutes
from judging import queries as judging_queries
from judging.models import Result, ResultRow, Score, ScoreSheet
from submissions.models import Proposal


def result_to_award(round: Round) -> Result | None:
    """Find the sealed result that the awards of `round` follow from."""
    return judging_queries.sealed_result(round)


def levels_of(round: Round) -> list[AwardLevel]:
    """List the award scheme of `round`, the highest first."""
    return list(
        round.awardlevel_set.select_related("predicate").order_by(
            "order", "rank_from", "pk"
        )
    )


def group_names(
    round: Round, levels: Iterable[AwardLevel]
) -> dict[tuple[str, str], str]:
    """Name the groups that `levels` are given in, by grouping and code."""
    models: dict[str, type[Track | Category | Cluster]] = {
        Grouping.TRACK: Track,
        Grouping.CATEGORY: Category,
        Grouping.CLUSTER: Cluster,
    }
    return {
        (per, code): name
        for per in {level.per for level in levels} & models.keys()
        for code, name in models[per]
        .objects.filter(round=round)
        .values_list("code", "name")
    }


def decree_of(round: Round) -> Decree | None:
    return Decree.objects.filter(round=round).first()


def scan_of(decree: Decree) -> DecreeScan | None:
    """Find the signed paper of `decree`."""
    return DecreeScan.objects.filter(decree=decree).first()


def minutes_of(round: Round) -> IssuedDocument | None:
    """Find the valid minutes of the result that stands."""
    result = result_to_award(round)
    if result is None:
        return None
    return IssuedDocument.objects.filter(
        kind=minutes.KIND,
        subject_key=minutes.subject_key(result),
        state=IssuedDocument.State.ISSUED,
    ).first()


def decree_text_of(round: Round) -> DecreeText | None:
    """Find how the decree of `round` is worded, if anybody has worded it."""
    return DecreeText.objects.filter(round=round).first()


def earlier_decree_text(round: Round) -> DecreeText | None:
    """Find how the government of `round` worded its last decree."""
    texts = DecreeText.objects.filter(
        round__competition__government=round.competition.government_id
    )
    return texts.exclude(round=round).order_by("-edited_at", "-pk").first()


def announcement_of(round: Round) -> IssuedDocument | None:
    """Find the valid announcement of the winners of `round`."""
    return IssuedDocument.objects.filter(
        kind=announcing.KIND,
        subject_key=announcing.subject_key(round),
        state=IssuedDocument.State.ISSUED,
    ).first()


def entry_counts(round: Round) -> dict[str, int]:
    """Count the proposals that stand in `round`, and their institutions."""
    return (
        Proposal.objects.entered()
        .filter(round=round)
        .aggregate(
            proposals=Count("pk"), institutions=Count("institution", distinct=True)
        )
    )


def signatory_of(round: Round) -> Signatory | None:
    """Find who signs for the government of `round` unless another is named."""
    return Signatory.objects.filter(
        government=round.competition.government_id, is_default=True
    ).first()


def certificates_of(awards: Iterable[Award]) -> dict[str, IssuedDocument]:
    """Find the latest certificate of each award, by the award's subject key."""
    keys = [award.subject_key for award in awards]
    papers = IssuedDocument.objects.filter(
        kind=certificates.KIND, subject_key__in=keys
    ).defer("values")
    return {paper.subject_key: paper for paper in papers.order_by("version")}


def designs_of(
    government: Government, kinds: Iterable[str]
) -> dict[str, CertificateDesign]:
    """Find how certificates of `kinds` look, with who signs; else as built in."""
    found = CertificateDesign.objects.filter(
        government=government, kind__in=list(kinds)
    ).prefetch_related("signers__signatory")
    own = {design.kind: design for design in found}
    return {
        kind: own.get(kind) or CertificateDesign(government=government, kind=kind)
        for kind in kinds
    }


def design_of(government: Government, kind: str) -> CertificateDesign:
    """Find how certificates of `kind` look; the built-in design, if not chosen."""
    return designs_of(government, [kind])[kind]


def last_batch(round: Round, kind: str = certificates.KIND) -> Batch | None:
    """Find the batch in which certificates of `round` were last ordered."""
    return last_batches(round, [kind]).get(kind)


def last_batches(round: Round, kinds: Iterable[str]) -> dict[str, Batch]:
    """Find for each of `kinds` the batch in which they were last ordered."""
    keys = {batch_key(round, kind): kind for kind in kinds}
    found = Batch.objects.filter(subject_key__in=keys).order_by("created_at", "pk")
    return {keys[batch.subject_key]: batch for batch in found}


def batch_key(round: Round, kind: str = certificates.KIND) -> str:
    return f"round:{round.pk}:certificates:{kind}"


def awards_to_announce(at: datetime) -> list[int]:
    """List the ids of public awards whose rendered certificate nobody was told of."""
    waiting = (
        Award.objects.standing()
        .published_at(at)
        .filter(announced_at=None)
        .order_by("pk")
    )
    keys = {award.subject_key: award.pk for award in waiting}
    ready = IssuedDocument.objects.filter(
        kind=certificates.KIND,
        subject_key__in=keys,
        state=IssuedDocument.State.ISSUED,
        rendered_at__isnull=False,
    )
    return [keys[key] for key in ready.values_list("subject_key", flat=True)]


# Feedback to authors ------------------------------------------------------------------


def plan_of(round: Round) -> FeedbackPlan:
    """Find what the authors of `round` are told; as it is by itself, if not chosen."""
    return FeedbackPlan.objects.filter(round=round).first() or FeedbackPlan(round=round)


def judged_rows(result: Result) -> QuerySet[ResultRow]:
    """Keep the rows of `result` that somebody judged, and that still take part."""
    return result.resultrow_set.filter(
        sheet_count__gt=0, proposal__state=Proposal.State.SCREENED_PASSED
    )


def awarded_rows(round: Round) -> set[int]:
    """Find the ids of the rows of `round` that hold an award."""
    awards = Award.objects.of_round(round).standing()
    return set(awards.values_list("row", flat=True))


def notes_on(proposal: Proposal) -> list[tuple[Score, FeedbackNote | None]]:
    """Load what jurors wrote on `proposal` in sheets that count, with the decisions."""
    scores = (
        _notes(proposal.round)
        .filter(sheet__assignment__proposal=proposal)
        .select_related("feedbacknote")
    )
    return [(each, getattr(each, "feedbacknote", None)) for each in scores]


def note_counts(round: Round) -> dict[int, tuple[int, int]]:
    """Count the notes of each proposal, and those edited or withheld, by its id."""
    changed = Q(feedbacknote__choice__in=["edited", "withheld"])
    rows = (
        _notes(round)
        .values_list("sheet__assignment__proposal")
        .annotate(notes=Count("pk"), changed=Count("pk", filter=changed))
        .order_by()
    )
    return {proposal: (notes, changed) for proposal, notes, changed in rows}


def _notes(round: Round) -> QuerySet[Score]:
    sheets = ScoreSheet.objects.open().final().filter(assignment__juror__round=round)
    return Score.objects.filter(
        sheet__in=sheets.values("pk"), note__regex=r"\S"
    ).order_by("criterion__scoring_stage__order", "criterion__order", "pk")


def readable_feedback(user: User, at: datetime) -> QuerySet[ResultRow]:
    """Keep the rows whose authors `user` is one of, and that may be read at `at`.

    The feedback is released, the winners are public, and the proposal was judged.
    """
    return ResultRow.objects.filter(
        result__in=Result.objects.standing(),
        sheet_count__gt=0,
        proposal__in=Proposal.objects.of_institutions_of(user).filter(
            state=Proposal.State.SCREENED_PASSED
        ),
        result__round__feedbackplan__released_at__isnull=False,
        result__round__decree__publish_at__lte=at,
    )


def letters_of(proposals: Iterable[int]) -> dict[int, IssuedDocument]:
    """Find the valid feedback letters of proposals, by the proposal's id."""
    keys = {feedback_letters.subject_key(pk): pk for pk in proposals}
    papers = IssuedDocument.objects.filter(
        kind=feedback_letters.KIND,
        subject_key__in=keys,
        state=IssuedDocument.State.ISSUED,
    ).defer("values")
    return {keys[each.subject_key]: each for each in papers}


def plans_to_announce(at: datetime) -> list[int]:
    """List the ids of released plans whose authors were not all told yet."""
    plans = FeedbackPlan.objects.filter(
        released_at__isnull=False, announced_at=None, round__decree__publish_at__lte=at
    )
    return list(plans.order_by("pk").values_list("pk", flat=True))


def papers_of_taking_part(proposal: Proposal) -> list[IssuedDocument]:
    """List the valid certificates of `proposal` as finalist and as participant."""
    return list(
        IssuedDocument.objects.filter(
            kind__in=[CertificateKind.FINALIST, CertificateKind.PARTICIPANT],
            subject_key=certificates.subject_key(
                CertificateKind.PARTICIPANT, proposal.pk
            ),
            state=IssuedDocument.State.ISSUED,
        )
        .select_related("government")
        .order_by("pk")
    )


# Winners sent on ----------------------------------------------------------------------


def open_forwardings_of(award: Award) -> list[Forwarding]:
    """List where `award` is being sent on to."""
    return list(Forwarding.objects.open().filter(award=award).for_list())


def forwardings_to_answer(user: User) -> QuerySet[Forwarding]:
    """Keep those that `user`, as head or admin of the institution, may answer."""
    return (
        Forwarding.objects.filter(
            state=Forwarding.State.ASKED,
            award__row__proposal__institution__in=Institution.objects.administered_by(
                user
            ),
        )
        .select_related("award__row", "round")
        .order_by("asked_at", "pk")
    )


@dataclass(frozen=True)
class Afterwards:
    """What was done once the winners were public."""

    is_feedback_released: bool
    sent_on: int
    unanswered: int


def afterwards(round: Round) -> Afterwards:
    """Find whether feedback was released, and count the winners sent on."""
    released = FeedbackPlan.objects.filter(round=round, released_at__isnull=False)
    found = Forwarding.objects.outgoing(round).aggregate(
        sent_on=Count("pk", filter=Q(state=Forwarding.State.AGREED)),
        unanswered=Count("pk", filter=Q(state=Forwarding.State.ASKED)),
    )
    return Afterwards(released.exists(), found["sent_on"], found["unanswered"])


def closing_of(round: Round, at: datetime) -> datetime | None:
    """When `round` takes no more proposals; None once that is past, or without end."""
    stage = round.stage_set.filter(kind=Stage.Kind.SUBMISSION, closes_at__gt=at).first()
    return stage.closes_at if stage else None


def rounds_taking(government: Government, at: datetime) -> list[Round]:
    """List the rounds that take winners of `government` and are not closed yet."""
    accepting = AcceptedGovernment.objects.filter(government=government)
    rounds = Round.objects.published().filter(
        pk__in=accepting.values("round"),
        stage__kind=Stage.Kind.SUBMISSION,
        stage__closes_at__gt=at,
    )
    return list(rounds.for_list())


def accepted_by(round: Round) -> list[Government]:
    """List the governments whose winners `round` takes."""
    return list(
        Government.objects.filter(acceptedgovernment__round=round).order_by(
            "short_name", "pk"
        )
    )


def results_there(
    forwardings: Iterable[Forwarding], at: datetime
) -> dict[int, list[Award]]:
    """Find what forwarded proposals have won where they went, public at `at`."""
    proposals = [each.proposal_id for each in forwardings if each.proposal_id]
    found: dict[int, list[Award]] = {}
    awards = Award.objects.standing().published_at(at).for_list()
    for award in awards.filter(row__proposal__in=proposals):
        found.setdefault(award.row.proposal_id, []).append(award)
    return found
