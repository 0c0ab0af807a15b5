"""Each seed competition, from its preset to the sealed result and the awards."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from awards import services as awards_services
from awards.models import Award
from competitions import building, definitions
from competitions import queries as competition_queries
from competitions import services as competition_services
from judging import proof, queries, services
from judging.models import Result, ScoreSheet, Verdict
from submissions.models import ProposalState
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
)
from tests.factories.competitions import CompetitionFactory
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ALL_TRUE = Verdict.PASSES


class Season:
    """One round of a preset, and the people who run it."""

    def __init__(self, preset, *, competition=None, year=2026):
        self.competition = competition or CompetitionFactory(
            government=GovernmentFactory()
        )
        self.government = self.competition.government
        self.actor = SecretariatFactory(government=self.government)
        definition = definitions.preset(preset)
        first_day = date(year, 2, 2)
        stages = building.planned_stages(
            definition, first_day, ZoneInfo("Asia/Jakarta")
        )
        before = min(stage.opens_at for stage in stages) - timedelta(days=7)
        self.round = competition_services.create_round(
            competition=self.competition,
            year=year,
            edition=year - 2020,
            name=f"{definition.name} {year}",
            theme="Pelayanan yang dekat",
            organiser="Bagian Organisasi",
            definition=definition,
            stages=stages,
            actor=self.actor,
            at=before,
        )
        self.round = competition_services.open_round(
            round=self.round, actor=self.actor, at=before
        )
        self.parts = competition_queries.round_parts(self.round)
        self.windows = queries.windows_of(self.round)

    def enter(self, kind="opd", track=None, **fields):
        """A proposal of an institution of `kind` that passed the screening."""
        assert self.round.admits(kind)
        fields.setdefault(
            "institution", InstitutionFactory(government=self.government, kind=kind)
        )
        if track:
            fields["track"] = self.round.track_set.get(code=track)
        return ProposalFactory(
            round=self.round, state=ProposalState.SCREENED_PASSED, **fields
        )

    def call_jurors(self, count=3):
        at = min(window.opens_at for window in self.windows.values()) - 2 * HOUR
        for number in range(count):
            juror = services.add_juror(
                round=self.round,
                email=f"juri{number}.{self.round.pk}@contoh.example",
                name=f"Juri {number}",
                background="akademisi",
                actor=self.actor,
                at=at,
            )
            services.accept_panel(juror=juror, actor=juror.user, at=at)

    def judge(self, scores, verdicts=None):
        """Let the jurors judge every stage; `scores` are percent, by proposal."""
        self.call_jurors()
        for parts in self.parts.scoring:
            window = self.windows[parts.stage.calendar_kind]
            services.assign_all(
                scoring_stage=parts.stage, actor=self.actor, at=window.opens_at
            )
            sheets = ScoreSheet.objects.filter(
                assignment__scoring_stage=parts.stage
            ).select_related("assignment__proposal__track", "assignment__juror__user")
            for sheet in sheets.order_by("pk"):
                proposal = sheet.assignment.proposal
                if parts.stage.is_gate:
                    verdict = (verdicts or {}).get(proposal, ALL_TRUE)
                    self.visit(sheet, verdict, window.opens_at + HOUR)
                else:
                    self.score(sheet, parts, scores[proposal], window.opens_at + HOUR)

    def score(self, sheet, parts, percent, at):
        user = sheet.assignment.juror.user
        criteria = parts.criteria_for(sheet.assignment.proposal.track.code)
        span = parts.stage.scale_max - parts.stage.scale_min
        step = parts.stage.scale_step
        value = parts.stage.scale_min + span * Decimal(percent) / 100 // step * step
        sheet = services.save_scores(
            sheet=sheet,
            scores=dict.fromkeys(criteria, value),
            notes=dict.fromkeys(criteria, "Sesuai bukti."),
            base_version=0,
            actor=user,
            at=at,
        )
        services.finalise_sheet(sheet=sheet, base_version=1, actor=user, at=at)

    def visit(self, sheet, verdict, at):
        user = sheet.assignment.juror.user
        sheet = services.save_verdict(
            sheet=sheet,
            verdict=verdict,
            note="Dilihat di tempat.",
            base_version=0,
            actor=user,
            at=at,
        )
        services.finalise_sheet(sheet=sheet, base_version=1, actor=user, at=at)

    def seal(self):
        at = max(window.closes_at for window in self.windows.values()) + HOUR
        services.seal_result(round=self.round, actor=self.actor, at=at)
        result = Result.objects.get(round=self.round)
        assert proof.check_one(result) == []
        awards_services.give_awards(round=self.round, actor=self.actor, at=at)
        self.at = at
        return result

    def awards(self):
        return [
            (award.name, award.row.proposal)
            for award in Award.objects.of_round(self.round).for_list()
        ]


def test_kipp_kota_tegal():
    season = Season("kipp-kota-tegal")
    entries = [season.enter() for _ in range(8)]
    scores = {each: 92 - 3 * place for place, each in enumerate(entries)}

    season.judge(scores, {entries[1]: Verdict.FAILS})
    result = season.seal()

    # 92, 89, 86 … 71: all reach 70. The second is not as described.
    assert season.awards() == [
        ("Juara I", entries[0]),
        ("Juara II", entries[2]),
        ("Juara III", entries[3]),
        ("Harapan I", entries[4]),
        ("Harapan II", entries[5]),
        ("Harapan III", entries[6]),
    ]
    last = result.resultrow_set.get(proposal=entries[1])
    assert (last.rank, last.stopped_at) == (None, "lapangan")
    favourite = awards_services.choose_favourite(
        round=season.round,
        level=season.round.awardlevel_set.get(kind="favourite"),
        row=result.resultrow_set.get(proposal=entries[7]),
        reason="Suara terbanyak pengunjung pameran: 412.",
        actor=season.actor,
        at=season.at,
    )
    assert favourite.row.proposal == entries[7]
    assert favourite.rank is None


def test_kipp_kabupaten_pekalongan():
    season = Season("kipp-kabupaten-pekalongan")
    entries = [season.enter() for _ in range(4)]
    scores = dict(zip(entries, (95, 60, 80, 75), strict=True))

    season.judge(scores)
    result = season.seal()

    # 60 is below the pass mark of the proposals: not heard in the presentation.
    assert season.awards() == [
        ("Juara I", entries[0]),
        ("Juara II", entries[2]),
        ("Juara III", entries[3]),
    ]
    out = result.resultrow_set.get(proposal=entries[1])
    assert (out.rank, out.stopped_at) == (None, "proposal")


def test_kompetisi_opd_dan_bumd_kota_magelang():
    season = Season("kompetisi-inovasi-kota-magelang")
    agencies = [season.enter("opd") for _ in range(4)]
    companies = [season.enter("bumd") for _ in range(2)]
    scores = dict(zip(agencies, (95, 90, 85, 80), strict=True))
    scores |= dict(zip(companies, (70, 75), strict=True))

    season.judge(scores)
    result = season.seal()

    assert season.awards() == [
        ("Juara I, OPD", agencies[0]),
        ("Juara II, OPD", agencies[1]),
        ("Juara III, OPD", agencies[2]),
        ("BUMD terbaik, BUMD", companies[1]),
    ]
    best = result.resultrow_set.get(proposal=companies[1])
    assert (best.rank, best.ranks["cluster"]) == (5, 1)


def test_krenova_kota_magelang_with_a_community_group():
    season = Season("krenova-kota-magelang")
    group = InstitutionFactory(
        government=season.government, kind="komunitas", name="Karang Taruna Tidar"
    )
    first = season.enter("komunitas", "umum", institution=group)
    second = season.enter("komunitas", "umum")
    pupils = season.enter("komunitas", "pelajar")
    assert not season.round.admits("opd")

    season.judge({first: 100, second: 75, pupils: 50})
    result = season.seal()

    assert sorted(season.awards(), key=lambda award: award[0]) == [
        ("Juara I, Masyarakat umum", first),
        ("Juara I, Pelajar dan mahasiswa", pupils),
        ("Juara II, Masyarakat umum", second),
    ]
    # 5 of 5 is 100; 4 of 5 is 80; 3 of 5, the pass mark, is 60.
    totals = result.resultrow_set.order_by("position").values_list("total", flat=True)
    assert list(totals) == [100, 80, 60]


def test_kipp_provinsi_jawa_tengah():
    season = Season("kipp-provinsi-jawa-tengah")
    by_hand = season.round.cluster_set.get(code="kabupaten-kota")
    entries = [
        *[season.enter("opd") for _ in range(6)],
        *[season.enter("bumd") for _ in range(2)],
        *[season.enter("opd", cluster=by_hand) for _ in range(2)],
    ]
    scores = {each: 96 - 2 * place for place, each in enumerate(entries)}

    season.judge(scores)
    result = season.seal()

    # Five of the province's own agencies go on at most.
    kept = [*entries[:5], *entries[6:]]
    assert season.awards() == [
        *[("Top 5", each) for each in kept[:5]],
        *[("Top 20", each) for each in kept[5:]],
    ]
    sixth = result.resultrow_set.get(proposal=entries[5])
    assert (sixth.cluster, sixth.stopped_at) == ("provinsi", "presentasi")
    # Three jurors of three score each proposal.
    stage = season.parts.scoring[0].stage
    sheets = ScoreSheet.objects.filter(assignment__scoring_stage=stage)
    assert sheets.count() == 3 * len(entries)


def test_zona_integritas_kota_pekalongan():
    season = Season("zona-integritas-kota-pekalongan", year=2026)
    service, library, district = (season.enter() for _ in range(3))

    season.judge({service: 95, library: 80, district: 96}, {district: Verdict.FAILS})
    result = season.seal()

    rows = {row.proposal: row for row in result.resultrow_set.all()}
    assert season.awards() == [("Diusulkan WBK", service)]
    # WBBM needs a WBK that is held; 95 points alone do not give it.
    assert rows[service].predicate == "wbk"
    assert rows[service].shortfalls == [
        {"predicate": "wbbm", "component": "", "points": None, "minimum": None}
    ]
    # 80 % of 17.5 is 14 points; WBK asks for 15.75.
    assert rows[library].predicate == ""
    assert rows[library].shortfalls[0] == {
        "predicate": "wbk",
        "component": "survei-antikorupsi",
        "points": "14/1",
        "minimum": "63/4",
    }
    assert (rows[district].predicate, rows[district].stopped_at) == ("wbk", "lapangan")


def test_wbbm_follows_a_wbk_held_since_an_earlier_year():
    first = Season("zona-integritas-kota-pekalongan", year=2025)
    unit = first.enter()
    first.judge({unit: 95})
    first.seal()
    later = Season(
        "zona-integritas-kota-pekalongan", competition=first.competition, year=2026
    )
    again = later.enter(institution=unit.institution)

    later.judge({again: 95})
    later.seal()

    assert later.awards() == [("Diusulkan WBBM", again)]
