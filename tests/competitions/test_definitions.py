import copy

import pytest
import yaml

from competitions import definitions
from competitions.definitions import DefinitionError

PRESET = definitions.PRESET_DIRECTORY / "national-2023.yaml"


@pytest.fixture
def data():
    return copy.deepcopy(yaml.safe_load(PRESET.read_text()))


def parse(data):
    return definitions.parse(yaml.safe_dump(data), key="uji", file="uji.yaml")


def test_presets_are_read_with_the_default_first():
    presets = definitions.presets()

    assert presets[0].key == definitions.DEFAULT_PRESET
    assert definitions.preset(presets[0].key) is presets[0]


def test_national_2023_holds_the_published_form():
    preset = definitions.load(PRESET)

    common = [each for each in preset.form.sections if not each.tracks]
    assert sum(section.word_limit for section in common) == 2500
    assert {each.word_limit for each in preset.form.sections if each.tracks} == {
        100,
        200,
    }
    assert len(preset.categories) == 11
    assert [track.code for track in preset.tracks] == ["umum", "replikasi"]
    assert len(preset.form.letters) == 3
    assert {letter.max_bytes for letter in preset.form.letters} == {1024 * 1024}


def test_national_2023_holds_the_published_weights():
    (scoring,) = definitions.load(PRESET).scoring

    assert [int(each.weight) for each in scoring.criteria] == [10, 15, 5, 30, 20, 5, 15]
    chain = sorted(
        (each for each in scoring.criteria if each.tie_break), key=_tie_break
    )
    assert [each.code for each in chain] == [
        "signifikansi",
        "kebaruan",
        "keberlanjutan",
    ]
    assert (scoring.note_below, scoring.note_above) == (60, 95)
    assert all(len(each.anchors) == 5 for each in scoring.criteria)


def _tie_break(criterion):
    return criterion.tie_break


def test_national_2023_holds_the_requirements_and_awards():
    preset = definitions.load(PRESET)

    params = {each.rule: each.params for each in preset.requirements}
    assert params["minimum_age"] == {"months": 12, "field": "mulai-implementasi"}
    assert params["quota"] == {"maximum": 3}
    assert [award.name for award in preset.awards] == [
        "Juara I",
        "Juara II",
        "Juara III",
        "Harapan I",
        "Harapan II",
        "Harapan III",
    ]


@pytest.mark.parametrize(
    ("path", "value", "place", "reason"),
    [
        (["name"], None, "name", "must be a text"),
        (["name"], 7, "name", "must be a text"),
        (["name"], "x" * 121, "name", "at most 120 characters, not 121"),
        (["nama"], "Salah ketik", "nama", "is not known here"),
        (["tracks"], [], "tracks", "at least one entry"),
        (["tracks"], "umum", "tracks", "at least one entry"),
        (["tracks", 0], "umum", "tracks[1]", "mapping"),
        (["tracks", 0, "code"], "dua kata", "tracks[1].code", "only letters"),
        (["tracks", 1, "code"], "umum", "tracks", "umum stands there twice"),
        (["form"], None, "form.name", "must be a text"),
        (["form", "sections", 1, "words"], "banyak", "form.sections[2].words", "whole"),
        (["form", "sections", 1, "words"], 0, "form.sections[2].words", "from 1 to"),
        (["form", "sections", 1, "words"], True, "form.sections[2].words", "whole"),
        (
            ["form", "sections", 1, "required"],
            "ya",
            "form.sections[2].required",
            "true or false",
        ),
        (
            ["form", "sections", 3, "tracks"],
            ["khusus"],
            "form.sections[4].tracks",
            "khusus is not defined",
        ),
        (
            ["form", "header", 0, "kind"],
            "tanggal",
            "form.header[1].kind",
            "one of date",
        ),
        (
            ["form", "header", 0, "follow_up"],
            "Kapan?",
            "form.header[1].follow_up",
            "yes_no only",
        ),
        (
            ["calendar", 0, "kind"],
            "pesta",
            "calendar[1].kind",
            "must be one of kickoff",
        ),
        (["calendar", 1, "kind"], "kickoff", "calendar", "kickoff stands there twice"),
        (["calendar", 0, "days"], [3], "calendar[1].days", "two whole numbers"),
        (["calendar", 0, "days"], [3, 1], "calendar[1].days", "ascending"),
        (["calendar", 0, "closes"], "sore", "calendar[1].closes", "must be a time"),
        (["calendar", 0, "closes"], "07.00", "calendar[1].closes", "later than"),
        (
            ["requirements", 0, "rule"],
            "umur",
            "requirements[1].rule",
            "must be one of",
        ),
        (
            ["requirements", 0, "params"],
            {"bulan": 12},
            "requirements[1].params.months",
            "whole number",
        ),
        (
            ["requirements", 0, "params"],
            {"months": 12, "field": "video"},
            "requirements[1].params.field",
            "must be one of mulai-implementasi",
        ),
        (
            ["requirements", 6, "params"],
            {"maximum": 3, "minimum": 1},
            "requirements[7].params.minimum",
            "is not known here",
        ),
        (["scoring", 0, "scale"], [5, 5], "scoring[1].scale", "ascending"),
        (
            ["scoring", 0, "tie_break"],
            ["biaya"],
            "scoring[1].tie_break",
            "biaya is not defined",
        ),
        (
            ["scoring", 0, "criteria", 0, "weight"],
            "sepuluh",
            "scoring[1].criteria[1].weight",
            "must be a number",
        ),
        (
            ["scoring", 0, "criteria", 0, "weight"],
            101,
            "scoring[1].criteria[1].weight",
            "from 0 to 100",
        ),
        (
            ["scoring", 0, "criteria", 0, "sections"],
            ["penutup"],
            "scoring[1].criteria[1].sections",
            "penutup is not defined",
        ),
        (
            ["scoring", 0, "criteria", 0, "anchors", 0, "to"],
            -1,
            "scoring[1].criteria[1].anchors[1].to",
            "ascending",
        ),
        (["awards", 0, "ranks"], [0, 1], "awards[1].ranks", "from 1 to"),
    ],
)
def test_parse_names_place_and_reason(data, path, value, place, reason):
    target = data
    for key in path[:-1]:
        target = target[key]
    if value is None:
        del target[path[-1]]
    else:
        target[path[-1]] = value

    with pytest.raises(DefinitionError) as refusal:
        parse(data)

    assert refusal.value.file == "uji.yaml"
    assert refusal.value.path == place
    assert reason in refusal.value.reason
    assert refusal.value.message == f"uji.yaml: {place}: {refusal.value.reason}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n- b\n", "uji.yaml: must be a mapping of keys to values"),
        ("", "uji.yaml: must be a mapping of keys to values"),
        ("name: [\n", "uji.yaml: line 2: is no valid YAML"),
        ("a: !!python/object/apply:os.getcwd []", "uji.yaml: line 1: is no valid YAML"),
    ],
)
def test_parse_refuses_what_is_no_definition(text, message):
    with pytest.raises(DefinitionError) as refusal:
        definitions.parse(text, key="uji", file="uji.yaml")

    assert refusal.value.message == message


def test_parse_gives_the_same_from_what_was_written_again(data):
    assert parse(data) == parse(yaml.safe_load(yaml.safe_dump(data)))
