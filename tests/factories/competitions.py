"""Rounds and their parts, minimal and valid."""

from datetime import datetime, timedelta

import factory
from django.utils import timezone

from competitions import models
from competitions.definitions import ReminderDefinition, usual_reminders
from tests.factories.accounts import GovernmentFactory

DAY = timedelta(days=1)
# Kind, first day, day of closing; day 0 is the opening of submission.
CALENDAR = [
    ("kickoff", -3, -2),
    ("submission", 0, 28),
    ("screening", 28, 35),
    ("scoring", 35, 49),
    ("plenary", 49, 50),
    ("announcement", 51, 52),
    ("ceremony", 60, 61),
]


class CompetitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Competition

    government = factory.SubFactory(GovernmentFactory)
    name = factory.Sequence("Kompetisi Inovasi Pelayanan Publik {}".format)
    short_name = factory.Sequence("KIPP {}".format)
    slug = factory.Sequence("kipp-{}".format)


class RoundFactory(factory.django.DjangoModelFactory):
    """An opened round whose calendar stands around now, in its stage `phase`.

    A round whose `phase` is empty has no calendar; `opened_at=None` makes one in
    preparation; `phase__at` places the calendar around another moment.
    """

    class Meta:
        model = models.Round
        skip_postgeneration_save = True

    class Params:
        government = None

    competition = factory.Maybe(
        "government",
        factory.SubFactory(
            CompetitionFactory, government=factory.SelfAttribute("..government")
        ),
        factory.SubFactory(CompetitionFactory),
    )
    slug = factory.Sequence("putaran-{}".format)
    name = factory.Sequence("KIPP putaran {}".format)
    year = factory.Sequence(lambda n: 2015 + n % 80)
    edition = factory.Sequence(lambda n: 1 + n % 80)
    theme = "Pelayanan prima"
    organiser = "Bagian Organisasi"
    created_at = factory.LazyFunction(timezone.now)
    opened_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def phase(self, create, phase, at=None, **extra):
        if create and phase != "":
            add_calendar(self, phase=phase or "submission", at=at)


class StageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Stage
        skip_postgeneration_save = True

    round = factory.SubFactory(RoundFactory, phase="")
    kind = models.Stage.Kind.SUBMISSION
    order = factory.LazyAttribute(lambda o: models.Stage.Kind(o.kind).position)
    name = "Pengajuan proposal"
    opens_at = factory.LazyFunction(lambda: timezone.now() - 10 * DAY)
    closes_at = factory.LazyFunction(lambda: timezone.now() + 10 * DAY)

    @factory.post_generation
    def plan(self, create, hours, **kwargs):
        """Its reminders, by default the usual ones of its kind."""
        wanted = usual_reminders(self.kind)
        if hours is not None:
            wanted = [ReminderDefinition.of(each) for each in hours]
        add_reminders(self, wanted)


def add_reminders(stage, reminders) -> None:
    """Give a saved `stage` a plan that stood long before it opened."""
    models.ReminderPlan.objects.bulk_create(
        models.ReminderPlan(
            stage=stage,
            created_at=stage.opens_at - 100 * DAY,
            **each.named(stage.kind).values(),
        )
        for each in reminders
    )


class ReminderPlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ReminderPlan

    stage = factory.SubFactory(StageFactory)
    hours = 48
    created_at = factory.LazyAttribute(lambda o: o.stage.opens_at - 100 * DAY)


class TrackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Track

    round = factory.SubFactory(RoundFactory)
    code = factory.Sequence("kelompok-{}".format)
    name = factory.Sequence("Kelompok {}".format)
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Category

    round = factory.SubFactory(RoundFactory)
    code = factory.Sequence("kategori-{}".format)
    name = factory.Sequence("Kategori {}".format)
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class ClusterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Cluster

    round = factory.SubFactory(RoundFactory)
    code = factory.Sequence("klaster-{}".format)
    name = factory.Sequence("Klaster {}".format)
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class FormTemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.FormTemplate

    round = factory.SubFactory(RoundFactory)
    version = 1
    name = "Formulir proposal"
    statement = "Data dalam proposal ini benar dan dapat dipertanggungjawabkan."


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Section

    form = factory.SubFactory(FormTemplateFactory)
    code = factory.Sequence("bagian-{}".format)
    title = factory.Sequence("Bagian {}".format)
    question = "Apa yang berubah setelah inovasi berjalan?"
    word_limit = 200
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class HeaderFieldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.HeaderField

    form = factory.SubFactory(FormTemplateFactory)
    code = factory.Sequence("isian-{}".format)
    kind = models.HeaderField.Kind.TEXT
    label = factory.Sequence("Isian {}".format)
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class LetterKindFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.LetterKind

    form = factory.SubFactory(FormTemplateFactory)
    code = factory.Sequence("surat-{}".format)
    title = factory.Sequence("Surat pernyataan {}".format)
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Consent

    form = factory.SubFactory(FormTemplateFactory)
    code = factory.Sequence("pernyataan-{}".format)
    text = factory.Sequence("Pernyataan {}".format)
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class RequirementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Requirement

    round = factory.SubFactory(RoundFactory)
    code = factory.Sequence("syarat-{}".format)
    title = factory.Sequence("Syarat {}".format)
    advice = "Lengkapi bagian yang masih kosong."
    rule = models.Requirement.Rule.SECTIONS_COMPLETE
    reason_code = "ISIAN_TIDAK_LENGKAP"
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class ScoringStageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ScoringStage

    round = factory.SubFactory(RoundFactory)
    code = factory.Sequence("penilaian-{}".format)
    name = "Penilaian proposal"
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Criterion

    scoring_stage = factory.SubFactory(ScoringStageFactory)
    code = factory.Sequence("kriteria-{}".format)
    name = factory.Sequence("Kriteria {}".format)
    weight = 100
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class ShortlistFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Shortlist

    scoring_stage = factory.SubFactory(ScoringStageFactory)
    per = models.Grouping.TRACK
    size = 10
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class PredicateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Predicate

    scoring_stage = factory.SubFactory(
        ScoringStageFactory, kind=models.ScoringStage.Kind.ASSESSMENT
    )
    code = factory.Sequence("predikat-{}".format)
    name = factory.Sequence("Predikat {}".format)
    order = factory.Sequence(lambda n: 1 + n % 30_000)


class AwardLevelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.AwardLevel

    round = factory.SubFactory(RoundFactory)
    code = factory.Sequence("juara-{}".format)
    name = factory.Sequence("Juara {}".format)
    rank_from = factory.Sequence(lambda n: 1 + n % 30_000)
    rank_to = factory.SelfAttribute("rank_from")
    order = factory.SelfAttribute("rank_from")


class AnnouncementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Announcement

    round = factory.SubFactory(RoundFactory)
    slug = factory.Sequence("pengumuman-{}".format)
    number = factory.Sequence("B/{}/000.8.3.4/2022".format)
    issued_date = factory.LazyFunction(timezone.localdate)
    title = factory.Sequence("Pengumuman {}".format)
    body = "Pengajuan proposal dibuka."
    publish_at = factory.LazyFunction(timezone.now)


def add_calendar(
    round: models.Round, *, phase: str = "submission", at: datetime | None = None
) -> None:
    """Give `round` every stage of `CALENDAR`, placed so that `phase` is half over.

    A phase "before" or "after" puts the whole calendar into the future or the past.
    """
    at = at or timezone.now()
    spans = {kind: (first, last) for kind, first, last in CALENDAR}
    spans |= {"before": (-40, -20), "after": (80, 100)}
    first, last = spans[phase]
    origin = at - DAY * (first + last) / 2
    names = dict(models.Stage.Kind.choices)
    stages = models.Stage.objects.bulk_create(
        models.Stage(
            round=round,
            kind=kind,
            order=models.Stage.Kind(kind).position,
            name=str(names[kind]),
            opens_at=origin + DAY * opens,
            closes_at=origin + DAY * closes,
        )
        for kind, opens, closes in CALENDAR
    )
    for stage in stages:
        if wanted := usual_reminders(stage.kind):
            add_reminders(stage, wanted)


def small_round(*, phase: str = "submission", **fields) -> models.Round:
    """Build a round that has a little of everything and passes every check.

    Two tracks (umum, replikasi), two categories, a form with one field of every
    kind, sections ringkasan (not scored), kebaruan and signifikansi, one letter, the
    requirements, one scoring stage of two criteria (40 and 60), Juara I to III.
    """
    at = fields.pop("at", None)
    round = RoundFactory(phase="", **fields)
    add_calendar(round, phase=phase, at=at)
    for order, code in enumerate(["umum", "replikasi"], start=1):
        TrackFactory(round=round, code=code, name=code.capitalize(), order=order)
    for order, code in enumerate(["kesehatan", "pendidikan"], start=1):
        CategoryFactory(round=round, code=code, name=code.capitalize(), order=order)
    form = FormTemplateFactory(round=round)
    for order, (code, kind, label) in enumerate(
        [
            ("tanggal-mulai", "date", "Tanggal mulai implementasi"),
            ("sdgs", "sdgs", "Tujuan pembangunan berkelanjutan"),
            ("video", "link", "Tautan video"),
            ("aplikasi", "yes_no", "Berkaitan dengan aplikasi?"),
        ],
        start=1,
    ):
        HeaderFieldFactory(form=form, code=code, kind=kind, label=label, order=order)
    sections = [
        SectionFactory(
            form=form, code=code, title=code.capitalize(), word_limit=limit, order=order
        )
        for order, (code, limit) in enumerate(
            [("ringkasan", 200), ("kebaruan", 200), ("signifikansi", 600)], start=1
        )
    ]
    LetterKindFactory(
        form=form, code="implementasi", title="Surat pernyataan implementasi", order=1
    )
    _small_requirements(round)
    _small_scoring(round, sections)
    for rank, name in enumerate(["Juara I", "Juara II", "Juara III"], start=1):
        AwardLevelFactory(
            round=round,
            code=f"juara-{rank}",
            name=name,
            rank_from=rank,
            rank_to=rank,
            order=rank,
        )
    return round


def _small_requirements(round: models.Round) -> None:
    rules = models.Requirement.Rule
    for order, (code, rule, params, reason) in enumerate(
        [
            ("umur", rules.MINIMUM_AGE, {"months": 12}, "UMUR_KURANG"),
            ("isian", rules.SECTIONS_COMPLETE, {}, "ISIAN_TIDAK_LENGKAP"),
            ("surat", rules.LETTERS, {}, "DOKUMEN_TIDAK_LENGKAP"),
            ("kuota", rules.QUOTA, {"maximum": 3}, "MELEBIHI_KUOTA"),
        ],
        start=1,
    ):
        RequirementFactory(
            round=round,
            code=code,
            title=code.capitalize(),
            rule=rule,
            params=params,
            reason_code=reason,
            order=order,
        )


def _small_scoring(round: models.Round, sections: list[models.Section]) -> None:
    stage = ScoringStageFactory(round=round, code="proposal", order=1)
    for order, (section, weight, tie_break) in enumerate(
        [(sections[1], 40, 2), (sections[2], 60, 1)], start=1
    ):
        criterion = CriterionFactory(
            scoring_stage=stage,
            code=section.code,
            name=section.title,
            weight=weight,
            tie_break=tie_break,
            order=order,
        )
        criterion.sections.add(section)
