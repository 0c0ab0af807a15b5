"""The files of demo/: sound, within the limits of the form, and to be recognised."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts import institution_table
from competitions import definitions
from competitions.models import Stage
from core.text import word_count
from kipp_portal.demo import files
from kipp_portal.demo.moments import Clock
from submissions.models import ProposalState

CLOCK = Clock(datetime(2026, 11, 22, 3, 0, tzinfo=UTC), ZoneInfo("Asia/Jakarta"))
PROPOSALS = [
    pytest.param(key, file, id=f"{key}/{file.slug}")
    for key in files.ROUNDS
    for file in files.proposals(key)
]
SENT_PROPOSALS = [each for each in PROPOSALS if "sent" in each.values[1].history]


def definition_of(key: str) -> definitions.RoundDefinition:
    return definitions.preset(files.round_file(key)["preset"])


def codes_of(slug: str) -> set[str]:
    path = files.DIRECTORY / "institutions" / f"{slug}.csv"
    table = institution_table.read_table(path.name, path.read_bytes())
    return {row.code for row in table.rows}


def people_of(slug: str) -> list[dict]:
    return files.accounts()["governments"][slug]


def test_every_file_is_loaded():
    for kind in ("rounds", "proposals"):
        found = {path.stem for path in (files.DIRECTORY / kind).iterdir()}
        assert found <= set(files.ROUNDS)
    scored = {path.stem for path in (files.DIRECTORY / "scores").iterdir()}
    assert scored <= set(files.ROUNDS)


def test_every_government_has_its_accounts():
    for government in files.governments():
        people = people_of(government["slug"])
        names = [person["email"].partition("@")[0] for person in people]

        assert {
            "sekretariat",
            "opd",
            "kepala.opd",
            "pimpinan",
            "juri1",
            "juri5",
        } <= set(names)
        assert len(set(names)) == len(names)
        assert {person["email"].rpartition(".")[2] for person in people} == {"example"}


def test_signatories_are_no_persons():
    for government in files.governments():
        for signatory in government["signatories"]:
            assert signatory["name"].startswith("Nama ")
            assert signatory["name"].endswith("(contoh)")


@pytest.mark.parametrize("key", files.ROUNDS)
def test_calendar_has_known_stages_in_order(key):
    stages = files.round_file(key)["calendar"]

    moments = [(CLOCK.moment(s["opens"]), CLOCK.moment(s["closes"])) for s in stages]

    assert {stage["kind"] for stage in stages} <= set(Stage.Kind.values)
    assert all(opens < closes for opens, closes in moments)
    assert [opens for opens, _ in moments] == sorted(opens for opens, _ in moments)


def test_running_round_has_what_it_must_show():
    found = files.proposals("kipp-kota-tegal-2022")

    assert len(found) >= 24
    assert len({file.institution for file in found}) >= 22
    assert {file.state for file in found} == {
        "draft",
        "endorsing",
        "returned",
        "submitted",
        "screened_passed",
        "screened_failed",
        "withdrawn",
    }


def test_demonstration_shows_every_state():
    states = {file.state for _key, file in (each.values for each in PROPOSALS)}

    assert states == set(ProposalState.values)


@pytest.mark.parametrize(("key", "file"), PROPOSALS)
def test_answers_keep_the_limits_of_the_form(key, file):
    sections = {s.code: s for s in definition_of(key).form.sections}

    for code, text in file.answers.items():
        section = sections[code]
        assert word_count(text) <= section.word_limit, code
        assert not section.tracks or file.track in section.tracks, code
        assert "  " not in text
        assert not re.search(r"lorem|TODO|xxx", text, re.IGNORECASE)


@pytest.mark.parametrize(("key", "file"), SENT_PROPOSALS)
def test_sent_proposal_answers_everything(key, file):
    form = definition_of(key).form

    asked = [s for s in form.sections if not s.tracks or file.track in s.tracks]

    assert {s.code for s in asked if s.is_required} <= set(file.answers)
    assert {s.code for s in asked if s.evidence_required} <= set(file.evidence)
    fields = [f for f in form.header if not f.tracks or file.track in f.tracks]
    assert {f.code for f in fields if f.is_required} <= set(file.header)
    total = sum(word_count(text) for text in file.answers.values())
    assert total >= 200


@pytest.mark.parametrize(("key", "file"), PROPOSALS)
def test_proposal_names_what_is_there(key, file):
    definition = definition_of(key)
    government = files.round_file(key)["government"]
    people = people_of(government)

    assert file.institution in codes_of(government)
    assert [
        person["role"]
        for person in people
        if person.get("institution") == file.institution
    ] == ["author", "institution_admin"]
    assert file.track in {track.code for track in definition.tracks}
    assert file.category in {category.code for category in definition.categories}
    assert file.state in ProposalState.values
    assert set(file.not_met) <= {each.code for each in definition.requirements}
    assert bool(file.not_met) == (file.state == "screened_failed")
    assert bool(file.return_note) == (file.state == "returned")
    assert bool(file.reopen_reason) == (file.state == "reopened")
    assert bool(file.disqualify_reason) == (file.state == "disqualified")
    assert file.header["sdgs"]
    assert set(file.header["sdgs"]) <= set(range(1, 18))
    assert file.header["video"].endswith(f".example/{file.slug}")


@pytest.mark.parametrize(("key", "file"), PROPOSALS)
def test_history_fits_into_the_calendar(key, file):
    stages = {
        stage["kind"]: (CLOCK.moment(stage["opens"]), CLOCK.moment(stage["closes"]))
        for stage in files.round_file(key)["calendar"]
    }
    moments = {step: CLOCK.past(text) for step, text in file.history.items()}

    assert list(moments.values()) == sorted(moments.values())
    for step, at in moments.items():
        by_secretariat = step in {"screened", "disqualified"}
        opens, closes = stages["screening" if by_secretariat else "submission"]
        assert opens <= at < closes, step


def test_no_two_proposals_share_a_paragraph():
    seen: dict[str, str] = {}
    for param in PROPOSALS:
        key, file = param.values
        for text in file.answers.values():
            for paragraph in text.split("\n\n"):
                if word_count(paragraph) > 14:
                    earlier = seen.setdefault(paragraph, f"{key}/{file.slug}")
                    assert earlier == f"{key}/{file.slug}", paragraph


@pytest.mark.parametrize("key", files.ROUNDS)
def test_sheets_are_complete_where_they_are_final(key):
    scoring, *_later = definition_of(key).scoring
    panel = files.round_file(key).get("panel", {"jurors": []})
    passed = {f.slug for f in files.proposals(key) if f.state == "screened_passed"}

    for sheet in files.sheets(key):
        assert sheet.juror in {juror["email"] for juror in panel["jurors"]}
        assert sheet.proposal in passed
        assert list(sheet.scores) == [criterion.code for criterion in scoring.criteria]
        assert set(sheet.notes) <= set(sheet.scores)
        for code, value in sheet.scores.items():
            if value is None:
                assert not sheet.is_final
            elif not scoring.note_below <= value <= scoring.note_above:
                assert sheet.notes[code]


def test_sheets_of_the_running_round_are_complete_and_partial():
    sheets = files.sheets("kipp-kota-tegal-2022")
    final = dict.fromkeys((sheet.juror for sheet in sheets), 0)
    for sheet in sheets:
        final[sheet.juror] += sheet.is_final

    assert sorted(final.values()) == [0, 4, 9, 13, 16]
    assert any(not sheet.is_final for sheet in sheets)


def test_unwrap_joins_lines_and_keeps_paragraphs():
    assert files.unwrap("satu\ndua\n\ntiga\n") == "satu dua\n\ntiga"
