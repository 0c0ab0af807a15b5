"""Every contradiction is named with its step and its row: one edit for each."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from competitions import checks, definitions, queries, services
from competitions.checks import Step
from competitions.definitions import (
    AwardDefinition,
    ConsentDefinition,
    CriterionDefinition,
    HeaderFieldDefinition,
    MinimumDefinition,
    RequirementDefinition,
    ShortlistDefinition,
)
from competitions.models import Round
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 1, 5, 9, tzinfo=WIB)
CITY = "kipp-kota-tegal"
OPD = "kompetisi-inovasi-kota-magelang"
ZONE = "zona-integritas-kota-pekalongan"
CITIZENS = "krenova-kota-magelang"


def at(parts, code, **changes):
    """The same parts, one of them changed."""
    assert code in [each.code for each in parts]
    return tuple(
        replace(each, **changes) if each.code == code else each for each in parts
    )


def form(**lists):
    def edit(d):
        return replace(d, form=replace(d.form, **{k: v(d) for k, v in lists.items()}))

    return edit


def field(code, **changes):
    return form(header=lambda d: at(d.form.header, code, **changes))


def section(code, **changes):
    return form(sections=lambda d: at(d.form.sections, code, **changes))


def letter(code, **changes):
    return form(letters=lambda d: at(d.form.letters, code, **changes))


def requirement(code, **changes):
    return lambda d: replace(d, requirements=at(d.requirements, code, **changes))


def asked(rule, **params):
    made = RequirementDefinition(
        code="baru",
        title="Syarat baru",
        advice="Lengkapi.",
        rule=rule,
        params=params,
        reason_code="ISIAN_TIDAK_LENGKAP",
    )
    return lambda d: replace(d, requirements=(*d.requirements, made))


def scoring(code, **changes):
    return lambda d: replace(d, scoring=at(d.scoring, code, **changes))


def criterion(stage, code, **changes):
    def walk(criteria):
        return tuple(
            replace(each, **changes)
            if each.code == code
            else replace(each, criteria=walk(each.criteria))
            for each in criteria
        )

    def edit(d):
        found = next(each for each in d.scoring if each.code == stage)
        return replace(d, scoring=at(d.scoring, stage, criteria=walk(found.criteria)))

    return edit


def predicate(code, **changes):
    def edit(d):
        first = d.scoring[0]
        kept = at(first.predicates, code, **changes)
        return replace(d, scoring=at(d.scoring, first.code, predicates=kept))

    return edit


def award(code, **changes):
    return lambda d: replace(d, awards=at(d.awards, code, **changes))


def drop(name, *codes):
    """Take parts out of a list; without codes all of them."""

    def edit(d):
        kept = tuple(e for e in getattr(d, name) if codes and e.code not in codes)
        return replace(d, **{name: kept})

    return edit


def both(*edits):
    def edit(d):
        for each in edits:
            d = each(d)
        return d

    return edit


TABLE = [
    # base data, tracks, clusters
    (CITY, drop("categories"), Step.TRACKS, "", "There is no category."),
    (
        CITY,
        lambda d: replace(
            d, tracks=tuple(replace(each, is_by_invitation=True) for each in d.tracks)
        ),
        Step.TRACKS,
        "",
        "Every track is by invitation only",
    ),
    (
        OPD,
        lambda d: replace(
            d, clusters=at(d.clusters, "bumd", institution_kinds=("bumd", "opd"))
        ),
        Step.TRACKS,
        "cluster-bumd",
        "OPD belongs to two clusters: OPD and BUMD.",
    ),
    (
        OPD,
        lambda d: replace(d, institution_kinds=(*d.institution_kinds, "sekolah")),
        Step.TRACKS,
        "cluster-opd",
        "No cluster is for School.",
    ),
    # calendar
    (
        CITY,
        scoring("presentasi", calendar_kind="scoring"),
        None,
        "",
        "",
    ),
    (
        CITY,
        lambda d: replace(d, scoring=tuple(reversed(d.scoring))),
        Step.CALENDAR,
        "stage-presentation",
        "Presentasi dan wawancara is scored after Verifikasi lapangan",
    ),
    # form
    (
        CITY,
        form(sections=lambda d: ()),
        Step.FORM,
        "",
        "The proposal form has no section.",
    ),
    (
        CITY,
        section("keberlanjutan", tracks=("khusus",)),
        Step.FORM,
        "section-keberlanjutan",
        "is for the track khusus, which does not exist",
    ),
    (
        CITY,
        section("signifikansi", evidence_max_files=0),
        Step.FORM,
        "section-signifikansi",
        "The section Signifikansi asks for evidence, but takes none.",
    ),
    (
        CITY,
        section("signifikansi", evidence_types=()),
        Step.FORM,
        "section-signifikansi",
        "asks for evidence, but takes none.",
    ),
    (
        CITIZENS,
        field("tahap", options=()),
        Step.FORM,
        "field-tahap",
        "The field Tahap temuan needs at least two choices.",
    ),
    (
        ZONE,
        field("jenis-layanan", minimum=Decimal(5)),
        Step.FORM,
        "field-jenis-layanan",
        "asks for at least 5, but there are 4 to choose from.",
    ),
    (
        CITY,
        field("sdgs", minimum=Decimal(18)),
        Step.FORM,
        "field-sdgs",
        "asks for at least 18, but there are 17",
    ),
    (
        CITY,
        field("inovator", minimum=None, maximum=Decimal(0)),
        Step.FORM,
        "field-inovator",
        "lets nothing be chosen",
    ),
    (
        CITY,
        letter("implementasi", body="Inovasi {judl}"),
        Step.FORM,
        "letter-implementasi",
        "holds {judl}, which stands for nothing.",
    ),
    (
        CITY,
        letter("implementasi", body="Inovasi {isian.biaya}"),
        Step.FORM,
        "letter-implementasi",
        "holds {isian.biaya}, which stands for nothing.",
    ),
    (
        CITY,
        form(header=lambda d: tuple(e for e in d.form.header if e.kind != "persons")),
        Step.FORM,
        "letter-identitas-inovator",
        "holds {inovator}, but the form has no field of the kind “List of people”.",
    ),
    (
        CITY,
        form(
            consents=lambda d: (
                ConsentDefinition(code="x", text="Setuju", tracks=("khusus",)),
            )
        ),
        Step.FORM,
        "consent-x",
        "“Setuju” is for the track khusus",
    ),
    # requirements
    (
        CITY,
        requirement("kuota", params={"maximum": 0}),
        Step.REQUIREMENTS,
        "requirement-kuota",
        "lets nobody enter: its maximum is 0.",
    ),
    (
        CITY,
        requirement("umur", params={"months": 12, "field": "sdgs"}),
        Step.REQUIREMENTS,
        "requirement-umur",
        "counts from the field sdgs, which is no date field",
    ),
    (
        CITY,
        requirement("juara-sebelumnya", tracks=("khusus",)),
        Step.REQUIREMENTS,
        "requirement-juara-sebelumnya",
        "is for the track khusus",
    ),
    (
        CITY,
        requirement("kuota", institution_kinds=("komunitas", "opd")),
        Step.REQUIREMENTS,
        "requirement-kuota",
        "institutions that may not enter: Community group.",
    ),
    (
        CITY,
        asked("letters", letters=["hilang"]),
        Step.REQUIREMENTS,
        "requirement-baru",
        "refers to hilang, which does not exist.",
    ),
    (
        CITY,
        asked("evidence", sections=["hilang", "lagi"]),
        Step.REQUIREMENTS,
        "requirement-baru",
        "refers to hilang, lagi, which do not exist.",
    ),
    (
        CITY,
        form(consents=lambda d: ()),
        Step.REQUIREMENTS,
        "requirement-persetujuan",
        "asks for statements to be ticked, but the form has none.",
    ),
    (
        CITY,
        form(letters=lambda d: ()),
        Step.REQUIREMENTS,
        "requirement-surat",
        "asks for letters, but the form has none.",
    ),
    (
        CITY,
        form(
            sections=lambda d: tuple(
                replace(e, evidence_required=False) for e in d.form.sections
            )
        ),
        Step.REQUIREMENTS,
        "requirement-bukti",
        "asks for evidence, but no section of the form does.",
    ),
    (
        CITY,
        form(header=lambda d: tuple(e for e in d.form.header if e.kind != "sdgs")),
        Step.REQUIREMENTS,
        "requirement-tpb",
        "counts goals, but the form does not ask for any.",
    ),
    (
        CITY,
        requirement("tpb", params={"minimum": 3, "maximum": 2}),
        Step.REQUIREMENTS,
        "requirement-tpb",
        "asks for at least 3 and at most 2 goals.",
    ),
    (
        CITY,
        form(
            sections=lambda d: tuple(
                replace(e, word_limit=None) for e in d.form.sections
            )
        ),
        Step.REQUIREMENTS,
        "requirement-batas-kata",
        "is about word limits, but no section has one.",
    ),
    # scoring
    (
        CITY,
        scoring("presentasi", share=Decimal(20)),
        Step.SCORING,
        "scoring-proposal",
        "The scoring stages make up 90 percent of the final score, not 100.",
    ),
    (
        CITY,
        criterion("proposal", "signifikansi", weight=Decimal("29.5")),
        Step.SCORING,
        "scoring-proposal",
        "The weights of Penilaian proposal sum to 99.50 percent, not 100.",
    ),
    (
        CITY,
        criterion("proposal", "signifikansi", tracks=("umum",)),
        Step.SCORING,
        "scoring-proposal",
        "for the track Replikasi sum to 70 percent, not 100.",
    ),
    (
        CITY,
        scoring("presentasi", criteria=()),
        Step.SCORING,
        "scoring-presentasi",
        "Presentasi dan wawancara has no criterion.",
    ),
    (
        CITY,
        criterion("proposal", "signifikansi", sections=("inspirasi",)),
        Step.SCORING,
        "criterion-proposal-signifikansi",
        "looks at no section that the track Umum answers.",
    ),
    (
        CITY,
        criterion("proposal", "sumber-daya", weight=Decimal(0)),
        Step.SCORING,
        "criterion-proposal-sumber-daya",
        "has no weight.",
    ),
    (
        CITY,
        criterion(
            "proposal",
            "sumber-daya",
            criteria=(CriterionDefinition(code="a", name="A", weight=Decimal(5)),),
        ),
        Step.SCORING,
        "scoring-proposal",
        "has components below others; only an assessment may.",
    ),
    (
        CITY,
        scoring("proposal", scale=(Decimal(0), Decimal(10)), pass_mark=None),
        Step.SCORING,
        "criterion-proposal-kebaruan",
        "describes scores outside the scale of 0 to 10.",
    ),
    (
        CITIZENS,
        scoring("berkas", scale=(Decimal(0), Decimal(5))),
        Step.SCORING,
        "criterion-berkas-manfaat",
        "does not describe every score from 0 to 5 once",
    ),
    (
        CITIZENS,
        scoring("berkas", scale_step=Decimal(3)),
        Step.SCORING,
        "scoring-berkas",
        "cannot be walked in steps of 3.",
    ),
    (
        CITIZENS,
        scoring("berkas", pass_mark=Decimal(70)),
        Step.SCORING,
        "scoring-berkas",
        "The pass mark of Penilaian berkas is outside its scale.",
    ),
    (
        CITIZENS,
        scoring("berkas", note_below=Decimal(60)),
        Step.SCORING,
        "scoring-berkas",
        "The limits for notes of Penilaian berkas are outside its scale.",
    ),
    (
        CITY,
        scoring("proposal", note_below=Decimal(95), note_above=Decimal(60)),
        Step.SCORING,
        "scoring-proposal",
        "a note below 95 and above 60: that is always.",
    ),
    (
        CITIZENS,
        scoring("berkas", wide_spread=Decimal(20)),
        Step.SCORING,
        "scoring-berkas",
        "can never occur.",
    ),
    (
        CITY,
        scoring("proposal", jurors_per_proposal=6),
        Step.SCORING,
        "scoring-proposal",
        "needs 6 jurors for each proposal, but the panel may have only 5.",
    ),
    # assessment
    (
        ZONE,
        criterion("evaluasi", "sdm-reform", weight=Decimal(4)),
        Step.SCORING,
        "scoring-evaluasi",
        "What stands below Penataan sistem manajemen SDM sums to 9, not to its",
    ),
    (
        ZONE,
        predicate(
            "wbk", minimums=(MinimumDefinition(criterion="sdm", minimum=Decimal(11)),)
        ),
        Step.SCORING,
        "predicate-evaluasi-wbk",
        "asks for 11 of Penataan sistem manajemen SDM, which can reach 10 at most.",
    ),
    (
        ZONE,
        predicate("wbk", minimums=()),
        Step.SCORING,
        "predicate-evaluasi-wbk",
        "asks for nothing",
    ),
    (
        ZONE,
        predicate("wbbm", minimums=(MinimumDefinition(minimum=Decimal(70)),)),
        Step.SCORING,
        "predicate-evaluasi-wbbm",
        "asks less of the total than Wilayah Bebas dari Korupsi (WBK)",
    ),
    (
        ZONE,
        both(drop("awards"), scoring("evaluasi", predicates=())),
        Step.SCORING,
        "scoring-evaluasi",
        "is an assessment, but names no predicate to reach.",
    ),
    (
        ZONE,
        scoring("evaluasi", kind="desk"),
        Step.SCORING,
        "scoring-evaluasi",
        "has predicates; only an assessment may.",
    ),
    # shortlists
    (
        OPD,
        scoring("substansi", shortlist_size=5),
        Step.SCORING,
        "scoring-substansi",
        "take 11 proposals together, but it shortlists 5 in all.",
    ),
    (
        OPD,
        scoring("presentasi", shortlist_size=20),
        Step.SCORING,
        "scoring-presentasi",
        "shortlists 20 proposals, but only 11 come out of Penilaian substansi.",
    ),
    (
        OPD,
        drop("clusters"),
        Step.SCORING,
        "scoring-substansi",
        "goes by “Each cluster”, but this round has none.",
    ),
    (
        OPD,
        scoring(
            "presentasi",
            shortlists=(ShortlistDefinition(per="track", groups=("x",), size=1),),
        ),
        Step.SCORING,
        "scoring-presentasi",
        "names x, which does not exist.",
    ),
    (
        OPD,
        scoring(
            "presentasi",
            shortlists=(
                ShortlistDefinition(per="cluster", groups=("opd",), size=1),
                ShortlistDefinition(per="cluster", groups=("opd",), size=2),
            ),
        ),
        Step.SCORING,
        "scoring-presentasi",
        "names the same group twice.",
    ),
    # awards
    (CITY, drop("awards"), Step.AWARDS, "", "There is no award level."),
    (
        CITY,
        drop("awards", "juara-2"),
        Step.AWARDS,
        "award-juara-3",
        "No award for rank 2, between Juara I and Juara III.",
    ),
    (
        CITY,
        award("harapan-3", ranks=(6, 11)),
        Step.AWARDS,
        "award-harapan-3",
        "shortlists 10 proposals, but awards go to rank 11.",
    ),
    (
        OPD,
        award("bumd-terbaik", ranks=(1, 4)),
        Step.AWARDS,
        "award-bumd-terbaik",
        "Penilaian substansi shortlists 3 proposals, but awards go to rank 4.",
    ),
    (
        OPD,
        award("bumd-terbaik", groups=("bumn",)),
        Step.AWARDS,
        "award-bumd-terbaik",
        "BUMD terbaik names bumn, which does not exist.",
    ),
]


def prepared(key, actor):
    preset = definitions.preset(key)
    return services.create_round(
        competition=make.CompetitionFactory(),
        year=2026,
        edition=1,
        name="Kompetisi 2026",
        theme="Pelayanan prima",
        organiser="Bagian Organisasi",
        definition=preset,
        stages=services.planned_stages(preset, date(2026, 2, 2), WIB),
        actor=actor,
        at=NOW,
    )


def found_in(round):
    round = Round.objects.of_government().get(pk=round.pk)
    return checks.contradictions(queries.round_parts(round), NOW)


@pytest.mark.parametrize(("key", "edit", "step", "anchor", "sentence"), TABLE)
def test_contradiction_is_named_with_its_place(
    key, edit, step, anchor, sentence, actor
):
    round = prepared(key, actor)

    services.change_rules(round=round, change=edit, actor=actor, at=NOW)

    found = found_in(round)
    if step is None:
        assert found == []
        return
    assert [
        each
        for each in found
        if each.step == step and each.anchor == anchor and sentence in each.sentence
    ], found
    with pytest.raises(services.RoundNotOpenable):
        services.open_round(round=round, actor=actor, at=NOW)


def test_scoring_stage_needs_its_dates(actor):
    round = prepared(CITY, actor)
    round.stage_set.filter(kind="presentation").delete()

    (found,) = found_in(round)

    assert (found.step, found.anchor) == (Step.CALENDAR, "stage-presentation")
    assert "Presentasi dan wawancara has no dates" in found.sentence


def test_place_in_the_chain_is_taken_once_in_the_round(actor):
    round = prepared(CITY, actor)
    stage = round.scoringstage_set.get(code="presentasi")
    stage.criterion_set.filter(code="materi").update(tie_break=1)

    (found,) = found_in(round)

    assert found.anchor == "criterion-presentasi-materi"
    assert "have the same place in the tie-break chain" in found.sentence


def test_gate_breaks_no_tie(actor):
    round = prepared(CITY, actor)
    gate = round.scoringstage_set.get(code="lapangan")
    make.CriterionFactory(scoring_stage=gate, name="Sesuai", weight=0, tie_break=9)

    (found,) = found_in(round)

    assert found.sentence == "Sesuai has no score and cannot break a tie."


def test_unknown_background_is_named(actor):
    round = prepared(CITY, actor)
    Round.objects.filter(pk=round.pk).update(jury_backgrounds={"dukun": 1})

    (found,) = found_in(round)

    assert (found.step, found.anchor) == (Step.JURY, "jury")
    assert "dukun" in found.sentence


def test_favourite_needs_no_rank(actor):
    round = prepared(CITY, actor)
    favourite = AwardDefinition(code="favorit-2", name="Favorit 2", kind="favourite")

    services.change_rules(
        round=round,
        change=lambda d: replace(d, awards=(*d.awards, favourite)),
        actor=actor,
        at=NOW,
    )

    assert found_in(round) == []


def test_number_field_may_have_any_bounds(actor):
    round = prepared(CITY, actor)
    amount = HeaderFieldDefinition(
        code="biaya",
        kind="number",
        label="Biaya",
        minimum=Decimal(0),
        maximum=Decimal(0),
    )

    services.change_rules(
        round=round,
        change=form(header=lambda d: (*d.form.header, amount)),
        actor=actor,
        at=NOW,
    )

    assert found_in(round) == []
