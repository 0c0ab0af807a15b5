"""The machine's checks, without a database: rows that were never stored."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Government
from competitions.models import (
    Competition,
    Consent,
    HeaderField,
    LetterKind,
    Requirement,
    Round,
    Section,
    Stage,
    Track,
)
from competitions.windows import Window
from submissions.dossier import (
    Completeness,
    ConsentPart,
    Dossier,
    LetterPart,
    SectionPart,
)
from submissions.headers import HeaderPart
from submissions.models import (
    Answer,
    Evidence,
    EvidenceLink,
    Proposal,
    StatementLetter,
)
from submissions.queries import Facts
from submissions.requirements import Outcome, evaluate, months_before

Rule = Requirement.Rule
ROUND = Round(competition=Competition(government=Government(time_zone="Asia/Jakarta")))


def dossier(
    *, sections=(), header=(), letters=(), consents=(), closes=None, category=7, **facts
) -> Dossier:
    proposal = Proposal(
        round=ROUND, track=Track(code="umum"), code="KIPP-X", category_id=category
    )
    stage = closes and Stage(
        opens_at=datetime(2020, 1, 1, tzinfo=UTC), closes_at=closes
    )
    return Dossier(
        proposal=proposal,
        header=list(header),
        sections=list(sections),
        letters=list(letters),
        requirements=[],
        submission=stage and Window(stage, stage.closes_at),
        consents=list(consents),
        facts=Facts(**facts),
    )


def section(text="", *, code="kebaruan", limit=5, files=0, **fields) -> SectionPart:
    return SectionPart(
        Section(code=code, title=code.capitalize(), word_limit=limit, **fields),
        Answer(text=text) if text is not None else None,
        [Evidence() for _n in range(files)],
    )


def letter(*, present, required=True, code="implementasi") -> LetterPart:
    kind = LetterKind(code=code, title="Surat pernyataan", is_required=required)
    return LetterPart(kind, StatementLetter() if present else None)


def consent(*, ticked="", required=True, code="kebenaran") -> ConsentPart:
    return ConsentPart(
        Consent(code=code, text="Isi proposal benar.", is_required=required), ticked
    )


def goals(*chosen) -> HeaderPart:
    return HeaderPart(HeaderField(kind="sdgs", code="sdgs", label="TPB"), list(chosen))


def won(*levels):
    return [{"level": each, "name": "KIPP Contoh", "year": 2021} for each in levels]


def start(day: str | None) -> HeaderPart:
    field = HeaderField(kind="date", code="mulai", label="Tanggal mulai")
    return HeaderPart(field, day)


def requirement(rule, **params) -> Requirement:
    return Requirement(
        code="syarat", rule=rule, params=params, advice="Lengkapi dahulu."
    )


def places(finding):
    return [(place.step, place.label) for place in finding.places]


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        ([section("Ada isi")], []),
        ([section("")], ["kebaruan"]),
        ([section(None)], ["kebaruan"]),
        ([section(" \n ")], ["kebaruan"]),
        ([section("", is_required=False)], []),
        ([section("a"), section("", code="dampak"), section("", code="biaya")],
         ["dampak", "biaya"]),
    ],
)  # fmt: skip
def test_sections_complete(parts, missing):
    found = evaluate(dossier(sections=parts), requirement(Rule.SECTIONS_COMPLETE))

    assert found.outcome == (Outcome.NOT_MET if missing else Outcome.MET)
    assert [place.step for place in found.places] == missing


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("satu dua tiga empat lima", Outcome.MET),
        ("satu dua tiga empat lima enam", Outcome.NOT_MET),
        ("", Outcome.MET),
    ],
)
def test_word_limits(text, outcome):
    part = section(text, limit=5, is_required=False)

    found = evaluate(dossier(sections=[part]), requirement(Rule.WORD_LIMITS))

    assert found.outcome == outcome


def test_word_limits_say_how_many_words_too_many():
    part = section("satu dua tiga empat lima enam tujuh", limit=5)

    found = evaluate(dossier(sections=[part]), requirement(Rule.WORD_LIMITS))

    assert "2" in found.places[0].note
    assert found.sentence == "Lengkapi dahulu."


@pytest.mark.parametrize(
    ("category", "value", "missing"),
    [
        (7, "2020-01-01", 0),
        (None, "2020-01-01", 1),
        (7, "", 1),
        (None, None, 2),
    ],
)
def test_header_complete(category, value, missing):
    case = dossier(header=[start(value)], category=category)

    found = evaluate(case, requirement(Rule.HEADER_COMPLETE))

    assert len(found.places) == missing
    assert found.is_met == (missing == 0)
    assert {place.step for place in found.places} <= {"data"}


@pytest.mark.parametrize(
    ("part", "outcome"),
    [
        (letter(present=True), Outcome.MET),
        (letter(present=False), Outcome.NOT_MET),
        (letter(present=False, required=False), Outcome.MET),
    ],
)
def test_letters(part, outcome):
    found = evaluate(dossier(letters=[part]), requirement(Rule.LETTERS))

    assert found.outcome == outcome


@pytest.mark.parametrize(
    ("part", "outcome"),
    [
        (section("a", evidence_required=True, files=1), Outcome.MET),
        (section("a", evidence_required=True), Outcome.NOT_MET),
        (section("", evidence_required=True), Outcome.NOT_MET),
        (section("a", evidence_required=False), Outcome.MET),
        (section("", evidence_required=True, is_required=False), Outcome.MET),
        (section("a", evidence_required=True, is_required=False), Outcome.NOT_MET),
    ],
)
def test_evidence(part, outcome):
    found = evaluate(dossier(sections=[part]), requirement(Rule.EVIDENCE))

    assert found.outcome == outcome


CLOSES = datetime(2022, 3, 31, 9, tzinfo=UTC)  # 16.00 WIB


@pytest.mark.parametrize(
    ("started", "closes", "months", "outcome"),
    [
        ("2021-03-31", CLOSES, 12, Outcome.MET),
        ("2021-04-01", CLOSES, 12, Outcome.NOT_MET),
        ("2021-03-30", CLOSES, 12, Outcome.MET),
        # Counted in the day of the place: 00.00 WIB is still the day before.
        ("2021-03-31", datetime(2022, 3, 31, 17, tzinfo=UTC), 12, Outcome.MET),
        ("2021-04-01", datetime(2022, 3, 31, 17, tzinfo=UTC), 12, Outcome.NOT_MET),
        ("2021-04-01", datetime(2022, 3, 31, 17, 0, 1, tzinfo=UTC), 12, Outcome.MET),
        # Leap days: one year before 29 February 2024 is 28 February 2023.
        ("2023-02-28", datetime(2024, 2, 29, 9, tzinfo=UTC), 12, Outcome.MET),
        ("2023-03-01", datetime(2024, 2, 29, 9, tzinfo=UTC), 12, Outcome.NOT_MET),
        ("2024-02-29", datetime(2025, 2, 28, 9, tzinfo=UTC), 12, Outcome.NOT_MET),
        ("2024-02-29", datetime(2025, 3, 1, 9, tzinfo=UTC), 12, Outcome.MET),
        ("2020-02-29", datetime(2024, 2, 29, 9, tzinfo=UTC), 48, Outcome.MET),
        ("2021-09-30", CLOSES, 6, Outcome.MET),
        ("2021-10-01", CLOSES, 6, Outcome.NOT_MET),
        (None, CLOSES, 12, Outcome.NOT_MET),
        ("2021-03-31", None, 12, Outcome.NEEDS_LOOK),
    ],
)
def test_minimum_age(started, closes, months, outcome):
    case = dossier(header=[start(started)], closes=closes)

    found = evaluate(case, requirement(Rule.MINIMUM_AGE, months=months, field="mulai"))

    assert found.outcome == outcome


def test_minimum_age_without_months_needs_a_look():
    case = dossier(header=[start("2021-01-01")], closes=CLOSES)

    assert evaluate(case, requirement(Rule.MINIMUM_AGE)).needs_look


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2022, 3, 31), 1, date(2022, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2022, 1, 15), 1, date(2021, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2022, 5, 5), 0, date(2022, 5, 5)),
        (date(2022, 12, 31), 24, date(2020, 12, 31)),
    ],
)
def test_months_before(day, months, earlier):
    assert months_before(day, months) == earlier


@pytest.mark.parametrize(
    ("before", "params", "outcome"),
    [
        (0, {"maximum": 3}, Outcome.MET),
        (2, {"maximum": 3}, Outcome.MET),
        (3, {"maximum": 3}, Outcome.NOT_MET),
        (0, {"maximum": 0}, Outcome.NOT_MET),
        (3, {}, Outcome.NEEDS_LOOK),
    ],
)
def test_quota(before, params, outcome):
    case = dossier(entered_before={"syarat": before, "lain": 9})

    assert evaluate(case, requirement(Rule.QUOTA, **params)).outcome == outcome


@pytest.mark.parametrize(
    ("parts", "params", "outcome"),
    [
        ([], {}, Outcome.MET),
        ([consent(ticked="Isi proposal benar.")], {}, Outcome.MET),
        ([consent()], {}, Outcome.NOT_MET),
        # Ticked under another wording is not ticked.
        ([consent(ticked="Isi proposal kurang lebih benar.")], {}, Outcome.NOT_MET),
        ([consent(required=False)], {}, Outcome.MET),
        ([consent(required=False)], {"consents": ["kebenaran"]}, Outcome.NOT_MET),
        ([consent()], {"consents": ["keaslian"]}, Outcome.MET),
    ],
)
def test_consents(parts, params, outcome):
    found = evaluate(dossier(consents=parts), requirement(Rule.CONSENTS, **params))

    assert found.outcome == outcome
    assert {place.step for place in found.places} <= {"pernyataan"}


@pytest.mark.parametrize(
    ("chosen", "params", "outcome"),
    [
        ([], {"minimum": 1}, Outcome.NOT_MET),
        ([3], {"minimum": 1}, Outcome.MET),
        ([], {}, Outcome.NOT_MET),
        ([], {"minimum": 0}, Outcome.MET),
        ([1, 2], {"minimum": 1, "maximum": 2}, Outcome.MET),
        ([1, 2, 3], {"minimum": 1, "maximum": 2}, Outcome.NOT_MET),
    ],
)
def test_sdg_count(chosen, params, outcome):
    case = dossier(header=[goals(*chosen)])

    assert evaluate(case, requirement(Rule.SDG_COUNT, **params)).outcome == outcome


@pytest.mark.parametrize(
    ("taken", "outcome"), [(False, Outcome.MET), (True, Outcome.NOT_MET)]
)
def test_unique_title(taken, outcome):
    found = evaluate(dossier(title_taken=taken), requirement(Rule.UNIQUE_TITLE))

    assert found.outcome == outcome


@pytest.mark.parametrize(
    ("levels", "params", "outcome"),
    [
        ([], {}, Outcome.MET),
        (["Juara I"], {}, Outcome.NOT_MET),
        (["juara i"], {"levels": ["Juara I"]}, Outcome.NOT_MET),
        (["Harapan I"], {"levels": ["Juara I"]}, Outcome.MET),
        (["Juara I"], {"outcome": "needs_look"}, Outcome.NEEDS_LOOK),
        (["Top 99", "Top 99"], {"levels": ["Top 99"], "maximum": 2}, Outcome.MET),
        (["Top 99"] * 3, {"levels": ["Top 99"], "maximum": 2}, Outcome.NOT_MET),
    ],
)
def test_earlier_awards(levels, params, outcome):
    case = dossier(awards=won(*levels))

    found = evaluate(case, requirement(Rule.EARLIER_AWARDS, **params))

    assert found.outcome == outcome
    assert found.is_met or "KIPP Contoh 2021" in found.sentence


def test_letters_and_evidence_of_a_list_of_their_own():
    letters = [
        letter(present=False, required=False, code="sk"),
        letter(present=False, code="implementasi"),
    ]
    case = dossier(
        letters=letters,
        sections=[section("a"), section("a", code="dampak", evidence_required=True)],
    )

    named = evaluate(case, requirement(Rule.LETTERS, letters=["sk"]))
    asked = evaluate(case, requirement(Rule.EVIDENCE, sections=["kebaruan"]))

    assert len(named.places) == 1
    assert [place.step for place in asked.places] == ["kebaruan"]


def test_link_counts_as_evidence():
    part = SectionPart(
        Section(code="a", evidence_required=True, evidence_max_files=1),
        Answer(text="ada"),
        [],
        [EvidenceLink(url="https://a.example")],
    )

    assert not part.lacks_evidence
    assert not part.has_room


def test_manual_is_left_to_people():
    assert evaluate(dossier(), requirement(Rule.MANUAL)).needs_look


@pytest.mark.parametrize(
    ("part", "state"),
    [
        (section(None), Completeness.EMPTY),
        (section("ada"), Completeness.DONE),
        (section("ada", evidence_required=True), Completeness.PART),
        (section(None, files=1), Completeness.PART),
        (section("satu dua tiga", limit=2), Completeness.OVER),
    ],
)
def test_completeness_of_a_section(part, state):
    assert part.completeness == state


def test_next_step_is_the_first_with_something_to_do():
    case = dossier(
        header=[start("2020-01-01")],
        sections=[
            section("ada"),
            section("", code="boleh", is_required=False),
            section("", code="wajib"),
        ],
        letters=[letter(present=True)],
    )

    assert case.next_step.key == "wajib"
    assert (case.done_count, len(case.required_steps)) == (3, 4)
