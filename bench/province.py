"""A province's worth of data: 60 institutions, 1,000 proposals, 5 jurors."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import product

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.models import Government, Institution, Membership, User
from competitions import services as competitions_services
from competitions.building import StageData
from competitions.definitions import preset
from competitions.models import Competition, FormTemplate, Round, Stage
from innovations.models import Innovation
from judging import services as judging_services
from judging.models import Juror, Score, ScoreSheet
from submissions.models import Answer, Proposal, ProposalState
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    SignatoryFactory,
    UserFactory,
)
from tests.factories.competitions import CompetitionFactory
from tests.factories.judging import JurorFactory

INSTITUTIONS, PROPOSALS, JURORS = 60, 1_000, 5
SECTIONS, CRITERIA, CATEGORIES = 40, 25, 12
DAY = timedelta(days=1)
SYLLABLES = [first + last for first in "bcdgjklmnprstw" for last in "aiu"]
# Few words are common and most are rare, as in any language.
WORDS = ["".join(parts) for parts in product(SYLLABLES, repeat=3)][::20]
COMMON = [1 / (rank + 5) for rank in range(len(WORDS))]


@dataclass(frozen=True)
class Province:
    """Who is there, and the two rounds: one taking proposals, one scored."""

    government: Government
    secretary: User
    author: User
    juror: User
    running: Round
    scored: Round
    prepared: Round
    draft: Proposal
    submitted: Proposal


def build_province() -> Province:
    """Build it in the database at hand; texts and scores are the same every time."""
    chance = random.Random(2022)
    government = GovernmentFactory(
        kind=Government.Kind.PROVINCE,
        code="33",
        slug="provinsi",
        short_name="Provinsi Contoh",
    )
    SignatoryFactory(government=government)
    secretary = SecretariatFactory(government=government, email="s@provinsi.example")
    bodies = InstitutionFactory.create_batch(INSTITUTIONS, government=government)
    author = UserFactory(email="penulis@provinsi.example")
    MembershipFactory(user=author, role=Membership.Role.AUTHOR, institution=bodies[0])
    competition = CompetitionFactory(government=government, slug="kipp-provinsi")
    running = make_round(competition, secretary, year=2023, edition=2, days_in=-10)
    scored = make_round(competition, secretary, year=2022, edition=1, days_in=-110)
    entries = _proposals(running, bodies, author, chance)
    passed = _proposals(scored, bodies, author, chance)
    jurors = _scores(scored, passed, secretary, chance)
    return Province(
        government=government,
        secretary=secretary,
        author=author,
        juror=jurors[0].user,
        running=running,
        scored=scored,
        prepared=_prepared(competition, secretary),
        draft=entries[0],
        submitted=next(each for each in entries if each.is_submitted),
    )


def make_round(
    competition: Competition, actor: User, *, year: int, edition: int, days_in: int
) -> Round:
    """A round by the national form whose submission opened `-days_in` days ago."""
    start = timezone.now() + timedelta(days=days_in)
    calendar = [
        (Stage.Kind.SUBMISSION, 0, 60),
        (Stage.Kind.SCREENING, 60, 75),
        (Stage.Kind.SCORING, 75, 100),
        (Stage.Kind.PLENARY, 112, 114),
        (Stage.Kind.ANNOUNCEMENT, 120, 121),
    ]
    round = competitions_services.create_round(
        competition=competition,
        year=year,
        edition=edition,
        name=f"KIPP Provinsi Contoh {year}",
        theme="Pelayanan prima",
        organiser="Biro Organisasi",
        definition=preset("national-2023"),
        actor=actor,
        at=timezone.now(),
        stages=[
            StageData(
                kind=kind,
                name=str(kind.label),
                opens_at=start + first * DAY,
                closes_at=start + last * DAY,
            )
            for kind, first, last in calendar
        ],
    )
    # Opened when it began: the service would open it only before.
    round.opened_at = start - DAY
    round.save(update_fields=["opened_at"])
    return round


def _prepared(competition: Competition, actor: User) -> Round:
    """A round that is being set up: as large as its pages must still hold."""
    rules = preset("national-2023")
    sections = tuple(
        replace(rules.form.sections[number % 12], code=f"bagian-{number}")
        for number in range(SECTIONS)
    )
    (stage,) = rules.scoring
    criteria = tuple(
        replace(
            stage.criteria[number % 7],
            code=f"kriteria-{number}",
            weight=Decimal(100) / CRITERIA,
            sections=tuple(
                f"bagian-{each}" for each in range(number, SECTIONS, CRITERIA)
            ),
        )
        for number in range(CRITERIA)
    )
    categories = tuple(
        replace(rules.categories[number % 11], code=f"kategori-{number}")
        for number in range(CATEGORIES)
    )
    return competitions_services.create_round(
        competition=competition,
        year=2024,
        edition=3,
        name="KIPP Provinsi Contoh 2024",
        theme="Pelayanan prima",
        organiser="Biro Organisasi",
        definition=replace(
            rules,
            categories=categories,
            form=replace(rules.form, sections=sections),
            scoring=(replace(stage, criteria=criteria),),
            tie_break=(),
        ),
        actor=actor,
        at=timezone.now(),
    )


def _proposals(
    round: Round, bodies: Sequence[Institution], author: User, chance: random.Random
) -> list[Proposal]:
    """1,000 proposals with full answers; of a running round half are still drafts."""
    at = timezone.now() - DAY
    form = FormTemplate.objects.get(round=round)
    track = round.track_set.get(code="umum")
    categories = list(round.category_set.order_by("order"))
    is_over = round.stage_set.get(kind=Stage.Kind.SUBMISSION).is_over(at)
    innovations = Innovation.objects.bulk_create(
        Innovation(
            institution=bodies[number % len(bodies)],
            title=f"Inovasi {number} {text_of(chance, 3)}",
            slug=f"inovasi-{round.year}-{number}",
            created_at=at,
        )
        for number in range(PROPOSALS)
    )
    proposals = Proposal.objects.bulk_create(
        (
            Proposal(
                round=round,
                innovation=innovation,
                institution=innovation.institution,
                form=form,
                track=track,
                category=categories[number % len(categories)],
                code=f"KIPP-{round.year}-{number:05}",
                title=innovation.title,
                created_by=author,
                created_at=at,
                last_saved_at=at,
                header={"mulai-implementasi": "2020-03-02", "sdgs": [3, 16]},
            )
            for number, innovation in enumerate(innovations)
        ),
        batch_size=500,
    )
    if not is_over:  # the texts of the other round are read by none of the pages
        _answers(proposals, form, author, chance)
    drafts = Proposal.objects.filter(round=round)
    if not is_over:
        drafts = drafts.filter(pk__in=[each.pk for each in proposals[1::2]])
    _submit(drafts.filter(state=ProposalState.DRAFT), author)
    if is_over:
        Proposal.objects.filter(round=round).update(state=ProposalState.SCREENED_PASSED)
    return list(Proposal.objects.filter(round=round).order_by("pk"))


def _answers(
    proposals: Sequence[Proposal],
    form: FormTemplate,
    author: User,
    chance: random.Random,
) -> None:
    """Fill every section of the general track up to its limit."""
    sections = list(form.section_set.filter(tracks=[]).order_by("order"))
    Answer.objects.bulk_create(
        (
            Answer(
                proposal=proposal,
                section=section,
                text=text_of(chance, section.word_limit or 200),
                version=1,
                saved_by=author,
                saved_at=proposal.created_at,
            )
            for proposal in proposals
            for section in sections
        ),
        batch_size=500,
    )


def _submit(drafts: QuerySet[Proposal], author: User) -> None:
    """Move `drafts` on to submitted, by the way the database knows."""
    chosen = Proposal.objects.filter(pk__in=list(drafts.values_list("pk", flat=True)))
    chosen.update(state=ProposalState.ENDORSING)
    chosen.update(
        state=ProposalState.SUBMITTED,
        submitted_at=timezone.now() - DAY,
        submitted_by=author,
        receipt_number=Concat(Value("TT-"), F("code")),
        digest=Value(sha256(b"").hexdigest()),
    )


def _scores(
    round: Round, proposals: Sequence[Proposal], actor: User, chance: random.Random
) -> list[Juror]:
    """Five jurors, each with a final sheet for each of `proposals`."""
    at = timezone.now() - 5 * DAY
    jurors = JurorFactory.create_batch(JURORS, round=round)
    stage = round.scoringstage_set.get()
    judging_services.assign_all(scoring_stage=stage, actor=actor, at=at)
    criteria = list(stage.criterion_set.order_by("order"))
    sheets = ScoreSheet.objects.filter(assignment__scoring_stage=stage)
    Score.objects.bulk_create(
        (
            Score(
                sheet=sheet,
                criterion=criterion,
                value=Decimal(chance.randint(120, 190)) / 2,
                note="Data sebelum dan sesudah jelas.",
            )
            for sheet in sheets.order_by("pk")
            for criterion in criteria
        ),
        batch_size=5_000,
    )
    sheets.update(state=ScoreSheet.State.FINAL, saved_at=at, finalised_at=at, version=1)
    return jurors


def text_of(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, COMMON, k=words)).capitalize()
